"""The part of `make faults` that every change is held to."""

import pytest

from tests.faults.promise import Promise, Scale
from tests.faults.run import list_promises, prove


# Servers that are made to go away need their time to come back; a hang still ends.
@pytest.mark.timeout(400)
@pytest.mark.parametrize("promise", list_promises(), ids=lambda promise: promise.id)
def test_promise_holds(promise: Promise) -> None:
    outcome = prove(promise, Scale.quick)
    assert outcome.held, (outcome.lost, outcome.doubled, outcome.failures, outcome.figures)
