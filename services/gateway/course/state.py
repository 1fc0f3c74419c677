"""The state of one course, which is the fold of its events. The state is stored as JSON in the course's row.

The state holds references to contents and not the contents, so a decision about a course never needs a blob.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import TypeAdapter

from shared.added.kinds import AddedKind
from shared.events import BlobRef
from shared.events.base import ATTEMPTS, EngineName, Level, LicenceFacts, SourceKind, Stage
from shared.events.gateway import SourceSelection
from shared.events.modules import ExportRef

DocumentStatus = Literal["uploaded", "ready", "failed"]
LectureStatus = Literal["pending", "downloading", "completed", "failed"]
TaskStatus = Literal["PENDING", "STARTED", "RETRY", "SUCCESS", "FAILURE", "REVOKED"]

if TYPE_CHECKING:
    from dataclasses import replace as replace  # noqa: PLC0414 - said to be exported
else:

    def replace(value: Any, /, **changes: Any) -> Any:
        """Do the work of `dataclasses.replace` for the classes of this module in an eighth of its time: a fold does
        little else. Types are checked as for `dataclasses.replace`.
        """
        made = object.__new__(type(value))
        made.__dict__.update(value.__dict__, **changes)
        if len(made.__dict__) != len(value.__dict__):
            unknown = ", ".join(sorted(changes.keys() - value.__dict__.keys()))
            raise TypeError(f"{type(value).__name__} has no field {unknown}")
        return made


RUNNING: frozenset[TaskStatus] = frozenset({"PENDING", "STARTED", "RETRY"})


@dataclass(frozen=True)
class StageRun:
    """The latest run of one stage.

    `inputs` are what the user asked for; users see them, and a retry repeats them. `basis` names the results of earlier
    stages that the run was given: when they change, the run is outdated. `plan` is the unattended generation that the
    run belongs to.
    """

    run_id: str
    requested_at: datetime
    status: TaskStatus = "PENDING"
    inputs: dict[str, Any] = field(default_factory=dict)
    basis: str = ""
    plan: str = ""
    attempt: int = 0
    max_attempts: int = ATTEMPTS
    worker: str = ""
    planned: int = 0
    done: int = 0
    step: str = ""
    notes: tuple[str, ...] = ()
    error: str = ""
    message: str = ""
    retryable: bool = False
    dead: bool = False
    cancel_requested: bool = False
    next_attempt_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def is_running(self) -> bool:
        """Asked for and not over."""
        return self.status in RUNNING


@dataclass(frozen=True)
class Plan:
    """An unattended generation: from the repository to the course with these inputs. `id` and `seq` are its event's."""

    id: str
    repo_url: str
    ref: str
    complexity_level: Level
    additional_info: str
    engine: EngineName
    pathway: str
    credential_id: str | None = None
    model: str = ""
    seq: int = 0


@dataclass(frozen=True)
class Asked:
    """A repository at a ref, and the credential it is read with."""

    repo_url: str
    ref: str
    credential_id: str | None


@dataclass(frozen=True)
class Source:
    """A source of a course, as a stage found it. `stage` is that stage; a repository is replaced by a new run of it.

    `file`, `file_name`, `pages`, `places` and `reader` are those of a document, `title`, `times` and `recording` those
    of a lecture: see SourceFacts.
    """

    stage: Stage
    source_id: str
    repo_url: str
    canonical_url: str
    ref: str
    commit: str
    repo_name: str
    files: BlobRef
    folders: BlobRef
    navigation: BlobRef | None
    project_name: str = ""
    licence: LicenceFacts | None = None
    kind: SourceKind = "git"
    file: BlobRef | None = None
    file_name: str = ""
    pages: BlobRef | None = None
    places: BlobRef | None = None
    reader: str = ""
    title: str = ""
    times: BlobRef | None = None
    recording: BlobRef | None = None


@dataclass(frozen=True, kw_only=True)
class _Added:
    """A file that a user added to the course, and what became of it. `path` is that of its text in the course; `text`
    is None until it is read; `error` and `message` say why it was refused.
    """

    file_name: str
    path: str
    changed_at: datetime
    licence: LicenceFacts | None = None
    title: str = ""
    text: BlobRef | None = None
    notes: tuple[str, ...] = ()
    error: str = ""
    message: str = ""

    @property
    def is_read(self) -> bool:
        """Whether there is a text of it."""
        return self.text is not None and not self.error


@dataclass(frozen=True, kw_only=True)
class Document(_Added):
    """A document."""

    document_id: str
    blob: BlobRef
    uploaded_at: datetime
    page_count: int | None = None

    @property
    def file(self) -> BlobRef:
        """The bytes that users get."""
        return self.blob

    @property
    def status(self) -> DocumentStatus:
        """Its status for users."""
        return "failed" if self.error else "ready" if self.is_read else "uploaded"

    def is_source(self, source: Source) -> bool:
        """Whether the source was made from this file."""
        return source.file == self.blob


@dataclass(frozen=True, kw_only=True)
class Lecture(_Added):
    """A lecture. `source_id` and `seconds` are there once it is transcribed; `is_fetching`: its bytes come."""

    lecture_id: str
    session_id: str
    captions: BlobRef | None
    chapters: BlobRef | None
    recording: BlobRef | None
    added_at: datetime
    viewer_url: str = ""
    stream_url: str = ""
    captions_url: str = ""
    is_fetching: bool = False
    source_id: str = ""
    seconds: int | None = None

    @property
    def file(self) -> BlobRef | None:
        """The bytes that users get: the recording, or else the captions; None until they are fetched."""
        return self.recording or self.captions

    @property
    def status(self) -> LectureStatus:
        """Its status for users."""
        if self.error:
            return "failed"
        return "completed" if self.is_read else "downloading" if self.is_fetching else "pending"

    def is_source(self, source: Source) -> bool:
        """Whether the source was made from this file."""
        return source.source_id == self.source_id


