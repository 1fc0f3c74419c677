"""A copy of the log proven by restoring it: a private server is filled from the copy and read from end to end."""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.local.nats_server import NatsServer
from cli.operate.backup.streams import Digest, restore_stream
from shared.event_log.connection import connect
from shared.event_log.erasing import find_tombstone
from shared.event_log.permissions import users_of
from shared.event_log.stored import Stored, read_stream
from shared.events import Registry, address_in
from shared.events.registry import REGISTRY
from shared.kernel.blobs import references_in

Key = tuple[str, str]  # an aggregate: its prefix and id


@dataclass
class Contents:
    """The contents of a copied log: events by aggregate, those deleted by its end, and the blobs events name.

    `texts` are the blobs that may name others.
    """

    known: Registry = REGISTRY
    events: Counter[Key] = field(default_factory=Counter)
    deleted: set[Key] = field(default_factory=set)
    blobs: dict[str, Key] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)

    def add(self, message: Stored) -> None:
        """The next event. Works on what is stored, so a type this version does not know is counted as well."""
        prefix, aggregate_id, _ = address_in(message.subject)
        whose = prefix, aggregate_id
        self.events[whose] += 1
        if find_tombstone([message], self.known) is not None:
            self.deleted.add(whose)
        self._note(message.body, whose)

    def count_living(self, prefix: str) -> int:
        """How many aggregates of a kind are not deleted."""
        return sum(whose[0] == prefix for whose in self.events.keys() - self.deleted)

    def half_erased(self) -> set[Key]:
        """Deleted aggregates of which there is more than the tombstone."""
        return {whose for whose in self.deleted if self.events[whose] > 1}

    def missing(self, have: set[str], copy: Path) -> list[str]:
        """Blobs that living aggregates name, in events or in other blobs, and that the `copy` of the store lacks."""
        read: set[str] = set()
        while unread := (self.texts & have) - read:
            for key in unread:
                if self.blobs[key] not in self.deleted:
                    self._note((copy / key).read_bytes(), self.blobs[key])
            read |= unread
        return sorted(key for key, whose in self.blobs.items() if whose not in self.deleted and key not in have)

    def _note(self, body: bytes, whose: Key) -> None:
        """Remember the blobs that a text of an aggregate names."""
        for key, is_text in references_in(body):
            self.blobs.setdefault(key, whose)
            if is_text:
                self.texts.add(key)


async def read_back(
    url: str, stream: str, copy: Path, config: dict[str, Any], state: dict[str, Any], see: Callable[[Stored], None]
) -> Digest:
    """Restore a copy into the server at `url` and read all of it."""
    nc = await connect(url, "check")
    try:
        await restore_stream(nc, stream, copy, config, state, replicas=1)
        digest = Digest()
        async for message in read_stream(nc, stream, to_seq=state["last_seq"]):
            digest.add(message)
            see(message)
    finally:
        await nc.close()
    return digest


@contextmanager
def scratch_server(folder: Path, known: Registry) -> Iterator[str]:
    """The address of a server with its data below `folder`, where there is room for it; both go with the block."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".check-") as scratch:
        server = NatsServer(Path(scratch), sync="10s", users=users_of(known))
        try:
            server.start()
            server.wait()
            yield server.url_of("restore")
        finally:
            server.process.stop()
