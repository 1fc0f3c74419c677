"""P6: what a model was asked, counted at the model, while those who ask are killed before, during and after calls."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.faults.evidence import ANSWERS, Asked, gather
from tests.faults.kills import PARALLELISM, Call
from tests.faults.promise import Outcome, Promise, Scale


def _repeated(asked: Asked, expected: Counter[str]) -> Counter[str]:
    """By kind of answer, the calls that a round without kills would not have made."""
    schemas = {call.key: call.schema for call in asked.calls}
    again = Counter(call.key for call in asked.calls) - expected
    repeated: Counter[str] = Counter()
    for key, count in again.items():
        repeated[schemas[key]] += count
    return repeated


def _too_many(repeated: Counter[str], asked: Asked) -> Iterator[str]:
    """A process that dies takes with it what it had in flight: as many calls as it makes at once, and no more."""
    killed = {ANSWERS[kill.process]: kill for kill in asked.kills if kill.process in ANSWERS}
    for schema, count in repeated.items():
        kill = killed.get(schema)
        in_flight = PARALLELISM if kill is not None else 0
        if count > in_flight:
            why = f"at {kill.name} {kill.hit} {in_flight} could be in flight" if kill else "and nobody who asks died"
            yield f"{count} times was an {schema} asked for again, {why}"


def _seen(asked: Asked, expected: Counter[str]) -> tuple[Counter[str], list[str]]:
    repeated = _repeated(asked, expected)
    problems = list(_too_many(repeated, asked))
    if in_vain := _in_vain(asked.calls):
        problems.append(f"{in_vain} answers were stored already")
    if missing := expected.keys() - {call.key for call in asked.calls}:
        problems.append(f"{len(missing)} answers were never asked for")
    return repeated, problems


def _in_vain(calls: tuple[Call, ...]) -> int:
    return sum(call.stored for call in calls)


def prove(scale: Scale, _: Path) -> Outcome:
    """A question whose answer was stored is never asked, and only those in flight at a kill are asked again."""
    evidence = gather(scale)
    expected = Counter(call.key for call in evidence.asked_without_faults)
    failures: list[str] = []
    repeated: Counter[str] = Counter()
    for number, asked in enumerate(evidence.asked):
        again, problems = _seen(asked, expected)
        repeated += again
        failures += [f"round {number}: {problem}" for problem in problems]
    return Outcome(
        runs=len(evidence.asked),
        doubled=sum(_in_vain(asked.calls) for asked in evidence.asked),
        failures=tuple(failures),
        figures={"calls": sum(len(asked.calls) for asked in evidence.asked), "repeated": dict(repeated)},
    )


PROMISE = Promise("P6", "no answer of a model is paid for twice", prove, evidence="kills")
