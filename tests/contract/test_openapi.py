"""The description of the REST API: checked in, complete, and true."""

import json
import re

import pytest

from services.gateway.openapi import TARGET, main, render

DESCRIBED = json.loads(TARGET.read_text(encoding="utf-8"))
OPERATIONS = [
    (f"{method} {path}", operation)
    for path, operations in DESCRIBED["paths"].items()
    for method, operation in operations.items()
]
OPEN = {"/health", "/healthz", "/readyz", "/metrics", "/version"}


def test_what_is_checked_in_is_what_runs() -> None:
    assert TARGET.read_text(encoding="utf-8") == render()


def test_a_difference_is_noticed(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.gateway.openapi.render", lambda: "something else")
    assert main(["--check"]) == 1


def test_ids_are_set_by_hand_and_unique() -> None:
    ids = [operation["operationId"] for _, operation in OPERATIONS]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z][A-Za-z0-9]+", one) for one in ids)


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_every_operation_says_what_it_does_who_may_and_how_it_refuses(name: str, operation: dict[str, object]) -> None:
    assert operation["summary"]
    if name.split()[1] in OPEN:
        return
    assert operation["security"] == [{"bearer": []}]
    answers = operation["responses"]
    assert isinstance(answers, dict)
    assert {"401", "422", "503"} <= answers.keys()
    for status, answer in answers.items():
        assert answer["description"]
        if status >= "400":
            assert list(answer["content"]) == ["application/problem+json"]


def test_every_request_shape_refuses_unknown_fields() -> None:
    schemas = DESCRIBED["components"]["schemas"]
    bodies = [schema for name, schema in schemas.items() if name.endswith("Body")]
    assert bodies
    assert all(schema["additionalProperties"] is False for schema in bodies)


def test_nothing_of_the_framework_shows() -> None:
    assert not {"HTTPValidationError", "ValidationError"} & DESCRIBED["components"]["schemas"].keys()
