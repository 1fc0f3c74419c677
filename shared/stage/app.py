"""Stage services on FastStream: durable pull consumers around the shell, and the process they run in."""

import contextlib
import os
import random
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog
from faststream import AckPolicy, FastStream
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from faststream.nats.security import NatsUserPassword
from nats.aio.client import Client

from shared.event_log.connection import connect, connect_options, report_error
from shared.event_log.consumers import read_consumers
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.names import api_prefix
from shared.events.courses import COURSES
from shared.kernel.blobs import Blobs, open_backend
from shared.kernel.descriptors import raise_descriptor_limit
from shared.kernel.errors import LogUnavailable
from shared.kernel.logging import configure_logging
from shared.kernel.loop_watch import LoopWatch
from shared.kernel.settings import BEATS_PER_ACK_WAIT, StageSettings
from shared.kernel.tracing import configure_tracing
from shared.pipeline import StageRow
from shared.stage.deliveries import AnyShell, beating, deliver
from shared.stage.metrics import StageMetrics
from shared.stage.nats_ports import NatsDeadLetters, NatsInterrupts, answer_questions, asker, progress_publisher
from shared.stage.port import Core, Effects, WorkerSource
from shared.stage.retries import RetryPolicy
from shared.stage.shell import StageShell
from shared.workers.away import later
from shared.workers.limits import Limits
from shared.workers.pool import WorkerPool

if TYPE_CHECKING:
    from shared.kernel.probe import serve_probe
    from shared.workers.child import RunLimits
    from shared.workers.isolation import Isolation
else:
    serve_probe = later("shared.kernel.probe:serve_probe")
    RunLimits = later("shared.workers.child:RunLimits")
    Isolation = later("shared.workers.isolation:Isolation")

log = structlog.get_logger(__name__)

_STOP_SECONDS = 5.0


@dataclass(frozen=True)
class StageSpec:
    """One stage as a process hosts it: its row, its core, its settings, how its effects are built from them, and what
    its worker processes load as soon as this process has anything to do. `answers`: questions of the gateway, by the
    subject that the name of this process's user ends.
    """

    row: StageRow
    core: Core[Any, Any, Any]
    settings: type[StageSettings]
    effects: Callable[[Any, Blobs], Effects[Any, Any]]
    load: Callable[[], object] | None = None
    answers: Mapping[str, Callable[[Any, bytes], Awaitable[bytes]]] = field(default_factory=dict)


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
    isolation = _isolation(settings)
    warm = [spec.load for spec in specs if spec.load and isolation is None]
    pool = WorkerPool(settings.worker_processes, _limits(settings), warm)
    app = FastStream(broker, logger=None)
    opened = contextlib.AsyncExitStack()

    @app.on_startup
    async def build_shells() -> None:
        if isolation is not None:
            log.info("runs_isolated", strategy=settings.work_isolation, walls=await isolation.prove())
        nc = await connect(settings.nats_url, "stages")
        opened.push_async_callback(nc.close)
        opened.push_async_callback(pool.close)
        blobs = Blobs(open_backend(settings.blob_store_url))
        for spec in specs:
            loads = [spec.load] if spec.load else []
            workers = partial(isolation.session, *loads) if isolation else pool.session
            own = settings if isinstance(settings, spec.settings) else spec.settings()
            shells[spec.row.name] = _shell(spec, settings, nc, spec.effects(own, blobs), workers)
            for subject, answer in spec.answers.items():
                await answer_questions(nc, subject, partial(answer, own))
        watch = LoopWatch()
        await opened.enter_async_context(watch.running())
        if settings.metrics_port:
            await opened.enter_async_context(
                serve_probe(settings, watch, _checks(specs, nc), metrics.registry, metrics.facts)
            )

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


def _isolation(settings: StageSettings) -> "Isolation | None":
    """How runs are kept apart; None where their processes are plain children of this one."""
    if settings.work_isolation == "process":
        return None
    container = settings.work_container if settings.work_isolation == "container" else ""
    limits = RunLimits(settings.run_memory_bytes, settings.run_processes, settings.run_seconds)
    return Isolation(container, limits, settings.worker_processes, _limits(settings), settings.work_readable)


def _shell(
    spec: StageSpec, settings: StageSettings, nc: Client, effects: Effects[Any, Any], workers: WorkerSource
) -> AnyShell:
    return StageShell(
        spec.row,
        spec.core,
        effects,
        event_log=JetStreamLog(nc),
        interrupts=NatsInterrupts(nc),
        dead_letters=NatsDeadLetters(nc),
        publish_progress=progress_publisher(nc),
        workers=workers,
        worker=f"{socket.gethostname()}:{os.getpid()}",
        retries=RetryPolicy(
            settings.stage_attempts,
            settings.retry_first_seconds,
            settings.retry_longest_seconds,
            settings.retry_longest_asked_seconds,
        ),
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
            with metrics.in_work.labels(row.name).track_inprogress(), beating(raw, beat_seconds):
                await deliver(shells[row.name], row, body, raw, metrics)
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
