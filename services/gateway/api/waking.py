"""Many clients that have news at once are told in portions, so that other requests are answered in between."""

import asyncio
from typing import Protocol

_PORTION = 50


class Sleeper(Protocol):
    """Somebody to wake."""

    @property
    def awake(self) -> asyncio.Event:
        """The event it waits for."""
        ...


class Waker:
    """`run()` wakes who is due. It leaves half of the event loop's time to others."""

    def __init__(self) -> None:
        self._due: dict[Sleeper, None] = {}  # in the order they became due, each once
        self._stirred = asyncio.Event()

    def wake(self, sleeper: Sleeper) -> None:
        """Soon."""
        self._due[sleeper] = None
        self._stirred.set()

    async def run(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            await self._stirred.wait()
            began = loop.time()
            for sleeper in list(self._due)[:_PORTION]:
                del self._due[sleeper]
                sleeper.awake.set()
            if not self._due:
                self._stirred.clear()
            await asyncio.sleep(0)  # in this turn they do what they were woken for
            await asyncio.sleep(loop.time() - began)
