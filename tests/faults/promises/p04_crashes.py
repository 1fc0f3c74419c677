"""P4: every process is killed at every named point while courses are made, and nobody helps them afterwards."""

from collections import Counter
from pathlib import Path

from tests.faults.evidence import gather
from tests.faults.promise import Outcome, Promise, Scale


def prove(scale: Scale, _: Path) -> Outcome:
    """One run per kill -9; a course that did not finish by itself is lost."""
    evidence = gather(scale)
    died = Counter(kill.process for kill in evidence.kills)
    return Outcome(
        runs=len(evidence.kills),
        lost=len(evidence.unfinished),
        failures=(
            *evidence.unfinished,
            *(f"{kill.name} was not reached {kill.hit} times" for kill in evidence.unreached),
        ),
        figures={
            "courses": evidence.courses,
            "points": len({kill.name for kill in evidence.kills}),
            **died,
        },
    )


PROMISE = Promise("P4", "any process may die anywhere and the course still finishes", prove, evidence="kills")
