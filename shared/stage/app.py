"""Stage services on FastStream: durable pull consumers around the shell, and the process they run in."""

import asyncio
import contextlib
import json
import os
import random
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import nats
import structlog
from faststream import AckPolicy, FastStream
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from faststream.nats.security import NatsUserPassword
from nats.aio.client import Client
from nats.aio.msg import Msg
from opentelemetry.trace import SpanKind

from shared.event_log.codec import decode
from shared.event_log.connection import connect, connect_options, report_error
from shared.event_log.consumers import read_consumers
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.names import DEAD, api_prefix
from shared.event_log.port import Recorded, Unreadable
from shared.events import COURSES, subject_pattern
from shared.events.gateway import CourseDeleted, StageCancelRequested
from shared.kernel.blobs import Blobs, open_backend
from shared.kernel.descriptors import raise_descriptor_limit
from shared.kernel.errors import LogUnavailable, TransientError
from shared.kernel.kill_points import KillPoint, reached
from shared.kernel.logging import configure_logging
from shared.kernel.loop_watch import LoopWatch
from shared.kernel.settings import BEATS_PER_ACK_WAIT, StageSettings
from shared.kernel.tracing import configure_tracing, current_trace_id, current_traceparent, span
from shared.pipeline import StageRow
from shared.stage.metrics import StageMetrics
from shared.stage.port import Ask, Core, Effects
from shared.stage.shell import Finished, Postponed, RetryPolicy, StageShell
from shared.workers.limits import Limits
from shared.workers.pool import WorkerPool

log = structlog.get_logger(__name__)

_PROGRESS_EVERY_SECONDS = 0.1
_PROGRESS_REMEMBERED = 1000
_STOP_SECONDS = 5.0
_ANSWER_SECONDS = 5.0

AnyShell = StageShell[Any, Any, Any]


@dataclass(frozen=True)
class StageSpec:
    """One stage as a process hosts it: its row, its core, its settings, how its effects are built from them, and what
    its worker processes load as soon as this process has anything to do.
    """

    row: StageRow
    core: Core[Any, Any, Any]
    settings: type[StageSettings]
    effects: Callable[[Any, Blobs], Effects[Any, Any]]
    load: Callable[[], object] | None = None


class NatsInterrupts:
    """Hears deletions and cancel requests as they are published; the log, read after, is what counts."""

    def __init__(self, nc: Client) -> None:
        self._nc = nc

    @contextlib.asynccontextmanager
    async def watch(self, course_id: str) -> AsyncIterator[asyncio.Event]:
        """See Interrupts.watch."""
        heard = asyncio.Event()

        async def hear(_: Msg) -> None:
            heard.set()

        subscriptions = [
            await self._nc.subscribe(subject_pattern(kind, course_id), cb=hear)
            for kind in (CourseDeleted, StageCancelRequested)
        ]
        try:
            yield heard
        finally:
            for subscription in subscriptions:
                with contextlib.suppress(nats.errors.Error):
                    await subscription.unsubscribe()


class NatsDeadLetters:
    """Stream DEAD: the original bytes, and why."""

    def __init__(self, nc: Client) -> None:
        self._js = nc.jetstream()

    async def put(self, stage: str, course_id: str, seq: int, body: bytes, reason: str) -> None:
        """See DeadLetters.put."""
        headers = {
            "Nats-Msg-Id": f"{stage}:{seq}",
            "Coursewright-Stage": stage,
            "Coursewright-Sequence": str(seq),
            "Coursewright-Reason": " ".join(reason.split())[:500],
        }
        await self._js.publish(f"dead.{stage}.{course_id}", body, stream=DEAD, headers=headers)


def progress_publisher(nc: Client) -> Callable[[str, str, str, str, int], Any]:
    """Publishes at most ten steps a second and stage; finer ones would only be drawn over."""
    last: dict[tuple[str, str], float] = {}

    async def publish(course_id: str, stage: str, run_id: str, step: str, percent: int) -> None:
        now = asyncio.get_running_loop().time()
        if len(last) > _PROGRESS_REMEMBERED:
            last.clear()
        if percent not in {0, 100} and now - last.get((course_id, stage), 0.0) < _PROGRESS_EVERY_SECONDS:
            return
        last[course_id, stage] = now
        body = json.dumps({"run_id": run_id, "step": step, "percent": percent}).encode()
        with contextlib.suppress(nats.errors.Error):
            await nc.publish(f"progress.{course_id}.{stage}", body)

    return publish


