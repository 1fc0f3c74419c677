"""The OpenAPI description of the classroom. Examples are made from the values that fields of a name have."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from shared.web.description import Problem
from shared.web.errors import PROBLEM
from shared.web.sessions import COOKIE

# Of fields and parameters by name, or by shape and name where the name does not say enough; of problems by status.
EXAMPLES: dict[str, Any] = json.loads((Path(__file__).parent / "examples.json").read_text(encoding="utf-8"))
_OPEN = ("/health", "/readyz", "/metrics", "/auth/login")
_WAYS_IN = {
    "session": {"type": "http", "scheme": "bearer", "description": "The token of `POST /auth/login`"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE, "description": "The same as a cookie"},
    "api_key": {"type": "apiKey", "in": "header", "name": "api_key", "description": "The key of an organization"},
}
_PROBLEMS = {
    "4XX": "Refused: the request does not fit, or is not for this caller; `code` and `detail` say why",
    "503": "A server behind the classroom is away, or too much is at work; `code` says which, Retry-After for how long",
}


def describe(app: FastAPI) -> dict[str, Any]:
    """The description; every problem answer has the media type of problems."""
    made = get_openapi(
        title="Coursewright classroom", version="1", openapi_version="3.1.0", routes=app.routes,
        summary="Schools, cohorts, courses, tasks, and what is learnt in them.",
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"}, servers=app.servers or [{"url": "/"}],
    )  # fmt: skip
    parts = made["components"]
    for name in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(name)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    parts["schemas"] |= {**problem.pop("$defs"), "Problem": problem}
    shapes = {name: _example(schema, name, parts["schemas"], ()) for name, schema in parts["schemas"].items()}
    for name, schema in parts["schemas"].items():
        schema["examples"] = [shapes[name]]
    ids = set[str]()
    for path, operations in made["paths"].items():
        for method, operation in operations.items():
            _complete(operation, method, is_open=path in _OPEN)
            ids.add(_name(operation, method, ids))
            for body in (operation.get("requestBody", {}), operation["responses"]["200"]):
                for media in body.get("content", {}).values():
                    if "$ref" not in {*media["schema"], *media["schema"].get("items", ())}:
                        media["example"] = _example(media["schema"], path, parts["schemas"], ())
    parts["securitySchemes"] = _WAYS_IN
    parts["responses"] = {
        status: {
            "description": meaning,
            "content": {
                PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": EXAMPLES["problems"][status]}
            },
        }
        for status, meaning in _PROBLEMS.items()
    }
    return made


def _complete(operation: dict[str, Any], method: str, *, is_open: bool) -> None:
    answers = operation["responses"]
    answers.pop("422", None)
    answers |= {status: {"$ref": f"#/components/responses/{status}"} for status in _PROBLEMS}
    operation["security"] = [] if is_open else [{one: []} for one in _WAYS_IN]
    taken = [
        one for one in operation.get("parameters", ()) if method == "post" or one["name"].lower() != "idempotency-key"
    ]
    for one in taken:
        one["schema"]["examples"] = [_example(one["schema"], one["name"].lower(), {}, ())]
    operation["parameters"] = taken


def _name(operation: dict[str, Any], method: str, taken: set[str]) -> str:
    """The operation's id; a function that two methods share gives the second of them the method's name too."""
    first, *others = operation["summary"].split()
    name = first.lower() + "".join(one.capitalize() for one in others)
    operation["operationId"] = f"{method}{name[0].upper()}{name[1:]}" if name in taken else name
    return str(operation["operationId"])


def _example(schema: Mapping[str, Any], about: str, shapes: Mapping[str, Any], inside: tuple[str, ...]) -> Any:
    """`about`: the shape and the field. Within itself a shape has none of its own kind."""
    field = about.rpartition(".")[2]
    for known in (about, field):
        if known in EXAMPLES["fields"]:
            return EXAMPLES["fields"][known]
    if field.removesuffix("s").endswith("_id"):
        return [EXAMPLES["fields"]["id"]] if schema.get("type") == "array" else EXAMPLES["fields"]["id"]
    match schema:
        case {"$ref": ref}:
            name = ref.rpartition("/")[2]
            return _example(shapes[name], name, shapes, (*inside, name))
        case {"const": value} | {"enum": [value, *_]} | {"examples": [value, *_]}:
            return value
        case {"anyOf": choices} | {"oneOf": choices}:
            return _example(
                next((one for one in choices if one.get("type") != "null"), choices[0]), about, shapes, inside
            )
        case {"type": "object"}:
            of_fields = schema.get("properties", {}).items()
            return {name: _example(one, f"{about}.{name}", shapes, inside) for name, one in of_fields}
        case {"type": "array", "prefixItems": items}:
            return [_example(one, f"{about}.{number}", shapes, inside) for number, one in enumerate(items)]
        case {"type": "array", "items": {"$ref": ref}} if ref.rpartition("/")[2] in inside:
            return []
        case {"type": "array", "items": item}:
            return [_example(item, about.removesuffix("s"), shapes, inside)]
        case {"type": "boolean"}:
            return True
        case {"type": "integer" | "number"}:
            return schema.get("minimum", 1)
        case {"type": "string", "format": "date-time"}:
            return "2026-03-02T09:00:00Z"
    raise KeyError(f"There is no example of {about}: {dict(schema)}")
