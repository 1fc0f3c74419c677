"""A durable consumer: delivers a request until somebody acknowledges it, and sometimes more than once."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from shared.event_log.port import Recorded
from shared.kernel.errors import CoursewrightError
from shared.kernel.settings import ACK_WAIT_SECONDS, BEATS_PER_ACK_WAIT
from shared.pipeline import StageRow
from shared.stage.retries import Finished, Postponed, Verdict
from shared.stage.shell import StageShell
from tests.simulator.loop import Process
from tests.simulator.ports import Network


class Tracking:
    """The server's knowledge of one request."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.acknowledged = False
        self.heard_at = loop.time()
        self.again_after: float | None = None
        self.changed = asyncio.Event()


class Delivery:
    """One delivery of a request, answered and kept alive as a stage's process does it."""

    def __init__(self, network: Network, tracking: Tracking, request: Recorded) -> None:
        self._network, self._tracking, self.request = network, tracking, request

    async def hand_to(self, shell: StageShell[Any, Any, Any]) -> None:
        """Let a shell work on it; what it raises is the end of the handling, and the request comes back by itself."""
        heartbeat = asyncio.create_task(self._beat())
        try:
            self._answer(await shell.handle(self.request, self.request.event.model_dump_json().encode()))
        except CoursewrightError:
            return
        finally:
            heartbeat.cancel()
            await asyncio.gather(heartbeat, return_exceptions=True)

    def _answer(self, verdict: Verdict) -> None:
        if self._network.happens(self._network.chaos.ack_lost):
            return
        match verdict:
            case Finished():
                self._tracking.acknowledged = True
            case Postponed(delay):
                self._tracking.again_after = delay
        self._tracking.changed.set()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(ACK_WAIT_SECONDS / BEATS_PER_ACK_WAIT)
            self._tracking.heard_at = self._network.loop.time()


Hand = Callable[[Process, StageRow, Delivery], None]


class Durable:
    """All requests of one stage. `hand` gives a delivery to a process."""

    def __init__(self, network: Network, row: StageRow, workers: Callable[[], Sequence[Process]], hand: Hand) -> None:
        self._network, self._row, self._workers, self._hand = network, row, workers, hand
        self.waiting: set[int] = set()

    def add(self, request: Recorded) -> None:
        """A request was stored."""
        self.waiting.add(request.seq)
        self._network.outside(self._serve(request))

    async def _serve(self, request: Recorded) -> None:
        network, tracking = self._network, Tracking(self._network.loop)
        await asyncio.sleep(network.random.uniform(0.0, 0.5))
        while not tracking.acknowledged:
            await self._deliver(request, tracking)
            if network.happens(network.chaos.duplicate):
                await asyncio.sleep(network.random.choice((0.0, 0.1, 5.0, 40.0)))
                await self._deliver(request, tracking)
            await self._until_due(tracking)
        self.waiting.remove(request.seq)
        if network.happens(network.chaos.duplicate):
            await asyncio.sleep(network.random.uniform(0.0, 20.0))
            await self._deliver(request, tracking)

    async def _deliver(self, request: Recorded, tracking: Tracking) -> None:
        while not (workers := self._workers()):
            await asyncio.sleep(0.5)
        tracking.heard_at = self._network.loop.time()
        self._hand(self._network.random.choice(workers), self._row, Delivery(self._network, tracking, request))

    async def _until_due(self, tracking: Tracking) -> None:
        """Return when the request is acknowledged, its delay is over, or its worker was silent for too long."""
        while not tracking.acknowledged:
            if tracking.again_after is not None:
                delay, tracking.again_after = tracking.again_after, None
                await asyncio.sleep(delay)
                return
            tracking.changed.clear()
            left = tracking.heard_at + ACK_WAIT_SECONDS - self._network.loop.time()
            if left <= 0:
                return
            try:
                async with asyncio.timeout(left):
                    await tracking.changed.wait()
            except TimeoutError:
                continue
