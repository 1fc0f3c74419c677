"""States that are kept beside the rows they stand for, and the tables that every aggregate of the classroom has."""

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, Table, Text, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.event_log.port import Recorded
from shared.events import Aggregate, Event
from shared.readmodels.base import METADATA, Changes, Fact, put
from shared.readmodels.defects import defects_table
from shared.readmodels.side import ReadSide, States


@dataclass(frozen=True)
class Kept:
    """What a decision needs to know of an aggregate. `created_at` is None before it exists."""

    id: str = ""
    seq: int = 0
    created_at: datetime | None = None
    deleted: bool = False

    @property
    def exists(self) -> bool:
        """Whether it was made and is not deleted."""
        return self.created_at is not None and not self.deleted


K = TypeVar("K", bound=Kept)


def root_table(name: str, key: str, *columns: Column[Any]) -> Table:
    """The table whose rows stand for an aggregate."""
    return Table(
        name,
        METADATA,
        Column(key, Text, primary_key=True),
        *columns,
        Column("seq", BigInteger, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("state", JSONB, nullable=False),
    )


def part_table(name: str, root: Table, keys: Sequence[str], *columns: Column[Any] | ForeignKeyConstraint) -> Table:
    """A table of what an aggregate has several of, by `keys`. A row goes when its aggregate goes."""
    (key,) = root.primary_key
    named = (Column(one, Text, primary_key=True) for one in (key.name, *keys))
    is_below = any(isinstance(one, ForeignKeyConstraint) for one in columns)
    below = () if is_below else (ForeignKeyConstraint([key.name], [key], ondelete="CASCADE"),)
    return Table(name, METADATA, *named, *columns, *below)


def side_of(
    aggregate: Aggregate, begin: K, changed: Callable[[K, Recorded], Mapping[str, Any]], root: Table,
    parts: Sequence[Table], below: Callable[[Fact], Changes],
    looks_at: Callable[[Event], Iterable[Table]] = lambda _: (),
    complete: Callable[[AsyncConnection, States], Awaitable[States]] | None = None, apart: Collection[str] = (),
) -> ReadSide:  # fmt: skip
    """The read side of an aggregate: `changed` says which fields of a state an event changes, `below` which rows of
    `parts`; it sees the rows of the tables that `looks_at` names. The columns of `root` are the state's fields of the
    same names. The fields `apart` are not stored: `complete` finds them in the rows.
    """
    kind = type(begin)
    (key,) = root.primary_key
    states = TypeAdapter(kind)
    shown = [one.name for one in root.columns if one.name not in {key.name, "state"}]
    defects = defects_table(f"{aggregate.prefix}_defects", METADATA, key.name)

    def evolve(state: K, recorded: Recorded) -> K:
        if recorded.seq <= state.seq or state.deleted:
            return state
        return replace(state, **changed(state, recorded), seq=recorded.seq)

    def save(state: K) -> Changes:
        row = {name: getattr(state, name) for name in shown}
        return put(root, {key.name: state.id, **row, "state": states.dump_python(state, mode="json", exclude={*apart})})

    return ReadSide(
        aggregate=aggregate, tables=(root, *parts, defects), defects=defects, begin=begin, evolve=evolve,
        load=_loading(root, states), save=save, projections=(below,), looks_at=looks_at, complete=complete,
    )  # fmt: skip


def _loading(
    root: Table, states: TypeAdapter[K]
) -> Callable[[AsyncConnection, Sequence[str]], Awaitable[Mapping[str, K]]]:
    (key,) = root.primary_key

    async def load(connection: AsyncConnection, ids: Sequence[str]) -> Mapping[str, K]:
        found = await connection.execute(select(key, root.c.state).where(key.in_(ids)))
        return {one: states.validate_python(state) for one, state in found}

    return load
