from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.gateway.api.metrics import Metrics
from services.gateway.api.readiness import Signs, judge
from shared.event_log.consumers import ConsumerState, LogPulse

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
EARLIER, RECENT = NOW - timedelta(minutes=6), NOW - timedelta(minutes=4)
STAGES = tuple(ConsumerState(name, pulls=2) for name in ("repo_clone", "modules"))
WELL = Signs(database=True, leads=True, projected=100, pulse=LogPulse(100, 0, STAGES), now=NOW)


def with_stage(state: ConsumerState) -> Signs:
    return replace(WELL, pulse=LogPulse(100, 0, (STAGES[0], state)))


def stalled(last_active: datetime | None = None, last_finished: datetime | None = None) -> ConsumerState:
    return ConsumerState("modules", lag=3, in_flight=2, last_active=last_active, last_finished=last_finished)


@pytest.mark.parametrize(
    ("signs", "status", "part", "word"),
    [
        (WELL, "ready", "projector", "active"),
        (replace(WELL, database=False), "not ready", "database", "away"),
        (replace(WELL, pulse=None), "not ready", "event_log", "away"),
        (replace(WELL, leads=False), "degraded", "projector", "away"),
        (replace(WELL, tables=False, projected=0), "not ready", "tables", "missing"),
        (replace(WELL, tables=False, projected=0), "not ready", "database", "ok"),
        (replace(WELL, tables=False, projected=0), "not ready", "projector", "unknown"),
        (replace(WELL, defects=2), "degraded", "tables", "2 facts without rows"),
        (replace(WELL, lags=True), "degraded", "event_loop", "lagging"),
        (replace(WELL, projected=50), "ready", "projector", "active"),
        (replace(WELL, projected=49), "not ready", "projector", "behind 51"),
        (replace(WELL, projected=101), "not ready", "projector", "ahead of the log by 1"),
        (replace(WELL, leads=False, other_log=True), "not ready", "projector", "tables of another log"),
        (with_stage(ConsumerState("modules", missing=True)), "not ready", "consumer modules", "missing"),
        (with_stage(ConsumerState("modules", lag=3)), "degraded", "consumer modules", "no worker for 3"),
        (with_stage(stalled(last_active=RECENT)), "ready", "consumer modules", "ok"),
        (with_stage(stalled(last_active=EARLIER, last_finished=RECENT)), "ready", "consumer modules", "ok"),
        (with_stage(stalled(last_active=EARLIER)), "degraded", "consumer modules", "no sign of a worker for 3"),
        (with_stage(stalled()), "degraded", "consumer modules", "no sign of a worker for 3"),
        (with_stage(replace(stalled(), pulls=1)), "ready", "consumer modules", "ok"),
    ],
)
def test_readiness_follows_from_what_is_seen(signs: Signs, status: str, part: str, word: str) -> None:
    readiness = judge(signs, lag_limit=50)
    assert (readiness.status, readiness.checks[part]) == (status, word)


def test_the_lag_is_below_zero_when_the_log_has_less_than_the_tables() -> None:
    metrics = Metrics()
    metrics.show(LogPulse(100), 129, 0)
    assert "coursewright_projection_lag -29.0" in metrics.render().decode()
