"""No caller waits long: what has no answer in time is refused, whatever it hangs on."""

import asyncio
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.kernel.http_edge import EdgeLimits
from shared.web.errors import problem

_SAFE = {"GET", "HEAD", "OPTIONS"}
_RETRY_AFTER_SECONDS = "2"
# The edge answers a caller that is slower with its body; a handler may hang before it has read one.
_READ_SECONDS = EdgeLimits.body_seconds + 5.0
_SLICES = 10


class AnswerInTime:
    """503 when no response has begun `seconds` after the request was read, which itself may take as long as the edge
    allows. A response that has begun, as a stream, goes on as long as it likes. Time in which this process itself stood
    still does not count: the request had no chance then. `of_paths`: other seconds, by path.
    """

    def __init__(self, app: ASGIApp, seconds: float, of_paths: Mapping[str, float] | None = None) -> None:
        self._app = app
        self._seconds, self._of_paths = seconds, of_paths or {}
        self._given_up: set[asyncio.Future[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seconds = self._of_paths.get(scope["path"], self._seconds)
        turn = _Turn(self._app, scope, receive, send, seconds)
        try:
            if await turn.ended_in_time():
                await turn.work
                return
        except asyncio.CancelledError:
            turn.work.cancel()
            raise
        self._give_up(turn.work)
        await _refusal(scope)(scope, receive, send)

    def _give_up(self, work: "asyncio.Future[None]") -> None:
        """Its cleaning up may wait for the same server that did not answer: nobody waits for that."""
        work.cancel()
        self._given_up.add(work)
        work.add_done_callback(self._given_up.discard)


class _Turn:
    """One request at work. A timer waits for the end of the body, then for the begin of the answer, then no more."""

    def __init__(self, app: ASGIApp, scope: Scope, receive: Receive, send: Send, seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        self._receive, self._send, self._slice = receive, send, seconds / _SLICES
        self._left = _SLICES  # a process that stood still for a while used one of them up
        self._ended = self._loop.create_future()
        self._is_late = False
        # A handler without a body never asks for one.
        self._is_read = scope["method"] in _SAFE
        self._timer = self._loop.call_later(self._slice if self._is_read else _READ_SECONDS, self._time_is_up)
        self.work = asyncio.ensure_future(app(scope, self._receiving, self._sending))
        self.work.add_done_callback(self._end)

    async def ended_in_time(self) -> bool:
        """Wait for the end of the work; False at once when the answer has not begun in time."""
        try:
            await self._ended
        finally:
            self._timer.cancel()
        return not self._is_late

    async def _receiving(self) -> Message:
        message = await self._receive()
        if not self._is_read and not message.get("more_body", False):
            self._is_read = True
            self._timer.cancel()
            self._timer = self._loop.call_later(self._slice, self._time_is_up)
        return message

    async def _sending(self, message: Message) -> None:
        if self._is_late:
            return
        self._is_read = True  # or the answer does not depend on the rest of the body
        self._timer.cancel()
        await self._send(message)

    def _time_is_up(self) -> None:
        if self._is_read:
            self._left -= 1
        self._is_read = True
        if self._left:
            self._timer = self._loop.call_later(self._slice, self._time_is_up)
            return
        self._is_late = True
        self._end(self.work)

    def _end(self, _: "asyncio.Future[None]") -> None:
        if not self._ended.done():
            self._ended.set_result(None)


def _refusal(scope: Scope) -> ASGIApp:
    detail = "The answer takes too long; try again soon."
    if scope["method"] not in _SAFE:
        detail = (
            "The answer takes too long, and it is not known whether the request was carried out. "
            "Send it again with the same Idempotency-Key, or look before you send it again."
        )
    return problem(503, "too_slow", detail, headers={"Retry-After": _RETRY_AFTER_SECONDS})
