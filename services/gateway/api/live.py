"""A WebSocket that follows a course in the making: messages of the server alone, each with an id to go on from."""

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query, WebSocket
from fastapi.sse import KEEPALIVE_COMMENT
from starlette.websockets import WebSocketDisconnect

from services.gateway.api.callers import owner_of, token_of
from services.gateway.api.calls import is_course_id
from services.gateway.api.making_channel import MakingChannel
from services.gateway.api.services import Services
from services.gateway.api.tickets import holder_of_ticket
from shared.kernel.beside import beside
from shared.kernel.errors import NotFound
from shared.kernel.refusals import Refused, invalid
from shared.web.errors import answer_to

router = APIRouter()

_ID = re.compile(r"([0-9]{1,18})-([0-9]{1,6})")
_MOST_HEARD = 100  # messages of a client, which has nothing to say
_TAKING_SECONDS = 10.0
_AGAIN, _TOO_MUCH, _OVER = 1013, 1008, 1000
MESSAGE_BYTES = 4096


@router.websocket("/ws/course/{course_id}/generation")
async def follow_making(
    socket: WebSocket,
    course_id: str,
    after: Annotated[str, Query(max_length=32)] = "0-0",
    ticket: Annotated[str | None, Query(max_length=1024)] = None,
) -> None:
    """From the message after `after` on. With the token, a ticket, or the cookie of a session from a page of
    CORS_ORIGINS. A client that is too slow is closed with 1013, one that talks with 1008.
    """
    services: Services = socket.app.state.services
    try:
        place = _ID.fullmatch(after)
        held = holder_of_ticket(ticket, services) if ticket is not None else await _holder(socket, services)
        owner, session = held
        if place is None:
            raise Refused(invalid("query/after", "Send the id of the last message"))
        if not is_course_id(course_id):
            raise NotFound("Course not found")
        channel = await services.streams.open(owner, course_id, MakingChannel)
    except Exception as error:  # noqa: BLE001 - as a request's, it becomes an answer
        await socket.send_denial_response(await answer_to(socket, error))
        return
    await socket.accept()
    seen = int(place[1]), int(place[2])
    settings = services.settings
    messages = services.streams.follow(
        channel, seen[0] - 1 if seen[0] else 0,
        seconds=settings.stream_seconds, heartbeat_seconds=settings.stream_heartbeat_seconds, session=session,
    )  # fmt: skip
    try:
        async with beside(_send(socket, messages, seen), _hear(socket)) as (sending, hearing):
            await asyncio.wait({sending, hearing}, return_when=asyncio.FIRST_COMPLETED)
            code = _TOO_MUCH if hearing.done() and hearing.result() else _OVER if channel.is_over else _AGAIN
    finally:
        await messages.aclose()
    with contextlib.suppress(RuntimeError, WebSocketDisconnect, TimeoutError):  # it may have gone
        async with asyncio.timeout(_TAKING_SECONDS):
            await socket.close(code)


async def _holder(socket: WebSocket, services: Services) -> tuple[str, str | None]:
    token = token_of(socket, services)
    return await owner_of(socket, services, token), services.session_in(token)


async def _send(socket: WebSocket, messages: AsyncIterator[bytes], seen: tuple[int, int]) -> None:
    async for piece in messages:
        for line in piece.splitlines() if piece != KEEPALIVE_COMMENT else ():
            seq, _, number = str(json.loads(line)["id"]).partition("-")
            if (int(seq), int(number)) > seen:
                async with asyncio.timeout(_TAKING_SECONDS):
                    await socket.send_text(line.decode())


async def _hear(socket: WebSocket) -> bool:
    """Whether it said too much, instead of leaving."""
    for _ in range(_MOST_HEARD):
        if (await socket.receive())["type"] == "websocket.disconnect":
            return False
    return True
