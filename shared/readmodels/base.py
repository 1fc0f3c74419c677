"""The parts that all read models share: the schema, a fact as a projection sees it, and the changes it answers with."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel
from sqlalchemy import MetaData, Table

from shared.event_log.port import Recorded
from shared.events import BlobRef

SCHEMA = "read_v1"

M = TypeVar("M", bound=BaseModel)
Row = dict[str, Any]
Key = tuple[Any, ...]

METADATA = MetaData(
    schema=SCHEMA,
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)

# What no log brings back. A rebuild does not touch it.
APP_METADATA = MetaData(schema="app")


class Stored(Protocol):
    """The rows an aggregate has at a fact. Only the tables a read model says it looks at are known."""

    def of(self, table: Table) -> Collection[Row]:
        """The aggregate's rows of one table."""
        ...


@dataclass(frozen=True)
class Fact:
    """An event, the state of its aggregate after it, the rows before it, and the contents of the blobs its projections
    need (None: it is gone).
    """

    recorded: Recorded
    state: Any
    stored: Stored
    payloads: Mapping[str, BaseModel | None] = field(default_factory=dict)

    @property
    def aggregate_id(self) -> str:
        """The aggregate the fact is about."""
        return self.recorded.event.aggregate_id

    def load(self, ref: BlobRef, model: type[M]) -> M | None:
        """A content that was fetched before."""
        payload = self.payloads.get(ref.key)
        return payload if isinstance(payload, model) else None


@dataclass(frozen=True)
class Put:
    """Insert rows, or replace those with the same key."""

    table: Table
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Remove:
    """Take rows away by key, and what refers to them."""

    table: Table
    keys: tuple[Key, ...]


@dataclass(frozen=True)
class Clear:
    """Take all of the aggregate's rows of a table away, and what refers to them."""

    table: Table


Change = Put | Remove | Clear
Changes = tuple[Change, ...]


def put(table: Table, *rows: Row) -> Changes:
    """Nothing for no rows. All rows name the same columns."""
    return (Put(table, rows),) if rows else ()


def remove(table: Table, rows: Iterable[Row]) -> Changes:
    """Take these rows away; nothing for none."""
    keys = tuple(key_of(table, row) for row in rows)
    return (Remove(table, keys),) if keys else ()


@cache
def key_names(table: Table) -> tuple[str, ...]:
    """The columns of the primary key."""
    return tuple(column.name for column in table.primary_key)


def key_of(table: Table, row: Row) -> Key:
    """The values of the primary key."""
    return tuple([row[name] for name in key_names(table)])
