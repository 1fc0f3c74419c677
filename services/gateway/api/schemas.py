"""Request and answer shapes of the API. Requests are strict and refuse unknown fields."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from services.gateway.state import TaskStatus
from shared.course.model import Bloom, DocType, Level
from shared.events.base import EngineName

COURSE_ID = "019a5e3c-7b1f-7c2d-8e4f-5a6b7c8d9e0f"
TASK_ID = "3f2b8c1d-9e4a-5b6c-8d7e-1f2a3b4c5d6e"
MOMENT = "2026-01-15T10:30:00Z"


def _no_control_characters(text: str) -> str:
    if any(ord(character) < 32 and character not in "\n\r\t" for character in text):
        raise ValueError("Control characters are not allowed")
    return text


def _one_line(text: str) -> str:
    if not text.strip():
        raise ValueError("This must not be blank")
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise ValueError("Line breaks and control characters are not allowed")
    return text


Title = Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(_one_line)]
Text = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_no_control_characters)]
LongText = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_no_control_characters)]
Address = Annotated[str, StringConstraints(min_length=1, max_length=2048)]
Ref = Annotated[str, StringConstraints(max_length=255), AfterValidator(lambda text: _one_line(text) if text else text)]
FilePath = Annotated[str, StringConstraints(max_length=4096), AfterValidator(_no_control_characters)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
PathwayChoice = Literal["auto", "complete", "quickstart", "task", "reference"]


class Body(BaseModel):
    """A request body."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class View(BaseModel):
    """An answer."""

    model_config = ConfigDict(from_attributes=True)


class CreateCourseBody(Body):
    """A new course."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "My Course", "description": "For my team"}]})

    title: Title
    description: Text = ""


class UpdateCourseBody(Body):
    """What changes; null or absent means unchanged."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"title": "Updated Title"}]})

    title: Title | None = None
    description: Text | None = None
    status: Literal["generating"] | None = Field(
        default=None, description="`generating` asks for an unattended run with defaults; no other status can be set"
    )


class GenerateBody(Body):
    """The whole thing, unattended."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"repo_url": "https://github.com/pallets/click", "complexity_level": "beginner"}]
        }
    )

    repo_url: Address = Field(description="an https address, or owner/repo on GitHub")
    ref: Ref = Field(default="", description="branch, tag or 40-hex commit; empty means the default branch")
    complexity_level: Level = "intermediate"
    additional_info: Text = ""
    engine: EngineName = "offline"
    pathway: PathwayChoice = "auto"


class AnalyzeRepositoryBody(Body):
    """Stage 1."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"repo_url": "https://github.com/pallets/click"}]})

    repo_url: Address = Field(description="an https address, or owner/repo on GitHub")
    ref: Ref = Field(default="", description="branch, tag or 40-hex commit; empty means the default branch")
    credential_id: Id | None = Field(default=None, description="for repositories that are not public")


class StartNextBody(Body):
    """The inputs stage 2 starts with."""

    complexity_level: Level = "intermediate"
    additional_info: Text = ""
    engine: EngineName | None = None


class Stage1SelectionsBody(Body):
    """What of the repository is taught. No folder means all documentation."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"selected_folders": ["docs", "guides"], "overview_document": "README.md"}]}
    )

    selected_folders: list[FilePath] = Field(default=[], max_length=1000)
    overview_document: FilePath | None = None
    excluded_files: list[FilePath] = Field(default=[], max_length=5000)
    start_next: StartNextBody | None = Field(default=None, description="start stage 2 with this selection")


class AnalyzeDocumentsBody(Body):
    """Stage 2."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"complexity_level": "intermediate", "additional_info": "Focus on practical examples"}]
        }
    )

    complexity_level: Level = "intermediate"
    additional_info: Text = ""
    engine: EngineName | None = None


class ReviseDocumentBody(Body):
    """A correction; null or absent means unchanged. A later run of stage 2 keeps it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"doc_type": "guide", "complexity_level": "beginner"}]})

    title: Title | None = None
    doc_type: DocType | None = None
    complexity_level: Level | None = None
    summary: LongText | None = None
    key_concepts: list[Title] | None = Field(default=None, max_length=100)
    learning_objectives: list[Title] | None = Field(default=None, max_length=100)
    prerequisites: list[Title] | None = Field(default=None, max_length=100)
    related_topics: list[Title] | None = Field(default=None, max_length=100)


class GeneratePathwaysBody(Body):
    """Stage 3; a level that is not given is the analysis's."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"additional_info": "Beginner-friendly with hands-on exercises"}]}
    )

    additional_info: Text = ""
    complexity_level: Level | None = None
    engine: EngineName | None = None