def asker(nc: Client) -> Ask:
    """Questions to other processes of ours."""

    async def ask(subject: str, question: bytes) -> bytes:
        try:
            answer = await nc.request(subject, question, timeout=_ANSWER_SECONDS)
        except (nats.errors.Error, TimeoutError) as error:
            raise TransientError("The gateway does not answer", code="no_answer") from error
        return bytes(answer.data)

    return ask


def service_app(spec: StageSpec) -> FastStream:
    """One stage as a process of its own, with logs, traces and settings from the environment."""
    raise_descriptor_limit()
    configure_logging()
    configure_tracing(spec.row.name)
    return stage_app([spec], spec.settings())


def stage_app(specs: Sequence[StageSpec], settings: StageSettings) -> FastStream:
    """A FastStream application that hosts one stage or several. `settings` are those of the process; a stage that has
    more reads its own from the environment.
    """
    broker = _broker(settings.nats_url)
    shells: dict[str, AnyShell] = {}
    metrics = StageMetrics()
    pool = WorkerPool(settings.worker_processes, _limits(settings), [spec.load for spec in specs if spec.load])
    app = FastStream(broker, logger=None)
    opened = contextlib.AsyncExitStack()

    @app.on_startup
    async def build_shells() -> None:
        nc = await connect(settings.nats_url, "stages")
        opened.push_async_callback(nc.close)
        opened.push_async_callback(pool.close)
        blobs = Blobs(open_backend(settings.blob_store_url))
        for spec in specs:
            shells[spec.row.name] = _shell(spec, settings, nc, blobs, pool)
        watch = LoopWatch()
        await opened.enter_async_context(watch.running())
        if settings.metrics_port:
            from shared.kernel.probe import serve_probe

            await opened.enter_async_context(serve_probe(settings, watch, _checks(specs, nc), metrics.registry))

    @app.after_shutdown
    async def close() -> None:
        await opened.aclose()

    for spec in specs:
        _subscribe(broker, spec.row, shells, settings, metrics, pool)
    return app


def _broker(url: str) -> NatsBroker:
    options = connect_options(url)
    user, password = options.pop("user", None), options.pop("password", None)
    security = None if password is None else NatsUserPassword(user, password)
    return NatsBroker(
        **options, security=security, graceful_timeout=_STOP_SECONDS, logger=None, error_cb=report_error,
        js_options={"prefix": api_prefix(user or "")},
    )  # fmt: skip


def _checks(specs: Sequence[StageSpec], nc: Client) -> Callable[[], Awaitable[dict[str, str]]]:
    """The durables of the hosted stages must be there: without them a worker waits for ever in silence."""
    durables = [spec.row.durable for spec in specs]

    async def checks() -> dict[str, str]:
        try:
            states = await read_consumers(nc.jetstream(), durables)
        except LogUnavailable:
            return {"event_log": "away"}
        return {state.name: "missing" if state.missing else "ok" for state in states}

    return checks


def _limits(settings: StageSettings) -> Limits:
    return Limits(settings.work_processor_seconds, settings.work_memory_bytes)


def _shell(spec: StageSpec, settings: StageSettings, nc: Client, blobs: Blobs, pool: WorkerPool) -> AnyShell:
    return StageShell(
        spec.row,
        spec.core,
        spec.effects(settings if isinstance(settings, spec.settings) else spec.settings(), blobs),
        event_log=JetStreamLog(nc),
        interrupts=NatsInterrupts(nc),
        dead_letters=NatsDeadLetters(nc),
        publish_progress=progress_publisher(nc),
        workers=pool.session,
        worker=f"{socket.gethostname()}:{os.getpid()}",
        retries=RetryPolicy(settings.stage_attempts, settings.retry_first_seconds, settings.retry_longest_seconds),
        spread=random.random,
        ask=asker(nc),
    )


