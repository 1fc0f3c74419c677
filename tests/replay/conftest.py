"""Live tables on the real database, empty before and after."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from services.gateway.readmodels.registry import METADATA
from tests.integration.gateway.conftest import database_url

__all__ = ["database_url"]


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """Live tables, empty before and after."""
    made = create_async_engine(database_url)
    truncate = text(f"TRUNCATE {', '.join(str(table) for table in METADATA.sorted_tables)}")
    async with made.begin() as connection:
        await connection.execute(truncate)
    yield made
    async with made.begin() as connection:
        await connection.execute(truncate)
    await made.dispose()
