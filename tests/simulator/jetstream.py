"""A JetStream of the simulation: a stream, and connections to it as the event log uses them, with faults.

Answers are those measured on real servers: a single one finds the expectation of a repeat stale before it looks at ids,
three of them answer a repeat with a duplicate; an id counts whatever the body says; a batch is stored as a whole.
"""

import asyncio
import contextvars
import itertools
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import nats.errors
from nats.js.errors import NotFoundError

from shared.event_log.port import address_of
from shared.event_log.topology import stream_configs
from shared.events import address_in
from shared.events.courses import COURSES
from tests.simulator.ports import Network
from tests.support.memory_log import MemoryLog

Message = tuple[str, dict[str, str], bytes]

_IN_PROCESS, _STALE, _INCOMPLETE, _BATCH_REPEATS = 10164, 10071, 10176, 10201
_BATCH_IDLE_SECONDS = 10.0
_LOOK_SECONDS = 5.0
_WINDOW_SECONDS = next(float(one.duplicate_window or 0) for one in stream_configs() if one.name == COURSES.name)


class Stream(MemoryLog):
    """The stored messages, for readers who see all of them; with the bytes as they came."""

    def __init__(self, clock: Callable[[], Any]) -> None:
        super().__init__(clock)
        self.raw: list[Message] = []

    def store(self, subject: str, headers: dict[str, str], body: bytes) -> None:
        """See MemoryLog."""
        self.raw.append((subject, headers, body))
        super().store(subject, headers, body)

    def sequences(self, subject: str) -> list[int]:
        """Of the messages of `course.<shard>.<id>.>`, or of all."""
        wanted = address_in(subject).aggregate_id
        ids = enumerate((address_of(item).aggregate_id for item in self._stored), start=1)
        return [seq for seq, one in ids if wanted in {"", one}]


@dataclass
class _Batch:
    messages: list[Message] = field(default_factory=list)
    heard_at: float = 0.0


class Server:
    """Takes messages. `stored(count)` is called in the context of whoever sent them, as soon as they are there."""

    def __init__(self, network: Network, stream: Stream, stored: Callable[[int], None], *, replicated: bool) -> None:
        self.stream, self.replicated = stream, replicated
        self._network, self._tell = network, stored
        self._ids: dict[str, tuple[int, float]] = {}
        self._batches: dict[str, _Batch] = {}

    def take(self, subject: str, headers: Mapping[str, str], body: bytes) -> bytes:
        """The answer: an acknowledgement, an error, or nothing for a batch that is not complete."""
        if "Nats-Batch-Id" in headers:
            return self._take_part((subject, dict(headers), body))
        duplicate, stale = self._known(headers), self._is_stale(headers)
        if stale and not (duplicate and self.replicated):
            return _error(_STALE)
        if duplicate:
            return json.dumps({"stream": COURSES.name, "seq": duplicate, "duplicate": True}).encode()
        return self._store([(subject, dict(headers), body)])

    def _take_part(self, part: Message) -> bytes:
        headers, now = part[1], self._network.loop.time()
        batch_id, number = headers["Nats-Batch-Id"], int(headers["Nats-Batch-Sequence"])
        if number > 1 and self._network.happens(self._network.chaos.answer_lost):
            self._batches.clear()  # the server started again: what nobody had committed is gone
        batch = self._batches.setdefault(batch_id, _Batch())
        if number != len(batch.messages) + 1 or (number > 1 and now > batch.heard_at + _BATCH_IDLE_SECONDS):
            del self._batches[batch_id]
            return _error(_INCOMPLETE)
        batch.messages.append(part)
        batch.heard_at = now
        if "Nats-Batch-Commit" not in headers:
            return b""
        del self._batches[batch_id]
        if any(self._known(one[1]) for one in batch.messages):
            return _error(_BATCH_REPEATS)
        if any(self._is_stale(one[1]) for one in batch.messages):
            return _error(_STALE)
        return self._store(batch.messages)

    def _known(self, headers: Mapping[str, str]) -> int:
        """The sequence of a message with this id, as long as ids are remembered; 0 if there is none."""
        seq, stored_at = self._ids.get(headers.get("Nats-Msg-Id", ""), (0, 0.0))
        return seq if self._network.loop.time() <= stored_at + _WINDOW_SECONDS else 0

    def _is_stale(self, headers: Mapping[str, str]) -> bool:
        expected = headers.get("Nats-Expected-Last-Subject-Sequence")
        subject = headers.get("Nats-Expected-Last-Subject-Sequence-Subject", "")
        return expected is not None and int(expected) != self.last(subject)

    def last(self, subject: str) -> int:
        """The last sequence of a subject, 0 if there is none."""
        return (self.stream.sequences(subject) or [0])[-1]

    def _store(self, messages: list[Message]) -> bytes:
        for subject, headers, body in messages:
            self.stream.store(subject, headers, body)
            if "Nats-Msg-Id" in headers:
                self._ids[headers["Nats-Msg-Id"]] = (len(self.stream.raw), self._network.loop.time())
        self._tell(len(messages))
        return json.dumps({"stream": COURSES.name, "seq": len(self.stream.raw)}).encode()


