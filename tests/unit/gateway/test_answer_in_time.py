"""A request without an answer in time is refused; a response that has begun goes on."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from services.gateway.api.answer_in_time import AnswerInTime

SECONDS = 0.1


async def hang(request: Request) -> PlainTextResponse:
    await request.body()
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        await asyncio.sleep(SECONDS * 20)  # cleans up against the same server
        raise
    return PlainTextResponse("never")


async def stream(_: Request) -> StreamingResponse:
    async def parts() -> AsyncIterator[str]:
        yield "begun "
        await asyncio.sleep(SECONDS * 3)
        yield "and ended"

    return StreamingResponse(parts())


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(await request.body())


@pytest.fixture
async def api() -> AsyncIterator[httpx.AsyncClient]:
    both = ["GET", "POST"]
    routes = [Route("/hang", hang, methods=both), Route("/stream", stream), Route("/echo", echo, methods=["POST"])]
    transport = httpx.ASGITransport(AnswerInTime(Starlette(routes=routes), SECONDS))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.mark.parametrize(("method", "says"), [("GET", "try again soon"), ("POST", "not known whether")])
async def test_a_request_that_hangs_is_refused_and_its_cleaning_up_not_waited_for(
    api: httpx.AsyncClient, method: str, says: str
) -> None:
    async with asyncio.timeout(SECONDS * 10):
        answer = await api.request(method, "/hang", content=b"x" if method == "POST" else None)
    assert (answer.status_code, answer.json()["code"]) == (503, "too_slow")
    assert answer.headers["content-type"] == "application/problem+json"
    assert int(answer.headers["retry-after"]) > 0
    assert says in answer.json()["detail"]


async def test_a_response_that_has_begun_goes_on(api: httpx.AsyncClient) -> None:
    assert (await api.get("/stream")).text == "begun and ended"


async def test_time_counts_from_the_end_of_the_body(api: httpx.AsyncClient) -> None:
    async def slowly() -> AsyncIterator[bytes]:
        yield b"a"
        await asyncio.sleep(SECONDS * 3)
        yield b"b"

    assert (await api.post("/echo", content=slowly())).text == "ab"
