"""The shell on the in-memory log, with a stage of three small documents."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from shared.event_log.port import NewEvent, Recorded
from shared.events import BlobRef, Event
from shared.events.doc_analyser import DocsAnalysed, DocsAnalysisStarted, DocumentSkipped
from shared.events.gateway import CourseDeleted, DocsAnalysisRequested, StageCancelRequested
from shared.kernel.ids import new_id
from shared.pipeline import PIPELINE
from shared.stage.port import Core, Run, WorkerSource
from shared.stage.retries import RetryPolicy, Verdict
from shared.stage.shell import StageShell
from tests.support.memory_log import MemoryLog
from tests.support.workers import inline_workers

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


def started(state: State, attempt: int, worker: str) -> DocsAnalysisStarted:
    return DocsAnalysisStarted(
        course_id=state.course_id, run_id=state.run_id, attempt=attempt, worker=worker, documents_planned=state.planned
    )


CORE: Core[State, tuple[str, ...], str] = Core(State(), evolve, next_action, decide, started)


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
    workers: WorkerSource = inline_workers
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
            PIPELINE.by_name["doc_analyser"], CORE, effects, event_log=self.log,
            interrupts=Deaf() if deaf else LogInterrupts(self.log),
            dead_letters=self.letters, publish_progress=no_progress, workers=self.workers, worker=worker,
            retries=RetryPolicy(attempts, 5.0, 600.0, 3900.0), clock=lambda: self.now,
        )  # fmt: skip

    async def work(self, effects: Effects, worker: str = "w1", attempts: int = 3, *, deaf: bool = False) -> Verdict:
        return await self.shell(effects, worker, attempts, deaf=deaf).handle(self.request, b"the request")

    async def append(self, event: Event) -> None:
        last = await self.log.last_seq(event.aggregate_id)
        await self.log.append([NewEvent(event, new_id(), "test", "", "")], last)

    async def names(self) -> list[str]:
        return [type(r.event).__name__ for r in await self.log.read(self.request.event.aggregate_id)]

    async def of(self, kind: type[Event]) -> list[Event]:
        return [r.event for r in await self.log.read(self.request.event.aggregate_id) if isinstance(r.event, kind)]
