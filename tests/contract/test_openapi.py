"""The description of the REST API: checked in, complete, and true."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from services.gateway.api.description import EXAMPLES
from services.gateway.openapi import TARGET, main, render
from shared.web.errors import PROBLEM

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


@pytest.mark.parametrize("name", DESCRIBED["components"]["schemas"])
def test_every_shape_has_an_example_that_fits_it(name: str) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": DESCRIBED["components"]}
    for example in DESCRIBED["components"]["schemas"][name]["examples"]:
        Draft202012Validator(schema).validate(example)


def _fits(value: object, schema: object) -> None:
    Draft202012Validator({"allOf": [schema], "components": DESCRIBED["components"]}).validate(value)


@pytest.mark.parametrize(("name", "operation"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_every_request_answer_and_error_has_an_example_that_fits_it(name: str, operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", []):
        for example in parameter["schema"]["examples"]:
            _fits(example, parameter["schema"])
    for body in [operation.get("requestBody", {}), *operation["responses"].values()]:
        for content in body.get("content", {}).values():
            for example in _examples(content):
                _fits(example, content["schema"])


def _examples(content: dict[str, Any]) -> list[Any]:
    """Those of the content itself, else those of its named shape; at least one."""
    parts = DESCRIBED["components"]
    if "examples" in content:
        return [parts["examples"][one["$ref"].rpartition("/")[2]]["value"] for one in content["examples"].values()]
    if "example" in content:
        return [content["example"]]
    found: list[Any] = parts["schemas"][content["schema"]["$ref"].rpartition("/")[2]]["examples"]
    assert found
    return found


def test_the_example_of_an_error_is_of_its_status_and_has_its_code() -> None:
    for name, operation in OPERATIONS:
        for status, answer in operation["responses"].items():
            if PROBLEM in answer.get("content", {}):
                (example,) = _examples(answer["content"][PROBLEM])
                assert (str(example["status"]), [example["code"]]) == (
                    status, list(answer["content"][PROBLEM]["examples"]),
                ), name  # fmt: skip


def test_the_example_of_a_stream_is_a_stream_of_its_messages() -> None:
    for path in ("/api/events", "/api/courses/{course_id}/events"):
        content = DESCRIBED["paths"][path]["get"]["responses"]["200"]["content"]["text/event-stream"]
        parts = content["example"].split("\n\n")[:-1]
        messages = [dict(line.split(": ", 1) for line in one.splitlines()) for one in parts]
        read = [
            {"event": one["event"], "data": json.loads(one["data"])} | ({"id": int(one["id"])} if "id" in one else {})
            for one in messages
        ]
        _fits(read, content["schema"]["contentSchema"])
        assert len({one["event"] for one in read}) == len(read) > 1


def test_no_example_is_left_of_a_shape_that_is_gone() -> None:
    assert EXAMPLES["schemas"].keys() == DESCRIBED["components"]["schemas"].keys()


def test_every_read_has_a_tag_and_says_whether_a_token_is_needed() -> None:
    for name, operation in OPERATIONS:
        method, path = name.split()
        assert operation["security"] == ([] if path in OPEN else [{"bearer": []}])
        if method == "get" and path not in OPEN and not path.endswith("/events"):
            assert "ETag" in operation["responses"]["200"]["headers"], name
            assert "304" in operation["responses"]


def test_a_generated_client_takes_every_file_as_bytes() -> None:
    """It takes the first type that it knows; of bytes each one knows this."""
    files = {
        (name, next(iter(answer["content"])))
        for name, operation in OPERATIONS
        for answer in operation["responses"].values()
        if any(kind.get("schema", {}).get("format") == "binary" for kind in answer.get("content", {}).values())
    }
    assert {kind for _, kind in files} == {"application/octet-stream"}
    assert "get /api/documents/{document_id}/file" in {name for name, _ in files}


def test_nothing_of_the_framework_shows() -> None:
    assert not {"HTTPValidationError", "ValidationError"} & DESCRIBED["components"]["schemas"].keys()


def test_each_route_of_documents_and_lectures_stands_in_the_tables_for_users() -> None:
    said = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    routes = {
        f"`{method.upper()} {re.sub(r'{[a-z]+_id}', '{id}', path)}`"
        for path, operations in DESCRIBED["paths"].items()
        for method, operation in operations.items()
        if set(operation["tags"]) & {"documents", "lectures"}
    }
    assert len(routes) > 14
    assert {route for route in routes if route not in said} == set()
