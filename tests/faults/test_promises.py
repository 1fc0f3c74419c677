"""The part of `make faults` that every change is held to."""

from pathlib import Path

import pytest

from tests.faults import run
from tests.faults.promise import Outcome, Promise, Scale
from tests.faults.run import list_promises, prove


# Servers that are made to go away need their time to come back; a hang still ends.
@pytest.mark.timeout(400)
@pytest.mark.parametrize("promise", list_promises(), ids=lambda promise: promise.id)
def test_promise_holds(promise: Promise) -> None:
    outcome = prove(promise, Scale.quick)
    assert outcome.held, (outcome.lost, outcome.doubled, outcome.failures, outcome.figures)


def test_a_promise_that_breaks_off_is_broken_and_keeps_no_other_from_being_tried(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_off(scale: Scale, folder: Path) -> Outcome:
        raise OSError("no such server")

    promises = (Promise("P1", "one", break_off), Promise("P2", "two", lambda scale, folder: Outcome(3)))
    monkeypatch.setattr(run, "list_promises", lambda: promises)
    assert run.main(["--quick"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines if "runs" in line] == [["BROKEN", "P1"], ["held", "P2"], ["1", "of"]]
    assert "broke off: OSError: no such server" in lines[1]
