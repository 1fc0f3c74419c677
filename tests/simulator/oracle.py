"""The rules that hold after each step, whatever the schedule. Judges from the log alone, by derivations of its own."""

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from services.gateway.course.state import CourseState
from services.gateway.fold.evolve import evolve
from services.gateway.readmodels.course_tasks import rows_of
from services.gateway.readmodels.courses import row_of
from shared.event_log.port import NewEvent, Recorded, Unreadable, address_of
from shared.events.base import StageEvent, StageFailure, StageStarted
from shared.events.doc_analyser import DocumentAnalysed, DocumentSkipped
from shared.events.gateway import CourseDeleted, StageCancelRequested
from shared.events.modules import ModuleWritten
from shared.events.stage import StageCanceled, StageDead, StageRetryScheduled
from shared.pipeline import PIPELINE, StageRow
from tests.simulator.heard import Heard
from tests.simulator.shown import differences
from tests.simulator.tables import Tables
from tests.support.memory_log import MemoryLog


@dataclass
class RunFacts:
    """A run as the log tells it."""

    row: StageRow
    request_seq: int
    attempts: int = 0
    owner: str = ""
    started_seq: dict[str, int] = field(default_factory=dict)
    barren: int = 0
    facts: dict[tuple[str, str], int] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    end: str = ""
    progress: int = 0


