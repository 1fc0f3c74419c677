"""Parts with a known defect each, to show that the simulation finds such defects."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from services.doc_analyser.core import CORE as ANALYSER
from services.gateway.course.state import CourseState
from services.gateway.readmodels.rows import AggregateRows
from services.modules.core import CORE as MODULES
from shared.event_log.following import JetStreamFollowed
from shared.event_log.jetstream import _AGAIN
from shared.event_log.port import NewEvent, Recorded, Unreadable
from shared.events import Address, Event
from shared.events.doc_analyser import DocumentAnalysed
from shared.events.modules import ModuleWritten
from shared.kernel.errors import Conflict, LogUnavailable
from shared.readmodels.base import Changes, Fact
from shared.readmodels.checkpoint import Place
from shared.stage.ledger import Ledger, LedgerFold
from shared.stage.retries import Finished, Verdict
from shared.stage.shell import StageShell
from tests.simulator.fold_plants import FOLD_PLANTS, counts_repeats, everywhere
from tests.simulator.tables import DOUBLES, Advance, Save, Tables, Write
from tests.simulator.world import Parts

# The append


class IgnoresExpectation(JetStreamFollowed):
    """Whoever comes last writes last."""

    @staticmethod
    def _expect(headers: dict[str, str], address: Address, expected_seq: int) -> None:
        return None


class TakesAnyDuplicate(JetStreamFollowed):
    """A duplicate is taken for one's own, whatever was stored under the id, and when."""

    async def _publish(self, *arguments: Any) -> tuple[int, bool]:
        return (await super()._publish(*arguments))[0], False


def same_ids(events: Sequence[NewEvent], after: Sequence[Recorded | Unreadable]) -> bool:
    """Equal ids behind the expectation are taken for a repeat, whatever they say."""
    first = [item.id for item in after[: len(events)] if isinstance(item, Recorded)]
    return first == [new.id for new in events]


def known_ids(events: Sequence[NewEvent], after: Sequence[Recorded | Unreadable]) -> bool:
    """Equal ids anywhere behind the expectation are taken for a repeat."""
    return {new.id for new in events} <= {item.id for item in after if isinstance(item, Recorded)}


class StoresAgain(JetStreamFollowed):
    """An append without an answer is stored once more."""

    async def append(self, events: Sequence[NewEvent], expected_seq: int) -> int:
        try:
            return await super().append(events, expected_seq)
        except LogUnavailable:
            again = [replace(new, id=f"{new.id}-again") for new in events]
            return await super().append(again, await self.last_seq(events[0].event.aggregate_id))


class StoresOneByOne(JetStreamFollowed):
    """The events of one append are sent by themselves."""

    async def _publish_batch(
        self, events: Sequence[NewEvent], address: Address, expected_seq: int, time: datetime
    ) -> tuple[int, bool]:
        for new in events:
            expected_seq, duplicate = await self._publish(new, address, expected_seq, time)
        return expected_seq, duplicate


class ForgetsTheLast(JetStreamFollowed):
    """An append is acknowledged and not there."""

    async def append(self, events: Sequence[NewEvent], expected_seq: int) -> int:
        if isinstance(events[-1].event, DocumentAnalysed):
            return await self.end() + 1
        return await super().append(events, expected_seq)


class TakesSilenceForConflict(JetStreamFollowed):
    """No answer is taken for the proof that nothing was stored."""

    async def append(self, events: Sequence[NewEvent], expected_seq: int) -> int:
        try:
            return await super().append(events, expected_seq)
        except LogUnavailable as error:
            raise Conflict("Somebody else was first") from error


# The parts around the fold


def forgetful(core: Any, kind: type[Event]) -> Any:
    """A stage's core that does not fold one of its facts."""

    def fold_one(state: Any, event: Event) -> Any:
        return state if isinstance(event, kind) else core.evolve(state, event)

    return replace(core, evolve=fold_one)


def fails(fact: Fact) -> Changes:
    """A read model with a defect."""
    raise ZeroDivisionError(type(fact.recorded.event).__name__)


# The checkpoint


class CheckpointFirst(Tables):
    """The checkpoint moves before the rows: who dies in between never writes them."""

    async def commit(self, writes: Sequence[Write]) -> None:
        self.write([one for one in writes if isinstance(one, Advance)])
        await self.network.trip()
        await asyncio.sleep(0.5)
        await super().commit(writes)


class RowsFirst(Tables):
    """Rows and checkpoint in two transactions: a projector that is stopped in between repeats the batch."""

    async def commit(self, writes: Sequence[Write]) -> None:
        for course_id, rows in [pair for one in writes if isinstance(one, Save) for pair in one.changed.items()]:
            self.save(course_id, rows)
        await asyncio.sleep(0.5)
        await super().commit(writes)


