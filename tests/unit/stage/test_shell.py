"""The shell and one worker: facts, crashes, retries, ends."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
import structlog

from shared.events.doc_analyser import DocsAnalysisFailed, DocsAnalysisStarted
from shared.events.stage import StageDead, StageRetryScheduled
from shared.kernel.errors import Defect, PermanentError, TransientError
from shared.stage.port import Run
from shared.stage.retries import Finished, Postponed
from tests.unit.stage.world import Effects, World


async def test_a_run_records_each_fact_and_then_its_end(world: World) -> None:
    assert await world.work(Effects()) == Finished()
    facts = ["DocumentSkipped"] * 3
    assert await world.names() == ["DocsAnalysisRequested", "DocsAnalysisStarted", *facts, "DocsAnalysed"]


async def test_a_verdict_says_what_became_of_the_attempt_that_was_made(world: World) -> None:
    def broken(_: str) -> None:
        raise PermanentError("The repository has no documentation", code="no_documentation")

    verdicts = [await world.work(effects) for effects in (Effects(broken), Effects(broken))]
    assert [one.outcome for one in verdicts if isinstance(one, Finished)] == ["no_documentation", ""]


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
    assert world.letters.letters == [(world.request.event.aggregate_id, b"the request", "The model is away")]


async def test_a_lasting_error_fails_at_once_with_its_message(world: World) -> None:
    def broken(_: str) -> None:
        raise PermanentError("The repository has no documentation", code="no_documentation")

    assert await world.work(Effects(broken)) == Finished()
    (failure,) = await world.of(DocsAnalysisFailed)
    assert isinstance(failure, DocsAnalysisFailed)
    assert (failure.message, failure.retryable) == ("The repository has no documentation", False)
    assert world.letters.letters == []


async def test_a_defect_of_pure_work_fails_at_once_and_names_the_document(world: World) -> None:
    def defect(document: str) -> None:
        raise Defect(document, "ZeroDivisionError", "the traceback, for the operator")

    with structlog.testing.capture_logs() as lines:
        assert await world.work(Effects(defect)) == Finished()
    (failure,) = await world.of(DocsAnalysisFailed)
    assert isinstance(failure, DocsAnalysisFailed)
    assert failure.message == "d0: something went wrong inside Coursewright (ZeroDivisionError)"
    assert (failure.error, failure.retryable) == ("internal", False)
    assert await world.of(StageRetryScheduled) == []
    assert [line["exception"] for line in lines if line["event"] == "stage_defect"] == [
        "the traceback, for the operator"
    ]


async def test_a_defect_of_the_core_fails_at_once(world: World) -> None:
    class Strange(Effects):
        async def perform(self, action: tuple[str, ...], run: Run) -> AsyncGenerator[str, None]:
            yield ["nothing the core can decide about"]  # type: ignore[misc]

    assert await world.work(Strange()) == Finished()
    (failure,) = await world.of(DocsAnalysisFailed)
    assert isinstance(failure, DocsAnalysisFailed)
    assert (failure.error, failure.retryable) == ("internal", False)


async def test_an_attempt_has_a_line_at_its_start_and_one_at_its_end(world: World) -> None:
    with structlog.testing.capture_logs() as lines:
        await world.work(Effects())
    started, ended = (line for line in lines if line["event"].startswith("attempt_"))
    assert (started["event"], started["attempt"]) == ("attempt_started", 1)
    assert (ended["event"], ended["outcome"]) == ("attempt_ended", "complete")
    assert ended.keys() >= {"seconds", "processor_seconds"}


async def test_an_error_of_a_server_or_disk_is_retried_and_shows_no_inside(world: World) -> None:
    def defect(_: str) -> None:
        raise OSError("secret detail")

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
