"""The state that each stage of a course must show, read off its events, without the fold or other code of the gateway.

It covers runs and their order. What a course holds besides is covered by tests that need no schedule.
"""

from datetime import datetime

from shared.event_log.port import Recorded
from shared.events.base import StageEvent, StageFailure, StageStarted
from shared.events.doc_analyser import DocsAnalysed, DocumentAnalysed, DocumentSkipped
from shared.events.documents import DocumentRead, DocumentRefused, DocumentsRead, DocumentsStarted
from shared.events.gateway import (
    DocsAnalysisRequested,
    GenerationCanceled,
    GenerationRequested,
    StageCancelRequested,
)
from shared.events.lectures import LectureRefused, LecturesStarted, LecturesTranscribed, LectureTranscribed
from shared.events.modules import CourseGenerated, ModulesStarted, ModuleWritten
from shared.events.pathway import PathwaysProposed
from shared.events.repo_clone import RepoCloned
from shared.events.stage import StageCanceled, StageDead, StageRetryScheduled
from shared.pipeline import PIPELINE, StageRow
from tests.simulator.heard import Heard

_BESIDE = frozenset({"documents", "lectures"})
_AT_WORK = frozenset({"PENDING", "STARTED", "RETRY"})
_BY_ITSELF = "coursewright/autopilot"
_ENDS = (
    RepoCloned,
    DocsAnalysed,
    PathwaysProposed,
    CourseGenerated,
    DocumentsRead,
    LecturesTranscribed,
    StageFailure,
    StageDead,
    StageCanceled,
)


