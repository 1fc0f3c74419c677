"""Whether the gateway can serve, judged from what its servers say. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.event_log.consumers import ConsumerState, LogPulse

# Far beyond the ack wait, because workers that are all busy with long runs look the same.
_SILENT = timedelta(minutes=5)
GOOD = frozenset({"ok", "active"})  # the words that are no reason to look


@dataclass(frozen=True)
class Signs:
    """The state that was seen: `database` answers and has read `tables`, which are new and `filling`, `leads` some
    projector holds the lock, `projected` its checkpoint, `defects` how many facts have no rows, all at `now` (UTC);
    `pulse` is None when the log does not answer; `other_log`: it does not hold what the tables were made from; `lags`:
    the event loop of this process was late.
    """

    database: bool
    leads: bool
    projected: int
    pulse: LogPulse | None
    now: datetime
    defects: int = 0
    tables: bool = True
    filling: bool = False
    other_log: bool = False
    lags: bool = False

    @property
    def behind(self) -> int:
        """Events stored and not projected; below 0 when the log has less than the tables, 0 where that is not known."""
        known = self.pulse is not None and self.database and self.tables
        return self.pulse.last_seq - self.projected if self.pulse is not None and known else 0


@dataclass(frozen=True)
class Readiness:
    """`status` is ready, degraded (it serves, but somebody should look) or not ready; a word for each part."""

    status: str
    checks: Mapping[str, str]


def judge(signs: Signs, lag_limit: int) -> Readiness:
    """Not ready: a server is away, the read tables are gone or being filled, a durable is gone (its workers wait in
    silence), reads are too old to show, or the log has less than was read from it, or something else: nothing of it is
    projected.
    """
    states = signs.pulse.consumers if signs.pulse else ()
    consumers = {f"consumer {state.name}": _consumer(state, signs.now) for state in states}
    checks = {
        "database": "ok" if signs.database else "away",
        "event_log": "ok" if signs.pulse is not None else "away",
        "projector": _projector(signs, lag_limit),
        "tables": _tables(signs),
        "event_loop": "lagging" if signs.lags else "ok",
        **consumers,
    }
    bad = {"away", "missing", "being filled"}
    vital = ("database", "event_log", "tables", *consumers)
    if any(checks[name] in bad for name in vital) or not 0 <= signs.behind <= lag_limit or signs.other_log:
        return Readiness("not ready", checks)
    return Readiness("ready" if GOOD.issuperset(checks.values()) else "degraded", checks)


def _tables(signs: Signs) -> str:
    if signs.database and not signs.tables:
        return "missing"
    if signs.filling:
        return "being filled"
    return f"{signs.defects} facts without rows" if signs.defects else "ok"


def _projector(signs: Signs, lag_limit: int) -> str:
    if not (signs.database and signs.tables):
        return "unknown"
    if signs.behind < 0:
        return f"ahead of the log by {-signs.behind}"
    if signs.other_log:
        return "tables of another log"
    if signs.behind > lag_limit:
        return f"behind {signs.behind}"
    return "active" if signs.leads else "away"


def _consumer(state: ConsumerState, now: datetime) -> str:
    if state.missing:
        return "missing"
    if not state.lag or state.pulls:
        return "ok"
    if not state.in_flight:
        return f"no worker for {state.lag}"
    # What a dead worker held stays in flight for ever: the server takes it back only to give it to another one.
    signs = [seen for seen in (state.last_active, state.last_finished) if seen is not None]
    return "ok" if signs and now - max(signs) <= _SILENT else f"no sign of a worker for {state.lag}"
