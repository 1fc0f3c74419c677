"""The one shell of all stages: takes a request from the bus, continues its run from what the log holds, records facts.

What is done is in the log: a run that is taken up again starts from the first missing fact. Every append names the
last sequence the worker has seen, so a worker that was frozen or replaced cannot write over another's work.

Who has a run: whoever wrote its last …Started. Each handling of a delivery writes under a name of its own, so that of
two deliveries in one process, too, only one has it. Of two that begin at once the first stays and the other leaves it
alone; a delivery that finds a run begun by another takes it over, because the broker only delivers again what nobody
gave a sign of life for. Who lost a run learns it at its next append and says nothing to the broker.

How attempts are counted: an attempt is a recorded …Started, however it ended, so a process that dies at each start uses
them up too. Any other fact of the run sets the count back, because a run that advances is not hopeless; as facts are
finite, so are the attempts. After `attempts` starts in a row without a fact the run is failed and dead. A log that is
away is nobody's failed attempt: the delivery is put off, and only a start that was recorded counts. The n-th start in a
row that fails for a passing reason waits first × 2^(n−1) seconds, recorded as `not_before`; the first start after an
advance waits like the first. Deliveries before that time only look whether the run was canceled meanwhile. Clocks may
jump: one set forward ends a wait early, one set back does not make it longer than it was meant to be.
"""

import asyncio
import contextlib
import itertools
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Generic, ParamSpec, TypeVar

import structlog

from shared.event_log.port import EventLog, NewEvent, Recorded
from shared.events import Event, address_in
from shared.events.base import StageEvent, StageStarted
from shared.events.stage import StageCanceled, StageDead, StageRetryScheduled
from shared.kernel.errors import Conflict, CoursewrightError, Defect, LogUnavailable, TransientError
from shared.kernel.ids import event_id
from shared.kernel.kill_points import KillPoint, reached
from shared.pipeline import StageRow
from shared.stage.ledger import Ledger, LedgerFold
from shared.stage.port import Ask, Core, DeadLetters, Effects, Interrupts, ProgressSink, Run, WorkerSource, ask_nobody
from shared.stage.retries import LONGEST_UNHEARD_SECONDS, Abandoned, Finished, Postponed, RetryPolicy, Verdict, Waits
from shared.workers.port import Workers

S = TypeVar("S")
A = TypeVar("A")
O = TypeVar("O")
P = ParamSpec("P")
R = TypeVar("R")

log = structlog.get_logger(__name__)

_CONFLICTS_IN_A_ROW = 50


class _Lost(Exception):
    """Another attempt of the run was started by somebody else, or the run is over."""


class _Canceled(Exception):
    """The log has a cancel request of the run that was not heard otherwise."""


