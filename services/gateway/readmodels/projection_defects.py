"""Facts of courses that could not be shown."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.readmodels.base import METADATA
from shared.readmodels.defects import defects_table

projection_defects = defects_table("projection_defects", METADATA, "course_id")


async def count_defects(connection: AsyncConnection) -> int:
    """How many there are."""
    return int(await connection.scalar(select(func.count()).select_from(projection_defects)) or 0)
