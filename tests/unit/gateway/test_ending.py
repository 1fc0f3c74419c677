"""A loop that goes on after errors ends when it is told to, even if a client answers that with an error of its own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, cast

import pytest
from obstore.store import MemoryStore
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.chores import Chores
from services.gateway.eraser import Eraser
from services.gateway.projected import Projected
from services.gateway.projector import Projector
from shared.blobs import Blobs, ObjectBackend
from shared.event_log.memory import MemoryLog
from tests.unit.gateway.conftest import UntouchedStreams


class StubbornEngine:
    """A connection that is being made answers a cancellation with an error, as drivers may."""

    def __init__(self) -> None:
        self.connecting = asyncio.Event()

    @contextlib.asynccontextmanager
    async def connect(self) -> AsyncIterator[None]:
        self.connecting.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise ConnectionResetError from None
        yield


def loops(engine: AsyncEngine) -> dict[str, Callable[[], Coroutine[Any, Any, None]]]:
    blobs = Blobs(ObjectBackend(MemoryStore()))
    return {
        "chores": Chores(engine, MemoryLog(), blobs).run,
        "eraser": Eraser(engine, MemoryLog(), blobs, UntouchedStreams(), settle_seconds=0.0, sweep_seconds=1e9).run,
        "projector": Projector(engine, MemoryLog(), blobs).run,
        "projected": Projected(engine).run,
    }


@pytest.mark.parametrize("name", ["chores", "eraser", "projector", "projected"])
async def test_it_ends(name: str) -> None:
    engine = StubbornEngine()
    running = asyncio.create_task(loops(cast("AsyncEngine", engine))[name]())
    await engine.connecting.wait()
    running.cancel()
    await asyncio.wait({running}, timeout=5)
    assert running.cancelled()
