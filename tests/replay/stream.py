"""A recorded stream: messages of a real run as stored, the contents their rows are made of, and the tables.

One folder per released version below `streams`, never changed once that version is out: `events.jsonl.gz` holds
subject, sequence, headers and body of each message, `contents.jsonl.gz` blobs by key, and `tables.json.gz` the dump of
the read tables they stand for.
"""

import asyncio
import gzip
import json
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from obstore.store import MemoryStore

from cli.operate.bring_over import subject_now
from shared.event_log.codec import decode
from shared.event_log.port import History, NewEvent, Recorded, Unreadable, up_to
from shared.events import Aggregate, Event, address_in
from shared.events.courses import COURSES
from shared.events.registry import REGISTRY
from shared.kernel.blob_stores import ObjectBackend
from shared.kernel.blobs import Blobs

STREAMS = Path(__file__).parent / "streams"

Items = Sequence[Recorded | Unreadable]


@dataclass(frozen=True)
class Message:
    """A message as stored."""

    subject: str
    seq: int
    headers: dict[str, str]
    body: str


def write_lines(path: Path, lines: Iterable[Mapping[str, Any]]) -> None:
    """JSON lines, compressed, the same bytes each time."""
    text = "".join(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n" for line in lines)
    path.write_bytes(gzip.compress(text.encode(), mtime=0))


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def read_items(folder: Path) -> Items:
    """The events as this version reads them, in the layout of now: until 2026-11 subjects had no shard."""
    messages = [Message(**line) for line in read_lines(folder / "events.jsonl.gz")]
    if address_in(messages[0].subject).type_name == "":
        messages = [replace(one, subject=subject_now(one.subject)) for one in messages]
    return [decode(one.subject, one.headers, one.body.encode(), one.seq, REGISTRY) for one in messages]


async def read_blobs(folder: Path) -> Blobs:
    """A store that holds the recorded contents."""
    backend = ObjectBackend(MemoryStore())
    for line in read_lines(folder / "contents.jsonl.gz"):
        await backend.put(line["key"], line["content"].encode())
    return Blobs(backend)


class RecordedLog:
    """An event log that is over: it can be read and followed, not written."""

    known = REGISTRY

    def __init__(self, items: Items) -> None:
        self._items = items

    def of(self, aggregate: Aggregate) -> "RecordedLog":
        """See EventLog.of; there are only courses, and every other stream is empty."""
        return self if aggregate.stream == COURSES else RecordedLog([])

    async def append(self, events: Sequence[NewEvent], expected_seq: int) -> int:
        raise NotImplementedError(f"a recorded stream takes no {len(events)} events after {expected_seq}")

    async def read(
        self, course_id: str, from_seq: int = 1, *, to_seq: int | None = None, limit: int | None = None,
        only: type[Event] | None = None,
    ) -> list[Recorded]:  # fmt: skip
        """See EventLog.read."""
        readable = (item for item in self._items if isinstance(item, Recorded) and item.seq >= from_seq)
        mine = (item for item in readable if item.event.aggregate_id == course_id)
        return up_to([item for item in mine if only is None or isinstance(item.event, only)], to_seq, limit)

    async def load(self, course_id: str, from_seq: int = 1) -> History:
        """See EventLog.load."""
        events = await self.read(course_id, from_seq)
        return History(tuple(events), events[-1].seq if events else 0)

    async def last_seq(self, course_id: str) -> int:
        """See EventLog.last_seq."""
        return max((item.seq for item in await self.read(course_id)), default=0)

    async def end(self) -> int:
        """See EventLog.end."""
        return self._items[-1].seq if self._items else 0

    async def holds(self, seq: int, event_id: str | None) -> bool:
        """See EventLog.holds."""
        ids = {item.seq: item.id for item in self._items if isinstance(item, Recorded)}
        return seq <= await self.end() and event_id in {None, ids.get(seq, event_id)}

    async def follow(self, from_seq: int) -> AsyncGenerator[list[Recorded | Unreadable], None]:
        """See FollowedLog.follow."""
        yield [item for item in self._items if item.seq >= from_seq]
        yield []
        await asyncio.Event().wait()
