"""A caller may send so many requests in a window, wherever they arrive; another caller is not held up by them."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from ipaddress import ip_network
from types import SimpleNamespace

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.settings import GatewaySettings
from shared.web import caller_limit
from shared.web.request_counts import RequestCounts
from shared.web.shared_counts import SharedCounts
from tests.integration.gateway.conftest import Gateway, client_of, running_gateway

QUOTA, WINDOW = 40, 60
AT_THE_START = 1_000_000 * WINDOW


@pytest.fixture
async def limited(engine: AsyncEngine) -> AsyncIterator[Gateway]:
    async with running_gateway(engine, request_limit=QUOTA, trusted_proxies=["10.0.0.0/8"]) as made:
        yield made


async def _burst(client: httpx.AsyncClient, requests: int) -> list[httpx.Response]:
    return await asyncio.gather(*(client.get("/api/projects/", params={"limit": 1}) for _ in range(requests)))


async def test_a_burst_is_taken_up_to_the_limit_and_the_rest_is_told_when_to_come_back(limited: Gateway) -> None:
    answers = await _burst(limited.api, 600)
    refused = [answer for answer in answers if answer.status_code == 429]
    assert Counter(answer.status_code for answer in answers) == {200: QUOTA, 429: 600 - QUOTA}
    for answer in refused:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "too_many_requests"
        assert 1 <= int(answer.headers["Retry-After"]) <= 2 * WINDOW
        assert answer.headers["RateLimit-Policy"] == f'"requests";q={QUOTA};w={WINDOW}'
        assert answer.headers["RateLimit"].startswith('"requests";r=0;t=')
    assert (await limited.bob.get("/api/projects/")).status_code == 200


async def test_every_answer_says_how_many_requests_are_left(limited: Gateway) -> None:
    left = [(await limited.api.get("/api/projects/")).headers["RateLimit"] for _ in range(3)]
    assert [header.split(";")[1] for header in left] == [f"r={QUOTA - sent}" for sent in (1, 2, 3)]


async def test_without_a_subject_the_address_is_counted(limited: Gateway) -> None:
    async with client_of(limited.app, "nobody's") as stranger:
        answers = [await stranger.get("/api/projects/") for _ in range(QUOTA)]
        del stranger.headers["Authorization"]
        over = await stranger.get("/openapi.json")
    assert {answer.status_code for answer in answers} == {401}
    assert over.status_code == 429
    assert (await limited.api.get("/api/projects/")).status_code == 200


async def test_a_token_that_nobody_looks_at_makes_no_request_free(limited: Gateway) -> None:
    async with client_of(limited.app, "any") as stranger:
        answers = [await stranger.get("/version", headers={"Authorization": f"Bearer {n}"}) for n in range(QUOTA + 5)]
    assert Counter(answer.status_code for answer in answers) == {200: QUOTA, 429: 5}


async def test_watchers_are_not_counted(limited: Gateway) -> None:
    async with client_of(limited.app, "") as watcher:
        del watcher.headers["Authorization"]
        answers = [await watcher.get("/health") for _ in range(QUOTA + 5)]
    assert {answer.status_code for answer in answers} == {200}


async def test_a_limit_of_zero_is_none(engine: AsyncEngine) -> None:
    async with running_gateway(engine, request_limit=0) as unlimited:
        answer = await unlimited.api.get("/api/projects/")
    assert answer.status_code == 200
    assert "RateLimit" not in answer.headers


@pytest.mark.parametrize(
    ("peer", "handed_on", "caller"),
    [
        ("203.0.113.7", ["198.51.100.1"], "203.0.113.7"),
        ("10.1.2.3", ["198.51.100.1"], "198.51.100.1"),
        ("10.1.2.3", ["192.0.2.66, 198.51.100.1, 10.9.9.9"], "198.51.100.1"),
        ("10.1.2.3", ["192.0.2.66", "198.51.100.1"], "198.51.100.1"),
        ("::ffff:10.1.2.3", ["198.51.100.1"], "198.51.100.1"),
        ("10.1.2.3", ["not an address"], "10.1.2.3"),
        ("10.1.2.3", [], "10.1.2.3"),
        ("10.1.2.3", ["10.7.7.7"], "10.7.7.7"),
        ("2001:db8:1:2:aaaa::1", [], "2001:db8:1:2::/64"),
    ],
)
def test_only_proxies_that_are_named_say_whose_request_it_is(peer: str, handed_on: list[str], caller: str) -> None:
    headers = [(b"x-forwarded-for", value.encode()) for value in handed_on]
    scope = {"type": "http", "client": (peer, 1), "headers": headers}
    assert caller_limit.address_of(scope, [ip_network("10.0.0.0/8")]) == caller


def test_a_proxy_that_is_no_network_ends_the_start() -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        GatewaySettings(blob_store_url="memory:", trusted_proxies=["proxy.internal"])


def _counts(now: SimpleNamespace, quota: int = QUOTA) -> RequestCounts:
    return RequestCounts(quota, WINDOW, lambda: now.seconds)


@given(
    quota=st.integers(1, 20),
    gaps=st.lists(st.floats(0, 0.4 * WINDOW, allow_nan=False), min_size=1, max_size=60),
)
def test_a_caller_that_waits_as_long_as_it_is_told_is_taken(quota: int, gaps: list[float]) -> None:
    now = SimpleNamespace(seconds=float(AT_THE_START))
    counts, taken = _counts(now, quota), []
    for gap in gaps:
        now.seconds += gap
        standing = counts.take("ann")
        if standing.retry_after_seconds:
            now.seconds += standing.retry_after_seconds
            standing = counts.take("ann")
        assert not standing.retry_after_seconds
        taken.append(now.seconds)
    in_one_window = max(
        sum(1 for one in taken if index * WINDOW <= one < (index + 1) * WINDOW) for index in _windows(taken)
    )
    assert in_one_window <= quota


def _windows(moments: list[float]) -> set[int]:
    return {int(moment // WINDOW) for moment in moments}


async def test_processes_count_together_once_they_have_told_each_other() -> None:
    now = SimpleNamespace(seconds=float(AT_THE_START))
    processes = [_counts(now), _counts(now), _counts(now)]
    shared = [SharedCounts(one) for one in processes]
    for one in processes:
        assert all(not one.take("ann").retry_after_seconds for _ in range(10))

    async def tell(body: bytes) -> None:
        for one in shared:
            one.hear(body)
            one.hear(body)  # a message that comes twice counts once

    for _ in range(2):
        for process in shared:
            await process.tell(tell)
    assert [one.take("ann").remaining for one in processes] == [QUOTA - 31] * 3


async def test_a_process_without_callers_tells_nothing() -> None:
    told: list[bytes] = []

    async def tell(body: bytes) -> None:
        told.append(body)

    counts = _counts(SimpleNamespace(seconds=float(AT_THE_START)))
    shared = SharedCounts(counts)
    await shared.tell(tell)
    counts.take("ann")
    await shared.tell(tell)
    await shared.tell(tell)
    assert len(told) == 1
    assert b"ann" not in told[0]


@pytest.mark.parametrize("body", [b"", b"[]", b'{"process":"x"}', b'{"process":"x","window":1,"counts":{"a":"b"}}'])
def test_a_message_that_cannot_be_read_is_passed_over(body: bytes) -> None:
    counts = _counts(SimpleNamespace(seconds=float(AT_THE_START)))
    SharedCounts(counts).hear(body)
    assert counts.take("a").remaining == QUOTA - 1
