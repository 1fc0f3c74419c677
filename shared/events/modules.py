"""Events written by modules."""

from typing import Literal

from pydantic import Field

from .base import BlobRef, Data, EventUsage, StageEvent, StageFailure, StageStarted


class ModulesStarted(StageStarted):
    """A worker began; `module_ids` are what progress counts against."""

    module_ids: list[str]


class ModuleWritten(StageEvent):
    """One module is written and passed the gates, or says what it lacks. `content`: ref to WrittenModule."""

    module_id: str
    order: int
    title: str
    content: BlobRef
    gate_report: BlobRef
    round: int
    status: Literal["complete", "incomplete"]
    words: int
    items: int
    usage: EventUsage = EventUsage()
    answer_keys: list[str] = Field(default_factory=list)

    def natural_key(self) -> str:
        return f"{self.module_id}:{self.round}"


class ModuleRejected(StageEvent):
    """A round's result did not pass the gates and goes into another round."""

    module_id: str
    gate_report: BlobRef
    round: int

    def natural_key(self) -> str:
        return f"{self.module_id}:{self.round}"


class ExportRef(Data):
    """One export of a finished course; `blob` is one file (site and markdown are zip archives)."""

    kind: str
    blob: BlobRef


class CourseGenerated(StageEvent):
    """Stage 4 is done. `course`: ref to course.json; `quality`: ref to its report; `title`: as course.json has it;
    `minutes`: of all its modules (0: not recorded); `pages`: ref to PagePictures, of the pages of PDFs that it cites.
    """

    course_key: str
    edition: str
    pathway_id: str
    course: BlobRef
    exports: list[ExportRef]
    quality: BlobRef
    status: Literal["complete", "incomplete"]
    modules: int
    items: int
    usage: EventUsage = EventUsage()
    title: str = ""
    minutes: int = 0
    pages: BlobRef | None = None


class ModulesFailed(StageFailure):
    """No module could be written, or the engine failed for good."""
