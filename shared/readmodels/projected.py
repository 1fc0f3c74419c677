"""How far the projection is, heard as it moves: the write side waits for its own sequence, streams for the next."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.events import Stream
from shared.events.courses import COURSES
from shared.kernel.errors import LogUnavailable, TransientError
from shared.kernel.work import end_if_cancelled
from shared.readmodels.checkpoint import CHANNEL, Place, heard_of, read_place

log = structlog.get_logger(__name__)

# Hearing is quick but may fail in silence; looking is the net below it.
_LOOK_EVERY_SECONDS = 0.05
_RECONNECT_SECONDS = 1.0


class TablesFilling(TransientError):
    """The read tables are new, and lack what the log has."""

    code = "tables_filling"


async def _nothing() -> int:
    return 0


class Projected:
    """How far a stream is projected, in this process. `run()` listens; waiting works without it, a little slower.

    Tables that begin with nothing are filled when they have come to the end that their projector noted; until it has,
    that is `end`, the log's.
    """

    def __init__(
        self, engine: AsyncEngine, stream: Stream = COURSES, end: Callable[[], Awaitable[int]] = _nothing
    ) -> None:
        self._engine = engine
        self._stream = stream
        self._seq = self._filled_at = 0
        self._end = end
        self._are_known = False
        self._moved = asyncio.Condition()
        self._given_up: set[asyncio.Task[int]] = set()

    @property
    def seq(self) -> int:
        """The highest sequence known to be projected."""
        return self._seq

    @property
    def filling(self) -> bool:
        """Whether the tables are new, and lack what the log has."""
        return self._seq < self._filled_at

    def require_filled(self) -> None:
        """Raise TablesFilling while they are filled."""
        if self.filling:
            raise TablesFilling("The read tables are being filled from the log, which has everything; try again")

    async def wait(self, seq: int, timeout_seconds: float) -> bool:
        """True as soon as the sequence is projected; False if it is not in time."""
        deadline = asyncio.get_running_loop().time() + timeout_seconds
        while self._seq < seq:
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return False
            if not await self.hear(seq, min(left, _LOOK_EVERY_SECONDS)):
                await self._look_within(left)
        return True

    async def _look_within(self, seconds: float) -> None:
        """Look, but not for longer; a database that is away shows nothing."""
        looking = asyncio.create_task(self.look())
        await asyncio.wait({looking}, timeout=seconds)
        if not looking.done():
            looking.cancel()  # and not waited for: to clean up, it may wait for the same database
            self._given_up.add(looking)
            looking.add_done_callback(self._given_up.discard)
        elif not isinstance(looking.exception(), (SQLAlchemyError, OSError)):
            looking.result()

    async def hear(self, seq: int, timeout_seconds: float) -> bool:
        """The same by hearing alone, for those who look themselves when they hear of nothing."""
        try:
            async with asyncio.timeout(timeout_seconds), self._moved:
                await self._moved.wait_for(lambda: self._seq >= seq)
        except TimeoutError:
            return False
        return True

    async def look(self) -> int:
        """Read the checkpoint; a later one may have been heard meanwhile."""
        seq = await self._read()
        await self._take(max(self._seq, seq))
        return self._seq

    async def _read(self) -> int:
        async with self._engine.connect() as connection:
            place = await read_place(connection, self._stream)
        if place.filled_at or not self._are_known:
            self._filled_at = place.filled_at
        with contextlib.suppress(LogUnavailable):
            if not self._are_known and place == Place():
                self._filled_at = await self._end()
            self._are_known = True  # events that come later do not make the tables new
        return place.seq

    async def _take(self, seq: int) -> None:
        """Take over the sequence that was heard, also a lower one: other tables took the place of the former ones."""
        is_lower = seq < self._seq
        async with self._moved:
            if is_lower:
                self._are_known, self._filled_at = False, self._seq
            self._seq = seq
            self._moved.notify_all()
        if is_lower:
            await self._read()

    async def run(self) -> None:
        """Listen until cancelled; a lost connection is made again."""
        while True:
            try:
                await self._listen()
            except (SQLAlchemyError, OSError) as error:
                log.warning("projection_channel_lost", error=type(error).__name__)
            end_if_cancelled()
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def _listen(self) -> None:
        heard: asyncio.Queue[int | None] = asyncio.Queue()

        def on_notify(_connection: Any, _pid: int, _channel: str, payload: str) -> None:
            if (seq := heard_of(payload, self._stream)) is not None:
                heard.put_nowait(seq)

        async with self._engine.connect() as connection:
            raw = await connection.get_raw_connection()
            driver: Any = raw.driver_connection
            driver.add_termination_listener(lambda _: heard.put_nowait(None))
            await driver.add_listener(CHANNEL, on_notify)
            try:
                await self._take(await self._read())
                while (seq := await heard.get()) is not None:
                    await self._take(seq)
            finally:
                with contextlib.suppress(Exception):
                    await driver.remove_listener(CHANNEL, on_notify)