class EditPathwayBody(Body):
    """What changes of a pathway."""

    title: Title | None = None
    description: Text | None = None


class ObjectiveBody(Body):
    """An objective: begins with a verb a learner can be tested on."""

    text: Title
    bloom: Bloom = "understand"


class AddModuleBody(Body):
    """A module over whole documents; without objectives it takes those of its documents."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"title": "Testing", "description": "How to test", "document_ids": ["d0a1b2c3d4e5f"]}]
        }
    )

    title: Title
    description: Text = ""
    document_ids: list[Id] = Field(min_length=1, max_length=100)
    learning_objectives: list[ObjectiveBody] | None = Field(default=None, min_length=1, max_length=12)
    position: int | None = Field(default=None, ge=0, le=1000, description="counted from 0; absent means last")


class EditModuleBody(Body):
    """What changes of a module."""

    title: Title | None = None
    description: Text | None = None
    document_ids: list[Id] | None = Field(default=None, min_length=1, max_length=100)
    learning_objectives: list[ObjectiveBody] | None = Field(default=None, min_length=1, max_length=12)


class OrderModulesBody(Body):
    """Every module id of the pathway, in the new order."""

    module_ids: list[Id] = Field(min_length=1, max_length=1000)


class Stage3SelectionsBody(Body):
    """The pathway to take."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"selected_pathway_id": "p0a1b2c3d4e5f"}]})

    selected_pathway_id: Id
    start_next: bool = Field(default=False, description="start stage 4 with it")


class GenerateCourseBody(Body):
    """Stage 4."""

    additional_info: Text = ""
    module_ids: list[Id] = Field(default=[], max_length=1000, description="write only these again; empty means all")


class CourseView(View):
    """A course."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "course_id": COURSE_ID, "title": "My Course", "description": "For my team", "status": "draft",
                    "user_id": "auth0|123", "repo_url": None, "repo_name": None, "current_stage": "stage1",
                    "progress_percentage": 0, "dead": False, "created_at": MOMENT, "updated_at": MOMENT,
                }
            ]
        },
    )  # fmt: skip

    course_id: str
    title: str
    description: str
    status: str
    user_id: str
    repo_url: str | None
    repo_name: str | None
    current_stage: str
    progress_percentage: int
    dead: bool = Field(description="the failed stage has used up its attempts")
    created_at: datetime
    updated_at: datetime


class MessageView(View):
    """A plain confirmation."""

    message: str


class StartedView(View):
    """A run was started, or the same one runs already."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"task_id": TASK_ID, "status": "started"}]})

    task_id: str | None
    status: Literal["started", "accepted"]
    sequence: int | None = Field(default=None, description="of what was accepted, while it is not visible yet")


class SelectionSavedView(View):
    """A selection was saved; `task_id` when the next stage was started with it."""

    message: str
    next_stage: str
    task_id: str | None = None


class Stage1SelectionsView(View):
    """The selection as it is; without one all documentation counts."""

    selected_folders: list[str]
    overview_document: str | None
    excluded_files: list[str]
    selected_at: datetime | None


class Stage3SelectionsView(View):
    """The pathway chosen."""

    selected_pathway_id: str | None
    selected_at: datetime | None


class StageStatusView(View):
    """A stage. `progress` 0 to 100."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "task_id": TASK_ID, "status": "STARTED", "progress": 45, "current_step": "Scanning files",
                    "error_message": None, "error_code": None, "retryable": False, "dead": False, "attempt": 1,
                    "next_attempt_at": None, "inputs": {"repo_url": "https://github.com/pallets/click", "ref": ""},
                    "outdated": False, "planned": 0, "done": 0, "notes": [], "started_at": MOMENT,
                    "completed_at": None,
                }
            ]
        }
    )  # fmt: skip

    task_id: str | None = None
    status: TaskStatus = "PENDING"
    progress: int = 0
    current_step: str | None = None
    error_message: str | None = None
    error_code: str | None = None
    retryable: bool = False
    dead: bool = False
    attempt: int = 0
    next_attempt_at: datetime | None = None
    inputs: dict[str, Any] | None = None
    outdated: bool = Field(default=False, description="its inputs changed since it ran")
    planned: int = Field(default=0, description="documents or modules to do")
    done: int = 0
    notes: list[str] = []
    started_at: datetime | None = None
    completed_at: datetime | None = None


class CourseStatusView(View):
    """The generation as a whole: the stage asked for last."""

    course_id: str
    status: TaskStatus
    current_stage: str
    progress_percentage: int
    current_step: str | None
    error_message: str | None
    stage_statuses: dict[str, TaskStatus]
    database_status: str = Field(description="the course's status, such as stage2_running")
    dead: bool


class StageProgressView(View):
    """A stage's progress in the older shape."""

    status: TaskStatus
    progress: int
    current_step: str | None
    error: str | None
    started_at: datetime | None
    completed_at: datetime | None
    detail: dict[str, Any]


