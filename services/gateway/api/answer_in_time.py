"""No caller waits long: what has no answer in time is refused, whatever it hangs on."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from services.gateway.api.errors import problem
from shared.http_edge import EdgeLimits

_SAFE = {"GET", "HEAD", "OPTIONS"}
_RETRY_AFTER_SECONDS = "2"
# The edge answers a caller that is slower with its body; a handler may hang before it has read one.
_READ_SECONDS = EdgeLimits.body_seconds + 5.0
_SLICES = 10


class AnswerInTime:
    """503 when no response has begun `seconds` after the request was read, which itself may take as long as the edge
    allows. A response that has begun, as a stream, goes on as long as it likes. Time in which this process itself stood
    still does not count: the request had no chance then.
    """

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app = app
        self._seconds = seconds
        self._given_up: set[asyncio.Future[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        read, begun, late = asyncio.Event(), asyncio.Event(), False
        if scope["method"] in _SAFE:
            read.set()  # a handler without a body never asks for one

        async def receiving() -> Message:
            message = await receive()
            if not message.get("more_body", False):
                read.set()
            return message

        async def sending(message: Message) -> None:
            if late:
                return
            begun.set()
            await send(message)

        work = asyncio.ensure_future(self._app(scope, receiving, sending))
        try:
            if not await self._in_time(work, read, begun):
                late = True
                self._give_up(work)
                await _refusal(scope)(scope, receive, send)
                return
            await work
        except asyncio.CancelledError:
            work.cancel()
            raise

    async def _in_time(self, work: "asyncio.Future[None]", read: asyncio.Event, begun: asyncio.Event) -> bool:
        await _first(work, read, _READ_SECONDS)
        for _ in range(_SLICES):
            if begun.is_set() or work.done():
                return True
            await _first(work, begun, self._seconds / _SLICES)
        return begun.is_set() or work.done()

    def _give_up(self, work: "asyncio.Future[None]") -> None:
        """Its cleaning up may wait for the same server that did not answer: nobody waits for that."""
        work.cancel()
        self._given_up.add(work)
        work.add_done_callback(self._given_up.discard)


async def _first(work: "asyncio.Future[None]", event: asyncio.Event, seconds: float) -> None:
    """Wait for the event or the end of the work."""
    waiting = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait((work, waiting), timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()


def _refusal(scope: Scope) -> ASGIApp:
    detail = "The answer takes too long; try again soon."
    if scope["method"] not in _SAFE:
        detail = (
            "The answer takes too long, and it is not known whether the request was carried out. "
            "Send it again with the same Idempotency-Key, or look before you send it again."
        )
    return problem(503, "too_slow", detail, headers={"Retry-After": _RETRY_AFTER_SECONDS})
