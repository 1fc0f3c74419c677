"""The aggregates of one kind that a batch touches, in memory, while events are folded into states and rows. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from pydantic import BaseModel

from services.gateway.readmodels.rows import AggregateRows
from shared.event_log.port import Recorded, Unreadable, address_of
from shared.readmodels import defects
from shared.readmodels.base import Clear, Fact
from shared.readmodels.side import ReadSide

log = structlog.get_logger(__name__)

Batch = Sequence[Recorded | Unreadable]
Payloads = Mapping[str, BaseModel | None]


@dataclass
class Folded:
    """An aggregate as far as it is folded."""

    state: Any
    rows: AggregateRows


@dataclass(frozen=True)
class Step:
    """An event that changed its aggregate, and the state after it."""

    recorded: Recorded
    state: Any

    @property
    def aggregate_id(self) -> str:
        """The aggregate it is about."""
        return self.recorded.event.aggregate_id


def id_of(item: Recorded | Unreadable) -> str:
    """The aggregate an event is about; that of its subject when it cannot be read."""
    return item.event.aggregate_id if isinstance(item, Recorded) else address_of(item).aggregate_id


def by_side(batch: Batch, sides: Sequence[ReadSide]) -> Iterator[tuple[ReadSide, Batch]]:
    """A batch of a stream, apart for each kind of aggregate in it; a message of a kind nobody knows is left out."""
    items: dict[str, list[Recorded | Unreadable]] = {}
    for item in batch:
        items.setdefault(address_of(item).prefix, []).append(item)
    for side in sides:
        if mine := items.get(side.aggregate.prefix):
            yield side, mine


class WorkingSet:
    """Every aggregate a batch touches is `aggregates[id]` before the batch comes."""

    def __init__(self, side: ReadSide, aggregates: Mapping[str, Folded] | None = None) -> None:
        self._side = side
        self.aggregates: dict[str, Folded] = dict(aggregates or {})

    def missing(self, batch: Batch) -> list[str]:
        """Aggregates of a batch that are not here yet."""
        return sorted({id_of(item) for item in batch} - self.aggregates.keys())

    def advance(self, batch: Batch) -> list[Step]:
        """Fold the states. Events an aggregate has seen already are passed over, and so are aggregates that are gone by
        the end of the batch: their contents may be gone too.
        """
        evolve, steps = self._side.evolve, []
        for item in batch:
            if isinstance(item, Unreadable):
                continue
            folded = self.aggregates[item.event.aggregate_id]
            after = evolve(folded.state, item)
            if after is not folded.state and after.created_at is not None:
                folded.state = after
                steps.append(Step(item, after))
        return [step for step in steps if not self.aggregates[step.aggregate_id].state.deleted]

    def project(self, batch: Batch, steps: Iterable[Step], payloads: Payloads, refused: Mapping[int, str]) -> None:
        """Fold the rows. `refused`: sequences whose rows the database would not store, with its reasons."""
        for item in batch:
            if isinstance(item, Unreadable):
                log.error("event_unreadable", seq=item.seq, subject=item.subject, reason=item.reason)
                note = defects.note(self._side.defects, id_of(item), item.seq, item.type_name, item.reason)
                self.aggregates[id_of(item)].rows.apply(note)
        for step in steps:
            self._project(step, payloads, refused.get(step.recorded.seq))

    def _project(self, step: Step, payloads: Payloads, refused: str | None) -> None:
        rows = self.aggregates[step.aggregate_id].rows
        fact = Fact(step.recorded, step.state, rows, payloads)
        lost = [
            ref.key for ref, _ in self._side.needed(step.recorded.event, step.state) if payloads.get(ref.key) is None
        ]
        reason = refused or (f"content missing or unreadable: {', '.join(lost)}" if lost else None)
        if refused is None:
            try:
                rows.apply([change for project in self._side.projections for change in project(fact)])
            except Exception as error:  # the boundary of a projection: it is pure, so the same fact would fail for ever
                reason = f"defect of the projection: {type(error).__name__}: {error}"
                log.exception("projection_defect", seq=step.recorded.seq, aggregate_id=step.aggregate_id)
        if reason is not None:
            name = type(step.recorded.event).__name__
            note = defects.note(self._side.defects, step.aggregate_id, step.recorded.seq, name, reason)
            rows.apply(note)

    def settle(self, ids: Collection[str]) -> list[str]:
        """Make the rows that follow from the states, once for many events; the aggregates that are gone."""
        gone = []
        for aggregate_id in sorted(ids):
            folded = self.aggregates[aggregate_id]
            if folded.state.deleted:
                folded.rows.apply(Clear(table) for table in self._side.tables)
                gone.append(aggregate_id)
            elif folded.state.created_at is not None:
                folded.rows.apply(self._side.save(folded.state))
        return gone