class FolderView(View):
    """A folder; `documents` below it at any depth."""

    path: str
    documents: int


class FileView(View):
    """A file; `reason` says why a documentation-like one is left out."""

    path: str
    kind: str
    size: int | None
    is_documentation: bool
    is_overview_candidate: bool
    reason: str


class RepositoryFilesView(View):
    """What stage 1 found."""

    repo_name: str
    repo_url: str
    ref: str
    commit: str
    folders: list[FolderView]
    files: list[FileView]
    overview_candidates: list[str]


class DefinitionView(View):
    """Where a concept is defined."""

    name: str
    text: str
    path: str
    start_line: int
    end_line: int


class DocumentView(View):
    """The analysis of one document, corrections applied."""

    id: str
    source_id: str
    file_path: str
    title: str
    doc_type: str
    complexity_level: str
    key_concepts: list[str]
    learning_objectives: list[str]
    summary: str
    prerequisites: list[str]
    related_topics: list[str]
    headings: list[str]
    definitions: list[DefinitionView]
    word_count: int
    revised: bool
    analyzed_at: datetime


class SkippedDocumentView(View):
    """A document that could not be taught from, and why."""

    id: str
    file_path: str
    reason: str


class DocumentsView(View):
    """What stage 2 found."""

    documents: list[DocumentView]
    skipped: list[SkippedDocumentView]


class SectionView(View):
    """A section of a document."""

    document_id: str
    section_id: str
    heading: str


class ModuleView(View):
    """A module of a pathway."""

    id: str
    title: str
    description: str
    sequence_order: int
    part: str
    learning_objectives: list[str]
    estimated_time: str
    estimated_minutes: int
    document_ids: list[str]
    sections: list[SectionView]


class PathwayView(View):
    """A pathway on offer."""

    id: str
    kind: str
    title: str
    description: str
    complexity_level: str
    estimated_duration: str
    estimated_minutes: int
    prerequisites: list[str]
    revised: bool
    selected: bool
    modules: list[ModuleView]


class PathwaysView(View):
    """All pathways on offer, the widest first."""

    pathways: list[PathwayView]


class ModuleContentView(View):
    """A written module: the five sections as Markdown; `items` are the assessment as data."""

    id: str
    sequence_order: int
    title: str
    description: str
    estimated_minutes: int
    status: Literal["complete", "incomplete"]
    problems: list[str]
    objectives: list[dict[str, Any]]
    prerequisites: list[str]
    document_ids: list[str]
    introduction: str
    main_content: str
    conclusion: str
    assessment: str
    summary: str
    items: list[dict[str, Any]]
    citations: list[dict[str, Any]]
    generated_at: datetime


class GeneratedCourseView(View):
    """The finished course."""

    course_id: str
    title: str
    description: str
    language: str
    status: Literal["completed", "incomplete"]
    outdated: bool
    course_key: str
    edition: str
    pathway_id: str
    export_path: str | None
    engine: dict[str, Any]
    audience: dict[str, Any]
    sources: list[dict[str, Any]]
    generated_at: datetime
    modules: list[ModuleContentView]


class ExportView(View):
    """One export."""

    kind: str
    media_type: str
    size: int
    sha256: str
    url: str


class ProblemError(BaseModel):
    """One thing that is wrong; `pointer` is a JSON pointer into the body, or names a parameter."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """RFC 9457."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank", "title": "Conflict", "status": 409, "code": "stage_out_of_turn",
                    "detail": "The course is in status draft. Analyse a repository first: POST analyze-repository.",
                }
            ]
        }
    )  # fmt: skip

    type: str = "about:blank"
    title: str
    status: int
    code: str = Field(description="for programs")
    detail: str = Field(description="for people")
    errors: list[ProblemError] = []
