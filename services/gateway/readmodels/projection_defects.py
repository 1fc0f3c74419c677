"""What could not be shown: events nobody can read, and facts whose rows could not be made or stored.

They are passed over, because the same fact would fail for ever and must not stop others; here they stay visible until
the tables are built again by a version that can.
"""

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


def note(course_id: str, seq: int, type_name: str, reason: str) -> Changes:
    """One defect of a course; it goes with the course."""
    texts = {"course_id": course_id, "type": type_name, "reason": reason}
    # Whatever was wrong with the event, this row can be stored.
    plain = {name: text.encode("ascii", "backslashreplace").decode()[:_LONGEST] for name, text in texts.items()}
    return put(projection_defects, {**plain, "seq": seq})


async def count_defects(connection: AsyncConnection) -> int:
    """How many there are."""
    return int(await connection.scalar(select(func.count()).select_from(projection_defects)) or 0)
