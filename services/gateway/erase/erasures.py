"""Deleted courses of which something may still be there. A row of work, made with the deletion, removed when done.

It is no read model: tables built again from the log would hold every deletion ever made.
"""

from collections.abc import Sequence

from sqlalchemy import Column, Delete, Insert, Table, Text, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.write.idempotency import APP_METADATA

erasures = Table("erasures", APP_METADATA, Column("course_id", Text, primary_key=True))


def request(course_ids: Sequence[str]) -> Insert:
    """Note that what is left of these courses has to go; at least one."""
    return insert(erasures).values([{"course_id": course_id} for course_id in course_ids]).on_conflict_do_nothing()


async def pending(connection: AsyncConnection) -> list[str]:
    """Courses of which something may still be there."""
    return list(await connection.scalars(select(erasures.c.course_id).order_by(erasures.c.course_id)))


def done(course_id: str) -> Delete:
    """Nothing of the course is left."""
    return erasures.delete().where(erasures.c.course_id == course_id)