class StageShell(Generic[S, A, O]):
    """Works on the requests of one stage. `worker` names this process in …Started events."""

    def __init__(
        self,
        row: StageRow,
        core: Core[S, A, O],
        effects: Effects[A, O],
        *,
        event_log: EventLog,
        interrupts: Interrupts,
        dead_letters: DeadLetters,
        publish_progress: ProgressSink,
        workers: WorkerSource,
        worker: str,
        retries: RetryPolicy,
        ask: Ask = ask_nobody,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        spread: Callable[[], float] = lambda: 0.0,
    ) -> None:
        self._row, self._core, self._effects = row, core, effects
        self._log, self._interrupts, self._dead = event_log, interrupts, dead_letters
        self._publish_progress, self._worker, self._retries = publish_progress, worker, retries
        self._workers, self._ask = workers, ask
        self._clock, self._spread = clock, spread
        self._handled = itertools.count(1)
        self._waits = Waits(retries, clock)

    async def bury(self, subject: str, seq: int, body: bytes, reason: str) -> None:
        """Put a request that cannot be read aside, with its bytes: it must neither block others nor vanish."""
        log.error("unreadable_request", stage=self._row.name, seq=seq, reason=reason)
        await self._dead.put(self._row.name, address_in(subject).aggregate_id, seq, body, reason)

    async def handle(self, request: Recorded, body: bytes) -> Verdict:
        """Work on one delivered request until nothing is left, it fails, or somebody else has it."""
        assert isinstance(request.event, StageEvent)
        async with self._interrupts.watch(request.event.course_id) as interrupted:
            try:
                return await self._work(request, body, interrupted)
            except _Lost:
                log.info("run_lost", stage=self._row.name, run_id=request.event.run_id)
                return Abandoned()
            except LogUnavailable:
                return Postponed(self._retries.first_seconds)

    async def _work(self, request: Recorded, body: bytes, interrupted: asyncio.Event) -> Verdict:
        name = f"{self._worker}/{next(self._handled)}"
        before: Ledger[S] | None = None
        for _ in range(_CONFLICTS_IN_A_ROW):
            ledger = await self._load(request)
            if before is not None and ledger.attempt != before.attempt:
                raise _Lost  # somebody began at the same time and was first
            verdict = await self._settle(request, body, ledger)
            if verdict is not None:
                return verdict
            try:
                ledger = await self._append(request, ledger, (self._start(request, ledger, name),))
                return await self._attempt(request, body, ledger, interrupted)
            except Conflict:
                before = ledger
        raise LogUnavailable("Too many writers on one course")

    def _start(self, request: Recorded, ledger: Ledger[S], worker: str) -> StageStarted:
        assert isinstance(request.event, StageEvent)
        return self._row.started(
            course_id=request.event.course_id, run_id=request.event.run_id, attempt=ledger.attempt + 1, worker=worker,
            max_attempts=self._retries.attempts, **self._core.plan(ledger.state),
        )  # fmt: skip

    async def _settle(self, request: Recorded, body: bytes, ledger: Ledger[S]) -> Verdict | None:
        """The answer without an attempt; None when an attempt is due."""
        if ledger.over or ledger.deleted:
            return Finished()
        if ledger.cancel:
            return await self._cancel(request, ledger)
        assert isinstance(request.event, StageEvent)
        if (wait := self._waits.left_seconds(request.event.run_id, ledger)) > 0:
            return Postponed(min(wait, LONGEST_UNHEARD_SECONDS))
        if ledger.fruitless >= self._retries.attempts:
            error = TransientError("Every attempt ended before the work was done", code="attempts_exhausted")
            return await self._fail(request, body, ledger, error)
        return None

    async def _attempt(self, request: Recorded, body: bytes, ledger: Ledger[S], interrupted: asyncio.Event) -> Verdict:
        """One attempt from its start to its end, with a log line for each and worker processes of its own."""
        began, outcome = time.monotonic(), "lost"
        log.info("attempt_started", attempt=ledger.attempt, worker=ledger.worker)
        async with self._workers() as workers:
            try:
                verdict, outcome = await self._outcome(request, body, ledger, interrupted, workers)
                return Finished(outcome) if verdict == Finished() else verdict
            finally:
                log.info(
                    "attempt_ended", attempt=ledger.attempt, outcome=outcome,
                    seconds=round(time.monotonic() - began, 2), processor_seconds=round(workers.processor_seconds, 2),
                )  # fmt: skip

    async def _outcome(
        self, request: Recorded, body: bytes, ledger: Ledger[S], interrupted: asyncio.Event, workers: Workers
    ) -> tuple[Verdict, str]:
        """The verdict, and what became of the attempt in a word: complete, canceled, or the code of an error."""
        try:
            return Finished(), await self._perform_until(request, ledger, interrupted, workers)
        except _Canceled:
            return await self._cancel(request, await self._load(request)), "canceled"
        except (LogUnavailable, _Lost, asyncio.CancelledError):
            raise
        except Defect as error:
            log.error("stage_defect", code=error.code, exception=error.trace)  # noqa: TRY400 — of another process
            failure: CoursewrightError = error
        except CoursewrightError as error:
            failure = error
        except Exception as error:  # the boundary of a stage: what a server or disk did must become a bounded failure
            log.exception("stage_error")
            failure = TransientError(f"Something went wrong inside ({type(error).__name__})", code="internal")
        try:
            return await self._fail(request, body, await self._mine(request, ledger), failure), failure.code
        except _Canceled:
            return await self._cancel(request, await self._load(request)), "canceled"

    async def _perform_until(
        self, request: Recorded, ledger: Ledger[S], interrupted: asyncio.Event, workers: Workers
    ) -> str:
        """Perform what is left, or stop when the log has a reason to: `complete` or `canceled`."""
        work = asyncio.create_task(self._perform_all(request, ledger, workers))
        try:
            while True:
                stop = asyncio.create_task(interrupted.wait())
                try:
                    await asyncio.wait({work, stop}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    stop.cancel()
                if work.done():
                    work.result()
                    return "complete"
                interrupted.clear()
                now = await self._load(request)
                if now.cancel or now.over or now.deleted:  # else it was for another run of the course
                    work.cancel()
                    await asyncio.gather(work, return_exceptions=True)
                    await self._cancel(request, await self._load(request))
                    return "canceled"
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    async def _cancel(self, request: Recorded, ledger: Ledger[S]) -> Verdict:
        """Record that the run was stopped, whatever else is written to the course meanwhile."""
        for _ in range(_CONFLICTS_IN_A_ROW):
            if ledger.over or ledger.deleted:
                return Finished()
            try:
                await self._append(request, ledger, (self._canceled(request, ledger),))
                return Finished()
            except Conflict:
                ledger = await self._load(request)
        raise LogUnavailable("Too many writers on one course")

    async def _perform_all(self, request: Recorded, ledger: Ledger[S], workers: Workers) -> None:
        run = self._run(request, workers)
        while (action := _pure(self._core.next_action, ledger.state)) is not None:
            before = ledger.last_seq
            async with contextlib.aclosing(self._effects.perform(action, run)) as outcomes:
                async for outcome in outcomes:
                    ledger = await self._record(request, ledger, outcome)
            if ledger.last_seq == before:
                raise Defect("The run", "no progress", f"{action!r:.500}")

    def _run(self, request: Recorded, workers: Workers) -> Run:
        event = request.event
        assert isinstance(event, StageEvent)

        async def progress(step: str, percent: int) -> None:
            await self._publish_progress(event.course_id, self._row.name, event.run_id, step, percent)

        return Run(event.course_id, event.run_id, progress, workers, self._ask)

    async def _record(self, request: Recorded, ledger: Ledger[S], outcome: O) -> Ledger[S]:
        return await self._append_settled(request, ledger, lambda now: _pure(self._core.decide, now.state, outcome))

    async def _fail(self, request: Recorded, body: bytes, ledger: Ledger[S], error: CoursewrightError) -> Verdict:
        event = request.event
        assert isinstance(event, StageEvent)
        attempt = max(ledger.attempt, 1)
        if error.transient and ledger.fruitless < self._retries.attempts:
            delay = self._retries.delay_seconds(max(ledger.fruitless, 1), self._spread())
            if isinstance(error, TransientError) and error.retry_after_seconds is not None:
                delay = max(delay, min(error.retry_after_seconds, self._retries.longest_asked_seconds))
            retry = StageRetryScheduled(
                course_id=event.course_id, run_id=event.run_id, stage=self._row.name, attempt=attempt,
                not_before=self._clock() + timedelta(seconds=delay), delay_seconds=delay,
                error=error.code, message=error.message,
            )  # fmt: skip
            await self._append_settled(request, ledger, lambda _: (retry,))
            return Postponed(min(delay, LONGEST_UNHEARD_SECONDS))
        failed = self._row.failed(
            course_id=event.course_id, run_id=event.run_id, error=error.code, message=error.message,
            retryable=error.transient, attempt=attempt,
        )  # fmt: skip
        facts: tuple[Event, ...] = (failed,)
        if error.transient:
            dead = StageDead(
                course_id=event.course_id, run_id=event.run_id, stage=self._row.name, reason=error.message
            )  # fmt: skip
            facts = (failed, dead)
            await self._dead.put(self._row.name, event.course_id, request.seq, body, error.message)
        await self._append_settled(request, ledger, lambda _: facts)
        return Finished()

    async def _append_settled(
        self, request: Recorded, ledger: Ledger[S], decide: Callable[[Ledger[S]], tuple[Event, ...]]
    ) -> Ledger[S]:
        """The run with the facts that `decide` gives, decided again whenever somebody else wrote to the course."""
        for _ in range(_CONFLICTS_IN_A_ROW):
            events = decide(ledger)
            if not events:
                return ledger
            try:
                return await self._append(request, ledger, events)
            except Conflict:
                ledger = await self._mine(request, ledger)
        raise LogUnavailable("Too many writers on one course")

    def _canceled(self, request: Recorded, ledger: Ledger[S]) -> StageCanceled:
        assert isinstance(request.event, StageEvent)
        return StageCanceled(
            course_id=request.event.course_id, run_id=request.event.run_id, stage=self._row.name,
            reason=f"canceled by {ledger.cancel}",
        )  # fmt: skip

    async def _load(self, request: Recorded) -> Ledger[S]:
        history = await self._log.load(request.event.aggregate_id, request.seq)
        return self._fold_of(request).read(request.seq, history.events, history.last_seq)

    def _fold_of(self, request: Recorded) -> LedgerFold[S]:
        assert isinstance(request.event, StageEvent)
        return LedgerFold(self._row, self._core, request.event.run_id)

    async def _mine(self, request: Recorded, before: Ledger[S]) -> Ledger[S]:
        """The run as the log has it now. Raises _Lost when another attempt has taken it since `before`."""
        ledger = await self._load(request)
        if ledger.over or ledger.deleted or (ledger.attempt, ledger.worker) != (before.attempt, before.worker):
            raise _Lost
        if ledger.cancel:
            raise _Canceled
        return ledger

    async def _append(self, request: Recorded, ledger: Ledger[S], events: tuple[Event, ...]) -> Ledger[S]:
        fold = self._fold_of(request)
        new = [
            NewEvent(
                event=event,
                id=event_id(fold.run_id, type(event).__name__, event.natural_key()),
                source=f"coursewright/{self._row.name}",
                correlation_id=request.correlation_id,
                causation_id=request.id,
                traceparent=request.traceparent,
            )
            for event in events
        ]
        reached(KillPoint.effect_done, self._row.name)
        last = await self._log.append(new, ledger.last_seq)
        reached(KillPoint.event_stored, self._row.name)
        for offset, event in enumerate(events):
            ledger = fold.step(ledger, event, last - len(events) + 1 + offset)
        return ledger


def _pure(function: Callable[P, R], *arguments: P.args, **named: P.kwargs) -> R:
    """The value of a core's function; what it raises is a defect that another attempt would meet again."""
    try:
        return function(*arguments, **named)
    except Exception as error:
        raise Defect("The run", type(error).__name__, traceback.format_exc()) from error
