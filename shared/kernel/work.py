"""Bounded parallel work whose results come as they are ready, and loops that outlive errors but not their end."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing
from typing import Final, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class _End:
    """Stands for the end of an item's results."""


_END: Final = _End()


async def as_ready(items: Iterable[T], work: Callable[[T], Awaitable[R]], parallelism: int) -> AsyncGenerator[R, None]:
    """One result for each item; see `as_they_come`."""

    async def once(item: T) -> AsyncGenerator[R, None]:
        yield await work(item)

    async with aclosing(as_they_come(items, once, parallelism)) as results:
        async for result in results:
            yield result


async def as_they_come(
    items: Iterable[T], work: Callable[[T], AsyncGenerator[R, None]], parallelism: int
) -> AsyncGenerator[R, None]:
    """The results of all items in the order they are ready, at most `parallelism` items at work.

    Work on an item goes on only once the caller has taken the item's last result and asked for another. The first error
    ends the rest and is raised, after the results that are ready by then; closing the generator ends them too.
    """
    waiting = iter(items)
    at_work: dict[AsyncGenerator[R, None], asyncio.Task[R | _End]] = {}
    try:
        while True:
            while len(at_work) < parallelism:
                try:
                    results = work(next(waiting))
                except StopIteration:
                    break
                at_work[results] = asyncio.create_task(_next(results))
            if not at_work:
                return
            done, _ = await asyncio.wait(at_work.values(), return_when=asyncio.FIRST_COMPLETED)
            ready = [results for results, task in at_work.items() if task in done and not _failed(task)]
            for results in ready:
                found = at_work[results].result()
                if not isinstance(found, _End):
                    yield found
            for task in done:
                task.result()  # raises the first error
            for results in ready:
                ended = isinstance(at_work.pop(results).result(), _End)
                if not ended:
                    at_work[results] = asyncio.create_task(_next(results))
    finally:
        for task in at_work.values():
            task.cancel()
        await asyncio.gather(*at_work.values(), return_exceptions=True)
        for results in at_work:
            await results.aclose()


async def _next(results: AsyncGenerator[R, None]) -> R | _End:
    return await anext(results, _END)


def _failed(task: asyncio.Task[R | _End]) -> bool:
    return task.cancelled() or task.exception() is not None


def end_if_cancelled() -> None:
    """Raise CancelledError when the current task was asked to end.

    For loops that go on after errors: a client may answer a cancellation with an error of its own (a connection that
    was being made, say). Then neither the loop nor its caller would ever end.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
