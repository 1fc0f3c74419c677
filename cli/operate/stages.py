"""`coursewright stages`: where work waits, stage by stage."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError
from sqlalchemy import func, select, text

from cli.operate.sessions import database
from services.gateway.readmodels.course_tasks import course_tasks
from services.gateway.readmodels.projection_defects import count_defects
from shared.event_log.consumers import ConsumerState, read_consumers
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.names import DEAD
from shared.events.courses import COURSES
from shared.kernel.errors import TransientError
from shared.pipeline import PIPELINE, Pipeline, StageRow
from shared.readmodels.checkpoint import read_checkpoint
from shared.readmodels.provenance import are_of_log


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


@dataclass(frozen=True)
class Tables:
    """The answers of the database: the sequence the read tables have come to, how many facts have no rows in them,
    whether they are of another log, and latest runs by stage key and status, notices
    by status; or the `problem` if it did not answer.
    """

    projected: int | None = None
    defects: int | None = None
    other_log: bool | None = None
    runs: Mapping[str, Mapping[str, int]] | None = None
    notices: Mapping[str, int] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True)
class Overview:
    """The log, the read tables, and the stages."""

    messages: int
    bytes: int
    last_seq: int
    tables: Tables
    stages: tuple[StageView, ...]

    @property
    def behind(self) -> int | None:
        """Events the tables lack; below 0 when the log has less than they: another log, or one that lost its end."""
        return None if self.tables.projected is None else self.last_seq - self.tables.projected

    def tables_in_words(self) -> str:
        """How far the tables are, and what they lack."""
        if self.behind is None:
            return f"unknown: {self.tables.problem}"
        if self.behind < 0:
            return f"ahead of the log by {-self.behind}"
        where = f"{self.behind} behind"
        if self.tables.other_log:
            return f"of another log, {where}"
        return f"{where}, {self.tables.defects} facts without rows" if self.tables.defects else where

    def notices_in_words(self) -> str:
        """What the notifier has told and has to tell, by status; empty without notices."""
        return ", ".join(f"{number} {status}" for status, number in self.tables.notices.items())

    def as_dict(self) -> dict[str, Any]:
        return {
            "log": {"messages": self.messages, "bytes": self.bytes, "last_seq": self.last_seq},
            "projection": {
                "seq": self.tables.projected, "lag": self.behind, "other_log": self.tables.other_log,
                "defects": self.tables.defects, "problem": self.tables.problem or None,
            },
            "notices": dict(self.tables.notices),
            "stages": [asdict(stage) for stage in self.stages],
        }  # fmt: skip


async def look(nc: Client, database_url: str, pipeline: Pipeline = PIPELINE) -> Overview:
    """Ask the log, and the read tables where they answer."""
    js = nc.jetstream()
    # Before the log: what is stored meanwhile would look as if the tables were ahead.
    tables = await _look_at_tables(nc, database_url)
    state = (await js.stream_info(COURSES.name)).state
    dead = await _dead_letters(js)
    consumers = {seen.name: seen for seen in await read_consumers(js)}
    stages = [
        _view(
            row, consumers[row.durable], None if tables.runs is None else tables.runs.get(row.key, {}),
            dead.get(row.name, 0),
        )
        for row in pipeline
    ]  # fmt: skip
    return Overview(state.messages, state.bytes, state.last_seq, tables, tuple(stages))


def _view(row: StageRow, seen: ConsumerState, runs: Mapping[str, int] | None, dead: int) -> StageView:
    known = not seen.missing
    return StageView(
        number=row.number,
        stage=row.name,
        consumer=known,
        lag=seen.lag if known else None,
        in_flight=seen.in_flight if known else None,
        redelivered=seen.redelivered if known else None,
        idle_workers=seen.pulls if known else None,
        retrying=None if runs is None else runs.get("RETRY", 0),
        failed=None if runs is None else runs.get("FAILURE", 0),
        dead_letters=dead,
        last_delivered_at=seen.last_active,
    )


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


_NOTICES = text("SELECT status, count(*) FROM app.notices GROUP BY status ORDER BY status")


async def _look_at_tables(nc: Client, database_url: str) -> Tables:
    if not database_url:
        return Tables(problem="no database is named")
    counting = select(course_tasks.c.stage, course_tasks.c.status, func.count()).group_by(
        course_tasks.c.stage, course_tasks.c.status
    )
    runs: dict[str, dict[str, int]] = defaultdict(dict)
    try:
        async with database(database_url) as engine, engine.connect() as connection:
            other_log = not await are_of_log(connection, JetStreamLog(nc))
            seq, defects = await read_checkpoint(connection), await count_defects(connection)
            notices: dict[str, int] = dict((await connection.execute(_NOTICES)).tuples().all())
            for stage, status, count in await connection.execute(counting):
                runs[stage][status] = count
    except TransientError as error:
        return Tables(problem=error.message)
    return Tables(seq, defects, other_log, runs, notices)
