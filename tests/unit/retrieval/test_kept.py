"""What is kept of readings: as many as fit, and each is read once."""

import asyncio
from functools import partial

from shared.retrieval.kept import ReadOnce
from shared.retrieval.passages import Passage
from shared.retrieval.search import Index


async def test_the_oldest_reading_goes_when_the_bytes_are_full() -> None:
    read: list[str] = []

    async def index(name: str) -> Index:
        read.append(name)
        return Index([Passage(name, (name,), f"A turnstile counts {name}.", ())])

    room = 2 * (await index("size")).bytes + 100
    kept = ReadOnce[Index](lambda one: one, room)
    await asyncio.gather(*(kept.get("a", partial(index, "a")) for _ in range(3)))
    for name in ("b", "a", "c", "b", "c", "a"):
        await kept.get(name, partial(index, name))
    assert read == ["size", "a", "b", "c", "a"], "the third reading made room by forgetting the first"
