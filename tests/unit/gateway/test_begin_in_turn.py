"""A crowd of streams begins a few at a time, and keeps no other request waiting."""

import asyncio
from typing import Any

from starlette.types import Receive, Scope, Send

from services.gateway.api.begin_in_turn import BeginInTurn


async def _nothing(*_: Any) -> Any:
    return {}


async def test_a_crowd_of_streams_begins_a_few_in_each_turn_and_others_pass() -> None:
    begun: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        begun.append(scope["path"])

    in_turn = BeginInTurn(app)

    def call(path: str) -> "asyncio.Task[None]":
        return asyncio.create_task(in_turn({"type": "http", "path": path}, _nothing, _nothing))

    crowd = [call("/api/courses/c/events") for _ in range(100)]
    gone = crowd[50]
    other = call("/healthz")
    await asyncio.sleep(0)
    assert other.done()
    assert 0 < len(begun) < 10
    gone.cancel()
    await asyncio.gather(*crowd, return_exceptions=True)
    assert begun.count("/api/courses/c/events") == 99
    later = call("/api/courses/c/events")
    await asyncio.sleep(0)
    assert later.done(), "nobody waits once the crowd is gone"
