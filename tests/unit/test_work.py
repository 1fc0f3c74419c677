"""Parallel work whose results come as they are ready."""

import asyncio

import pytest

from shared.work import as_ready


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
