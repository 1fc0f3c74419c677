"""What a caller can ask for, and the steps a decision is made of. Values only."""

from dataclasses import dataclass
from typing import Any

from shared.course.model import Bloom
from shared.events import Event
from shared.events.base import EngineName, Level, Stage


@dataclass(frozen=True)
class StageInputs:
    """A user's inputs of stages 2 to 4; None means as before, or the default."""

    complexity_level: Level | None = None
    additional_info: str = ""
    engine: EngineName | None = None


@dataclass(frozen=True)
class CreateCourse:
    """A new course."""

    course_id: str
    owner: str
    title: str
    description: str


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
    """An unattended run of all four stages."""

    repo_url: str
    ref: str
    complexity_level: Level
    additional_info: str
    engine: EngineName
    pathway: str


@dataclass(frozen=True)
class ResumeGeneration:
    """The unattended run there is goes on where it failed or was canceled."""


@dataclass(frozen=True)
class CancelGeneration:
    """Stop whatever is at work, and what would have followed."""

    by: str


@dataclass(frozen=True)
class AnalyzeRepository:
    """Stage 1."""

    repo_url: str
    ref: str
    credential_id: str | None


@dataclass(frozen=True)
class SelectSources:
    """The user's choice after stage 1; `start_next` starts stage 2 with it. `keeps` names the fields that stay as they
    are saved, whatever stands here.
    """

    folders: tuple[str, ...]
    overview_document: str | None
    excluded_files: tuple[str, ...]
    start_next: StageInputs | None
    keeps: frozenset[str] = frozenset()


@dataclass(frozen=True)
class AnalyzeDocuments:
    """Stage 2."""

    inputs: StageInputs


@dataclass(frozen=True)
class ReviseDocument:
    """A correction of an analysis; `fields` are those of DocumentRevised."""

    document_id: str
    fields: dict[str, Any]


@dataclass(frozen=True)
class GeneratePathways:
    """Stage 3."""

    inputs: StageInputs


@dataclass(frozen=True)
class ObjectiveText:
    """An objective as a user writes it."""

    text: str
    bloom: Bloom


@dataclass(frozen=True)
class EditPathway:
    """Title or description; None means unchanged."""

    title: str | None
    description: str | None


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
    """Changed fields of a module; None means unchanged."""

    module_id: str
    title: str | None
    description: str | None
    document_ids: tuple[str, ...] | None
    objectives: tuple[ObjectiveText, ...] | None


@dataclass(frozen=True)
class DeleteModule:
    """A module leaves the pathway."""

    module_id: str


@dataclass(frozen=True)
class OrderModules:
    """All module ids in their new order."""

    module_ids: tuple[str, ...]


PathwayChange = EditPathway | AddModule | EditModule | DeleteModule | OrderModules


@dataclass(frozen=True)
class RevisePathway:
    """An edit of a pathway on offer."""

    pathway_id: str
    change: PathwayChange


@dataclass(frozen=True)
class SelectPathway:
    """The user's choice after stage 3; `start_next` starts stage 4 with it."""

    pathway_id: str
    start_next: bool
    additional_info: str = ""


@dataclass(frozen=True)
class GenerateCourse:
    """Stage 4; an empty `module_ids` means all."""

    additional_info: str
    module_ids: tuple[str, ...]


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
    | ResumeGeneration
    | CancelGeneration
    | AnalyzeRepository
    | SelectSources
    | AnalyzeDocuments
    | ReviseDocument
    | GeneratePathways
    | RevisePathway
    | SelectPathway
    | GenerateCourse
    | CancelStage
    | RetryStage
)


@dataclass(frozen=True)
class Emit:
    """An event that needs nothing more."""

    event: Event


@dataclass(frozen=True)
class StartClone:
    """Becomes RepoCloneRequested."""

    repo_url: str
    ref: str = ""
    credential_id: str | None = None
    retry_of: str | None = None


@dataclass(frozen=True)
class StartAnalysis:
    """Becomes DocsAnalysisRequested."""

    complexity_level: Level
    additional_info: str
    engine: EngineName
    retry_of: str | None = None


@dataclass(frozen=True)
class StartPathways:
    """Becomes PathwaysRequested."""

    complexity_level: Level
    additional_info: str
    engine: EngineName
    retry_of: str | None = None


@dataclass(frozen=True)
class StartModules:
    """Becomes ModulesRequested, for the pathway selected by then; an empty `module_ids` means all."""

    complexity_level: Level
    additional_info: str
    engine: EngineName
    module_ids: tuple[str, ...] = ()
    retry_of: str | None = None


@dataclass(frozen=True)
class ChangePathway:
    """Becomes PathwayRevised."""

    pathway_id: str
    change: PathwayChange


Start = StartClone | StartAnalysis | StartPathways | StartModules
Step = Emit | Start | ChangePathway


@dataclass(frozen=True)
class Steps:
    """What to append, in this order, in one piece."""

    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Same:
    """What was asked for is there already; `task_id` names the run that does it, if it is one."""

    task_id: str | None = None
