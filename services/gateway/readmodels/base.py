"""What all read models share: the schema, a fact as a projection sees it, and a write as it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import Column, ColumnElement, ForeignKeyConstraint, MetaData, Table, Text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.base import Executable

from services.gateway.state import CourseState
from shared.event_log.port import Recorded
from shared.events import BlobRef

SCHEMA = "read_v1"

M = TypeVar("M", bound=BaseModel)

METADATA = MetaData(
    schema=SCHEMA,
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)


def course_key() -> Column[str]:
    """The first key column of every table below `courses`."""
    return Column("course_id", Text, primary_key=True)


def belongs_to_course() -> ForeignKeyConstraint:
    """A row goes when its course goes."""
    return ForeignKeyConstraint(["course_id"], [f"{SCHEMA}.courses.course_id"], ondelete="CASCADE")


@dataclass(frozen=True)
class Fact:
    """An event, the course after it, and the contents of the blobs its projections need (None: it is gone)."""

    recorded: Recorded
    state: CourseState
    payloads: Mapping[str, BaseModel | None] = field(default_factory=dict)

    @property
    def course_id(self) -> str:
        """The course the fact is about."""
        return self.state.course_id

    def load(self, ref: BlobRef, model: type[M]) -> M | None:
        """A content that was fetched before."""
        payload = self.payloads.get(ref.key)
        return payload if isinstance(payload, model) else None


@dataclass(frozen=True)
class Write:
    """A statement, and the rows it is executed for; None when it carries its own values."""

    statement: Executable
    rows: tuple[dict[str, Any], ...] | None = None


Writes = tuple[Write, ...]


def upsert(table: Table, *rows: dict[str, Any], where: ColumnElement[bool] | None = None) -> Writes:
    """Insert rows or replace those with the same key; nothing for no rows. All rows name the same columns."""
    if not rows:
        return ()
    statement = insert(table)
    keys = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    return (Write(statement.on_conflict_do_update(index_elements=keys, set_=changed, where=where), rows),)


def duration_text(minutes: int) -> str:
    """`45 min`, `2 h`, `2 h 10 min`."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"
