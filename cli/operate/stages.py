"""`coursewright stages`: where work waits, stage by stage."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import ConsumerInfo
from nats.js.errors import NotFoundError
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine

from services.gateway.readmodels.checkpoint import read_checkpoint
from services.gateway.readmodels.course_tasks import course_tasks
from shared.event_log.topology import COURSES, DEAD
from shared.pipeline import PIPELINE, StageRow

_CONNECT_SECONDS = 3


@dataclass(frozen=True)
class StageView:
    """One stage. `lag`: requests nobody has taken; `in_flight`: taken and not acknowledged, waiting retries included;
    `idle_workers`: free places that wait for a request; `runs`: latest runs of all courses by status. None: not known.
    """

    number: int
    stage: str
    consumer: bool
    lag: int | None
    in_flight: int | None
    redelivered: int | None
    idle_workers: int | None
    retrying: int | None
    failed: int | None
    dead_letters: int
    last_delivered_at: datetime | None
    last_acknowledged_at: datetime | None


@dataclass(frozen=True)
class Overview:
    """The log, the projection, and the stages. `projected` is the sequence the read tables have come to."""

    messages: int
    bytes: int
    last_seq: int
    projected: int | None
    stages: tuple[StageView, ...]

    def as_dict(self) -> dict[str, Any]:
        """As `--json` shows it."""
        behind = None if self.projected is None else self.last_seq - self.projected
        return {
            "log": {"messages": self.messages, "bytes": self.bytes, "last_seq": self.last_seq},
            "projection": {"seq": self.projected, "lag": behind},
            "stages": [asdict(stage) for stage in self.stages],
        }


async def look(nc: Client, database_url: str) -> Overview:
    """Ask the log, and the read tables where they answer."""
    js = nc.jetstream()
    state = (await js.stream_info(COURSES)).state
    dead = await _dead_letters(js)
    projected, runs = await _projected(database_url)
    stages = []
    for row in PIPELINE:
        counts = None if runs is None else runs.get(row.key, {})
        stages.append(_view(row, await _consumer(js, row), counts, dead.get(row.name, 0)))
    return Overview(state.messages, state.bytes, state.last_seq, projected, tuple(stages))


def _view(row: StageRow, info: ConsumerInfo | None, runs: Mapping[str, int] | None, dead: int) -> StageView:
    delivered = info.delivered.last_active if info and info.delivered else None
    acknowledged = info.ack_floor.last_active if info and info.ack_floor else None
    return StageView(
        number=row.number,
        stage=row.name,
        consumer=info is not None,
        lag=info.num_pending if info else None,
        in_flight=info.num_ack_pending if info else None,
        redelivered=info.num_redelivered if info else None,
        idle_workers=info.num_waiting if info else None,
        retrying=None if runs is None else runs.get("RETRY", 0),
        failed=None if runs is None else runs.get("FAILURE", 0),
        dead_letters=dead,
        last_delivered_at=delivered,
        last_acknowledged_at=acknowledged,
    )


async def _consumer(js: JetStreamContext, row: StageRow) -> ConsumerInfo | None:
    try:
        info: ConsumerInfo = await js.consumer_info(COURSES, row.durable)
    except NotFoundError:
        return None
    return info


async def _dead_letters(js: JetStreamContext) -> dict[str, int]:
    """Letters of each stage; subjects are `dead.<stage>.<course>`."""
    counts: dict[str, int] = defaultdict(int)
    try:
        info = await js.stream_info(DEAD, subjects_filter="dead.>")
    except NotFoundError:
        return counts
    for subject, count in (info.state.subjects or {}).items():
        counts[subject.split(".")[1]] += count
    return counts


async def _projected(database_url: str) -> tuple[int | None, Mapping[str, Mapping[str, int]] | None]:
    """The projection's sequence, and runs by stage key and status; nothing where the database does not answer."""
    if not database_url:
        return None, None
    engine = create_async_engine(database_url, connect_args={"timeout": _CONNECT_SECONDS})
    counting = select(course_tasks.c.stage, course_tasks.c.status, func.count()).group_by(
        course_tasks.c.stage, course_tasks.c.status
    )
    runs: dict[str, dict[str, int]] = defaultdict(dict)
    try:
        async with engine.connect() as connection:
            seq = await read_checkpoint(connection)
            for stage, status, count in await connection.execute(counting):
                runs[stage][status] = count
    except (SQLAlchemyError, OSError):
        return None, None
    finally:
        await engine.dispose()
    return seq, runs
