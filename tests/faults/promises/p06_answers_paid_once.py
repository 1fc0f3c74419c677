"""P6: what a model was asked, counted at the model, while those who ask are killed before, during and after calls."""

from collections import Counter
from pathlib import Path

from tests.faults.evidence import gather
from tests.faults.kills import PARALLELISM
from tests.faults.promise import Outcome, Promise, Scale

# Each of the three stages that ask is killed once in a round.
_IN_FLIGHT = 3 * PARALLELISM


def prove(scale: Scale, _: Path) -> Outcome:
    """A question whose answer was stored is never asked, and only those in flight at a kill are asked again."""
    evidence = gather(scale)
    expected = Counter(call.key for call in evidence.asked_without_faults)
    failures: list[str] = []
    repeated = doubled = 0
    for number, calls in enumerate(evidence.asked):
        again = Counter(call.key for call in calls) - expected
        repeated += again.total()
        if again.total() > _IN_FLIGHT:
            failures.append(f"round {number}: {again.total()} calls were repeated, {_IN_FLIGHT} could be in flight")
        in_vain = sum(call.stored for call in calls)
        doubled += in_vain
        missing = expected.keys() - {call.key for call in calls}
        if in_vain or missing:
            failures.append(f"round {number}: {in_vain} answers were stored already, {len(missing)} never asked for")
    return Outcome(
        runs=len(evidence.asked),
        doubled=doubled,
        failures=tuple(failures),
        figures={"calls": sum(map(len, evidence.asked)), "repeated": repeated},
    )


PROMISE = Promise("P6", "no answer of a model is paid for twice", prove)