@dataclass(frozen=True)
class Reply:
    """See nats.aio.msg.Msg: what the event log looks at."""

    data: bytes
    headers: dict[str, str] | None = None
    seq: int | None = None


@dataclass(frozen=True)
class Inbox:
    """A subscription to answers; `unsubscribe` ends it."""

    tell: Callable[[Reply], Awaitable[None]]
    unsubscribe: Callable[[], Awaitable[None]]


class Connection:
    """One process's connection: what is sent may not arrive, arrive late, or be answered in vain."""

    is_closed = False

    def __init__(self, network: Network, server: Server) -> None:
        self._network, self._server = network, server
        self._inboxes: dict[str, Inbox] = {}
        self._numbers = itertools.count(1)
        self._away_until = 0.0

    def jetstream(self) -> "Connection":
        """See nats.aio.client.Client."""
        return self

    async def request(
        self,
        subject: str,
        payload: bytes,
        timeout: float,  # noqa: ASYNC109 - as the client has it
        headers: dict[str, str],
    ) -> Reply:
        """Send to the stream and wait for its answer."""
        network, chaos = self._network, self._network.chaos
        await network.trip()
        if self._is_away():
            raise nats.errors.NoRespondersError
        if network.happens(chaos.stored_late):
            self._arrive_late(subject, headers, payload)
            await self._wait_in_vain(timeout)
        if network.happens(chaos.log_away):
            return Reply(_error(_IN_PROCESS))
        answer = self._server.take(subject, headers, payload)
        await network.trip()
        if network.happens(chaos.answer_lost):
            await self._wait_in_vain(timeout)
        return Reply(answer)

    async def _wait_in_vain(self, seconds: float) -> None:
        if self._network.random.random() < 0.5:  # and so is all that follows for a while
            self._away_until = self._network.loop.time() + self._network.random.choice((2.0, 8.0))
        await asyncio.sleep(seconds)
        raise nats.errors.TimeoutError

    def _is_away(self) -> bool:
        network = self._network
        if network.happens(network.chaos.log_away):
            self._away_until = network.loop.time() + network.random.choice((0.01, 0.5, 3.0, 8.0))
        return network.loop.time() < self._away_until

    def _arrive_late(self, subject: str, headers: dict[str, str], body: bytes) -> None:
        sender = contextvars.copy_context()

        def arrive() -> None:
            sender.run(self._server.take, subject, headers, body)

        self._network.later(None, self._network.random.uniform(0.1, 30.0), arrive)

    async def publish(self, subject: str, body: bytes, reply: str = "", headers: dict[str, str] | None = None) -> None:
        """A part of a batch, or a question that is answered to an inbox."""
        await self._network.trip()
        if self._is_away():
            return
        if headers is not None:
            self._server.take(subject, headers, body)
        elif reply in self._inboxes:
            for answer in self._read(json.loads(body)):
                await self._inboxes[reply].tell(answer)

    def _read(self, wanted: Mapping[str, Any]) -> list[Reply]:
        stream = self._server.stream
        all_found = [seq for seq in stream.sequences(wanted["next_by_subj"]) if seq >= wanted["seq"]]
        found = all_found[: wanted["batch"]]
        if self._server.replicated and self._network.happens(self._network.chaos.slow):
            found = found[:-1]  # by a replica that lags behind
        if not found:
            return [Reply(b"", {"Status": "404"})]
        replies, last = [], 0
        for seq in found:
            subject, headers, body = stream.raw[seq - 1]
            where = {"Nats-Stream": COURSES.name, "Nats-Subject": subject, "Nats-Sequence": str(seq)}
            added = {**where, "Nats-Time-Stamp": ""}
            replies.append(Reply(body, {**headers, **added, "Nats-Last-Sequence": str(last)}))
            last = seq
        left = str(len(all_found) - len(found))
        end = {"Status": "204", "Nats-Num-Pending": left, "Nats-Last-Sequence": str(last)}
        return [*replies, Reply(b"", end)]

    async def subscribe(self, inbox: str, cb: Callable[[Reply], Awaitable[None]]) -> Inbox:
        """See nats.aio.client.Client."""

        async def forget() -> None:
            self._inboxes.pop(inbox, None)

        self._inboxes[inbox] = Inbox(cb, forget)
        return self._inboxes[inbox]

    def new_inbox(self) -> str:
        """See nats.aio.client.Client."""
        return f"_INBOX.{next(self._numbers)}"

    async def get_last_msg(self, stream: str, subject: str) -> Reply:
        """See JetStreamContext."""
        await self._network.trip()
        if self._is_away():
            await asyncio.sleep(_LOOK_SECONDS)
            raise nats.errors.TimeoutError
        last = self._server.last(subject)
        await self._network.trip()
        if not last:
            raise NotFoundError
        return Reply(b"", seq=last)


def _error(code: int) -> bytes:
    return json.dumps({"error": {"code": 400, "err_code": code}, "stream": COURSES.name, "seq": 0}).encode()
