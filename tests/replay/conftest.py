"""Live tables on the real database, empty before and after."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from services.gateway.readmodels.registry import METADATA
from tests.integration.gateway.conftest import database_url
from tests.support.empty_tables import empty

__all__ = ["database_url"]


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """Live tables, empty before and after."""
    made = create_async_engine(database_url)
    await empty(made, METADATA.sorted_tables)
    yield made
    await empty(made, METADATA.sorted_tables)
    await made.dispose()
