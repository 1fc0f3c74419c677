"""One delivery of a request: its span and log lines, its signs of life, and the answer to the broker."""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import nats
import structlog
from nats.aio.msg import Msg
from opentelemetry.trace import SpanKind

from shared.event_log.codec import decode
from shared.event_log.port import Recorded, Unreadable
from shared.events.courses import ONLY_COURSES
from shared.kernel.kill_points import KillPoint, reached
from shared.kernel.tracing import current_trace_id, current_traceparent, span
from shared.pipeline import StageRow
from shared.stage.metrics import StageMetrics
from shared.stage.retries import Finished, Postponed
from shared.stage.shell import StageShell

log = structlog.get_logger(__name__)

AnyShell = StageShell[Any, Any, Any]


async def deliver(shell: AnyShell, row: StageRow, body: bytes, raw: Msg, metrics: StageMetrics) -> None:
    """Work on a delivery, and tell the broker what became of it."""
    reached(KillPoint.message_received, row.name)
    seq = raw.metadata.sequence.stream
    recorded = decode(raw.subject, raw.headers, body, seq, ONLY_COURSES)
    began = time.monotonic()
    verdict = "failed"
    try:
        with _described(row, recorded, raw):
            verdict = await _work(shell, row, recorded, body, raw, metrics)
    except Exception:  # the delivery boundary: the message comes back by itself after the ack wait
        log.exception("delivery_failed", stage=row.name, seq=seq)
    finally:
        metrics.handling.labels(row.name, verdict).observe(time.monotonic() - began)


async def _work(
    shell: AnyShell, row: StageRow, recorded: Recorded | Unreadable, body: bytes, raw: Msg, metrics: StageMetrics
) -> str:
    if isinstance(recorded, Unreadable):
        await shell.bury(raw.subject, recorded.seq, body, recorded.reason)
        await raw.ack()
        return "buried"
    # What the run records belongs to the span of this delivery, not to the one that asked.
    verdict = await shell.handle(replace(recorded, traceparent=current_traceparent()), body)
    match verdict:
        case Finished(outcome):
            await raw.ack()
            metrics.count(row.name, outcome)
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
def beating(raw: Msg, every_seconds: float) -> Iterator[None]:
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
