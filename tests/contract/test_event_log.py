"""Every event log passes the same scenarios, on JetStream and in memory."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription

from shared.event_log import following, stored
from shared.event_log.following import FollowedLog, JetStreamFollowed
from shared.event_log.port import History, NewEvent, Recorded, Unreadable
from shared.event_log.topology import apply_topology
from shared.events import Event, subject_pattern, subjects_of
from shared.events.courses import COURSES
from shared.events.gateway import CourseCreated, CourseUpdated
from shared.events.stage import StageDead
from shared.kernel.errors import Conflict, LogUnavailable, PermanentError
from shared.kernel.ids import event_id, new_id
from shared.pipeline import PIPELINE
from tests.support.memory_log import MemoryLog


@pytest.fixture(params=["memory", "jetstream"])
async def event_log(request: pytest.FixtureRequest, nats_connection: Client) -> FollowedLog:
    return MemoryLog() if request.param == "memory" else JetStreamFollowed(nats_connection)


def created(course_id: str, title: str = 'Ünïcode & "quotes"') -> NewEvent:
    return new(CourseCreated(course_id=course_id, owner="alice", title=title), "create")


def updated(course_id: str, title: str, command: str) -> NewEvent:
    return new(CourseUpdated(course_id=course_id, title=title), command)


def new(event: Event, command: str) -> NewEvent:
    return NewEvent(
        event, event_id(f"{event.aggregate_id}{command}", type(event).__name__, ""), "test", command, command
    )


async def test_what_was_appended_is_read_back_in_order(event_log: FollowedLog) -> None:
    course = new_id()
    first = await event_log.append([created(course)], 0)
    second = await event_log.append([updated(course, "B", "b")], first)
    recorded = await event_log.read(course)
    assert [r.seq for r in recorded] == [first, second]
    assert recorded[0].event == created(course).event
    assert recorded[0].source == "test"
    assert await event_log.last_seq(course) == second
    assert [r.seq for r in await event_log.read(course, second)] == [second]


async def test_a_log_is_known_by_what_lies_at_a_sequence(event_log: FollowedLog) -> None:
    course = new_id()
    assert not await event_log.holds(1, None)
    one, two = created(course), updated(course, "B", "b")
    first = await event_log.append([one], 0)
    second = await event_log.append([two], first)
    for seq, own, other in ((first, one, two), (second, two, one)):
        assert await event_log.holds(seq, own.id)
        assert await event_log.holds(seq, None)
        assert not await event_log.holds(seq, other.id)
    assert not await event_log.holds(second + 1, None)


async def test_an_event_that_was_erased_makes_no_other_log(nats_connection: Client) -> None:
    log, course = JetStreamFollowed(nats_connection), new_id()
    seq = await log.append([created(course)], 0)
    await nats_connection.jetstream().delete_msg(COURSES.name, seq)
    assert await log.holds(seq, created(course).id)
    assert not await log.holds(seq + 1, None)
    await nats_connection.jetstream().delete_stream(COURSES.name)
    with pytest.raises(LogUnavailable):
        await log.holds(seq, None)
    await apply_topology(nats_connection.jetstream())


async def test_a_log_whose_last_event_was_erased_is_read_to_its_end(nats_connection: Client) -> None:
    log, course, gone = JetStreamFollowed(nats_connection), new_id(), new_id()
    seq = await log.append([created(course)], 0)
    await nats_connection.jetstream().delete_msg(COURSES.name, await log.append([created(gone)], 0))
    assert await log.end() == seq
    assert [one.seq async for one in stored.read_stream(nats_connection, COURSES.name)] == [seq]


async def test_events_of_one_type_are_read_without_the_others(event_log: FollowedLog) -> None:
    course = new_id()
    first = await event_log.append([created(course)], 0)
    dead = [StageDead(course_id=course, run_id="r", stage=row.name, reason="x") for row in PIPELINE]
    second = await event_log.append([new(fact, fact.stage) for fact in dead], first)
    last = await event_log.append([updated(course, "B", "b")], second)
    assert [one.seq for one in await event_log.read(course, only=CourseUpdated)] == [last]
    assert [one.event for one in await event_log.read(course, only=StageDead, limit=2)] == dead[:2]


async def test_events_of_one_type_are_read_of_all_courses(event_log: FollowedLog) -> None:
    courses = [new_id() for _ in range(3)]
    assert await event_log.read("*", only=CourseUpdated) == []
    seqs = [await event_log.append([created(course)], 0) for course in courses]
    changed = [
        await event_log.append([updated(course, "B", "b")], at) for course, at in zip(courses, seqs, strict=True)
    ]
    assert [one.seq for one in await event_log.read("*", only=CourseUpdated)] == changed
    assert [one.seq for one in await event_log.read("*", changed[0] + 1, only=CourseUpdated)] == changed[1:]
    assert await event_log.read("*", changed[-1] + 1, only=CourseUpdated) == []


async def test_what_every_stage_writes_belongs_to_the_course_as_all_else(event_log: FollowedLog) -> None:
    course = new_id()
    first = await event_log.append([created(course)], 0)
    facts = [StageDead(course_id=course, run_id="r", stage=row.name, reason="x") for row in PIPELINE]
    last = await event_log.append([new(fact, fact.stage) for fact in facts], first)
    assert [recorded.event for recorded in await event_log.read(course, first + 1)] == facts
    assert await event_log.last_seq(course) == last == await event_log.end()
    with pytest.raises(Conflict):
        await event_log.append([updated(course, "B", "b")], first)
    followed = [item.seq async for item in _first(event_log, first, 1 + len(facts))]
    assert followed == list(range(first, last + 1))


async def _first(event_log: FollowedLog, from_seq: int, count: int) -> AsyncIterator[Recorded | Unreadable]:
    async for batch in event_log.follow(from_seq):
        for item in batch:
            yield item
            count -= 1
        if not count:
            return


async def test_an_unknown_course_is_empty(event_log: FollowedLog) -> None:
    assert await event_log.read(new_id()) == []
    assert await event_log.last_seq(new_id()) == 0


async def test_a_stale_expectation_is_a_conflict_and_stores_nothing(event_log: FollowedLog) -> None:
    course = new_id()
    first = await event_log.append([created(course)], 0)
    await event_log.append([updated(course, "B", "b")], first)
    with pytest.raises(Conflict):
        await event_log.append([updated(course, "C", "c")], first)
    assert len(await event_log.read(course)) == 2


async def test_other_courses_do_not_conflict(event_log: FollowedLog) -> None:
    one, two = new_id(), new_id()
    await event_log.append([created(one)], 0)
    await event_log.append([created(two)], 0)
    assert len(await event_log.read(one)) == 1


async def test_a_repeated_append_returns_the_same_sequence(event_log: FollowedLog) -> None:
    course = new_id()
    first = await event_log.append([created(course)], 0)
    assert await event_log.append([created(course)], 0) == first
    second = await event_log.append([updated(course, "B", "b")], first)
    assert await event_log.append([updated(course, "B", "b")], first) == second
    assert len(await event_log.read(course)) == 2


async def test_the_same_fact_with_other_content_by_somebody_else_is_a_conflict(event_log: FollowedLog) -> None:
    course = new_id()
    await event_log.append([created(course)], 0)
    with pytest.raises(Conflict):
        await event_log.append([created(course, "another title")], 0)
    assert len(await event_log.read(course)) == 1


async def test_the_same_fact_by_a_writer_who_saw_more_is_a_conflict(event_log: FollowedLog) -> None:
    course = new_id()
    first = await event_log.append([created(course)], 0)
    second = await event_log.append([updated(course, "B", "b")], first)
    fact = await event_log.append([updated(course, "C", "c")], second)
    with pytest.raises(Conflict):
        await event_log.append([updated(course, "C", "c")], first)
    assert await event_log.append([updated(course, "C", "c")], second) == fact


async def test_a_repeat_is_known_whatever_was_written_after_it(event_log: FollowedLog) -> None:
    course = new_id()
    first = await event_log.append([created(course)], 0)
    both = [updated(course, "B", "b"), updated(course, "C", "c")]
    last = await event_log.append(both, first)
    await event_log.append([updated(course, "D", "d")], last)
    assert await event_log.append(both, first) == last
    with pytest.raises(Conflict):
        await event_log.append([*both, updated(course, "E", "e")], first)
    assert len(await event_log.read(course)) == 4


@pytest.mark.parametrize("content", ["C", "another"])
async def test_a_writer_that_has_seen_a_fact_and_writes_it_again_is_at_fault(
    event_log: FollowedLog, content: str
) -> None:
    course = new_id()
    first = await event_log.append([created(course)], 0)
    last = await event_log.append([updated(course, "C", "c")], first)
    with pytest.raises(PermanentError, match="used before"):
        await event_log.append([updated(course, content, "c")], last)
    with pytest.raises(PermanentError, match="used before"):
        await event_log.append([updated(course, content, "c"), updated(course, "D", "d")], last)
    assert len(await event_log.read(course)) == 2


async def test_an_expectation_beyond_the_end_is_a_conflict(event_log: FollowedLog) -> None:
    course = new_id()
    first = await event_log.append([created(course)], 0)
    with pytest.raises(Conflict):
        await event_log.append([updated(course, "B", "b")], first + 1000)


async def test_a_batch_is_stored_whole_and_consecutive(event_log: FollowedLog) -> None:
    course = new_id()
    last = await event_log.append([created(course), updated(course, "B", "b"), updated(course, "C", "c")], 0)
    assert [r.seq for r in await event_log.read(course)] == [last - 2, last - 1, last]
    assert await event_log.append([created(course), updated(course, "B", "b"), updated(course, "C", "c")], 0) == last


async def test_a_batch_with_a_stale_expectation_stores_nothing(event_log: FollowedLog) -> None:
    course = new_id()
    first = await event_log.append([created(course)], 0)
    await event_log.append([updated(course, "B", "b")], first)
    with pytest.raises(Conflict):
        await event_log.append([updated(course, "C", "c"), updated(course, "D", "d")], first)
    assert len(await event_log.read(course)) == 2


async def test_of_many_writers_exactly_one_wins_each_round(event_log: FollowedLog) -> None:
    course = new_id()
    last = await event_log.append([created(course)], 0)
    for number in range(25):
        attempts = (event_log.append([updated(course, f"{w}", f"{number}-{w}")], last) for w in range(8))
        results = await asyncio.gather(*attempts, return_exceptions=True)
        winners = [r for r in results if isinstance(r, int)]
        assert len(winners) == 1
        assert sum(isinstance(r, Conflict) for r in results) == 7
        last = winners[0]
    assert len(await event_log.read(course)) == 26


async def test_reading_a_long_course_gives_every_event(event_log: FollowedLog) -> None:
    course = new_id()
    last = 0
    for number in range(13):
        batch = [updated(course, f"{number}.{i}", f"{number}.{i}") for i in range(100)]
        last = await event_log.append(batch, last)
    titles = [r.event.title for r in await event_log.read(course) if isinstance(r.event, CourseUpdated)]
    assert titles == [f"{n}.{i}" for n in range(13) for i in range(100)]


async def test_reading_ends_at_a_sequence_or_after_so_many(event_log: FollowedLog) -> None:
    course, other = new_id(), new_id()
    first = await event_log.append([created(course)], 0)
    await event_log.append([created(other)], 0)
    last = await event_log.append([updated(course, f"{i}", f"{i}") for i in range(600)], first)
    seqs = [first, *range(last - 599, last + 1)]

    async def read(from_seq: int = 1, to_seq: int | None = None, limit: int | None = None) -> list[int]:
        return [item.seq for item in await event_log.read(course, from_seq, to_seq=to_seq, limit=limit)]

    assert await read(to_seq=0) == []
    assert await read(to_seq=first) == await read(to_seq=first + 1) == await read(limit=1) == [first]
    assert await read(to_seq=seqs[3]) == await read(limit=4) == seqs[:4]
    assert await read(first + 1, to_seq=last - 1, limit=550) == seqs[1:551]
    assert await read(to_seq=last + 9) == await read(limit=700) == seqs


async def test_a_follower_that_is_left_behind_misses_nothing(
    event_log: FollowedLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_AHEAD", 10)
    monkeypatch.setattr(following, "_FOLLOW_BATCH", 50)
    course, begun = new_id(), await event_log.end()
    first = last = await event_log.append([created(course)], 0)
    seen: list[int] = []
    async for batch in event_log.follow(begun + 1):
        seen += [item.seq for item in batch]
        if not batch and len(seen) in (1, 301):  # caught up: from here on it is pushed
            last = await event_log.append([updated(course, f"{n}", f"{n}") for n in range(last, last + 300)], last)
        if len(seen) == 601:
            break
    assert seen == list(range(first, last + 1))


async def test_a_question_without_an_answer_does_not_end_a_follower(
    nats_connection: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, course = JetStreamFollowed(nats_connection), new_id()
    seq = await log.append([created(course)], 0)
    answers = stored.read_batch
    asked: list[int] = []

    async def read_batch(*question: Any) -> Any:
        asked.append(question[3])
        if len(asked) == 1:
            raise LogUnavailable("It says nothing")
        return await answers(*question)

    monkeypatch.setattr(following, "read_batch", read_batch)
    batches = log.follow(seq)
    assert await anext(batches) == []
    assert [item.seq for item in await anext(batches)] == [seq]
    assert asked == [seq, seq]


async def test_a_log_that_refuses_at_once_is_not_asked_without_a_pause(nats_connection: Client) -> None:
    await nats_connection.jetstream().delete_stream(COURSES.name)
    batches = JetStreamFollowed(nats_connection).follow(1)
    looks = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.5):
            async for batch in batches:
                assert batch == []
                looks += 1
    await apply_topology(nats_connection.jetstream())
    assert looks == 1


@pytest.mark.parametrize("lost", [1, 2, 3])
async def test_an_answer_of_which_a_part_was_lost_is_none(
    nats_connection: Client, monkeypatch: pytest.MonkeyPatch, lost: int
) -> None:
    log, course = JetStreamFollowed(nats_connection), new_id()
    last = await log.append([created(course)], 0)
    await log.append([updated(course, "B", "b"), updated(course, "C", "c")], last)
    subscribe = nats_connection.subscribe

    async def lossy(subject: str, cb: Callable[[Msg], Awaitable[None]]) -> Subscription:
        numbers = itertools.count(1)

        async def pass_on(message: Msg) -> None:
            if next(numbers) != lost:
                await cb(message)

        return await subscribe(subject, cb=pass_on)

    with monkeypatch.context() as patch:
        patch.setattr(nats_connection, "subscribe", lossy)
        with pytest.raises(LogUnavailable, match="gap"):
            await stored.read_batch(nats_connection, COURSES.name, subjects_of("course", course), 1)
    assert len(await log.read(course)) == 3


async def test_following_sees_what_was_and_what_comes(event_log: FollowedLog) -> None:
    one, two = new_id(), new_id()
    first = await event_log.append([created(one)], 0)
    seen: list[int] = []
    caught_up = asyncio.Event()

    async def follow() -> None:
        async for batch in event_log.follow(1):
            seen.extend(r.seq for r in batch)
            if not batch:
                caught_up.set()
            if len(seen) == 2:
                return

    follower = asyncio.create_task(follow())
    await asyncio.wait_for(caught_up.wait(), 5)
    assert seen == [first]
    second = await event_log.append([created(two)], 0)
    await asyncio.wait_for(follower, 5)
    assert seen == [first, second]


async def test_a_message_that_is_no_event_is_reported_not_lost(nats_connection: Client) -> None:
    course = new_id()
    await nats_connection.jetstream().publish(
        subject_pattern(CourseCreated, course), b"\xff\x00 no json", stream=COURSES.name
    )
    log = JetStreamFollowed(nats_connection)
    assert await log.load(course) == History((), 1)
    assert await log.append([created(course)], 1) == 2
    async for batch in log.follow(1):
        item = batch[0]
        assert isinstance(item, Unreadable)
        assert not isinstance(item, Recorded)
        break
