"""A connection whose network doubles and mixes up what a follower of the log is sent, by seed."""

import asyncio
import random
from typing import Any

from shared.event_log.connection import Connection, connect_options

_MOST_HELD = 60
_HELD_SECONDS = 0.05
_MOST_COPIES = 3
_Frame = tuple[bytes, bytes, bytes, bytes]


class Disordered(Connection):
    """Of what a consumer is sent, some dozens are held; then they go on as they came, or each up to three times and in
    any order. `mixed_up` counts how often that was so.
    """

    def __init__(self, seed: int) -> None:
        super().__init__()
        self.mixed_up = 0
        self._choice = random.Random(seed)
        self._held: dict[int, list[_Frame]] = {}
        self._most = _MOST_HELD

    async def open(self, url: str) -> "Disordered":
        """Connect."""
        await self.connect(name="disordered", error_cb=self.on_error, **connect_options(url))
        return self

    async def _process_msg(self, sid: int, subject: bytes, reply: bytes, data: bytes, headers: bytes) -> None:
        subscription: Any = self._subs.get(sid)
        # Only what has data: heartbeats and flow control are the consumer's own.
        if getattr(subscription, "_jsi", None) is None or not data:
            await super()._process_msg(sid, subject, reply, data, headers)
            return
        held = self._held.setdefault(sid, [])
        held.append((subject, reply, data, headers))
        if len(held) >= self._most:
            await self._let_go(sid)
        elif len(held) == 1:
            asyncio.get_running_loop().call_later(_HELD_SECONDS, self._let_go_soon, sid)

    def _let_go_soon(self, sid: int) -> None:
        self._letting_go = asyncio.create_task(self._let_go(sid))

    async def _let_go(self, sid: int) -> None:
        frames = self._held.pop(sid, [])
        self._most = self._choice.randrange(1, _MOST_HELD + 1)
        # Not always, or the follower would be set back for ever.
        if len(frames) > 1 and self._choice.random() < 0.5:
            self.mixed_up += 1
            frames = [frame for frame in frames for _ in range(self._choice.randrange(1, _MOST_COPIES + 1))]
            self._choice.shuffle(frames)
        for frame in frames:
            await super()._process_msg(sid, *frame)
            await asyncio.sleep(0)  # whoever reads does so in between: what is mixed up comes in batches of its own
