"""Answers to changes that the tables do not show yet."""

from contextvars import ContextVar

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.web.errors import problem

_DETAIL = "It was done, and is not shown yet. Look again before you send it again"
_late: ContextVar[list[int] | None] = ContextVar("late", default=None)


def note(seq: int) -> None:
    """What the request appended is not in the tables."""
    noted = _late.get()
    if noted is not None:
        noted.append(seq)


class ShownLater:
    """202 in place of 200 when the log has what the request changed and the tables do not show it yet: the answer may
    show what was there before. What is not found then is there soon: 503.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        noted: list[int] = []
        _late.set(noted)
        is_replaced = False

        async def sending(message: Message) -> None:
            nonlocal is_replaced
            status = message.get("status")
            if noted and status == 200:
                message["status"] = 202
            if noted and status == 404:
                is_replaced = True
                await problem(503, "tables_behind", _DETAIL, headers={"Retry-After": "1"})(scope, receive, send)
            if not is_replaced:
                await send(message)

        await self._app(scope, receive, sending)
