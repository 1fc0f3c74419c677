"""Erasing a course from the real streams: no byte of it is left in any file of the server."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from cli.local.nats_server import NatsServer
from shared.event_log import stored
from shared.event_log.connection import Connection, connect
from shared.event_log.erasing import JetStreamEraser
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.names import DEAD
from shared.event_log.port import NewEvent
from shared.event_log.topology import apply_topology
from shared.events import Event, subject_pattern
from shared.events.courses import COURSES
from shared.events.gateway import CourseCreated, CourseDeleted, CourseUpdated
from shared.kernel.errors import Conflict, LogUnavailable, PermanentError
from shared.kernel.ids import new_id

MARKER = "a-marker-nobody-else-writes"


class Servers:
    """A server of its own, whose files can be looked at, and connections of its users."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = NatsServer(folder, sync="10s")
        self.connections: list[Connection] = []

    async def user(self, name: str) -> Connection:
        self.connections.append(await connect(self.server.url_of(name), "test"))
        return self.connections[-1]

    def hits(self) -> int:
        return sum(path.read_bytes().count(MARKER.encode()) for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture
async def servers(tmp_path: Path) -> AsyncIterator[Servers]:
    made = Servers(tmp_path)
    made.server.start()
    made.server.wait()
    await apply_topology((await made.user("provision")).jetstream())
    yield made
    for nc in made.connections:
        await nc.close()
    made.server.process.stop()


class _Crash(Exception):
    pass


class Interrupted(JetStreamEraser):
    """Deletes so many messages, then its process is gone."""

    def __init__(self, nc: Connection, messages: int) -> None:
        super().__init__(nc)
        self._left = messages

    async def _delete(self, stream: str, seq: int) -> None:
        if not self._left:
            raise _Crash
        self._left -= 1
        await super()._delete(stream, seq)


def new(event: Event) -> NewEvent:
    return NewEvent(event, new_id(), "test", "c", "c")


async def write_course(log: JetStreamLog, *, text: str = MARKER, size: int = 100) -> tuple[str, int]:
    course = new_id()
    seq = await log.append([new(CourseCreated(course_id=course, owner="ann", title=text))], 0)
    for number in range(20):
        update = CourseUpdated(course_id=course, title=f"{text} {number}", description=text + "x" * size)
        seq = await log.append([new(update), new(update)], seq)
    return course, seq


async def test_nothing_of_a_deleted_course_is_left_in_any_file(servers: Servers) -> None:
    log, eraser = JetStreamLog(await servers.user("gateway")), JetStreamEraser(await servers.user("eraser"))
    course, seq = await write_course(log)
    worker = await servers.user("modules")
    await worker.jetstream().publish(f"dead.modules.{course}", json.dumps({"why": MARKER}).encode(), stream=DEAD)
    await worker.publish(f"progress.{course}.modules", MARKER.encode())
    kept, _ = await write_course(log, text="another", size=60_000)
    assert len(list(servers.folder.rglob("COURSES/msgs/*.blk"))) == 1, "the next one rotates the block"
    for _ in range(4):
        await write_course(log, text="another", size=60_000)
    assert len(list(servers.folder.rglob("COURSES/msgs/*.blk"))) > 1
    with pytest.raises(PermanentError, match="not deleted"):
        await eraser.erase(course)
    tombstone = await log.append([new(CourseDeleted(course_id=course, by="ann"))], seq)
    assert servers.hits() >= 80
    assert await eraser.with_dead_letters() == [course]
    assert await eraser.erase(course) == 42
    assert servers.hits() == 0
    assert await eraser.with_dead_letters() == []
    assert [(item.seq, type(item.event).__name__) for item in await log.read(course)] == [(tombstone, "CourseDeleted")]
    assert await eraser.erase(course) == 0
    assert len(await log.read(kept)) == 41
    operator = await servers.user("operator")
    assert (await operator.jetstream().stream_info("PROGRESS")).state.messages == 0
    servers.server.process.kill()
    assert servers.hits() == 0


async def test_an_erasure_that_was_interrupted_goes_on(servers: Servers) -> None:
    log, nc = JetStreamLog(await servers.user("gateway")), await servers.user("eraser")
    course, seq = await write_course(log)
    await log.append([new(CourseDeleted(course_id=course, by="ann"))], seq)
    for messages in (0, 1, 7, 13):
        with pytest.raises(_Crash):
            await Interrupted(nc, messages).erase(course)
    assert servers.hits() > 0
    await JetStreamEraser(nc).erase(course)
    assert servers.hits() == 0
    assert len(await log.read(course)) == 1


async def test_a_course_is_erased_after_a_restart_of_the_server_took_the_progress_away(servers: Servers) -> None:
    log = JetStreamLog(await servers.user("gateway"))
    course, seq = await write_course(log)
    await log.append([new(CourseDeleted(course_id=course, by="ann"))], seq)
    servers.server.restart()
    servers.server.wait()
    eraser = JetStreamEraser(await servers.user("eraser"))
    assert await eraser.erase(course) == 41
    assert await eraser.erase(course) == 0
    assert servers.hits() == 0


async def test_nobody_begins_the_course_again_and_what_comes_late_is_erased(servers: Servers) -> None:
    log, eraser = JetStreamLog(await servers.user("gateway")), JetStreamEraser(await servers.user("eraser"))
    course, seq = await write_course(log)
    tombstone = await log.append([new(CourseDeleted(course_id=course, by="ann"))], seq)
    await eraser.erase(course)
    for expected in (0, seq):
        with pytest.raises(Conflict):
            await log.append([new(CourseCreated(course_id=course, owner="ann", title=MARKER))], expected)
    await log.append([new(CourseUpdated(course_id=course, title=MARKER))], tombstone)
    assert servers.hits() > 0
    assert await eraser.erase(course) == 1
    assert servers.hits() == 0
    assert await log.last_seq(course) == tombstone


async def test_what_only_has_a_tombstones_subject_is_erased_and_the_tombstone_stays(servers: Servers) -> None:
    nc = await servers.user("gateway")
    log, eraser = JetStreamLog(nc), JetStreamEraser(await servers.user("eraser"))
    course, _ = await write_course(log)
    ack = await nc.jetstream().publish(subject_pattern(CourseDeleted, course), MARKER.encode(), stream=COURSES.name)
    with pytest.raises(PermanentError, match="not deleted"):
        await eraser.erase(course)
    tombstone = await log.append([new(CourseDeleted(course_id=course, by="ann"))], ack.seq)
    await eraser.erase(course)
    assert servers.hits() == 0
    assert [item.seq for item in await log.read(course)] == [tombstone]


@pytest.fixture
def lagging(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many messages each next direct get gives, as from a replica that is behind; then as many as there are."""
    given: list[int] = []
    plain = stored.read_batch

    async def read_batch(*asked: Any) -> tuple[list[stored.Stored], bool]:
        batch, more = await plain(*asked)
        return (batch[: given.pop(0)], False) if given else (batch, more)

    monkeypatch.setattr(stored, "read_batch", read_batch)
    return given


async def test_a_replica_that_is_behind_hides_nothing_from_an_erasure(servers: Servers, lagging: list[int]) -> None:
    log, eraser = JetStreamLog(await servers.user("gateway")), JetStreamEraser(await servers.user("eraser"))
    course, seq = await write_course(log)
    await log.append([new(CourseDeleted(course_id=course, by="ann"))], seq)
    lagging += [7, 0, 0, 20]
    assert await eraser.erase(course) == 41
    assert servers.hits() == 0
    worker = (await servers.user("modules")).jetstream()
    await worker.publish(f"dead.modules.{course}", MARKER.encode(), stream=DEAD)
    lagging += [1, 0]
    assert await eraser.erase(course) == 1
    assert servers.hits() == 0


async def test_a_replica_that_stays_behind_is_no_proof_that_nothing_is_left(
    servers: Servers, lagging: list[int]
) -> None:
    log, eraser = JetStreamLog(await servers.user("gateway")), JetStreamEraser(await servers.user("eraser"))
    course, seq = await write_course(log)
    tombstone = await log.append([new(CourseDeleted(course_id=course, by="ann"))], seq)
    await eraser.erase(course)
    await log.append([new(CourseUpdated(course_id=course, title=MARKER))], tombstone)
    lagging += [1, *[0] * 10_000]
    with pytest.raises(LogUnavailable, match="lags behind"):
        await eraser.erase(course)
