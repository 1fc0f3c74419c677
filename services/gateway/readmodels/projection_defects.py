"""What could not be shown: events nobody can read, and facts whose rows could not be made or stored.

They are passed over, because the same fact would fail for ever and must not stop others; here they stay visible until
the tables are built again by a version that can.
"""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Table, Text, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.readmodels.base import METADATA, Changes, course_key, put

projection_defects = Table(
    "projection_defects",
    METADATA,
    course_key(),
    Column("seq", BigInteger, primary_key=True),
    Column("type", Text, nullable=False),
    Column("reason", Text, nullable=False),
)

_LONGEST = 300


@dataclass(frozen=True)
class Defect:
    """What could not be shown of the fact at sequence `seq`, and why."""

    seq: int
    type: str
    reason: str


def note(course_id: str, seq: int, type_name: str, reason: str) -> Changes:
    """One defect of a course; it goes with the course."""
    texts = {"course_id": course_id, "type": type_name, "reason": reason}
    # Whatever was wrong with the event, this row can be stored.
    plain = {name: text.encode("ascii", "backslashreplace").decode()[:_LONGEST] for name, text in texts.items()}
    return put(projection_defects, {**plain, "seq": seq})


async def read_defects(connection: AsyncConnection, course_id: str) -> list[Defect]:
    """Those of one course, in the log's order."""
    columns = (projection_defects.c.seq, projection_defects.c.type, projection_defects.c.reason)
    query = select(*columns).where(projection_defects.c.course_id == course_id).order_by(projection_defects.c.seq)
    return [Defect(*row) for row in await connection.execute(query)]


async def count_defects(connection: AsyncConnection) -> int:
    """How many there are."""
    return int(await connection.scalar(select(func.count()).select_from(projection_defects)) or 0)
