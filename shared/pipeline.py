"""The stages in order, as data. Status, percentages, durables and routes derive from this table."""

from dataclasses import dataclass

from shared.events import Event, doc_analyser, gateway, modules, pathway, repo_clone, subject_pattern
from shared.events.base import Stage, StageEvent, StageFailure, StageStarted


@dataclass(frozen=True)
class StageRow:
    """One stage: its number for users, its events, and the overall percentages at its start, half-way and end."""

    number: int
    name: Stage
    label: str
    request: type[StageEvent]
    started: type[StageStarted]
    finished: type[StageEvent]
    failed: type[StageFailure]
    percent_running: int
    percent_complete: int

    @property
    def durable(self) -> str:
        """The name of the durable consumer."""
        return self.name

    @property
    def filter_subject(self) -> str:
        """The subject whose messages start a run."""
        return subject_pattern(self.request)

    @property
    def key(self) -> str:
        """`stage1` … as users and tables name it."""
        return f"stage{self.number}"


PIPELINE: tuple[StageRow, ...] = (
    StageRow(
        1, "repo_clone", "Clone and scan", gateway.RepoCloneRequested, repo_clone.RepoCloneStarted,
        repo_clone.RepoCloned, repo_clone.RepoCloneFailed, 10, 25,
    ),
    StageRow(
        2, "doc_analyser", "Analyse documents", gateway.DocsAnalysisRequested, doc_analyser.DocsAnalysisStarted,
        doc_analyser.DocsAnalysed, doc_analyser.DocsAnalysisFailed, 35, 50,
    ),
    StageRow(
        3, "pathway", "Propose pathways", gateway.PathwaysRequested, pathway.PathwaysStarted,
        pathway.PathwaysProposed, pathway.PathwaysFailed, 60, 75,
    ),
    StageRow(
        4, "modules", "Write modules", gateway.ModulesRequested, modules.ModulesStarted,
        modules.CourseGenerated, modules.ModulesFailed, 85, 100,
    ),
)  # fmt: skip

BY_NAME = {row.name: row for row in PIPELINE}
BY_KEY = {row.key: row for row in PIPELINE}

_ROWS: dict[type[Event], StageRow] = {
    kind: row for row in PIPELINE for kind in (row.request, row.started, row.finished, row.failed)
}


def stage_of(event: Event) -> StageRow | None:
    """The stage a request, start, finish or failure belongs to."""
    return _ROWS.get(type(event))
