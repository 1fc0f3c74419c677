"""One run of a stage as the log tells it: a pure fold, beside the core's own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Generic, TypeVar

from shared.event_log.port import Recorded
from shared.events import Event
from shared.events.base import StageEvent
from shared.events.gateway import CourseDeleted, StageCancelRequested
from shared.events.stage import StageCanceled, StageDead, StageRetryScheduled
from shared.pipeline import StageRow
from shared.stage.port import Core

S = TypeVar("S")


@dataclass(frozen=True)
class Ledger(Generic[S]):
    """A run as it stands. `last_seq` is the course's, `state` the core's."""

    state: S
    last_seq: int
    attempt: int = 0
    fruitless: int = 0  # starts in a row without a fact recorded in between
    worker: str = ""
    over: bool = False
    deleted: bool = False
    cancel: str = ""
    not_before: datetime | None = None
    delay_seconds: float = 0.0  # to `not_before` when that was recorded; 0 when it was not


@dataclass(frozen=True)
class LedgerFold(Generic[S]):
    """The fold of one run of one stage."""

    row: StageRow
    core: Core[S, Any, Any]
    run_id: str

    def read(self, request_seq: int, history: Sequence[Recorded], last_seq: int) -> Ledger[S]:
        """The run from its request on. A history that does not begin with it is of a course that was erased."""
        ledger: Ledger[S] = Ledger(self.core.initial, request_seq)
        for recorded in history:
            ledger = self.step(ledger, recorded.event, recorded.seq)
        if not history or history[0].seq != request_seq:
            ledger = replace(ledger, deleted=True)
        return replace(ledger, last_seq=max(ledger.last_seq, last_seq))

    def step(self, ledger: Ledger[S], event: Event, seq: int) -> Ledger[S]:
        """The run after one more event of its course."""
        ledger = replace(ledger, state=self.core.evolve(ledger.state, event), last_seq=seq)
        if isinstance(event, CourseDeleted):
            return replace(ledger, deleted=True)
        if not isinstance(event, StageEvent) or event.run_id != self.run_id or not self._own(event):
            return ledger
        match event:
            case StageCancelRequested():
                return replace(ledger, cancel=event.by)
            case StageRetryScheduled():
                return replace(ledger, not_before=event.not_before, delay_seconds=event.delay_seconds)
            case StageCanceled() | StageDead():
                return replace(ledger, over=True)
            case self.row.started():
                return replace(
                    ledger, attempt=event.attempt, fruitless=ledger.fruitless + 1, worker=event.worker, not_before=None
                )
            case self.row.finished() | self.row.failed():
                return replace(ledger, over=True)
            case self.row.request():
                return ledger
            case _:
                return replace(ledger, fruitless=0)

    def _own(self, event: StageEvent) -> bool:
        """Not what speaks of another stage: all stages may write some types, and a run is its own stage's alone."""
        return getattr(event, "stage", self.row.name) == self.row.name
