"""Commands, which a caller gives, and steps, which a decision consists of. Values only."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shared.course.scales import Bloom
from shared.engine.types import PathwayKind
from shared.events import BlobRef, Event
from shared.events.base import EngineName, Level, Stage
from shared.kernel.blobs import Blobs

Inputs = Mapping[str, Any]
"""The parameters of a stage's request, by their names in the API. The stage's own side says which there are."""


@dataclass(frozen=True)
class CreateCourse:
    """A new course; with `generate`, and an unattended run of it."""

    course_id: str
    owner: str
    title: str
    description: str
    generate: "Generate | None" = None


@dataclass(frozen=True)
class UpdateCourse:
    """Changed metadata; `generate` asks for an unattended run of the source there is, with defaults."""

    title: str | None = None
    description: str | None = None
    generate: bool = False


@dataclass(frozen=True)
class DeleteCourse:
    """The end of a course."""

    by: str


@dataclass(frozen=True)
class Generate:
    """An unattended run, from the repository to the course."""

    repo_url: str
    ref: str
    complexity_level: Level
    additional_info: str
    engine: EngineName
    pathway: str
    credential_id: str | None = None
    model: str = ""


@dataclass(frozen=True)
class Regenerate:
    """An unattended run anew, with the inputs the course was made with and these changes. Work under way is stopped."""

    changes: Inputs
    by: str


@dataclass(frozen=True)
class ResumeGeneration:
    """The unattended run there is goes on where it failed or was canceled."""


@dataclass(frozen=True)
class CancelGeneration:
    """Stop whatever is at work, and what would have followed."""

    by: str


@dataclass(frozen=True)
class RunStage:
    """Run a stage. What `inputs` do not give is as before, or the default.

    `asked_at`: when the request for it came in. A run with the same inputs that began later answers this request too.
    """

    stage: Stage
    inputs: Inputs
    asked_at: datetime | None = None


Storing = Callable[[Blobs, str], Awaitable[BlobRef]]
"""Stores bytes that were sent with a command as a blob of a course."""


@dataclass(frozen=True)
class AddFile:
    """A file becomes a source of the course, and is read. `mark` tells its text from that of another file of the same
    name. `parts` and `fields` are what the event of its kind has besides; the bytes are stored once it is decided that
    the file joins the course, and `path` is that of its text, as decided.
    """

    stage: Stage
    file_id: str
    file_name: str
    mark: str
    parts: Mapping[str, Storing]
    fields: Mapping[str, Any]
    path: str = ""


@dataclass(frozen=True)
class RemoveFile:
    """A file is no longer a source of the course."""

    stage: Stage
    file_id: str
    by: str


@dataclass(frozen=True)
class SelectSources:
    """The user's choice of what is taught; `start_next` starts the analysis with it, with these inputs. `keeps` names
    the fields that stay as they are saved, whatever stands here.
    """

    folders: tuple[str, ...]
    overview_document: str | None
    excluded_files: tuple[str, ...]
    start_next: Inputs | None
    keeps: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ReviseDocument:
    """A correction of an analysis; `fields` are those of DocumentRevised."""

    document_id: str
    fields: dict[str, Any]


@dataclass(frozen=True)
class ObjectiveText:
    """An objective as a user writes it. Without a level it keeps the one it has."""

    text: str
    bloom: Bloom | None


@dataclass(frozen=True)
class EditPathway:
    """Changed fields of a pathway; None means unchanged."""

    title: str | None
    description: str | None
    complexity_level: Level | None = None
    prerequisites: tuple[str, ...] | None = None


@dataclass(frozen=True)
class AddModule:
    """A module over whole documents. `position` counts from 0; None means last."""

    title: str
    description: str
    document_ids: tuple[str, ...]
    objectives: tuple[ObjectiveText, ...] | None
    position: int | None


@dataclass(frozen=True)
class EditModule:
    """Changed fields of a module; None means unchanged. `sections`: (document id, section id)."""

    module_id: str
    title: str | None
    description: str | None
    document_ids: tuple[str, ...] | None
    objectives: tuple[ObjectiveText, ...] | None
    sections: tuple[tuple[str, str], ...] | None = None
    part: str | None = None


@dataclass(frozen=True)
class TakeModule:
    """A module of another pathway on offer, also in this one. `position` counts from 0; None means last."""

    module_id: str
    from_pathway_id: str
    position: int | None


@dataclass(frozen=True)
class DeleteModule:
    """A module leaves the pathway."""

    module_id: str


@dataclass(frozen=True)
class OrderModules:
    """All module ids in their new order."""

    module_ids: tuple[str, ...]


PathwayChange = EditPathway | AddModule | EditModule | TakeModule | DeleteModule | OrderModules


@dataclass(frozen=True)
class RevisePathway:
    """An edit of a pathway on offer."""

    pathway_id: str
    change: PathwayChange


@dataclass(frozen=True)
class AddPathway:
    """A pathway of a user's own, of modules that are on offer: (pathway id, module id). A level that is not given is
    the analysis's.
    """

    pathway_id: str
    kind: PathwayKind
    title: str
    description: str
    complexity_level: Level | None
    prerequisites: tuple[str, ...]
    modules: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class DeletePathway:
    """A pathway is no longer on offer."""

    pathway_id: str


@dataclass(frozen=True)
class SelectPathway:
    """The user's choice of a pathway; `start_next` starts writing with it."""

    pathway_id: str
    start_next: bool
    additional_info: str = ""


@dataclass(frozen=True)
class CancelStage:
    """Stop the run of a stage."""

    stage: Stage
    by: str


@dataclass(frozen=True)
class RetryStage:
    """Run a failed or canceled stage again with its inputs; with a run, only if that is the stage's latest one."""

    stage: Stage
    run_id: str | None = None


Command = (
    CreateCourse
    | UpdateCourse
    | DeleteCourse
    | Generate
    | Regenerate
    | ResumeGeneration
    | CancelGeneration
    | RunStage
    | AddFile
    | RemoveFile
    | SelectSources
    | ReviseDocument
    | RevisePathway
    | AddPathway
    | DeletePathway
    | SelectPathway
    | CancelStage
    | RetryStage
)


@dataclass(frozen=True)
class Emit:
    """An event that needs nothing more."""

    event: Event


@dataclass(frozen=True)
class Start:
    """Becomes the request of a stage, with these inputs. `retry_of` names the run that is tried again."""

    stage: Stage
    inputs: Inputs
    retry_of: str | None = None


Step = Emit | Start | RevisePathway | AddPathway | AddFile | RemoveFile
"""The event of an edit, of a pathway of a user's own or of a file is built from the command itself."""


@dataclass(frozen=True)
class Steps:
    """The steps to append, in this order, in one piece."""

    steps: tuple[Step, ...]