def _subscribe(
    broker: NatsBroker,
    row: StageRow,
    shells: dict[str, AnyShell],
    settings: StageSettings,
    metrics: StageMetrics,
    pool: WorkerPool,
) -> None:
    inbox_prefix = connect_options(settings.nats_url)["inbox_prefix"]
    beat_seconds = settings.ack_wait_seconds / BEATS_PER_ACK_WAIT

    async def as_bytes(message: NatsMessage) -> bytes:
        return message.body  # FastStream drops what is not JSON before any handler sees it

    in_hand: set[int] = set()

    async def handle(body: bytes, message: NatsMessage) -> None:
        raw = message.raw_message
        seq = raw.metadata.sequence.stream
        if seq in in_hand:
            return  # given out again while this process stood still: whoever works on it here goes on
        in_hand.add(seq)
        pool.begin()
        try:
            with metrics.in_work.labels(row.name).track_inprogress(), _beating(raw, beat_seconds):
                await _deliver(shells[row.name], row, body, raw, metrics)
        finally:
            in_hand.discard(seq)

    # Several plain subscribers, not one with workers: that one fetches a message ahead, which then waits without a
    # heartbeat until the server delivers it a second time.
    for _ in range(settings.stage_concurrency):
        broker.subscriber(
            row.filter_subject,
            stream=JStream(COURSES.name, declare=False),
            durable=row.durable,
            pull_sub=PullSub(batch_size=1, timeout=30.0),
            ack_policy=AckPolicy.MANUAL,
            decoder=as_bytes,
            no_reply=True,
            inbox_prefix=f"{inbox_prefix}.".encode(),  # the broker's own does not reach its pull subscriptions
        )(handle)


async def _deliver(shell: AnyShell, row: StageRow, body: bytes, raw: Msg, metrics: StageMetrics) -> None:
    reached(KillPoint.message_received, row.name)
    seq = raw.metadata.sequence.stream
    recorded = decode(raw.subject, raw.headers, body, seq)
    began = time.monotonic()
    verdict = "failed"
    try:
        with _described(row, recorded, raw):
            verdict = await _work(shell, recorded, body, raw)
    except Exception:  # the delivery boundary: the message comes back by itself after the ack wait
        log.exception("delivery_failed", stage=row.name, seq=seq)
    finally:
        metrics.handling.labels(row.name, verdict).observe(time.monotonic() - began)


async def _work(shell: AnyShell, recorded: Recorded | Unreadable, body: bytes, raw: Msg) -> str:
    if isinstance(recorded, Unreadable):
        await shell.bury(raw.subject, recorded.seq, body, recorded.reason)
        await raw.ack()
        return "buried"
    # What the run records belongs to the span of this delivery, not to the one that asked.
    verdict = await shell.handle(replace(recorded, traceparent=current_traceparent()), body)
    match verdict:
        case Finished():
            await raw.ack()
        case Postponed(delay):
            await raw.nak(delay=delay)
    return type(verdict).__name__.lower()


@contextlib.contextmanager
def _described(row: StageRow, recorded: Recorded | Unreadable, raw: Msg) -> Iterator[None]:
    """A span and a log context around one delivery."""
    about: dict[str, str | int] = {"stage": row.name, "seq": recorded.seq}
    parent = ""
    if isinstance(recorded, Recorded):
        parent = recorded.traceparent
        about |= {"course_id": recorded.event.aggregate_id, "correlation_id": recorded.correlation_id}
    attributes = {
        "messaging.system": "nats", "messaging.operation.name": "process", "messaging.destination.name": raw.subject,
        **{f"coursewright.{name}": value for name, value in about.items()},
    }  # fmt: skip
    with (
        span(f"process {row.request.__name__}", parent=parent, kind=SpanKind.CONSUMER, attributes=attributes),
        structlog.contextvars.bound_contextvars(**about, trace_id=current_trace_id()),
    ):
        yield


@contextlib.contextmanager
def _beating(raw: Msg, every_seconds: float) -> Iterator[None]:
    """While it lasts, the server hears that the message is being worked on."""
    beat = asyncio.create_task(_beat(raw, every_seconds))
    try:
        yield
    finally:
        beat.cancel()


async def _beat(raw: Msg, every_seconds: float) -> None:
    while True:
        await asyncio.sleep(every_seconds)
        with contextlib.suppress(nats.errors.Error):
            await raw.in_progress()