AddedFile = Document | Lecture


@dataclass(frozen=True)
class Analysis:
    """The documents that were read, and the analyses of them."""

    documents: BlobRef
    analyses: BlobRef
    overview_document: str | None
    complexity_level: Level
    engine: EngineName
    model: str = ""
    analysed: int = 0


@dataclass(frozen=True)
class Offer:
    """A pathway on offer, edits applied, with its minutes as planned.

    `revised_on` is the sha256 of the analyses a user's edit was made on.
    """

    pathway_id: str
    kind: str
    title: str
    pathway: BlobRef
    revised_on: str = ""
    minutes: int = 0


@dataclass(frozen=True)
class Generated:
    """The finished course. It stays until another one is finished. `derived_title`: its title, if nobody gave one;
    `pages`: ref to PagePictures.
    """

    run_id: str
    pathway_id: str
    course_key: str
    edition: str
    status: Literal["complete", "incomplete"]
    course: BlobRef
    quality: BlobRef
    exports: tuple[ExportRef, ...]
    generated_at: datetime
    derived_title: str = ""
    minutes: int = 0
    pages: BlobRef | None = None


@dataclass(frozen=True)
class Spent:
    """The use of models: tokens of every kind, and the estimated cost."""

    tokens: int = 0
    usd: float = 0.0

    def __add__(self, other: "Spent") -> "Spent":
        """Both together."""
        return Spent(self.tokens + other.tokens, round(self.usd + other.usd, 6))


@dataclass(frozen=True)
class CourseState:
    """One course at sequence `seq`. The default value is a course that does not exist.

    `asked` is the id of the generation or the stage that was asked for last, `reached` its overall percentage. `began`
    is the sequence at which the latest unattended run had its turn. `spent` is the use of models by day. `lacking`
    names the modules, by id, that stand in the course although they have not passed the gates. `rewriting` are the
    modules that the latest run of modules was asked to write again; empty for a whole course.
    """

    course_id: str = ""
    owner: str = ""
    title: str = ""
    description: str = ""
    created_at: datetime | None = None
    updated_at: datetime | None = None
    seq: int = 0
    deleted: bool = False
    plan: Plan | None = None
    current: Stage | None = None
    asked: str = ""
    reached: int = 0
    began: int = 0
    spent: dict[str, Spent] = field(default_factory=dict)
    runs: dict[Stage, StageRun] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()
    documents: tuple[Document, ...] = ()
    lectures: tuple[Lecture, ...] = ()
    selections: tuple[SourceSelection, ...] = ()
    pending_documents: BlobRef | None = None
    analysis: Analysis | None = None
    revisions: dict[str, dict[str, Any]] = field(default_factory=dict)
    proposals: tuple[Offer, ...] = ()
    offers: tuple[Offer, ...] = ()
    selected_pathway: str | None = None
    written: dict[str, BlobRef] = field(default_factory=dict)
    lacking: dict[str, str] = field(default_factory=dict)
    rewriting: tuple[str, ...] = ()
    generated: Generated | None = None

    @property
    def exists(self) -> bool:
        """Created and not deleted."""
        return self.seq > 0 and not self.deleted

    @property
    def source(self) -> Source | None:
        """The first source, which gives the course its name and its place on the web."""
        return self.sources[0] if self.sources else None

    def added(self, kind: AddedKind, file_id: str) -> AddedFile | None:
        """The file of a kind with this id."""
        return next((one for one in kind.files_of(self) if kind.id_of(one) == file_id), None)

    @property
    def has_own_sources(self) -> bool:
        """Whether the course has documents or lectures, which no other course shares."""
        return bool(self.documents or self.lectures)

    def selection_of(self, source: Source) -> SourceSelection | None:
        """The user's selection of a source as it is now; None means all documentation."""
        return next((one for one in self.selections if one.source_id == source.source_id), None)

    def offer(self, pathway_id: str | None) -> Offer | None:
        """The pathway on offer with this id."""
        return next((offer for offer in self.offers if offer.pathway_id == pathway_id), None)

    @property
    def running(self) -> tuple[tuple[Stage, StageRun], ...]:
        """The stages that are running: one, or several that do not wait for each other."""
        return tuple((stage, run) for stage, run in self.runs.items() if run.is_running)

    @property
    def is_waiting_for_first_stage(self) -> bool:
        """Asked for unattended, and no stage was asked for yet."""
        if self.plan is None:
            return False
        return self.current is None or self.runs[self.current].plan != self.plan.id

    @property
    def address(self) -> Asked | None:
        """The repository, as it was asked for last; an empty address for a course without one."""
        if self.plan is not None:
            return Asked(self.plan.repo_url, self.plan.ref, self.plan.credential_id)
        asked = [run.inputs for run in self.runs.values() if run.inputs.get("repo_url")]
        if not asked:
            return Asked("", "", None) if self.has_own_sources else None
        return Asked(str(asked[0]["repo_url"]), str(asked[0].get("ref", "")), asked[0].get("credential_id"))


def with_run(state: CourseState, stage: Stage, run: StageRun) -> CourseState:
    """The course with this as the latest run of a stage."""
    return replace(state, runs={**state.runs, stage: run})


_ADAPTER = TypeAdapter(CourseState)


def to_jsonable(state: CourseState) -> dict[str, Any]:
    """The state as stored, in JSON's own types."""
    stored: dict[str, Any] = _ADAPTER.dump_python(state, mode="json")
    return stored


def from_json(text: str) -> CourseState:
    """The state from its stored form."""
    return _ADAPTER.validate_json(text)
