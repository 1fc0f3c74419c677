"""Events written by the gateway. Class names are stored type names."""

from typing import ClassVar, Literal

from pydantic import Field

from .base import (
    BlobRef,
    CourseEvent,
    Data,
    EngineName,
    FileRemoved,
    ForWhom,
    Level,
    LicenceFacts,
    SourceKind,
    Stage,
    StageEvent,
)


class CourseCreated(CourseEvent):
    """A course exists, in status draft."""

    owner: str
    title: str
    description: str = ""


class CourseUpdated(CourseEvent):
    """Title or description changed; None means unchanged."""

    title: str | None = None
    description: str | None = None


class CourseDeleted(CourseEvent):
    """The tombstone; nothing follows it."""

    by: str


class GenerationRequested(CourseEvent):
    """Somebody asked for the whole thing, unattended. `pathway`: auto (by the level) or a pathway kind.
    `credential_id`: what a private repository is read with; the token itself is in no event. `model`: the one of the
    engine that was chosen, here and in what asks for a stage; empty = the one the stage is set to.
    """

    repo_url: str
    ref: str = ""
    complexity_level: Level = "intermediate"
    additional_info: str = ""
    engine: EngineName = "offline"
    model: str = ""
    pathway: str = "auto"
    credential_id: str | None = None


class GenerationCanceled(CourseEvent):
    """Somebody stopped an unattended generation; `generation_id` is the id of its GenerationRequested. `stage`: the one
    that was at work, whose run the StageCancelRequested beside it ends; between two, the one that would have come next.
    """

    generation_id: str
    stage: Stage
    by: str


class RepoCloneRequested(StageEvent):
    """Stage 1 was asked for. `ref`: branch, tag or 40-hex commit; empty = default branch. `owner` scopes the cache of
    clones; the URL holds no credential.
    """

    repo_url: str
    ref: str = ""
    owner: str
    credential_id: str | None = None
    retry_of: str | None = None


class DocumentAsked(Data):
    """A document to read: its bytes, and the path its text has in the course (part of DocumentsRequested)."""

    document_id: str
    file_name: str
    path: str
    blob: BlobRef


class DocumentUploaded(CourseEvent):
    """A document became part of the course. The media type of `blob` is its kind; `licence`: as the uploader states
    it.
    """

    document_id: str
    file_name: str
    path: str
    blob: BlobRef
    licence: LicenceFacts | None = None

    def natural_key(self) -> str:
        return self.document_id


class DocumentDeleted(FileRemoved):
    """A document is no longer part of the course; its bytes are gone."""

    document_id: str

    def natural_key(self) -> str:
        return self.document_id


class DocumentsRequested(StageEvent):
    """The documents that are not read yet were asked for. Those uploaded while the run is at work belong to it."""

    owner: str
    documents: list[DocumentAsked]
    retry_of: str | None = None


class LectureAsked(Data):
    """A lecture to transcribe: its captions, the chapters beside them, its recording, the addresses of those that are
    to be fetched, and the path its text has in the course (part of LecturesRequested).
    """

    lecture_id: str
    title: str
    path: str
    captions: BlobRef | None = None
    chapters: BlobRef | None = None
    recording: BlobRef | None = None
    stream_url: str = ""
    captions_url: str = ""


class LectureAdded(CourseEvent):
    """A lecture became part of the course. `session_id`: what it is, for whoever adds it; `file_name`: of its
    recording, or of its captions; `licence`: as it is stated. A remote lecture has no bytes yet: `viewer_url` is its
    page for people, `stream_url` and `captions_url` are what is fetched. A lecture that failed is added again with
    other addresses.
    """

    lecture_id: str
    session_id: str
    title: str
    file_name: str
    path: str
    captions: BlobRef | None = None
    chapters: BlobRef | None = None
    recording: BlobRef | None = None
    viewer_url: str = ""
    stream_url: str = ""
    captions_url: str = ""
    licence: LicenceFacts | None = None

    def natural_key(self) -> str:
        return self.lecture_id


class LectureRemoved(FileRemoved):
    """A lecture is no longer part of the course; its bytes are gone."""

    lecture_id: str

    def natural_key(self) -> str:
        return self.lecture_id


class LecturesRequested(StageEvent):
    """The lectures without a transcript were asked for, failed ones too. Those added while the run is at work belong to
    it.
    """

    owner: str
    lectures: list[LectureAsked]
    retry_of: str | None = None


class SourceSelection(Data):
    """One source's selection (part of SourcesSelected)."""

    source_id: str
    folders: list[str]
    overview_document: str | None = None
    excluded_files: list[str] = Field(default_factory=list)


