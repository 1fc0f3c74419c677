"""Bounded parallel work whose results come as they are ready, and loops that outlive errors but not their end."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


async def as_ready(items: Iterable[T], work: Callable[[T], Awaitable[R]], parallelism: int) -> AsyncGenerator[R, None]:
    """Results in the order they are ready, at most `parallelism` at work. The first error ends the rest and is raised,
    after the results that are ready by then; closing the generator ends them too.
    """
    waiting = iter(items)
    running: set[asyncio.Task[R]] = set()

    async def perform(item: T) -> R:
        return await work(item)

    try:
        while True:
            while len(running) < parallelism:
                try:
                    running.add(asyncio.create_task(perform(next(waiting))))
                except StopIteration:
                    break
            if not running:
                return
            done, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            failed = [task for task in done if task.cancelled() or task.exception() is not None]
            for task in done - set(failed):
                yield task.result()
            for task in failed:
                task.result()
    finally:
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)


def end_if_cancelled() -> None:
    """Raise CancelledError when the current task was asked to end.

    For loops that go on after errors: a client may answer a cancellation with an error of its own (a connection that
    was being made, say), and the loop, and who waits for it, would never end.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
