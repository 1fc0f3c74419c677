"""P30: the cores, the shell and the gateway under schedules made from seeds, with faults at every await."""

from collections import Counter
from pathlib import Path

from tests.faults.promise import Outcome, Promise, Scale
from tests.simulator.run import run_seeds

_SEEDS = {Scale.quick: 100, Scale.full: 10_000}


def _prove(scale: Scale, _: Path) -> Outcome:
    summary = run_seeds(range(_SEEDS[scale]))
    return Outcome(
        runs=summary.runs,
        failures=tuple(f"seed {outcome.seed}: {outcome.broken}" for outcome in summary.broken),
        figures={
            "events": summary.events, "steps": summary.steps, "virtual_hours": round(summary.seconds / 3600),
            "ends": dict(sorted(Counter(summary.ends).items())),
        },
    )  # fmt: skip


PROMISE = Promise("P30", "any schedule by seed keeps the invariants", _prove)