class SourcesSelected(CourseEvent):
    """The user chose folders and an overview document; an empty folder list means all documentation."""

    selections: list[SourceSelection]


class DocsAnalysisRequested(StageEvent):
    """Stage 2 was asked for. `documents`: ref to list[DocumentInput]."""

    owner: str
    complexity_level: Level
    additional_info: str = ""
    engine: EngineName = "offline"
    model: str = ""
    documents: BlobRef
    documents_planned: int
    project_name: str
    overview_document: str | None = None
    navigation: BlobRef | None = None
    retry_of: str | None = None


class DocumentRevised(CourseEvent):
    """The user corrected an analysis; None means unchanged. A re-run keeps the correction."""

    document_id: str
    title: str | None = None
    doc_type: str | None = None
    complexity_level: Level | None = None
    for_whom: ForWhom | None = None
    summary: str | None = None
    key_concepts: list[str] | None = None
    learning_objectives: list[str] | None = None
    prerequisites: list[str] | None = None
    related_topics: list[str] | None = None


class PathwaysRequested(StageEvent):
    """Stage 3 was asked for. `analyses`: ref to {analyses: [...], graph: {...}} (AnalysisSet)."""

    owner: str
    additional_info: str = ""
    complexity_level: Level
    engine: EngineName = "offline"
    model: str = ""
    analyses: BlobRef
    navigation: BlobRef | None = None
    project_name: str
    overview_document: str | None = None
    edits: BlobRef | None = None
    retry_of: str | None = None


class PathwayRevised(CourseEvent):
    """The pathway after an edit, add, delete or reorder. `pathway`: ref to Pathway."""

    pathway_id: str
    title: str
    description: str
    pathway: BlobRef
    change: Literal["edited", "module_added", "module_edited", "module_deleted", "modules_reordered"]


class PathwayAdded(CourseEvent):
    """A pathway of the user's own is on offer. `pathway`: ref to Pathway."""

    pathway_id: str
    kind: str
    title: str
    description: str
    complexity_level: Level
    minutes: int
    prerequisites: list[str]
    pathway: BlobRef


class PathwayDeleted(CourseEvent):
    """The pathway is no longer on offer. A new run of stage 3 may propose it again."""

    pathway_id: str


class PathwaySelected(CourseEvent):
    """The user, or autopilot, chose a pathway."""

    pathway_id: str


class SourceFacts(Data):
    """One source as course.json names it. `url`, `ref` and `commit` are those of a repository; `file_name`, `file`
    and `reader` those of a document; one of kind `pdf` has `pages` and `places` (refs to PageStarts and
    LinePlaces). A lecture has its captions as `file`, and `times` (ref to LineTimes), `title` and `recording`.
    """

    source_id: str
    kind: SourceKind = "git"
    name: str
    url: str = ""
    ref: str = ""
    commit: str = ""
    licence: LicenceFacts | None = None
    file_name: str = ""
    file: BlobRef | None = None
    pages: BlobRef | None = None
    places: BlobRef | None = None
    reader: str = ""
    title: str = ""
    times: BlobRef | None = None
    recording: BlobRef | None = None


class ModulesRequested(StageEvent):
    """Stage 4 was asked for; everything a worker needs. `sources`: the first one gives the course its name; `listings`:
    refs to the listings of their files, by source id; a path names one file over all sources of a course.
    `pathways`: ref to list[Pathway] as offered and edited; `documents`: ref to list[DocumentInput]; `navigation`: the
    authors' order over all sources; empty `module_ids` = all. `asked_modules`: the modules a user named to be written
    again; empty = the whole course was asked for.
    """

    version: ClassVar[int] = 2

    owner: str
    course_title: str
    course_description: str = ""
    sources: list[SourceFacts] = Field(min_length=1)
    listings: dict[str, BlobRef]
    project_name: str = ""
    pathway_id: str
    pathways: BlobRef
    analyses: BlobRef
    documents: BlobRef
    navigation: BlobRef | None = None
    overview_document: str | None = None
    complexity_level: Level
    additional_info: str = ""
    engine: EngineName = "offline"
    model: str = ""
    module_ids: list[str] = Field(default_factory=list)
    asked_modules: list[str] = Field(default_factory=list)
    kept_modules: dict[str, BlobRef] = Field(default_factory=dict)
    retry_of: str | None = None


class StageCancelRequested(StageEvent):
    """Somebody asked to stop a run."""

    stage: Stage
    by: str

    def natural_key(self) -> str:
        """A command stops every stage that is at work."""
        return self.stage
