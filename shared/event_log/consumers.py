"""The server's account of each stage's durable: how far behind it is, and whether it is there at all."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import nats
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from shared.event_log.names import DEAD, WEBHOOKS
from shared.events.courses import COURSES
from shared.kernel.errors import LogUnavailable
from shared.pipeline import PIPELINE

_ANSWER_SECONDS = 3.0


@dataclass(frozen=True)
class ConsumerState:
    """One durable. `lag` counts requests not delivered yet, `in_flight` those delivered and not acknowledged (work in
    progress and waits before a retry), `redelivered` those of them delivered more than once, `pulls` the workers that
    wait for work. `last_active` is when something was delivered, `last_finished` when the oldest request not finished
    moved on; None if that never was, or not since the server started. A durable that is missing has a reason and zeros:
    its workers stall in silence.
    """

    name: str
    lag: int = 0
    in_flight: int = 0
    redelivered: int = 0
    pulls: int = 0
    last_active: datetime | None = None
    last_finished: datetime | None = None
    missing: bool = False


async def read_consumers(js: JetStreamContext, names: Sequence[str] = ()) -> tuple[ConsumerState, ...]:
    """These durables, or every one of ours in the order of the stages. Raises LogUnavailable for a silent server."""
    wanted = names or [*(row.durable for row in PIPELINE), WEBHOOKS]
    return tuple(await asyncio.gather(*(_read(js, name) for name in wanted)))


@dataclass(frozen=True)
class LogPulse:
    """The log at one moment: its last sequence, what lies in stream DEAD, and every durable."""

    last_seq: int = 0
    dead_letters: int = 0
    consumers: tuple[ConsumerState, ...] = ()


async def read_pulse(js: JetStreamContext) -> LogPulse:
    """Raises LogUnavailable when the server does not answer."""
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            courses, dead = await asyncio.gather(js.stream_info(COURSES.name), js.stream_info(DEAD))
    except (TimeoutError, nats.errors.Error) as error:
        raise LogUnavailable("JetStream does not answer") from error
    return LogPulse(courses.state.last_seq, dead.state.messages, await read_consumers(js))


async def _read(js: JetStreamContext, name: str) -> ConsumerState:
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):
            info = await js.consumer_info(COURSES.name, name)
    except NotFoundError:
        return ConsumerState(name, missing=True)
    except (TimeoutError, nats.errors.Error) as error:
        raise LogUnavailable("JetStream does not answer") from error
    return ConsumerState(
        name,
        lag=info.num_pending or 0,
        in_flight=info.num_ack_pending or 0,
        redelivered=info.num_redelivered or 0,
        pulls=info.num_waiting or 0,
        last_active=_utc(info.delivered.last_active if info.delivered else None),
        last_finished=_utc(info.ack_floor.last_active if info.ack_floor else None),
    )


def _utc(value: datetime | None) -> datetime | None:
    return value.astimezone(UTC) if value is not None else None