class Run:
    """The run of a stage that counts: the one that began last. `request` is None when none could be made."""

    def __init__(self, row: StageRow, begun: Recorded, account: Heard) -> None:
        self._is_canceled_unasked = isinstance(begun.event, GenerationCanceled)
        self.row, self.begun = row, begun
        self.run_id = begun.event.run_id if isinstance(begun.event, StageEvent) else begun.id
        self.request = begun.event if isinstance(begun.event, row.request) else None
        facts = [] if self._is_canceled_unasked else account.of_run(self.run_id)
        self._starts = [one for one in facts if isinstance(one.event, StageStarted)]
        self._ends = [one for one in facts if isinstance(one.event, _ENDS)]
        last_start = self._starts[-1].seq if self._starts else 0
        self._waits = [one for one in facts if one.seq > last_start and isinstance(one.event, StageRetryScheduled)]
        self._fails = [one for one in facts if one.seq > last_start and isinstance(one.event, StageFailure)]
        parts = [
            one
            for one in facts
            if isinstance(
                one.event,
                DocumentAnalysed
                | DocumentSkipped
                | ModuleWritten
                | DocumentRead
                | DocumentRefused
                | LectureTranscribed
                | LectureRefused,
            )
        ]
        self._parts = {one.event.natural_key().split(":")[0] for one in parts}
        # A file that came after the first was read counts once it is read, too.
        self._counted = [one.event for one in self._starts if not parts or one.seq < parts[0].seq]
        self._cancel_requested = any(isinstance(one.event, StageCancelRequested) for one in facts)
        # What was made from a file goes with it.
        self._removed = account.withheld(begun.seq) if row.needs else None

    @property
    def status(self) -> str:
        """In the words of the API."""
        if self._is_canceled_unasked or self._removed is not None:
            return "REVOKED"
        if self._ends:
            last = self._ends[-1].event
            if isinstance(last, StageCanceled):
                return "REVOKED"
            return "FAILURE" if isinstance(last, StageFailure | StageDead) else "SUCCESS"
        if self._waits:
            return "RETRY"
        return "STARTED" if self._starts else "PENDING"

    @property
    def planned(self) -> int:
        """How many documents or modules it is about, as far as that is known."""
        if self._removed is not None:
            return 0
        last = self._starts[-1].event if self._starts else None
        if isinstance(last, ModulesStarted):
            return len(last.module_ids)
        counted = self._counted[-1] if self._counted else None
        if isinstance(counted, DocumentsStarted):
            return max(counted.documents_planned, len(self._parts))
        if isinstance(counted, LecturesStarted):
            return max(counted.lectures_planned, len(self._parts))
        return self.request.documents_planned if isinstance(self.request, DocsAnalysisRequested) else 0

    @property
    def progress(self) -> int:
        """Per cent."""
        if self.status == "SUCCESS":
            return 100
        return min(99, 100 * len(self._parts) // self.planned) if self.planned else 0

    @property
    def dead(self) -> bool:
        """Given up."""
        return self._removed is None and any(isinstance(one.event, StageDead) for one in self._ends)

    def _trouble(self) -> tuple[str | None, str | None]:
        """Code and message of what is wrong."""
        if self._removed is not None:
            name = self._removed[1]
            return "source_removed", f"Made from {name}, which was removed from the course: generate it again"
        if self.status == "REVOKED":
            return "canceled", "Canceled on request"
        if self.status not in {"RETRY", "FAILURE"}:
            return None, None
        for one in (*self._fails[::-1], *self._waits[::-1]):
            assert isinstance(one.event, StageFailure | StageRetryScheduled)
            return one.event.error or None, one.event.message or None
        return None, next(one.event.reason for one in self._ends if isinstance(one.event, StageDead))

    def _retryable(self) -> bool:
        if self._is_canceled_unasked or self._removed is not None:
            return True
        last = self._ends[-1].event if self._ends else None
        return last.retryable if isinstance(last, StageFailure) else isinstance(last, StageDead | StageCanceled)

    def _end(self) -> datetime | None:
        if self._removed is not None:
            return self._removed[0].time
        if self._is_canceled_unasked:
            return self.begun.time
        return self._ends[-1].time if self._ends else None

    @property
    def overall(self) -> int:
        """The percentage of all four stages that the run had come to, however it ended."""
        place = 1 if self.row.name in _BESIDE else self.row.number
        begin, end = (0, 10, 35, 60, 85)[place], 25 * place
        if self.status == "SUCCESS":
            return end
        return begin + (end - begin - 1) * self.progress // 100 if self.request is not None else end - 25

    def _next_attempt_at(self) -> datetime | None:
        last = self._waits[-1].event if self._waits and not self._ends and self._removed is None else None
        return last.not_before if isinstance(last, StageRetryScheduled) else None

    def facts(self) -> dict[str, object]:
        """The facts that users see of it, and whether somebody asked to stop it."""
        error, message = self._trouble()
        last_start, of = self._starts[-1].event if self._starts else None, f"{self.row.key}'s"
        return {
            f"{of} run": self.run_id, f"{of} status": self.status, f"{of} progress": self.progress,
            f"{of} planned": self.planned, f"{of} done": len(self._parts) if self._removed is None else 0,
            f"{of} attempt": last_start.attempt if isinstance(last_start, StageStarted) else 0,
            f"{of} error": error, f"{of} message": message, f"{of} retryable": self._retryable(),
            f"{of} death": self.dead, f"{of} next attempt": self._next_attempt_at(),
            f"{of} start": self._starts[0].time if self._starts else None, f"{of} end": self._end(),
            f"{of} cancel": self._cancel_requested,
        }  # fmt: skip


class Stages:
    """The four stages of a course, and what follows from them for the course."""

    def __init__(self, account: Heard) -> None:
        self._account = account
        self.runs: dict[str, Run] = {}
        begun = {row: found for row in PIPELINE if (found := account.begun(row))}
        for row, found in sorted(begun.items(), key=lambda one: one[1][0].seq):
            self.runs[row.name] = Run(row, found[-1], account)

    def facts(self) -> dict[str, object]:
        """Of each stage that was asked for."""
        return {name: fact for run in self.runs.values() for name, fact in run.facts().items()}

    def plan(self) -> Recorded | None:
        """The unattended generation: asked for last, and nobody asked for a stage since, but to try one again."""
        found = self._account.last(GenerationRequested)
        if found is None:
            return None
        rows = [row for row in PIPELINE if row.name not in _BESIDE]  # an upload leaves an unattended run as it is
        asked = [item for row in rows for item, _ in self._account.all(row.request, after=found[0].seq)]
        by_hand = [one for one in asked if one.source != _BY_ITSELF and getattr(one.event, "retry_of", None) is None]
        return None if by_hand else found[0]

    def next_stage(self) -> str | None:
        """The stage that autopilot has to ask for now."""
        plan = self.plan()
        if plan is None:
            return None
        at_work = {name for name, run in self.runs.items() if run.status in _AT_WORK}
        uploads = [run for name, run in self.runs.items() if name in _BESIDE]
        for row in PIPELINE:
            run = self.runs.get(row.name)
            if row.name in _BESIDE:
                continue
            if run is None or run.begun.seq < plan.seq:
                is_source = row.number == 1
                is_read = all(one.status == "SUCCESS" for one in uploads)
                is_free = not at_work - (_BESIDE if is_source else set())
                return row.name if is_free and (is_source or is_read) else None
            if run.status != "SUCCESS":
                return None
        return None

    def course(self) -> dict[str, object]:
        """Status, stage and percentage of the whole."""
        plan, latest = self.plan(), max(self.runs.values(), key=lambda run: run.begun.seq, default=None)
        planned = [run for name, run in self.runs.items() if name not in _BESIDE]
        if plan is not None and all(run.begun.seq < plan.seq for run in planned):
            return {"status": "generating", "current_stage": "stage1", "progress": 0, "dead": False}
        if latest is None:
            return {"status": "draft", "current_stage": "stage1", "progress": 0, "dead": False}
        others = [run for run in self.runs.values() if run.status in _AT_WORK]
        latest = latest if latest.status in _AT_WORK or not others else others[0]
        number = latest.row.number
        word = {"SUCCESS": "complete", "FAILURE": "failed", "REVOKED": "canceled"}.get(latest.status, "running")
        return {
            "status": f"stage{number}_{word}", "current_stage": f"stage{number}", "progress": self._reached(),
            "dead": latest.dead,
        }  # fmt: skip

    def _reached(self) -> int:
        """The highest percentage since something was asked for that was no second try."""
        begun = [(row, item) for row in PIPELINE for item in self._account.begun(row)]
        asked = [item.seq for item, _ in self._account.all(GenerationRequested)]
        asked += [
            item.seq
            for row, item in begun
            if isinstance(item.event, row.request)
            and item.source != _BY_ITSELF
            and getattr(item.event, "retry_of", None) is None
        ]
        return max(Run(row, item, self._account).overall for row, item in begun if item.seq >= max(asked))
