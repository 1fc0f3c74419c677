"""Erasing deleted aggregates from JetStream, so that not even the bytes of the files hold them.

Deleting a message by its sequence overwrites it on disk; a purge only forgets it. Events go oldest first: without its
first event an aggregate cannot be shown by anybody, whatever ends the erasure half-way.
"""

import contextlib
from collections.abc import AsyncIterator, Iterable
from typing import Protocol

import nats.errors
from nats.aio.client import Client
from nats.js.errors import APIError, NotFoundError

from shared.event_log.codec import decode
from shared.event_log.names import DEAD, PROGRESS
from shared.event_log.port import Recorded
from shared.event_log.stored import Stored, read_stream
from shared.events import Aggregate, Event, Registry, address_in
from shared.events.courses import COURSE
from shared.events.registry import REGISTRY
from shared.kernel.blobs import references_in
from shared.kernel.errors import LogUnavailable, PermanentError
from shared.kernel.kill_points import KillPoint, reached

_NO_MESSAGE = {10037, 10043}  # it was deleted before


class LogEraser(Protocol):
    """Takes deleted aggregates of one kind out of the log. A right of its own: a writer or a reader cannot do it."""

    async def erase(self, aggregate_id: str) -> int:
        """Remove everything of the aggregate but its tombstone: events, progress, dead letters. How many there were; 0
        means nothing was left. Safe to repeat after a crash. Raises PermanentError for one that is not deleted.
        """
        ...

    async def blobs_named(self, aggregate_id: str) -> tuple[dict[str, bool], list[Event]] | None:
        """Keys of all blobs that events of the aggregate name, also those nobody can read, and whether each may be a
        JSON text that names others; and the events that can be read. None when the log does not know it.
        """
        ...

    async def with_dead_letters(self) -> list[str]:
        """Ids that dead letters name, of this kind of aggregate or another one."""
        ...


class JetStreamEraser:
    """See LogEraser. `nc` is a connection of the user who may delete."""

    def __init__(self, nc: Client, aggregate: Aggregate = COURSE, known: Registry = REGISTRY) -> None:
        self._nc = nc
        self._js = nc.jetstream()
        self._aggregate, self._known = aggregate, known

    async def erase(self, aggregate_id: str) -> int:
        stream = self._aggregate.stream.name
        try:
            events = [message async for message in self._events(aggregate_id)]
            tombstone = find_tombstone(events, self._known)
            if tombstone is None:
                raise PermanentError(f"{aggregate_id} is not deleted", code="not_deleted")
            for message in events:
                if message.seq != tombstone:
                    await self._delete(stream, message.seq)
            letters = [letter.seq async for letter in read_stream(self._nc, DEAD, f"dead.*.{aggregate_id}")]
            for seq in letters:
                await self._delete(DEAD, seq)
            await self._purge_progress(aggregate_id)
        except (nats.errors.Error, APIError, TimeoutError) as error:
            raise LogUnavailable("The event log does not answer") from error
        return len(events) - 1 + len(letters)

    def _events(self, aggregate_id: str) -> AsyncIterator[Stored]:
        """In any shard: what somebody put into a wrong one goes too."""
        return read_stream(self._nc, self._aggregate.stream.name, f"{self._aggregate.prefix}.*.{aggregate_id}.>")

    async def _purge_progress(self, aggregate_id: str) -> None:
        # Kept in memory only: a server that was restarted has nothing of it, the stream neither.
        with contextlib.suppress(NotFoundError):
            await self._js.purge_stream(PROGRESS, subject=f"progress.{aggregate_id}.>")

    async def _delete(self, stream: str, seq: int) -> None:
        try:
            await self._js.delete_msg(stream, seq)
            reached(KillPoint.part_erased, stream)
        except APIError as error:
            if error.err_code not in _NO_MESSAGE:
                raise

    async def blobs_named(self, aggregate_id: str) -> tuple[dict[str, bool], list[Event]] | None:
        found: dict[str, bool] = {}
        events: list[Event] = []
        messages = [message async for message in self._events(aggregate_id)]
        for message in messages:
            found.update(references_in(message.body))
            item = decode(message.subject, message.headers, message.body, message.seq, self._known)
            events += [item.event] if isinstance(item, Recorded) else []
        return (found, events) if messages else None

    async def with_dead_letters(self) -> list[str]:
        try:
            info = await self._js.stream_info(DEAD, subjects_filter=">")
        except (nats.errors.Error, APIError, TimeoutError) as error:
            raise LogUnavailable("The event log does not answer") from error
        return sorted({subject.split(".")[2] for subject in info.state.subjects or {}})


def find_tombstone(events: Iterable[Stored], known: Registry = REGISTRY) -> int | None:
    """The sequence of the first tombstone: what an older version of a worker might have added later goes too.

    A message that only has its subject is not a tombstone: the aggregate would lose what says that it is deleted.
    """
    tombstones = {(one.prefix, one.tombstone.__name__) for one in known.aggregates}
    for message in events:
        address = address_in(message.subject)
        if (address.prefix, address.type_name) in tombstones:
            item = decode(message.subject, message.headers, message.body, message.seq, known)
            if isinstance(item, Recorded):
                return message.seq
    return None
