"""The report of `coursewright replay`, and its exit code."""

from typing import Any

import pytest

from cli.exit_codes import ExitCode
from cli.operate import replay
from tests.support.command import Command, objects

_SERVERS = ("--nats-url", "nats://127.0.0.1:1")
_BUILT = {"schema": "read_v1_next", "seqs": {"COURSES": 9}, "events": 9, "seconds": 1.0, "finishing_seconds": 0.0}


def deed(monkeypatch: pytest.MonkeyPatch, **done: Any) -> None:
    monkeypatch.setattr(replay, "run", lambda *_: done)


def test_facts_of_a_course_without_rows_are_named_and_the_exit_code_is_incomplete(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    defect: dict[str, Any] = {"seq": 7, "type": "DocumentAnalysed", "reason": "no content courses/c/analyses/a.json"}
    deed(monkeypatch, action="course_replaced", course_id="c", events=9, defects=(defect,))
    said = command("replay", "--course", "c", *_SERVERS, code=ExitCode.INCOMPLETE).stdout
    assert "1 facts have no rows" in said
    assert defect["reason"] in said
    (as_json,) = objects(command("replay", "--course", "c", *_SERVERS, "--json", code=ExitCode.INCOMPLETE))
    assert as_json["defects"] == [defect]
    deed(monkeypatch, action="course_replaced", course_id="c", events=9, defects=())
    assert "no rows" not in command("replay", "--course", "c", *_SERVERS).stdout


def test_tables_that_had_nothing_to_be_compared_with_say_so(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    deed(monkeypatch, action="swapped", **_BUILT, swap_seconds=0.1)
    said = command("replay", *_SERVERS).stdout
    assert "no live tables: nothing was compared" in said
    assert "--back" not in said
    deed(monkeypatch, action="swapped", **_BUILT, swap_seconds=0.1, differences=[])
    assert "--back" in command("replay", *_SERVERS).stdout
