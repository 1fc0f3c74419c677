"""States that are kept beside the rows they stand for, and the tables that every aggregate of the classroom has."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import BigInteger, Column, DateTime, ForeignKeyConstraint, Table, Text, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.readmodels.base import METADATA, Row


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


def below(root: Table) -> ForeignKeyConstraint:
    """A row goes when its aggregate goes."""
    (key,) = root.primary_key
    return ForeignKeyConstraint([key.name], [key], ondelete="CASCADE")


def row_of(state: Kept) -> Row:
    """The columns that every root table has, but its key."""
    return {
        "seq": state.seq,
        "created_at": state.created_at,
        "state": TypeAdapter(type(state)).dump_python(state, mode="json"),
    }


def loading(root: Table, kind: type[K]) -> Callable[[AsyncConnection, Sequence[str]], Awaitable[Mapping[str, K]]]:
    """Loads stored states by id."""
    (key,) = root.primary_key
    states = TypeAdapter(kind)

    async def load(connection: AsyncConnection, ids: Sequence[str]) -> Mapping[str, K]:
        found = await connection.execute(select(key, root.c.state).where(key.in_(ids)))
        return {one: states.validate_python(state) for one, state in found}

    return load
