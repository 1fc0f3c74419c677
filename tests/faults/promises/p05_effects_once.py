"""P5: courses whose workers were killed equal those of a run without faults: tables, blobs, facts, course.json."""

from pathlib import Path

from tests.faults.evidence import gather
from tests.faults.promise import Outcome, Promise, Scale


def prove(scale: Scale, _: Path) -> Outcome:
    """The runs of P4, compared; what a course lacks is lost, what it has too much of is doubled."""
    evidence = gather(scale)
    return Outcome(
        runs=len(evidence.kills),
        lost=sum(difference.lost.total() for _, difference in evidence.differences),
        doubled=sum(difference.doubled.total() for _, difference in evidence.differences),
        failures=tuple(f"{course}: {difference.describe()}" for course, difference in evidence.differences),
        figures={"courses compared": evidence.courses},
    )


PROMISE = Promise("P5", "effects happen once", prove, evidence="kills")
