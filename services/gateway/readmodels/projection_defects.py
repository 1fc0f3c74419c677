"""Facts of courses that could not be shown."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.events.base import FileRemoved
from shared.readmodels.base import METADATA, Changes, Clear, Fact
from shared.readmodels.defects import defects_table

projection_defects = defects_table("projection_defects", METADATA, "course_id")


def project(fact: Fact) -> Changes:
    """Clear the course's defects when a file that it was taught from is removed. What was made from that file is gone
    on purpose, so a rebuild that does not find it has found no defect.
    """
    withheld = isinstance(fact.recorded.event, FileRemoved) and fact.recorded.event.withheld
    return (Clear(projection_defects),) if withheld else ()


async def count_defects(connection: AsyncConnection) -> int:
    """How many there are."""
    return int(await connection.scalar(select(func.count()).select_from(projection_defects)) or 0)