class KeepsTheDeleted(Tables):
    """Rows of a deleted course stay."""

    def save(self, course_id: str, changed: AggregateRows) -> None:
        changed.cleared.clear()
        super().save(course_id, changed)


def checkpoint_off_by(steps: int) -> Parts:
    """The checkpoint stands so many events after the last one seen, or before it."""
    known = vars(DOUBLES["services.gateway.project.projection.checkpoint"])
    double = SimpleNamespace(**{**known, "advance": lambda place, _: Advance(Place(place.seq + steps))})
    return Parts(instead={"services.gateway.project.projection.checkpoint": double})


# The shell


class WritesForOthers(StageShell[Any, Any, Any]):
    """After a conflict it does not ask whose run it is."""

    async def _mine(self, request: Recorded, before: Any) -> Any:
        return await self._load(request)


class AcknowledgesTooMuch(StageShell[Any, Any, Any]):
    """A request is acknowledged although the log was away."""

    async def handle(self, request: Recorded, body: bytes) -> Verdict:
        await super().handle(request, body)
        return Finished()


class NeverGivesUp(StageShell[Any, Any, Any]):
    """Starts are not counted."""

    def _fold_of(self, request: Recorded) -> LedgerFold[Any]:
        return _FruitfulFold(**vars(super()._fold_of(request)))


class _FruitfulFold(LedgerFold[Any]):
    def step(self, ledger: Ledger[Any], event: Event, seq: int) -> Ledger[Any]:
        return replace(super().step(ledger, event, seq), fruitless=0)


class OneNameForAll(StageShell[Any, Any, Any]):
    """All handlings of a process write under one name."""

    async def handle(self, request: Recorded, body: bytes) -> Verdict:
        self._handled = iter(lambda: 0, 1)  # type: ignore[assignment]
        return await super().handle(request, body)


class TakesConflictForDone(StageShell[Any, Any, Any]):
    """A conflict is taken for the proof that somebody else recorded the fact."""

    async def _record(self, request: Recorded, ledger: Any, outcome: Any) -> Any:
        try:
            return await self._append(request, ledger, self._core.decide(ledger.state, outcome))
        except Conflict:
            return await self._load(request)


# Autopilot


async def waits_for_an_event(self: Any, state: CourseState, events: Sequence[NewEvent]) -> None:
    """A conflict is taken for an event that the row will soon show."""
    try:
        await self._log.append(events, state.seq)
    except Conflict:
        return
    self._done[state.course_id] = state.seq


_CORES = Parts().cores
_REGISTRY, _JETSTREAM = "services.gateway.readmodels.registry", "shared.event_log.jetstream"


PLANTS: dict[str, dict[str, Parts]] = {
    "append": {
        "ignores the expected sequence": Parts(log=IgnoresExpectation),
        "takes any duplicate": Parts(log=TakesAnyDuplicate),
        "takes other content": Parts(instead={f"{_JETSTREAM}.is_repeat": same_ids}),
        "takes any repeat": Parts(instead={f"{_JETSTREAM}.is_repeat": known_ids}),
        "stores a repeat again": Parts(log=StoresAgain),
        "stores one by one": Parts(log=StoresOneByOne),
        "acknowledges and forgets": Parts(log=ForgetsTheLast),
        "takes silence for a conflict": Parts(log=TakesSilenceForConflict),
        "gives up a batch that was cut": Parts(instead={f"{_JETSTREAM}._AGAIN": _AGAIN - {10176}}),
    },
    "fold": {
        **{what: Parts(instead=doubles) for what, doubles in FOLD_PLANTS.items()},
        "a read model fails": Parts(instead={f"{_REGISTRY}._PROJECTIONS": (fails,)}),
        "rows are not loaded": Parts(instead={f"{_REGISTRY}._looks_at": lambda _: frozenset()}),
        "a stage forgets its documents": Parts(cores={**_CORES, "doc_analyser": forgetful(ANALYSER, DocumentAnalysed)}),
        "a stage forgets its modules": Parts(cores={**_CORES, "modules": forgetful(MODULES, ModuleWritten)}),
    },
    "checkpoint": {
        "before the rows": Parts(tables=CheckpointFirst),
        "one too far": checkpoint_off_by(1),
        "one too short": checkpoint_off_by(-1),
        "a repeated batch counts twice": Parts(tables=RowsFirst, instead=everywhere(counts_repeats)),
        "keeps what was deleted": Parts(tables=KeepsTheDeleted),
    },
    "shell": {
        "writes for others": Parts(shell=WritesForOthers),
        "acknowledges too much": Parts(shell=AcknowledgesTooMuch),
        "never gives up": Parts(shell=NeverGivesUp),
        "one name for all handlings": Parts(shell=OneNameForAll),
        "takes a conflict for done": Parts(shell=TakesConflictForDone),
    },
    "autopilot": {
        "waits for an event": Parts(instead={"services.gateway.project.chores.Chores._append": waits_for_an_event}),
    },
}
