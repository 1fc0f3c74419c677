"""The stages in order, as data. Status, percentages, durables and routes derive from this table."""

from dataclasses import dataclass
from functools import cached_property

from shared.events import (
    Event,
    doc_analyser,
    documents,
    gateway,
    lectures,
    modules,
    pathway,
    repo_clone,
    subject_pattern,
)
from shared.events.base import Stage, StageEvent, StageFailure, StageStarted


@dataclass(frozen=True)
class StageRow:
    """One stage: its number for users, its events, what it needs of other stages and what it provides to them, and the
    overall percentages when it starts and when it is done. Stages that provide the same may run at the same time.
    `unattended`: a course that runs by itself goes through it.
    """

    number: int
    name: Stage
    label: str
    request: type[StageEvent]
    started: type[StageStarted]
    finished: type[StageEvent]
    failed: type[StageFailure]
    needs: str
    provides: str
    percent_running: int
    percent_complete: int
    unattended: bool = True

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

    def runs_beside(self, other: "StageRow") -> bool:
        """Two stages of one course that do not wait for each other."""
        return self.name != other.name and self.provides == other.provides


class Pipeline(tuple[StageRow, ...]):  # noqa: SLOT001 - derived values are kept in its dict
    """The rows of some stages, by order. A stage stands after the stages that provide what it needs."""

    @cached_property
    def by_name(self) -> dict[Stage, StageRow]:
        """The rows by the names of their stages."""
        return {row.name: row for row in self}

    @cached_property
    def by_key(self) -> dict[str, StageRow]:
        """The rows as users and tables name them."""
        return {row.key: row for row in self}

    @cached_property
    def unattended(self) -> tuple[StageRow, ...]:
        """The stages that a course goes through by itself."""
        return tuple(row for row in self if row.unattended)

    @cached_property
    def _by_event(self) -> dict[type[Event], StageRow]:
        return {kind: row for row in self for kind in (row.request, row.started, row.finished, row.failed)}

    def stage_of(self, event: Event) -> StageRow | None:
        """The stage a request, start, finish or failure belongs to."""
        return self._by_event.get(type(event))

    def providers(self, row: StageRow) -> tuple[StageRow, ...]:
        """The stages that provide what a stage needs; any of them is enough."""
        return tuple(one for one in self if row.needs and one.provides == row.needs)


PIPELINE = Pipeline(
    (
        StageRow(
            1, "repo_clone", "Clone and scan", gateway.RepoCloneRequested, repo_clone.RepoCloneStarted,
            repo_clone.RepoCloned, repo_clone.RepoCloneFailed, "", "sources", 10, 25,
        ),
        StageRow(
            2, "doc_analyser", "Analyse documents", gateway.DocsAnalysisRequested, doc_analyser.DocsAnalysisStarted,
            doc_analyser.DocsAnalysed, doc_analyser.DocsAnalysisFailed, "sources", "analyses", 35, 50,
        ),
        StageRow(
            3, "pathway", "Propose pathways", gateway.PathwaysRequested, pathway.PathwaysStarted,
            pathway.PathwaysProposed, pathway.PathwaysFailed, "analyses", "pathways", 60, 75,
        ),
        StageRow(
            4, "modules", "Write modules", gateway.ModulesRequested, modules.ModulesStarted,
            modules.CourseGenerated, modules.ModulesFailed, "pathways", "course", 85, 100,
        ),
        StageRow(
            5, "documents", "Read documents", gateway.DocumentsRequested, documents.DocumentsStarted,
            documents.DocumentsRead, documents.DocumentsFailed, "", "sources", 10, 25, unattended=False,
        ),
        StageRow(
            6, "lectures", "Transcribe lectures", gateway.LecturesRequested, lectures.LecturesStarted,
            lectures.LecturesTranscribed, lectures.LecturesFailed, "", "sources", 10, 25, unattended=False,
        ),
    )
)  # fmt: skip
