"""A model that stays overloaded: attempts are spaced, they end, the end is seen, and the work can be asked for."""

import asyncio
import os
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

from nats.aio.client import Client

from cli.client import Client as Api
from cli.local.stack import LocalStack
from shared.event_log.connection import connect
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.names import DEAD
from shared.event_log.port import Recorded
from shared.events.courses import COURSES
from shared.events.doc_analyser import DocsAnalysisFailed, DocsAnalysisStarted
from shared.events.gateway import DocsAnalysisRequested
from shared.events.stage import StageDead, StageRetryScheduled
from tests.faults.promise import Outcome, Promise, Scale
from tests.support.follow import follow_facts
from tests.support.model_server import ModelServer
from tests.support.sample_repository import make_repository

_FIRST_SECONDS = {Scale.quick: 0.3, Scale.full: 2.0}
_ATTEMPTS = {Scale.quick: 5, Scale.full: 6}
# Of a delay, what may be added so that runs do not come back together.
_MOST_SPREAD = 1.1
# Between the moment a delay counts from and the time its event is given nothing is awaited.
_NOTING_SECONDS = 0.1
# What delivery and a busy machine add.
_LATE_SECONDS = 1.0
_CALLS_PER_ATTEMPT = 1_000


def _spacing(events: Sequence[Recorded], first_seconds: float) -> tuple[list[float], list[str]]:
    """Seconds from the end of each attempt to the start of the next, and which are not as promised: what is noted is
    first × 2^(n−1) and up to a tenth, and nobody starts before the noted time or much after it.
    """
    measured: list[float] = []
    spread: list[float] = []
    failures: list[str] = []
    around = [item for item in events if isinstance(item.event, (StageRetryScheduled, DocsAnalysisStarted))]
    for before, after in pairwise(around):
        if isinstance(before.event, StageRetryScheduled):
            due = first_seconds * 2 ** (before.event.attempt - 1)
            noted = (before.event.not_before - before.time).total_seconds()
            late = (after.time - before.event.not_before).total_seconds()
            measured.append(round(noted + late, 2))
            spread.append(noted / due)
            if not due - _NOTING_SECONDS <= noted <= due * _MOST_SPREAD:
                failures.append(f"retry {len(measured)} was put off by {noted:.3f} s instead of {due:.3f} s")
            if not 0 <= late <= _LATE_SECONDS:
                failures.append(f"retry {len(measured)} came {late:.3f} s after its time")
    # Noting takes away from a delay, so any that is longer shows that something was added.
    if measured and max(spread) <= 1.0:
        failures.append("runs that fail together would come back together")
    return measured, failures


async def _dead_letter_is_the_request(nc: Client, request: Recorded) -> bool:
    js = nc.jetstream()
    original = await js.get_msg(COURSES.name, request.seq)
    letter = await js.get_last_msg(DEAD, f"dead.doc_analyser.{request.event.aggregate_id}")
    return letter.data == original.data and (letter.headers or {}).get("Coursewright-Sequence") == str(request.seq)


async def _judge(stack: LocalStack, course_id: str, scale: Scale) -> tuple[list[float], list[str]]:
    """The account of the run that was never answered, from the log and the dead letters."""
    nc = await connect(stack.nats_url("operator"), "faults")
    events = await JetStreamLog(nc).read(course_id)
    delays, failures = _spacing(events, _FIRST_SECONDS[scale])
    counts = {kind: sum(isinstance(item.event, kind) for item in events)
              for kind in (DocsAnalysisStarted, StageRetryScheduled, DocsAnalysisFailed, StageDead)}  # fmt: skip
    attempts, *ends = counts[DocsAnalysisStarted], counts[DocsAnalysisFailed], counts[StageDead]
    # Fewer retries than attempts are no defect: a worker that a busy machine holds up is replaced without one.
    if attempts != _ATTEMPTS[scale] or ends != [1, 1] or not 0 < counts[StageRetryScheduled] < attempts:
        failures.append(f"attempts, retries, failures and deaths: {list(counts.values())}")
    (request,) = [item for item in events if isinstance(item.event, DocsAnalysisRequested)]
    if not await _dead_letter_is_the_request(nc, request):
        failures.append("the dead letter is not the request")
    await nc.close()
    return delays, failures


def _seen_by_its_user(stack: LocalStack, api: Api, course_id: str) -> list[str]:
    status, stage = api.status(course_id), api.stage(course_id, 2)
    if status["database_status"] != "stage2_failed" or not stage["dead"] or not stage["error_message"]:
        return [f"its user sees {status['database_status']}, dead: {stage['dead']}, {stage['error_message']!r}"]
    return []


def prove(scale: Scale, folder: Path) -> Outcome:
    faults = ["overloaded"] * _CALLS_PER_ATTEMPT
    with ModelServer(folder / "ledger", faults).running() as server:
        settings = {
            "ANTHROPIC_API_KEY": "test-key", "ANTHROPIC_BASE_URL": server.url,
            "RETRY_FIRST_SECONDS": str(_FIRST_SECONDS[scale]), "STAGE_ATTEMPTS": str(_ATTEMPTS[scale]),
        }  # fmt: skip
        with patch.dict(os.environ, settings):
            stack = LocalStack(folder / "data", durable=False)
            stack.start()
        try:
            api = Api(stack.url, stack.token)
            course_id = api.create_course("Jobs", "")
            repository = make_repository(folder / "jobs")
            api.generate(course_id, {"repo_url": str(repository), "engine": "anthropic"})
            *_, died = follow_facts(stack, course_id, stop_at=("StageDead",))
            delays, failures = asyncio.run(_judge(stack, course_id, scale))
            failures += _seen_by_its_user(stack, api, course_id)
            server.faults.clear()
            api.retry(course_id, "stage2")
            *_, redriven = follow_facts(stack, course_id, stop_at=("DocsAnalysed",))
            calls = server.calls
            api.close()
        finally:
            stack.stop()
    if (died, redriven) != ("StageDead", "DocsAnalysed"):
        failures.append(f"ended as {died}, and as {redriven} when asked for again")
    figures = {"delays_seconds": delays, "attempts": _ATTEMPTS[scale], "calls": calls}
    return Outcome(len(delays), failures=tuple(failures), figures=figures)


PROMISE = Promise("P16", "retries are bounded and spaced; then dead, visible, redrivable", prove, alone=True)
