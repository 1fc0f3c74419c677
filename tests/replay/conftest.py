"""Live tables on the real database, empty before and after."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from services.gateway.migrate import migrate
from services.gateway.readmodels.registry import METADATA
from tests.support.servers import Server


@pytest.fixture(scope="module")
def database_url(postgres_server: Server) -> str:
    migrate(postgres_server.url)
    return postgres_server.url


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
