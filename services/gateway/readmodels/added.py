"""The files that users added to courses, and what became of each: a table for each kind."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Column, DateTime, Table, Text, bindparam, select
from sqlalchemy.dialects.postgresql import JSONB

from services.gateway.course.state import AddedFile
from services.gateway.readmodels.courses import courses, mine
from services.gateway.readmodels.reads import Reads
from shared.added.kinds import AddedKind
from shared.events.base import StageFailure
from shared.events.stage import StageCanceled, StageDead
from shared.readmodels.base import Changes, Fact, Remove, put

_MOST_LISTED = 1000


def about_reading() -> tuple[Column[Any], ...]:
    """The columns that every kind ends with."""
    return (
        Column("status", Text, nullable=False),
        Column("error_code", Text),
        Column("error_message", Text),
        Column("notes", JSONB, nullable=False),
        Column("licence", JSONB),
        Column("created_at", DateTime(timezone=True), nullable=False),
        Column("updated_at", DateTime(timezone=True), nullable=False),
    )


@dataclass(frozen=True)
class AddedTable:
    """The table of one kind. `key` is its column with the id of a file, `row` gives the columns of this kind alone."""

    kind: AddedKind
    table: Table
    key: str
    row: Callable[[Any], dict[str, Any]]

    def project(self, fact: Fact) -> Changes:
        """The files of a fact as the state has them."""
        kind, event = self.kind, fact.recorded.event
        if isinstance(event, kind.removed):
            return (Remove(self.table, ((fact.aggregate_id, event.natural_key()),)),)
        if isinstance(event, kind.requested):
            changed = [kind.id_of(one) for one in kind.files_of(event)]
        elif isinstance(event, kind.started | kind.finished | StageFailure | StageCanceled | StageDead):
            changed = [kind.id_of(one) for one in kind.files_of(fact.state) if not one.is_read]
        elif isinstance(event, kind.added | kind.read | kind.refused) or kind.is_fetched(event):
            changed = [event.natural_key()]
        else:
            return ()
        found = (fact.state.added(kind, one) for one in changed)
        return tuple(change for one in found if one is not None for change in self._put(fact.aggregate_id, one))

    def _put(self, course_id: str, file: AddedFile) -> Changes:
        row = {
            "course_id": course_id,
            "filename": file.file_name,
            "title": file.title,
            "status": file.status,
            "error_code": file.error or None,
            "error_message": file.message or None,
            "notes": list(file.notes),
            "licence": file.licence.model_dump(mode="json") if file.licence is not None else None,
            "updated_at": file.changed_at,
        }
        return put(self.table, row | self.row(file))

    async def list_of(self, reads: Reads, owner: str, course_id: str) -> Sequence[SimpleNamespace]:
        """The files of the owner's course, oldest first."""
        query = mine(self.table).order_by(self.table.c.created_at, self.table.c[self.key])
        return await reads.all(query, owner=owner, course_id=course_id)

    async def find(self, reads: Reads, owner: str, file_id: str) -> SimpleNamespace | None:
        """The owner's file with this id, whichever course it is in."""
        query = (
            select(self.table)
            .join(courses, courses.c.course_id == self.table.c.course_id)
            .where(
                courses.c.user_id == bindparam("owner", type_=Text),
                self.table.c[self.key] == bindparam("file_id", type_=Text),
            )
            .limit(1)
        )
        return await reads.one(query, owner=owner, file_id=file_id)

    async def list_all(self, reads: Reads) -> Sequence[SimpleNamespace]:
        """The newest files of everybody."""
        return await reads.all(select(self.table).order_by(self.table.c.created_at.desc()).limit(_MOST_LISTED))

    async def find_owner(self, reads: Reads, file_id: str) -> str | None:
        """The user whose file this is."""
        query = select(courses.c.user_id).join(self.table, courses.c.course_id == self.table.c.course_id)
        this = query.where(self.table.c[self.key] == bindparam("file_id", type_=Text)).limit(1)
        row = await reads.one(this, file_id=file_id)
        return None if row is None else str(row.user_id)
