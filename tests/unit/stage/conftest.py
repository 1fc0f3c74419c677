"""The shell with a request to work on."""

import pytest

from tests.unit.stage.world import World


@pytest.fixture
async def world() -> World:
    return await World().begin()
