"""The read side of an aggregate, as a value: its fold and its read tables. The gateway's `registry` lists them all.

The contract's half (stream, prefix, events, rights) is `shared.events.Aggregate`. A stage, or another system, needs
that half alone to publish an event.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel
from sqlalchemy import ForeignKeyConstraint, Table
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.event_log.port import Recorded
from shared.events import Aggregate, BlobRef, Event, Stream
from shared.readmodels.base import Changes, Fact
from shared.readmodels.checkpoint import checkpoints

States = Mapping[str, Any]
Children = Mapping[Table, tuple[tuple[Table, tuple[str, ...]], ...]]


@dataclass(frozen=True)
class ReadSide:
    """One aggregate. A state has `seq`, `created_at` (None before it exists) and `deleted`; `begin` is that of an
    aggregate that does not exist, `evolve` the fold, `load` the states that are stored.

    `tables` in the order they refer to each other, each with the aggregate's key as a column; rows of the first one
    stand for an aggregate, `defects` is the one of them that holds what could not be shown. `save` makes the rows that
    follow from a state, `projections` those that follow from a fact; `looks_at` names the tables whose rows they need,
    `needed` the contents. `complete` adds to stored states what a decision looks at and the fold of rows does not, so
    that a batch of events need not read and write it.
    """

    aggregate: Aggregate
    tables: tuple[Table, ...]
    defects: Table
    begin: Any
    evolve: Callable[[Any, Recorded], Any]
    load: Callable[[AsyncConnection, Sequence[str]], Awaitable[States]]
    save: Callable[[Any], Changes]
    projections: tuple[Callable[[Fact], Changes], ...] = ()
    looks_at: Callable[[Event], Iterable[Table]] = lambda _: ()
    needed: Callable[[Event, Any], tuple[tuple[BlobRef, type[BaseModel]], ...]] = lambda *_: ()
    complete: Callable[[AsyncConnection, States], Awaitable[States]] | None = None

    @property
    def key(self) -> str:
        """The column that holds the aggregate's id, in every table."""
        return self.aggregate.key

    @property
    def root(self) -> Table:
        """The table whose rows stand for an aggregate; what refers to them goes with them."""
        return self.tables[0]

    async def load_to_decide(self, connection: AsyncConnection, aggregate_id: str) -> Any:
        """The state as the tables have it, with all that a decision looks at. What is read last may be newer."""
        states = await self.load(connection, [aggregate_id])
        if self.complete is not None:
            states = await self.complete(connection, states)
        return states.get(aggregate_id, self.begin)

    @cached_property
    def children(self) -> Children:
        """For each table but the first those that refer to it, with their columns in the order of its key."""
        found: dict[Table, list[tuple[Table, tuple[str, ...]]]] = {}
        for child in self.tables:
            for constraint in child.constraints:
                if not isinstance(constraint, ForeignKeyConstraint) or constraint.referred_table is self.root:
                    continue
                columns = {element.column.name: element.parent.name for element in constraint.elements}
                parent = constraint.referred_table
                own = tuple(columns[column.name] for column in parent.primary_key)
                found.setdefault(parent, []).append((child, own))
        return {parent: tuple(children) for parent, children in found.items()}


Sides = tuple[ReadSide, ...]


def streams_of(sides: Sides) -> dict[Stream, Sides]:
    """The streams these aggregates lie in, with those of each."""
    streams = dict.fromkeys(side.aggregate.stream for side in sides)
    return {stream: tuple(side for side in sides if side.aggregate.stream == stream) for stream in streams}


def tables_of(sides: Sides) -> tuple[Table, ...]:
    """Every read table, in the order they refer to each other, and how far each stream is projected."""
    return *(table for side in sides for table in side.tables), checkpoints
