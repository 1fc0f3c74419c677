"""A request without an answer in time is refused; a response that has begun goes on."""

import asyncio
import time
from collections.abc import AsyncIterator
from math import inf

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from shared.kernel.http_edge import EdgeLimits
from shared.web import answer_in_time
from shared.web.answer_in_time import AnswerInTime

SECONDS = 0.1
STOOD_STILL_SECONDS = 0.5


async def hang(request: Request) -> PlainTextResponse:
    await request.body()
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        await asyncio.sleep(SECONDS * 20)  # cleans up against the same server
        raise
    return PlainTextResponse("never")


async def slow(_: Request) -> PlainTextResponse:
    await asyncio.sleep(SECONDS * 3)
    return PlainTextResponse("done")


async def stream(_: Request) -> StreamingResponse:
    async def parts() -> AsyncIterator[str]:
        yield "begun "
        await asyncio.sleep(SECONDS * 3)
        yield "and ended"

    return StreamingResponse(parts())


async def echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(await request.body())


async def several_steps(_: Request) -> PlainTextResponse:
    await asyncio.sleep(SECONDS / 10)
    asyncio.get_running_loop().call_soon(time.sleep, STOOD_STILL_SECONDS)  # other work of the process
    for _step in range(10):
        await asyncio.sleep(0)
    return PlainTextResponse("done")


@pytest.fixture
async def api() -> AsyncIterator[httpx.AsyncClient]:
    both = ["GET", "POST"]
    routes = [Route("/hang", hang, methods=both), Route("/stream", stream), Route("/echo", echo, methods=["POST"])]
    routes.append(Route("/steps", several_steps))
    routes.append(Route("/slow", slow))
    transport = httpx.ASGITransport(AnswerInTime(Starlette(routes=routes), SECONDS, of_paths={"/slow": inf}))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


async def test_a_path_that_bounds_its_own_work_is_waited_for(api: httpx.AsyncClient) -> None:
    assert (await api.get("/slow")).text == "done"


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


async def test_time_in_which_the_process_stood_still_does_not_count(api: httpx.AsyncClient) -> None:
    assert (await api.get("/steps")).text == "done"


def test_the_edge_is_the_one_that_answers_a_slow_body() -> None:
    assert EdgeLimits().body_seconds < answer_in_time._READ_SECONDS


async def test_time_counts_from_the_end_of_the_body(api: httpx.AsyncClient) -> None:
    async def slowly() -> AsyncIterator[bytes]:
        yield b"a"
        await asyncio.sleep(SECONDS * 3)
        yield b"b"

    assert (await api.post("/echo", content=slowly())).text == "ab"
