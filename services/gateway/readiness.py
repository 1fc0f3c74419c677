"""Whether the gateway can serve, judged from what its servers say. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.event_log.consumers import ConsumerState, LogPulse


@dataclass(frozen=True)
class Signs:
    """What was seen: `database` answers, `leads` some projector holds the lock, `projected` its checkpoint, `defects`
    how many facts have no rows; `pulse` is None when the log does not answer.
    """

    database: bool
    leads: bool
    projected: int
    pulse: LogPulse | None
    defects: int = 0


@dataclass(frozen=True)
class Readiness:
    """`status` is ready, degraded (it serves, but somebody should look) or not ready; a word for each part."""

    status: str
    checks: Mapping[str, str]


def judge(signs: Signs, lag_limit: int) -> Readiness:
    """Not ready: a server is away, a durable is gone (its workers wait in silence), or reads are too old to show."""
    behind = signs.pulse.last_seq - signs.projected if signs.pulse is not None and signs.database else 0
    consumers = {f"consumer {state.name}": _consumer(state) for state in signs.pulse.consumers} if signs.pulse else {}
    checks = {
        "database": "ok" if signs.database else "away",
        "event_log": "ok" if signs.pulse is not None else "away",
        "projector": _projector(signs, behind, lag_limit),
        **consumers,
    }
    bad = {"away", "missing"}
    fatal = any(checks[name] in bad for name in ("database", "event_log", *consumers)) or behind > lag_limit
    if fatal:
        return Readiness("not ready", checks)
    return Readiness("ready" if set(checks.values()) <= {"ok", "active"} else "degraded", checks)


def _projector(signs: Signs, behind: int, lag_limit: int) -> str:
    if not signs.database:
        return "unknown"
    if behind > lag_limit:
        return f"behind {behind}"
    return "active" if signs.leads else "away"


def _consumer(state: ConsumerState) -> str:
    if state.missing:
        return "missing"
    return f"no worker for {state.lag}" if state.lag and not (state.pulls or state.in_flight) else "ok"
