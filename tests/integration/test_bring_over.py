"""A log of an earlier version, whose subjects had no shard, is brought over once, whole and in order."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from cli.local.nats_server import NatsServer
from cli.local.stack import LocalStack
from cli.operate import bring_over as bring_over_module
from cli.operate.bring_over import Brought, bring_over, lasting, subject_now
from shared.event_log.codec import decode
from shared.event_log.connection import Connection, connect
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.names import BROUGHT_OVER
from shared.event_log.port import NewEvent, Recorded
from shared.event_log.stored import Stored, read_stream
from shared.event_log.topology import apply_topology, log_config
from shared.events.courses import COURSE, COURSES, ONLY_COURSES
from shared.events.gateway import CourseUpdated
from shared.kernel.errors import Conflict, PermanentError
from shared.kernel.ids import new_id
from tests.replay.stream import STREAMS, read_lines
from tests.support.command import Command
from tests.support.servers import running_nats

RECORDED = read_lines(STREAMS / "0.1.0" / "events.jsonl.gz")
ERASED = (3, 4, 90)
BEFORE = replace(log_config(COURSES, []), subjects=["course.*.*", "course.*.*.*"])


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One for each test: a server that still removes the files of a stream refuses a new one of its name."""
    with running_nats(tmp_path_factory.mktemp("bring_over")) as made:
        yield made


@pytest.fixture
async def nc(server: NatsServer) -> AsyncIterator[Connection]:
    """A log of before: the recorded courses of a release, some events of which were erased."""
    made = await connect(server.url, "test")
    js = made.jetstream()
    await js.add_stream(BEFORE)
    for one in RECORDED:
        headers = one["headers"] | {"Nats-Msg-Id": one["headers"]["ce-id"], "Nats-Expected-Stream": COURSES.name}
        await js.publish(one["subject"], one["body"].encode(), headers=headers)
    for seq in ERASED:
        await js.delete_msg(COURSES.name, seq)
    yield made
    await made.close()


@pytest.fixture
async def operator(server: NatsServer) -> AsyncIterator[Connection]:
    """Connected as the user that the command needs."""
    made = await connect(server.url_of("restore"), "test")
    yield made
    await made.close()


async def messages(nc: Client, stream: str = COURSES.name) -> list[Stored]:
    return [message async for message in read_stream(nc, stream)]


async def require_brought_over(nc: Client, before: list[Stored]) -> None:
    assert await messages(nc) == [
        replace(one, subject=subject_now(one.subject), headers=lasting(one.headers)) for one in before
    ]
    assert {"ce-id", "ce-time", "Nats-Msg-Id"} <= before[0].headers.keys()
    with pytest.raises(NotFoundError):
        await nc.jetstream().stream_info(BROUGHT_OVER)
    await apply_topology(nc.jetstream())


async def test_everything_is_where_it_was_and_the_log_goes_on(nc: Connection, operator: Connection) -> None:
    before = await messages(nc)
    with pytest.raises(PermanentError, match="coursewright topology bring-over"):
        await apply_topology(nc.jetstream())
    brought = await bring_over(operator, lambda _: None)
    courses = {one.subject.split(".")[1] for one in before}
    assert brought == Brought(len(courses), len(before), len(RECORDED))
    await require_brought_over(nc, before)
    assert [one.seq for one in before] == [seq for seq in range(1, len(RECORDED) + 1) if seq not in ERASED]
    read = [decode(one.subject, one.headers, one.body, one.seq, ONLY_COURSES) for one in await messages(nc)]
    assert {type(item) for item in read} == {Recorded}
    assert len({type(item.event) for item in read if isinstance(item, Recorded)}) > len(COURSE.events) // 2
    log, course = JetStreamLog(nc), read[0].event.course_id  # type: ignore[union-attr]
    seen = await log.load(course)
    update = NewEvent(CourseUpdated(course_id=course, title="Goes on"), new_id(), "test", "c", "c")
    with pytest.raises(Conflict):
        await log.append([update], seen.last_seq - 1)
    assert await log.append([update], seen.last_seq) == len(RECORDED) + 1
    assert await bring_over(operator, lambda _: None) == Brought(), "there is nothing more to do"


async def test_where_the_last_events_were_erased_the_command_says_what_to_do(nc: Connection) -> None:
    await nc.jetstream().delete_msg(COURSES.name, len(RECORDED))
    before, said = await messages(nc), list[str]()
    assert (await bring_over(nc, said.append)).last_seq == len(RECORDED) - 1
    assert [line for line in said if "coursewright replay" in line]
    await require_brought_over(nc, before)


