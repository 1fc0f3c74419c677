"""Parts with a known defect each, to show that the simulation finds such defects."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from services.doc_analyser.core import CORE as ANALYSER
from services.gateway.evolve import evolve
from services.gateway.state import CourseState
from services.modules.core import CORE as MODULES
from shared.errors import Conflict
from shared.event_log.memory import MemoryLog
from shared.event_log.port import NewEvent, Recorded
from shared.events import Event
from shared.events.base import StageFailure
from shared.events.doc_analyser import DocumentAnalysed
from shared.events.modules import ModuleWritten
from shared.events.stage import StageCanceled, StageRetryScheduled
from shared.stage import Finished, StageShell, Verdict
from shared.stage_ledger import Ledger, LedgerFold
from tests.simulator.gateway import Tables
from tests.simulator.world import Parts

# The append


class IgnoresExpectation(MemoryLog):
    """Whoever comes last writes last."""

    async def append(self, events: Sequence[NewEvent], expected_seq: int) -> int:
        return await super().append(events, await self.last_seq(events[0].event.course_id))


class TakesAnyRepeat(MemoryLog):
    """Equal ids anywhere in the course are taken for a repeat."""

    async def append(self, events: Sequence[NewEvent], expected_seq: int) -> int:
        known = {item.id: item.seq for item in await self.read(events[0].event.course_id)}
        if all(new.id in known for new in events):
            return known[events[-1].id]
        return await super().append(events, expected_seq)


class TakesOtherContent(MemoryLog):
    """Equal ids after the expectation are taken for a repeat, whatever they say."""

    async def append(self, events: Sequence[NewEvent], expected_seq: int) -> int:
        after = (await self.load(events[0].event.course_id, expected_seq + 1)).events[: len(events)]
        if after and [item.id for item in after] == [new.id for new in events]:
            return after[-1].seq
        return await super().append(events, expected_seq)


class StoresAgain(MemoryLog):
    """A repeat is stored once more."""

    async def append(self, events: Sequence[NewEvent], expected_seq: int) -> int:
        course_id = events[0].event.course_id
        after = (await self.load(course_id, expected_seq + 1)).events[: len(events)]
        if after and [item.id for item in after] == [new.id for new in events]:
            events = [replace(new, id=f"{new.id}-again") for new in events]
            expected_seq = await self.last_seq(course_id)
        return await super().append(events, expected_seq)


class StoresHalf(MemoryLog):
    """Of a batch only the first event is stored."""

    async def append(self, events: Sequence[NewEvent], expected_seq: int) -> int:
        return await super().append(events[:1], expected_seq)


class ForgetsTheLast(MemoryLog):
    """An append is acknowledged and not there."""

    async def append(self, events: Sequence[NewEvent], expected_seq: int) -> int:
        seq = await super().append(events, expected_seq)
        if isinstance(events[-1].event, DocumentAnalysed):
            self._stored.pop()
        return seq


# The fold


def without(*kinds: type[Event]) -> Callable[[CourseState, Recorded], CourseState]:
    """A fold that does not know some events."""

    def fold_one(state: CourseState, recorded: Recorded) -> CourseState:
        if isinstance(recorded.event, kinds) and state.exists:
            return replace(state, seq=recorded.seq, updated_at=recorded.time)
        return evolve(state, recorded)

    return fold_one


def counts_twice(state: CourseState, recorded: Recorded) -> CourseState:
    """A fold that counts a document, or a module, two times."""
    after = evolve(state, recorded)
    if isinstance(recorded.event, DocumentAnalysed | ModuleWritten) and after is not state:
        again = replace(recorded, seq=recorded.seq + 1)
        return replace(evolve(after, again), seq=recorded.seq)
    return after


def counts_repeats(state: CourseState, recorded: Recorded) -> CourseState:
    """A fold that does not mind its sequence: an event that comes again counts again."""
    return evolve(replace(state, seq=min(state.seq, recorded.seq - 1)), recorded)


def forgetful(core: Any, kind: type[Event]) -> Any:
    """A stage's core that does not fold one of its facts."""

    def fold_one(state: Any, event: Event) -> Any:
        return state if isinstance(event, kind) else core.evolve(state, event)

    return replace(core, evolve=fold_one)


# The checkpoint


class CheckpointFirst(Tables):
    """The checkpoint moves before the rows: who dies in between never writes them."""

    async def commit(self, states: Sequence[CourseState], gone: Sequence[str], seq: int) -> None:
        self.checkpoint = seq
        await self.network.trip()
        await asyncio.sleep(0.5)
        self.write(states, gone)
        self.moved([state.course_id for state in states])


class CheckpointTooFar(Tables):
    """The checkpoint stands one after the last event seen."""

    async def commit(self, states: Sequence[CourseState], gone: Sequence[str], seq: int) -> None:
        await super().commit(states, gone, seq + 1)


class RowsFirst(Tables):
    """Rows and checkpoint in two transactions: who dies in between repeats the batch."""

    async def commit(self, states: Sequence[CourseState], gone: Sequence[str], seq: int) -> None:
        self.write(states, gone)
        await asyncio.sleep(0.5)
        await super().commit(states, gone, seq)


class KeepsTheDeleted(Tables):
    """Rows of a deleted course stay."""

    def write(self, states: Sequence[CourseState], gone: Sequence[str]) -> None:
        super().write(states, ())


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


_CORES = Parts().cores

PLANTS: dict[str, dict[str, Parts]] = {
    "append": {
        "ignores the expected sequence": Parts(log=IgnoresExpectation),
        "takes any repeat": Parts(log=TakesAnyRepeat),
        "takes other content": Parts(log=TakesOtherContent),
        "stores a repeat again": Parts(log=StoresAgain),
        "stores half a batch": Parts(log=StoresHalf),
        "acknowledges and forgets": Parts(log=ForgetsTheLast),
    },
    "fold": {
        "misses a retry": Parts(projected=without(StageRetryScheduled)),
        "misses a failure": Parts(projected=without(StageFailure)),
        "misses a cancel": Parts(projected=without(StageCanceled)),
        "misses a module": Parts(projected=without(ModuleWritten)),
        "counts twice": Parts(projected=counts_twice),
        "a stage forgets its documents": Parts(cores={**_CORES, "doc_analyser": forgetful(ANALYSER, DocumentAnalysed)}),
        "a stage forgets its modules": Parts(cores={**_CORES, "modules": forgetful(MODULES, ModuleWritten)}),
    },
    "checkpoint": {
        "before the rows": Parts(tables=CheckpointFirst),
        "one too far": Parts(tables=CheckpointTooFar),
        "a repeated batch counts twice": Parts(tables=RowsFirst, projected=counts_repeats),
        "keeps what was deleted": Parts(tables=KeepsTheDeleted),
    },
    "shell": {
        "writes for others": Parts(shell=WritesForOthers),
        "acknowledges too much": Parts(shell=AcknowledgesTooMuch),
        "never gives up": Parts(shell=NeverGivesUp),
        "one name for all handlings": Parts(shell=OneNameForAll),
        "takes a conflict for done": Parts(shell=TakesConflictForDone),
    },
}
