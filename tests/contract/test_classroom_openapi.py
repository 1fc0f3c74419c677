"""The description of the classroom's REST API: checked in, complete, with examples that fit."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from services.classroom.openapi import TARGET, main, render

DESCRIBED = json.loads(TARGET.read_text(encoding="utf-8"))
OPERATIONS = {
    f"{method} {path}": operation
    for path, operations in DESCRIBED["paths"].items()
    for method, operation in operations.items()
}
OPEN = {"post /auth/login", "get /health", "get /readyz", "get /metrics"}


def test_what_is_checked_in_is_what_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    assert TARGET.read_text(encoding="utf-8") == render()
    monkeypatch.setattr("services.classroom.openapi.render", lambda: "something else")
    assert main(["--check"]) == 1


def test_nothing_of_the_framework_shows_and_no_unknown_field_is_taken() -> None:
    schemas = DESCRIBED["components"]["schemas"]
    assert not {"HTTPValidationError", "ValidationError"} & schemas.keys()
    assert all(schema["additionalProperties"] is False for name, schema in schemas.items() if name.endswith("Body"))


def test_every_operation_says_what_it_does_and_who_may() -> None:
    assert len({one["operationId"] for one in OPERATIONS.values()}) == len(OPERATIONS)
    for name, operation in OPERATIONS.items():
        assert operation["summary"], name
        assert bool(operation["security"]) == (name not in OPEN), name
        assert {"200", "4XX", "503"} == operation["responses"].keys(), name
        takes_key = "idempotency-key" in {one["name"] for one in operation["parameters"]}
        assert not takes_key or name.startswith("post "), name


def _examples() -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Where it stands, the example, and what it has to fit."""
    parts = DESCRIBED["components"]
    for name, schema in parts["schemas"].items():
        yield from ((name, one, schema) for one in schema["examples"])
    for name, operation in OPERATIONS.items():
        for parameter in operation["parameters"]:
            yield from ((name, one, parameter["schema"]) for one in parameter["schema"]["examples"])
        bodies = [operation.get("requestBody", {}), operation["responses"]["200"], *parts["responses"].values()]
        for content in (one for body in bodies for one in body.get("content", {}).values()):
            if "$ref" not in {*content["schema"], *content["schema"].get("items", ())}:
                yield name, content["example"], content["schema"]


def test_every_shape_parameter_and_answer_has_an_example_that_fits() -> None:
    for name, example, schema in _examples():
        wrong = Draft202012Validator({"allOf": [schema], "components": DESCRIBED["components"]}).iter_errors(example)
        assert [str(one) for one in wrong] == [], name
