"""The shell on the in-memory log, with a stage of three small documents."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.errors import CoursewrightError, PermanentError, TransientError
from shared.event_log.memory import MemoryLog
from shared.event_log.port import History, NewEvent, Recorded
from shared.events import BlobRef, Event
from shared.events.doc_analyser import DocsAnalysed, DocsAnalysisFailed, DocsAnalysisStarted, DocumentSkipped
from shared.events.gateway import CourseDeleted, CourseUpdated, DocsAnalysisRequested, StageCancelRequested
from shared.events.stage import StageCanceled, StageDead, StageRetryScheduled
from shared.ids import new_id
from shared.pipeline import BY_NAME
from shared.stage import Abandoned, Finished, Postponed, RetryPolicy, StageShell, Verdict
from shared.stage_port import Core, Run

REF = BlobRef(key="k", sha256="0" * 64, size=1, media_type="application/json")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class State:
    course_id: str = ""
    run_id: str = ""
    planned: int = 0
    done: frozenset[str] = frozenset()
    over: bool = False


def evolve(state: State, event: Event) -> State:
    match event:
        case DocsAnalysisRequested():
            return State(event.course_id, event.run_id, event.documents_planned)
        case DocumentSkipped() if event.run_id == state.run_id:
            return replace(state, done=state.done | {event.document_id})
        case DocsAnalysed() if event.run_id == state.run_id:
            return replace(state, over=True)
        case _:
            return state


def next_action(state: State) -> tuple[str, ...] | None:
    if state.over:
        return None
    return tuple(f"d{n}" for n in range(state.planned) if f"d{n}" not in state.done)


def decide(state: State, outcome: str) -> tuple[Event, ...]:
    if outcome == "all":
        return (
            DocsAnalysed(
                course_id=state.course_id, run_id=state.run_id, analysed=0, skipped=3, concepts=0, analyses=REF
            ),
        )
    if outcome in state.done:
        return ()
    return (
        DocumentSkipped(course_id=state.course_id, run_id=state.run_id, document_id=outcome, path=outcome, reason="x"),
    )


def failed(state: State, error: CoursewrightError, attempt: int) -> DocsAnalysisFailed:
    return DocsAnalysisFailed(
        course_id=state.course_id, run_id=state.run_id, error=error.code, message=error.message,
        retryable=error.transient, attempt=attempt,
    )  # fmt: skip


def started(state: State, attempt: int, worker: str) -> DocsAnalysisStarted:
    return DocsAnalysisStarted(
        course_id=state.course_id, run_id=state.run_id, attempt=attempt, worker=worker, documents_planned=state.planned
    )


CORE: Core[State, tuple[str, ...], str] = Core(State(), evolve, next_action, decide, started, failed)


@dataclass
class Effects:
    """Yields a document's id when it is done; `before` runs ahead of each and may raise, wait or write."""

    before: Callable[[str], object] = lambda _: None
    performed: list[str] = field(default_factory=list)

    async def perform(self, action: tuple[str, ...], run: Run) -> AsyncGenerator[str, None]:
        for document in action or ("all",):
            result = self.before(document)
            if asyncio.iscoroutine(result):
                await result
            self.performed.append(document)
            await run.progress(document, 50)
            yield document


class LogInterrupts:
    """Interrupts from the same in-memory log."""

    def __init__(self, log: MemoryLog) -> None:
        self._log = log

    @contextlib.asynccontextmanager
    async def watch(self, course_id: str) -> AsyncIterator[asyncio.Event]:
        heard = asyncio.Event()

        async def listen() -> None:
            async for batch in self._log.follow(1):
                events = [r.event for r in batch if isinstance(r, Recorded)]
                if any(isinstance(event, CourseDeleted | StageCancelRequested) for event in events):
                    heard.set()

        task = asyncio.create_task(listen())
        yield heard
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Deaf:
    """Hears nothing, as after a lost connection."""

    @contextlib.asynccontextmanager
    async def watch(self, course_id: str) -> AsyncIterator[asyncio.Event]:
        yield asyncio.Event()


@dataclass
class Letters:
    letters: list[tuple[str, bytes, str]] = field(default_factory=list)

    async def put(self, stage: str, course_id: str, seq: int, body: bytes, reason: str) -> None:
        self.letters.append((course_id, body, reason))


@dataclass
class World:
    log: MemoryLog = field(default_factory=MemoryLog)
    letters: Letters = field(default_factory=Letters)
    now: datetime = NOW
    request: Recorded = None  # type: ignore[assignment]

    async def begin(self) -> "World":
        course, run = new_id(), new_id()
        request = DocsAnalysisRequested(
            course_id=course, run_id=run, owner="alice", complexity_level="beginner", documents=REF,
            documents_planned=3, project_name="p",
        )  # fmt: skip
        await self.log.append([NewEvent(request, run, "test", run, run)], 0)
        self.request = (await self.log.read(course))[0]
        return self

    def shell(
        self, effects: Effects, worker: str = "w1", attempts: int = 3, *, deaf: bool = False
    ) -> StageShell[State, tuple[str, ...], str]:
        async def no_progress(*_: object) -> None: ...

        return StageShell(
            BY_NAME["doc_analyser"], CORE, effects, event_log=self.log,
            interrupts=Deaf() if deaf else LogInterrupts(self.log),
            dead_letters=self.letters, publish_progress=no_progress, worker=worker,
            retries=RetryPolicy(attempts, 5.0, 600.0), clock=lambda: self.now,
        )  # fmt: skip

    async def work(self, effects: Effects, worker: str = "w1", attempts: int = 3, *, deaf: bool = False) -> Verdict:
        return await self.shell(effects, worker, attempts, deaf=deaf).handle(self.request, b"the request")

    async def append(self, event: Event) -> None:
        last = await self.log.last_seq(event.course_id)
        await self.log.append([NewEvent(event, new_id(), "test", "", "")], last)

    async def names(self) -> list[str]:
        return [type(r.event).__name__ for r in await self.log.read(self.request.event.course_id)]

    async def of(self, kind: type[Event]) -> list[Event]:
        return [r.event for r in await self.log.read(self.request.event.course_id) if isinstance(r.event, kind)]


@pytest.fixture
async def world() -> World:
    return await World().begin()


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


async def test_an_event_of_the_gateway_in_between_does_not_disturb(world: World) -> None:
    async def rename(document: str) -> None:
        await world.append(CourseUpdated(course_id=world.request.event.course_id, title=document))

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
            await world.append(CourseDeleted(course_id=world.request.event.course_id, by="alice"))
            await asyncio.Event().wait()

    assert await world.work(Effects(delete)) == Finished()
    assert (await world.names())[-1] == "CourseDeleted"


async def test_a_frozen_worker_that_wakes_up_cannot_write(world: World) -> None:
    async def overtaken(document: str) -> None:
        if document == "d1":
            await world.append(CourseUpdated(course_id=world.request.event.course_id, title="t"))
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

    async def load_together(course_id: str, from_seq: int = 1) -> History:
        history = await load(course_id, from_seq)
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
                    course_id=world.request.event.course_id, run_id="another", stage="pathway", by="alice"
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


async def test_a_message_that_is_no_event_in_the_course_holds_nobody_up(world: World) -> None:
    def strange(document: str) -> None:
        if document == "d1":
            world.log.store(f"course.{world.request.event.course_id}.Later", {}, b"of a later version")

    effects = Effects(strange)
    assert await world.work(effects) == Finished()
    assert effects.performed == ["d0", "d1", "d2", "all"]
    assert (await world.names())[-1] == "DocsAnalysed"
