from dataclasses import replace

import pytest

from services.gateway.readiness import Signs, judge
from shared.event_log.consumers import ConsumerState, LogPulse

STAGES = tuple(ConsumerState(name, pulls=2) for name in ("repo_clone", "modules"))
WELL = Signs(database=True, leads=True, projected=100, pulse=LogPulse(100, 0, STAGES))


def with_stage(state: ConsumerState) -> Signs:
    return replace(WELL, pulse=LogPulse(100, 0, (STAGES[0], state)))


@pytest.mark.parametrize(
    ("signs", "status", "part", "word"),
    [
        (WELL, "ready", "projector", "active"),
        (replace(WELL, database=False), "not ready", "database", "away"),
        (replace(WELL, pulse=None), "not ready", "event_log", "away"),
        (replace(WELL, leads=False), "degraded", "projector", "away"),
        (replace(WELL, projected=50), "ready", "projector", "active"),
        (replace(WELL, projected=49), "not ready", "projector", "behind 51"),
        (with_stage(ConsumerState("modules", missing=True)), "not ready", "consumer modules", "missing"),
        (with_stage(ConsumerState("modules", lag=3)), "degraded", "consumer modules", "no worker for 3"),
        (with_stage(ConsumerState("modules", lag=3, in_flight=2)), "ready", "consumer modules", "ok"),
    ],
)
def test_readiness_follows_from_what_is_seen(signs: Signs, status: str, part: str, word: str) -> None:
    readiness = judge(signs, lag_limit=50)
    assert (readiness.status, readiness.checks[part]) == (status, word)
