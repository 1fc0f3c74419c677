"""The shell beside others who write to the course: workers, users who cancel or delete, strangers."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest

from shared.event_log.port import History, NewEvent
from shared.events.doc_analyser import DocsAnalysisFailed, DocsAnalysisStarted
from shared.events.gateway import CourseDeleted, CourseUpdated, DocsAnalysisRequested, StageCancelRequested
from shared.events.stage import StageCanceled, StageRetryScheduled
from shared.kernel.errors import TransientError
from shared.kernel.ids import new_id
from shared.stage.retries import Abandoned, Finished, Postponed
from tests.unit.stage.world import Effects, World


async def test_an_event_of_the_gateway_in_between_does_not_disturb(world: World) -> None:
    async def rename(document: str) -> None:
        await world.append(CourseUpdated(course_id=world.request.event.aggregate_id, title=document))

    assert await world.work(Effects(rename)) == Finished()
    assert (await world.names()).count("DocumentSkipped") == 3


async def test_a_cancel_request_stops_the_run_and_keeps_what_is_done(world: World) -> None:
    event = world.request.event
    assert isinstance(event, DocsAnalysisRequested)

    async def cancel(document: str) -> None:
        if document == "d1":
            await world.append(
                StageCancelRequested(course_id=event.course_id, run_id=event.run_id, stage="doc_analyser", by="alice")
            )
            await asyncio.Event().wait()

    assert await world.work(Effects(cancel)) == Finished()
    assert len(await world.of(StageCanceled)) == 1
    assert (await world.names()).count("DocumentSkipped") == 1
    assert await world.work(Effects()) == Finished()
    assert (await world.names())[-1] == "StageCanceled"


async def test_a_deleted_course_stops_the_run_and_nothing_is_written_after(world: World) -> None:
    async def delete(document: str) -> None:
        if document == "d1":
            await world.append(CourseDeleted(course_id=world.request.event.aggregate_id, by="alice"))
            await asyncio.Event().wait()

    assert await world.work(Effects(delete)) == Finished()
    assert (await world.names())[-1] == "CourseDeleted"


async def test_a_frozen_worker_that_wakes_up_cannot_write(world: World) -> None:
    async def overtaken(document: str) -> None:
        if document == "d1":
            await world.append(CourseUpdated(course_id=world.request.event.aggregate_id, title="t"))
            assert await world.work(Effects(), worker="w2") == Finished()

    frozen = Effects(overtaken)
    assert isinstance(await world.work(frozen), Finished | Abandoned)
    names = await world.names()
    assert names.count("DocumentSkipped") == 3
    assert names.count("DocsAnalysed") == 1
    assert names[-1] == "DocsAnalysed"


async def test_a_worker_whose_run_was_taken_over_and_not_finished_gives_it_up(world: World) -> None:
    async def overtaken(document: str) -> None:
        if document == "d1":
            event = world.request.event
            assert isinstance(event, DocsAnalysisRequested)
            await world.append(
                DocsAnalysisStarted(
                    course_id=event.course_id, run_id=event.run_id, attempt=2, worker="w2", documents_planned=3
                )
            )

    assert await world.work(Effects(overtaken)) == Abandoned()
    assert (await world.names()).count("DocumentSkipped") == 1


async def test_of_two_deliveries_in_one_process_that_begin_at_once_one_has_the_run(world: World) -> None:
    one = Effects()
    shell = world.shell(one)
    load, both = world.log.load, asyncio.Barrier(2)

    async def load_together(aggregate_id: str, from_seq: int = 1) -> History:
        history = await load(aggregate_id, from_seq)
        if len(history.events) == 1:
            await both.wait()
        return history

    world.log.load = load_together  # type: ignore[method-assign]
    verdicts = await asyncio.gather(*(shell.handle(world.request, b"the request") for _ in range(2)))
    assert sorted(verdicts, key=str) == [Abandoned(), Finished()]
    assert (await world.names()).count("DocsAnalysisStarted") == 1
    assert one.performed == ["d0", "d1", "d2", "all"]


async def test_a_cancel_that_meets_another_writer_is_still_a_cancel(world: World) -> None:
    event = world.request.event
    assert isinstance(event, DocsAnalysisRequested)
    request = StageCancelRequested(course_id=event.course_id, run_id=event.run_id, stage="doc_analyser", by="alice")
    append = world.log.append
    meddled = False

    async def meddling(events: Sequence[NewEvent], expected_seq: int) -> int:
        nonlocal meddled
        if isinstance(events[0].event, StageCanceled) and not meddled:
            meddled = True
            last = await world.log.last_seq(event.course_id)
            await append([NewEvent(CourseUpdated(course_id=event.course_id, title="t"), new_id(), "t", "", "")], last)
        return await append(events, expected_seq)

    world.log.append = meddling  # type: ignore[method-assign]
    await world.append(request)
    assert await world.work(Effects()) == Finished()
    assert meddled
    assert (await world.names())[-1] == "StageCanceled"
    assert await world.of(DocsAnalysisFailed) == []


async def test_a_cancel_request_nobody_heard_is_seen_at_the_next_append(world: World) -> None:
    event = world.request.event
    assert isinstance(event, DocsAnalysisRequested)

    async def cancel(document: str) -> None:
        if document == "d1":
            await world.append(
                StageCancelRequested(course_id=event.course_id, run_id=event.run_id, stage="doc_analyser", by="alice")
            )

    assert await world.work(Effects(cancel), deaf=True) == Finished()
    assert (await world.names())[-2:] == ["StageCancelRequested", "StageCanceled"]


async def test_a_cancel_request_of_another_run_interrupts_nothing(world: World) -> None:
    async def cancel(document: str) -> None:
        if document == "d1":
            await world.append(
                StageCancelRequested(
                    course_id=world.request.event.aggregate_id, run_id="another", stage="pathway", by="alice"
                )
            )
            for _ in range(20):
                await asyncio.sleep(0)

    effects = Effects(cancel)
    assert await world.work(effects) == Finished()
    assert effects.performed == ["d0", "d1", "d2", "all"]
    assert (await world.names()).count("DocsAnalysisStarted") == 1


async def test_a_run_that_waits_looks_for_a_cancel_request_meanwhile(world: World) -> None:
    def away(_: str) -> None:
        raise TransientError("The model is away", code="away", retry_after_seconds=500.0)

    event = world.request.event
    assert isinstance(event, DocsAnalysisRequested)
    assert await world.work(Effects(away)) == Postponed(15.0)
    assert await world.work(Effects(away)) == Postponed(15.0)
    await world.append(
        StageCancelRequested(course_id=event.course_id, run_id=event.run_id, stage="doc_analyser", by="alice")
    )
    assert await world.work(Effects(away)) == Finished()
    assert (await world.names())[-1] == "StageCanceled"


@pytest.mark.parametrize(("asked", "waited"), [(1800.0, 1800.0), (86_400.0, 3900.0)])
async def test_a_server_that_asks_to_wait_is_waited_for(world: World, asked: float, waited: float) -> None:
    def busy(_: str) -> None:
        raise TransientError("The host has had too many requests", code="host_busy", retry_after_seconds=asked)

    assert await world.work(Effects(busy)) == Postponed(15.0)
    assert isinstance(world.request.event, DocsAnalysisRequested)
    history = await world.log.read(world.request.event.course_id)
    (wait,) = [one.event for one in history if isinstance(one.event, StageRetryScheduled)]
    assert wait.not_before == world.now + timedelta(seconds=waited)
    world.now += timedelta(seconds=waited - 20)
    assert await world.work(Effects()) == Postponed(15.0)
    world.now += timedelta(seconds=20)
    assert await world.work(Effects()) == Finished()


async def test_a_message_that_is_no_event_in_the_course_holds_nobody_up(world: World) -> None:
    def strange(document: str) -> None:
        if document == "d1":
            world.log.store(f"course.0.{world.request.event.aggregate_id}.Later", {}, b"of a later version")

    effects = Effects(strange)
    assert await world.work(effects) == Finished()
    assert effects.performed == ["d0", "d1", "d2", "all"]
    assert (await world.names())[-1] == "DocsAnalysed"


@pytest.mark.parametrize("jump", [timedelta(hours=-2), timedelta(days=-400)])
async def test_a_clock_that_is_set_back_holds_a_run_no_longer_than_its_wait(world: World, jump: timedelta) -> None:
    def away(_: str) -> None:
        raise TransientError("The model is away", code="away")

    world.now += timedelta(days=30)  # the log's own clock has not moved: nothing can be told from its times
    assert await world.work(Effects(away)) == Postponed(5.0)
    world.now += jump
    verdict = await world.work(Effects(away), worker="another process")
    assert isinstance(verdict, Postponed)
    assert 0 < verdict.delay_seconds <= 5.0
    (begun,) = await world.of(DocsAnalysisStarted)
    assert isinstance(begun, DocsAnalysisStarted)
    assert begun.max_attempts == 3