class _Crash(Exception):
    pass


class Dying(JetStreamContext):
    """Its process is gone before or after the n-th change of a stream."""

    changes = 0
    dies_at = 0
    before = False

    async def _change(self, work: Any) -> Any:
        Dying.changes += 1
        if Dying.before and Dying.changes == Dying.dies_at:
            work.close()
            raise _Crash
        done = await work
        if Dying.changes == Dying.dies_at:
            raise _Crash
        return done

    async def add_stream(self, *args: Any, **more: Any) -> Any:
        return await self._change(super().add_stream(*args, **more))

    async def update_stream(self, *args: Any, **more: Any) -> Any:
        return await self._change(super().update_stream(*args, **more))

    async def delete_stream(self, *args: Any, **more: Any) -> Any:
        return await self._change(super().delete_stream(*args, **more))


async def die_at(nc: Connection, change: int, monkeypatch: pytest.MonkeyPatch, *, before: bool = False) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Dying, "changes", 0)
        patch.setattr(Dying, "dies_at", change)
        patch.setattr(Dying, "before", before)
        patch.setattr(nc, "jetstream", lambda: Dying(nc))
        with pytest.raises(_Crash):
            await bring_over(nc, lambda _: None)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("change", range(1, 7))
async def test_whatever_ends_it_the_next_one_goes_on(
    nc: Connection, change: int, before: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored = await messages(nc)
    await die_at(nc, change, monkeypatch, before=before)
    await bring_over(nc, lambda _: None)
    await require_brought_over(nc, stored)


async def test_a_copy_that_differs_is_refused_and_nothing_is_lost(
    nc: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await messages(nc)
    plain = bring_over_module._caught_up

    async def damaged(js: JetStreamContext, copy: str, wanted: int) -> None:
        await plain(js, copy, wanted)
        await js.delete_msg(copy, 10)

    monkeypatch.setattr(bring_over_module, "_caught_up", damaged)
    with pytest.raises(PermanentError, match="1 courses of BROUGHT_OVER are not as in COURSES"):
        await bring_over(nc, lambda _: None)
    await nc.jetstream().delete_stream(BROUGHT_OVER)
    assert await messages(nc) == before


async def test_what_is_not_its_own_copy_is_left_alone(nc: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    js = nc.jetstream()
    await js.add_stream(name=BROUGHT_OVER, subjects=["other.>"])
    with pytest.raises(Conflict, match="not a copy that this command made"):
        await bring_over(nc, lambda _: None)
    await js.delete_stream(BROUGHT_OVER)
    await die_at(nc, 3, monkeypatch)
    held = await messages(nc, BROUGHT_OVER)
    await apply_topology(js)  # somebody made the log anew
    with pytest.raises(Conflict, match="is not the copy of BROUGHT_OVER"):
        await bring_over(nc, lambda _: None)
    assert await messages(nc, BROUGHT_OVER) == held


async def test_workers_have_to_be_stopped(nc: Connection) -> None:
    js = nc.jetstream()
    subscription = await js.pull_subscribe("course.*.Nothing", durable="repo_clone", stream=COURSES.name)
    answers = await nc.subscribe(inbox := nc.new_inbox())
    wait = b'{"batch": 1, "expires": 60000000000}'
    await nc.publish("$JS.API.CONSUMER.MSG.NEXT.COURSES.repo_clone", wait, reply=inbox)
    await nc.flush()
    with pytest.raises(Conflict, match="repo_clone wait for requests"):
        await bring_over(nc, lambda _: None)
    await answers.unsubscribe()
    await subscription.unsubscribe()


def test_the_command_brings_the_log_of_a_local_stack_over(tmp_path: Path, command: Command) -> None:
    import asyncio

    stack = LocalStack(tmp_path, durable=False)
    stack.start_servers()

    async def make() -> None:
        nc = await connect(stack.nats_url("provision"), "test")
        await nc.jetstream().add_stream(BEFORE)
        await nc.close()

    try:
        asyncio.run(make())
        refused = command("topology", "bring-over", "--data-dir", str(tmp_path), code=5)
        assert "is in use; stop the stack first" in refused.stderr
    finally:
        stack.stop()
    refused = command("topology", "apply", "--data-dir", str(tmp_path), code=4)
    assert "coursewright topology bring-over" in refused.stderr
    command("topology", "bring-over", "--data-dir", str(tmp_path))
    done = command("topology", "apply", "--dry-run", "--data-dir", str(tmp_path))
    assert "COURSES" not in done.stdout
