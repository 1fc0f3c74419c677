"""A loop that goes on after errors ends when it is told to, even if a client answers that with an error of its own."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any, cast

import pytest
from obstore.store import MemoryStore
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.erase.eraser import Eraser
from services.gateway.project import projector
from services.gateway.project.chores import Chores
from services.gateway.project.course_projector import course_projector
from shared.event_log.port import NewEvent
from shared.events import Event
from shared.events.gateway import CourseCreated, CourseUpdated
from shared.kernel.blob_stores import ObjectBackend
from shared.kernel.blobs import Blobs
from shared.kernel.errors import LogUnavailable
from shared.readmodels.projected import Projected
from tests.integration.gateway.conftest import UntouchedStreams
from tests.support.memory_log import MemoryLog


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
        "projector": course_projector(engine, MemoryLog(), blobs).run,
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


class StubbornLog(MemoryLog):
    """A question that is under way answers a cancellation with an error of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()

    async def holds(self, seq: int, event_id: str | None) -> bool:
        self.asked.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise LogUnavailable("No answer") from None
        return True


async def test_a_projector_ends_while_it_asks_whether_the_log_is_still_its_own(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projector, "_LOOK_SECONDS", 0.0)
    log = StubbornLog()
    running = asyncio.create_task(course_projector(engine, log, Blobs(ObjectBackend(MemoryStore()))).run())
    event: Event = CourseCreated(course_id="c", owner="ann", title="C")
    seq, asked = 0, asyncio.create_task(log.asked.wait())
    while not asked.done():
        seq = await log.append([NewEvent(event, f"e{seq}", "test", "c", "c")], seq)
        event = CourseUpdated(course_id="c", title=f"C {seq}")
        await asyncio.wait({asked}, timeout=0.05)
    running.cancel()
    await asyncio.wait({running}, timeout=5)
    assert running.cancelled()
