"""`python -m tests.replay.dying_rebuild DATABASE_URL FOLDER POINT`: a rebuild that kills itself as kill -9 does."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from services.gateway.database import read_schemas
from services.gateway.rebuild.rebuild import Rebuild
from tests.replay.stream import RecordedLog, read_blobs, read_items

POINTS = ("filling", "finishing", "comparing", "renaming", "committing")


def _die(*_: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def _die_at_rights(*_: Any) -> None:
    _die()


def _nothing(*_: int) -> None:
    return None


async def _rebuild(url: str, folder: Path, point: str) -> None:
    engine = create_async_engine(url)
    progress: Callable[[int, int], None] = _die if point == "filling" else _nothing
    if point == "finishing":
        read_schemas._copy_rights = _die_at_rights  # type: ignore[assignment]
    async with Rebuild(engine, RecordedLog(read_items(folder)), await read_blobs(folder)).open() as rebuild:
        await rebuild.build(progress)
        if point == "comparing":
            _die()
        await rebuild.compare()
        rename, renamed = read_schemas.rename, 0

        async def rename_and_die(connection: AsyncConnection, old: str, new: str) -> None:
            nonlocal renamed
            await rename(connection, old, new)
            renamed += 1
            if renamed == {"renaming": 1, "committing": 3}[point]:
                _die()

        read_schemas.rename = rename_and_die
        await rebuild.swap()


if __name__ == "__main__":
    asyncio.run(_rebuild(sys.argv[1], Path(sys.argv[2]), sys.argv[3]))
