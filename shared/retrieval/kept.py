"""What a process has read of courses to answer from. It is read once for all who ask within a minute.

An entry lives for a minute at most, so that nothing of a deleted course stays in memory for longer.
"""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from shared.kernel.refusals import Refusal, Refused
from shared.retrieval.passages import Passage
from shared.workers.away import later

if TYPE_CHECKING:
    from shared.retrieval.search import Index
else:
    Index = later("shared.retrieval.search:Index")

T = TypeVar("T")

_KEPT_SECONDS = 60.0
_MOST_BYTES = 160 * 1024 * 1024


async def index_of(passages: Iterable[Passage], language: str = "en") -> "Index":
    """The index of passages, which are read beside the event loop. Raises Refused where there are no word vectors."""
    try:
        return await asyncio.to_thread(Index, passages, language)
    except ModuleNotFoundError as error:
        detail = "Nothing is answered here: install coursewright[offline] for this process"
        raise Refused(Refusal(503, "ask_not_installed", detail)) from error


@dataclass(frozen=True)
class CourseReading:
    """A course to answer from: its index, and its citations and sources by their ids, as they are stored."""

    index: "Index"
    citations: Mapping[str, Mapping[str, Any]]
    sources: Mapping[str, Mapping[str, Any]]


class ReadOnce(Generic[T]):
    """By a key that names what was read, in the version that was read. `index` is the part of it that takes memory."""

    def __init__(self, index: "Callable[[T], Index]", most_bytes: int = _MOST_BYTES) -> None:
        self._index, self._most_bytes = index, most_bytes
        self._kept: dict[object, tuple[float, asyncio.Task[T]]] = {}

    async def get(self, key: object, read: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What is kept under a key; a failure is not kept."""
        now = time.monotonic()
        self._kept = {one: kept for one, kept in self._kept.items() if now - kept[0] < _KEPT_SECONDS}
        if key not in self._kept:
            self._kept[key] = now, asyncio.create_task(read())
        task = self._kept[key][1]
        try:
            found = await asyncio.shield(task)
        except Exception:
            self._kept.pop(key, None)
            raise
        self._make_room(key)
        return found

    def _make_room(self, key: object) -> None:
        """Forget the oldest but for this one, until what is read fits."""
        sizes = {
            one: self._index(task.result()).bytes
            for one, (_, task) in self._kept.items()
            if task.done() and not task.cancelled() and task.exception() is None
        }
        for one in [one for one in sizes if one != key]:
            if sum(sizes.values()) <= self._most_bytes:
                break
            del sizes[one], self._kept[one]
