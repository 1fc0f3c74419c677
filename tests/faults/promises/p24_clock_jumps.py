"""Workers whose wall clocks jump by an hour, forward and back, while runs fail for passing reasons and are retried."""

import asyncio
import contextlib
import random
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nats.aio.client import Client

from services.doc_analyser.core import CORE, Action, Connected
from services.doc_analyser.core import Outcome as Analysed
from shared.event_log.connection import connect
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.port import NewEvent, Recorded
from shared.event_log.topology import apply_topology
from shared.events import BlobRef
from shared.events.doc_analyser import DocsAnalysed, DocsAnalysisStarted
from shared.events.gateway import DocsAnalysisRequested
from shared.kernel.errors import TransientError
from shared.kernel.ids import new_id
from shared.pipeline import PIPELINE
from shared.stage.nats_ports import NatsDeadLetters, NatsInterrupts
from shared.stage.port import Run
from shared.stage.retries import Postponed, RetryPolicy
from shared.stage.shell import StageShell
from tests.faults.promise import Outcome, Promise, Scale
from tests.support.servers import running_nats
from tests.support.workers import inline_workers

_RUNS = {Scale.quick: 12, Scale.full: 200}
_WORKERS = 2
_FAILURES = 3
# Nobody asks to wait longer: the longest wait there is bounds what a jump can cost.
_RETRIES = RetryPolicy(attempts=_FAILURES + 2, first_seconds=0.2, longest_seconds=1.0, longest_asked_seconds=1.0)
_JUMPS = (timedelta(), timedelta(hours=1), timedelta(hours=-1), timedelta(hours=-1, minutes=-30))
_REF = BlobRef(key="k", sha256="0" * 64, size=1, media_type="application/json")
# Each worker may wait a whole delay of its own, and a delivery more is put off while another works.
_DELIVERIES = _FAILURES * (_WORKERS + 2) + 4
_PATIENCE_SECONDS = 60.0


class JumpingClock:
    """Wall time that is off by another amount each time somebody looks."""

    def __init__(self, seed: int) -> None:
        self._choice = random.Random(seed)
        self.jumps = 0

    def __call__(self) -> datetime:
        off = self._choice.choice(_JUMPS)
        self.jumps += bool(off)
        return datetime.now(UTC) + off


@dataclass
class _FailsAtFirst:
    """Effects that fail so many times for each run for a passing reason."""

    failed: Counter[str] = field(default_factory=Counter)

    async def perform(self, action: Action, run: Run) -> AsyncGenerator[Analysed, None]:
        if self.failed[run.run_id] < _FAILURES:
            self.failed[run.run_id] += 1
            raise TransientError("not yet")
        yield Connected(_REF, 0)


Shell = StageShell[Any, Any, Any]


async def _no_progress(*_: object) -> None:
    return None


def _shell(nc: Client, effects: _FailsAtFirst, clock: Callable[[], datetime], name: str) -> Shell:
    return StageShell(
        PIPELINE.by_name["doc_analyser"], CORE, effects, event_log=JetStreamLog(nc, clock),
        interrupts=NatsInterrupts(nc), dead_letters=NatsDeadLetters(nc), publish_progress=_no_progress,
        workers=inline_workers, worker=name,
        retries=_RETRIES, clock=clock,
    )  # fmt: skip


async def _request(log: JetStreamLog) -> Recorded:
    course_id = new_id()
    request = DocsAnalysisRequested(
        course_id=course_id, run_id=new_id(), owner="ann", complexity_level="beginner", documents=_REF,
        documents_planned=0, project_name="x",
    )  # fmt: skip
    await log.append([NewEvent(request, request.run_id, "faults", "", "")], 0)
    (recorded,) = await log.read(course_id)
    return recorded


async def _deliver(request: Recorded, shells: list[Shell], choice: random.Random) -> list[str]:
    """Deliver to one worker or another until nobody asks for more; what was not sane."""
    for _ in range(_DELIVERIES):
        verdict = await choice.choice(shells).handle(request, b"{}")
        if not isinstance(verdict, Postponed):
            return []
        if verdict.delay_seconds > _RETRIES.longest_seconds * 1.1 + 0.01:
            return [f"a delivery was put off by {verdict.delay_seconds:.0f} s"]
        await asyncio.sleep(verdict.delay_seconds)
    return [f"not done after {_DELIVERIES} deliveries"]


async def _judge(log: JetStreamLog, request: Recorded) -> list[str]:
    events = [item.event for item in await log.read(request.event.aggregate_id)]
    starts = [event.attempt for event in events if isinstance(event, DocsAnalysisStarted)]
    ends = sum(isinstance(event, DocsAnalysed) for event in events)
    if ends != 1 or starts != list(range(1, _FAILURES + 2)):
        return [f"attempts {starts}, {ends} ends"]
    return []


@contextlib.asynccontextmanager
async def _connected(url: str) -> AsyncIterator[Client]:
    nc = await connect(url, "faults")
    yield nc
    await nc.close()


async def _prove(scale: Scale, url: str) -> Outcome:
    effects = _FailsAtFirst()
    clocks = [JumpingClock(seed) for seed in range(_WORKERS)]
    async with _connected(url) as nc:
        await apply_topology(nc.jetstream())
        log = JetStreamLog(nc)
        shells = [_shell(nc, effects, clock, f"w{number}") for number, clock in enumerate(clocks)]
        requests = [await _request(log) for _ in range(_RUNS[scale])]
        async with asyncio.timeout(_PATIENCE_SECONDS):
            found = await asyncio.gather(
                *(_deliver(request, shells, random.Random(n)) for n, request in enumerate(requests))
            )
        found += [await _judge(log, request) for request in requests]
    failures = tuple(failure for one in found for failure in one)
    jumps = sum(clock.jumps for clock in clocks)
    return Outcome(len(requests), failures=failures[:20], figures={"jumps": jumps, "workers": _WORKERS})


def prove(scale: Scale, folder: Path) -> Outcome:
    with running_nats(folder) as server:
        return asyncio.run(_prove(scale, server.url))


PROMISE = Promise("P24", "a clock that jumps strands no run and uses up no attempts", prove, alone=True)
