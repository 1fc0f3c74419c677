"""A command names the error that really happened."""

import errno

import pytest

from cli.operate.sessions import database
from shared.kernel.errors import TransientError

_URL = "postgresql+asyncpg://nobody@127.0.0.1:1/none"


async def test_a_disk_that_is_full_is_not_taken_for_the_database() -> None:
    with pytest.raises(OSError, match="No space left"):
        async with database(_URL):
            raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(FileNotFoundError):
        async with database(_URL):
            raise FileNotFoundError(errno.ENOENT, "No such file or directory", "tables/webhooks.copy")


async def test_a_database_that_is_away_is_named() -> None:
    with pytest.raises(TransientError, match="The database failed"):
        async with database(_URL) as engine, engine.connect():
            pass
