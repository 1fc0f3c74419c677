"""The shell and one worker: facts, crashes, retries, ends."""

import asyncio
from datetime import timedelta

import pytest

from shared.errors import PermanentError, TransientError
from shared.events.doc_analyser import DocsAnalysisFailed, DocsAnalysisStarted
from shared.events.stage import StageDead, StageRetryScheduled
from shared.stage import Finished, Postponed
from tests.unit.stage.world import Effects, World


async def test_a_run_records_each_fact_and_then_its_end(world: World) -> None:
    assert await world.work(Effects()) == Finished()
    facts = ["DocumentSkipped"] * 3
    assert await world.names() == ["DocsAnalysisRequested", "DocsAnalysisStarted", *facts, "DocsAnalysed"]


async def test_a_request_delivered_again_after_the_end_does_nothing(world: World) -> None:
    await world.work(Effects())
    again = Effects()
    assert await world.work(again) == Finished()
    assert again.performed == []
    assert (await world.names()).count("DocsAnalysisStarted") == 1


async def test_after_a_crash_only_what_is_missing_is_done(world: World) -> None:
    def crash(document: str) -> None:
        if document == "d2":
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await world.work(Effects(crash))
    second = Effects()
    assert await world.work(second, worker="w2") == Finished()
    assert second.performed == ["d2", "all"]
    assert [e.attempt for e in await world.of(DocsAnalysisStarted) if isinstance(e, DocsAnalysisStarted)] == [1, 2]


async def test_a_passing_error_is_retried_with_growing_delay_and_then_dead(world: World) -> None:
    def away(_: str) -> None:
        raise TransientError("The model is away", code="away")

    first = await world.work(Effects(away))
    assert first == Postponed(5.0)
    assert await world.work(Effects(away)) == Postponed(5.0)  # delivered too early: nothing is attempted
    world.now += timedelta(seconds=6)
    assert await world.work(Effects(away)) == Postponed(10.0)
    world.now += timedelta(seconds=11)
    assert await world.work(Effects(away)) == Finished()
    assert len(await world.of(StageRetryScheduled)) == 2
    (failure,) = await world.of(DocsAnalysisFailed)
    assert isinstance(failure, DocsAnalysisFailed)
    assert (failure.error, failure.retryable, failure.attempt) == ("away", True, 3)
    assert len(await world.of(StageDead)) == 1
    assert world.letters.letters == [(world.request.event.course_id, b"the request", "The model is away")]


async def test_a_lasting_error_fails_at_once_with_its_message(world: World) -> None:
    def broken(_: str) -> None:
        raise PermanentError("The repository has no documentation", code="no_documentation")

    assert await world.work(Effects(broken)) == Finished()
    (failure,) = await world.of(DocsAnalysisFailed)
    assert isinstance(failure, DocsAnalysisFailed)
    assert (failure.message, failure.retryable) == ("The repository has no documentation", False)
    assert world.letters.letters == []


async def test_a_defect_is_retried_and_shows_no_inside(world: World) -> None:
    def defect(_: str) -> None:
        raise ZeroDivisionError("secret detail")

    assert await world.work(Effects(defect)) == Postponed(5.0)
    (retry,) = await world.of(StageRetryScheduled)
    assert isinstance(retry, StageRetryScheduled)
    assert "secret detail" not in retry.message


async def test_a_worker_that_keeps_dying_ends_dead_not_in_a_circle(world: World) -> None:
    def die(_: str) -> None:
        raise asyncio.CancelledError

    for _ in range(3):
        with pytest.raises(asyncio.CancelledError):
            await world.work(Effects(die))
    assert await world.work(Effects()) == Finished()
    assert len(await world.of(StageDead)) == 1


async def test_a_run_that_advances_at_each_start_is_never_dead(world: World) -> None:
    for number in range(3):

        def crash(document: str, last: int = number) -> None:
            if document == f"d{last + 1}" or (last == 2 and document == "all"):
                raise asyncio.CancelledError

        with pytest.raises(asyncio.CancelledError):
            await world.work(Effects(crash), attempts=2)
    assert await world.work(Effects(), attempts=2) == Finished()
    assert await world.of(StageDead) == []
    assert (await world.names())[-1] == "DocsAnalysed"
