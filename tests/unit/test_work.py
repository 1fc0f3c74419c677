"""Parallel work whose results come as they are ready."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from shared.kernel.work import as_ready, as_they_come


async def test_an_error_takes_no_result_with_it_that_is_ready() -> None:
    barrier = asyncio.Event()

    async def work(number: int) -> int:
        await barrier.wait()
        if number < 2:
            raise ValueError(number)
        return number

    asyncio.get_running_loop().call_soon(barrier.set)
    results = as_ready(range(4), work, 4)
    assert sorted([await anext(results), await anext(results)]) == [2, 3]
    with pytest.raises(ValueError, match=r"0|1"):
        await anext(results)


async def test_closing_ends_what_is_at_work() -> None:
    ended = []

    async def work(number: int) -> int:
        if number == 0:
            return number
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(number)
        return number

    results = as_ready(range(5), work, 3)
    assert await anext(results) == 0
    await results.aclose()
    assert sorted(ended) == [1, 2]


async def test_an_item_goes_on_once_its_last_result_is_taken_and_others_meanwhile() -> None:
    begun: list[str] = []

    async def work(name: str) -> AsyncGenerator[str, None]:
        for number in range(2):
            begun.append(f"{name}{number}")
            yield f"{name}{number}"

    results = as_they_come("ab", work, 2)
    first = await anext(results)
    await asyncio.sleep(0)
    assert f"{first[0]}1" not in begun
    assert sorted([first, *[result async for result in results]]) == ["a0", "a1", "b0", "b1"]


async def test_closing_ends_what_waits_to_go_on() -> None:
    ended = []

    async def work(name: str) -> AsyncGenerator[str, None]:
        try:
            yield name
            yield name
        finally:
            ended.append(name)

    results = as_they_come("ab", work, 2)
    await anext(results)
    await results.aclose()
    assert sorted(ended) == ["a", "b"]
