"""Events written by pathway."""

from pydantic import Field

from .base import BlobRef, EventUsage, Level, StageEvent, StageFailure, StageStarted


class PathwaysStarted(StageStarted):
    """A worker began."""


class PathwayProposed(StageEvent):
    """One pathway on offer. `pathway`: ref to Pathway with its modules."""

    pathway_id: str
    kind: str
    title: str
    description: str
    complexity_level: Level
    minutes: int
    prerequisites: list[str]
    module_count: int
    pathway: BlobRef

    def natural_key(self) -> str:
        return self.pathway_id


class PathwaysProposed(StageEvent):
    """Stage 3 is done. `smallest_distance` over all pairs (1.0 with one pathway); `note` says why fewer than three."""

    pathway_ids: list[str]
    smallest_distance: float
    note: str = ""
    usage: EventUsage = EventUsage()
    answer_keys: list[str] = Field(default_factory=list)


class PathwaysFailed(StageFailure):
    """No pathway could be proposed."""
