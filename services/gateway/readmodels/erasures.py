"""Deleted courses whose blobs are still to go. A row of work, made with the deletion and removed when it is done."""

from collections.abc import Sequence

from sqlalchemy import Column, Table, Text, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.readmodels.base import METADATA, Write, Writes

erasures = Table("erasures", METADATA, Column("course_id", Text, primary_key=True))


def request(course_ids: Sequence[str]) -> Writes:
    """Note that the blobs of these courses have to go."""
    if not course_ids:
        return ()
    rows = tuple({"course_id": course_id} for course_id in course_ids)
    return (Write(insert(erasures).on_conflict_do_nothing(), rows),)


async def pending(connection: AsyncConnection) -> list[str]:
    """Courses whose blobs are still there."""
    return list(await connection.scalars(select(erasures.c.course_id).order_by(erasures.c.course_id)))


def done(course_id: str) -> Write:
    """Nothing of the course is left."""
    return Write(erasures.delete().where(erasures.c.course_id == course_id))