class Oracle:
    """`broken` holds the first thing that did not hold, and empty while all does."""

    def __init__(self, store: MemoryLog, tables: Tables, attempts: int, tell: Callable[[str], None]) -> None:
        self.broken = ""
        self.runs: dict[str, RunFacts] = {}
        self._store, self._tables, self._attempts, self._tell = store, tables, attempts, tell
        self._seen: list[Recorded | Unreadable] = []
        self._ids: dict[str, int] = {}
        self._last: dict[str, int] = {}
        self._deleted: set[str] = set()
        self._states: dict[str, list[CourseState]] = {}
        # What the tables have of each course, and what is ahead of them.
        self._accounts: defaultdict[str, tuple[Heard, deque[Recorded]]] = defaultdict(lambda: (Heard(), deque()))

    def expect(self, holds: bool, what: str) -> None:
        """Remember what does not hold."""
        if not holds and not self.broken:
            self.broken = what
            self._tell(f"BROKEN {what}")

    def appended(self, writer: str, events: Sequence[NewEvent], expected_seq: int, seq: int) -> list[Recorded]:
        """The log took an append: what it stored, and whether it might."""
        stored = self._store.stored()
        course_id = events[0].event.aggregate_id
        self._pass_over_strange(stored[: max(seq - len(events), 0)])
        fresh = [item for item in stored[len(self._seen) :] if isinstance(item, Recorded)]
        if fresh:
            last = self._last.get(course_id, 0)
            self.expect(last == expected_seq, f"a writer that saw {expected_seq} won although {last} was stored")
            self.expect([item.id for item in fresh] == [new.id for new in events], "stored is what was appended")
        self.acknowledged(writer, events, expected_seq, seq)
        for item in fresh:
            self._record(writer, item)
        return fresh

    def acknowledged(self, writer: str, events: Sequence[NewEvent], expected_seq: int, seq: int) -> None:
        """A writer may be told that its append is stored: it is, as it was sent, and right behind what it had seen."""
        stored, course_id = self._store.stored(), events[0].event.aggregate_id
        mine = [item for item in stored[seq - len(events) : seq] if isinstance(item, Recorded)]
        same = [(item.id, item.event) for item in mine] == [(new.id, new.event) for new in events]
        self.expect(same, f"{writer} was told that {_names(events)} is stored at {seq}, and other content is")
        first = next((item.seq for item in stored[expected_seq:] if address_of(item).aggregate_id == course_id), 0)
        self.expect(
            first == seq - len(events) + 1,
            f"{writer} saw {expected_seq} and was told {seq} for {_names(events)}, which somebody else wrote",
        )

    def _pass_over_strange(self, stored: Sequence[Recorded | Unreadable]) -> None:
        """Messages that are no events were put there by no append of ours."""
        for item in stored[len(self._seen) :]:
            if isinstance(item, Unreadable):
                self._seen.append(item)
                self._last[address_of(item).aggregate_id] = item.seq

    def _record(self, writer: str, item: Recorded) -> None:
        event, course_id = item.event, item.event.aggregate_id
        self._tell(f"#{item.seq} {type(event).__name__} {event.natural_key()} by {writer}")
        self.expect(item.seq == len(self._seen) + 1, "sequences count up")
        self.expect(item.id not in self._ids, f"{type(event).__name__} {event.natural_key()} is recorded twice")
        self.expect(course_id not in self._deleted, f"{type(event).__name__} follows the end of its course")
        self._ids[item.id] = item.seq
        self._last[course_id] = item.seq
        self._seen.append(item)
        self._accounts[course_id][1].append(item)
        states = self._states.setdefault(course_id, [CourseState()])
        states.append(evolve(states[-1], item))
        if isinstance(event, CourseDeleted):
            self._deleted.add(course_id)
        if isinstance(event, StageEvent):
            self._stage_event(writer, item, event)

    def _stage_event(self, writer: str, item: Recorded, event: StageEvent) -> None:
        row = PIPELINE.stage_of(event)
        run = self.runs.get(event.run_id)
        if row is not None and (isinstance(event, row.request) or (run is None and isinstance(event, row.failed))):
            self.expect(run is None, f"run {event.run_id} is asked for twice")
            run = self.runs[event.run_id] = RunFacts(row, item.seq)
            if isinstance(event, row.request):
                return
        if run is None:
            self.expect(False, f"{type(event).__name__} of a run nobody asked for")
            return
        name = type(event).__name__
        follows = run.end == run.row.failed.__name__ and isinstance(event, StageDead)
        self.expect(not run.end or follows, f"{name} follows {run.end} of its run")
        key = (name, event.natural_key())
        self.expect(key not in run.facts, f"{name} {event.natural_key()} is recorded twice in its run")
        run.facts[key] = item.seq
        self._move(writer, item, event, run)

    def _move(self, writer: str, item: Recorded, event: StageEvent, run: RunFacts) -> None:
        name = type(event).__name__
        owned = not isinstance(event, StageStarted | StageCancelRequested | StageCanceled | StageFailure | StageDead)
        self.expect(not owned or writer == run.owner, f"{name} by {writer}, while {run.owner} has the run")
        match event:
            case StageStarted():
                run.attempts += 1
                run.barren += 1
                run.owner, run.started_seq[writer] = writer, item.seq
                self.expect(event.attempt == run.attempts, f"{name}: attempt {event.attempt} is the {run.attempts}th")
                self.expect(run.barren <= self._attempts, f"{name}: {run.barren} starts without a fact in between")
            case StageCancelRequested() | StageRetryScheduled():
                return
            case StageCanceled() | StageDead() | run.row.failed():
                run.end = name
            case run.row.finished():
                run.end = name
                self._complete(event, run)
            case _:
                run.barren = 0
                if isinstance(event, DocumentAnalysed | DocumentSkipped | ModuleWritten):
                    run.done.add(event.natural_key().split(":")[0])

    def _complete(self, event: StageEvent, run: RunFacts) -> None:
        """A run that succeeded did all that was asked of it, each once."""
        request = self._request(run).event
        wanted = len(getattr(request, "module_ids", ())) or getattr(request, "documents_planned", 0)
        self.expect(len(run.done) == wanted, f"{type(event).__name__} after {len(run.done)} of {wanted} parts")

    def _request(self, run: RunFacts) -> Recorded:
        request = self._seen[run.request_seq - 1]
        assert isinstance(request, Recorded)
        return request

    def begins(self, writer: str, run_id: str, kind: str, key: str) -> None:
        """An effect begins: its fact must not have been in the log when this attempt began."""
        run = self.runs[run_id]
        names = {kind, "DocumentSkipped", "DocumentAnalysed"} if kind.startswith("Document") else {kind}
        found = [seq for (name, natural), seq in run.facts.items() if name in names and natural.split(":")[0] == key]
        began = run.started_seq.get(writer, 0)
        self.expect(began > 0, f"{writer} works on {kind} {key} without having begun the run")
        self.expect(not found or found[0] > began, f"{kind} {key} is worked on again by {writer}, although recorded")

    def committed(self, course_ids: Sequence[str]) -> None:
        """The tables moved: the rows are those of the log up to the checkpoint."""
        seq, tables = self._tables.checkpoint, self._tables
        for course_id in course_ids:
            for difference in differences(self._account(course_id, seq), tables, course_id):
                self.expect(False, f"at {seq} {difference}")
            state = next((one for one in reversed(self._states.get(course_id, [])) if one.seq <= seq), CourseState())
            if state.deleted or state.created_at is None:
                self.expect(tables.course(course_id) is None, f"a row of {course_id} is left at {seq}")
                continue
            self.expect(tables.course(course_id) == row_of(state), f"the row of {course_id} at {seq} is the log's")
            for task in rows_of(state):
                self.expect(tables.task(course_id, task["stage"]) == task, f"{task['stage']} at {seq}")
                self._shows(task)

    def _account(self, course_id: str, seq: int) -> Heard:
        """The course's events up to where the tables are, which only go forward."""
        account, ahead = self._accounts[course_id]
        while ahead and ahead[0].seq <= seq:
            account.hear(ahead.popleft())
        return account

    def _shows(self, task: dict[str, object]) -> None:
        """A run, as a user sees it, only goes forward, until what it made is removed."""
        run = self.runs.get(str(task["task_id"]))
        if run is None:  # canceled before anybody asked for it
            self.expect(task["status"] == "REVOKED", f"{task['stage']} shows a run that nobody asked for")
            return
        shown = int(str(task["progress_percentage"]))
        removed = task["error_code"] == "source_removed" and shown == 0
        self.expect(
            shown >= run.progress or removed, f"progress of {task['stage']} falls from {run.progress} to {shown}"
        )
        run.progress = shown

    def accepted(self, command_id: str, course_id: str, seq: int) -> None:
        """A command was answered with success: what it wrote is in the log."""
        known = any(item.seq == seq and address_of(item).aggregate_id == course_id for item in self._store.stored())
        self.expect(known, f"{command_id} was accepted at {seq}, which the log has not")

    def refused(self, command_id: str) -> None:
        """A command was answered with a refusal: nothing of it is in the log."""
        stored = [item for item in self._store.stored() if isinstance(item, Recorded)]
        known = [item.seq for item in stored if item.causation_id == command_id]
        self.expect(not known, f"{command_id} was refused, although it was carried out at {known}")

    def finally_holds(self, letters: Sequence[tuple[str, str, int]]) -> None:
        """After the calm: every run has ended, the log is what it was, the tables are all of it."""
        self._pass_over_strange(self._store.stored())
        self.expect(self._store.stored() == self._seen, "the log only grows")
        for course_id, states in self._states.items():
            self.expect(all(a.seq < b.seq for a, b in pairwise(states)), f"the order of {course_id}")
        for run_id, run in self.runs.items():
            request = self._request(run)
            gone = request.event.aggregate_id in self._deleted
            self.expect(bool(run.end) or gone, f"run {run_id} of {run.row.name} has no end")
            if run.end == "StageDead":
                letter = (run.row.name, request.event.aggregate_id, request.seq)
                self.expect(letter in letters, f"dead run {run_id} has no dead letter")
        self.committed(sorted(self._states))
        unreadable = {item.seq for item in self._seen if isinstance(item, Unreadable)}
        for defect in self._tables.defects():
            self.expect(defect["seq"] in unreadable, f"the projection did not do all of #{defect['seq']}: {defect}")
        assert set(PIPELINE.by_name) >= {run.row.name for run in self.runs.values()}


def _names(events: Sequence[NewEvent]) -> str:
    return "+".join(type(new.event).__name__ for new in events)
