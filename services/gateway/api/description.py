"""The OpenAPI description."""

import json
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from services.gateway.api.errors import PROBLEM
from services.gateway.api.problems import example_problems
from services.gateway.fold.statuses import course_statuses
from shared.events import EVENT_TYPES
from shared.pipeline import Pipeline

TITLE = "Coursewright"
VERSION = "1"
_BEARER = "bearer"
STREAM = "text/event-stream"
# By the name of a schema. Those of answers are taken from a course that was made.
EXAMPLES: dict[str, Any] = json.loads((Path(__file__).parent / "examples.json").read_text(encoding="utf-8"))
# By the name of a parameter, unless its route gives another one.
_PARAMETERS: dict[str, Any] = {
    **dict.fromkeys(
        ("course_id", "credential_id", "delivery_id", "task_id", "webhook_id"), "019a5e3c-7b1f-7c2d-8e4f-5a6b7c8d9e0f"
    ),
    "job_id": "019a5e3c-7b1f-7c2d-8e4f-5a6b7c8d9e0f_019a5e3c-7b20-7e41-9c1d-2f3a4b5c6d7e",
    "document_id": "d0a1b2c3d4e5f", "kind": "site", "module_id": "m0a1b2c3d4e5f", "pathway_id": "p0a1b2c3d4e5f",
    "at": 12, "cursor": "12", "limit": 20, "offset": 40, "q": "click", "status": "draft", "ticket": "v1.c2VhbGVk",
    "idempotency-key": "first-try", "if-match": '"12"', "last-event-id": "12",
}  # fmt: skip
_TAG = "of parts of a course its version, which `If-Match` takes; else weak"
SUMMARY = "Turns a Git repository's documentation into a course worth taking."


def describe(app: FastAPI, pipeline: Pipeline) -> dict[str, Any]:
    """The description; every problem answer has the media type of problems."""
    made = get_openapi(
        title=TITLE, version=VERSION, summary=SUMMARY, openapi_version="3.1.0", routes=app.routes,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )  # fmt: skip
    for operations in made["paths"].values():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                _list_choices(parameter, pipeline)
                parameter["schema"].setdefault("examples", [_PARAMETERS.get(parameter["name"])])
            if "401" in operation["responses"]:
                operation["security"] = [{_BEARER: []}]
                _tag_read(method, operation["responses"])
            else:
                operation["security"] = []
            for answer in operation["responses"].values():
                content = answer.get("content", {})
                if PROBLEM in content:
                    answer["content"] = {PROBLEM: {key: part for one in content.values() for key, part in one.items()}}
                elif STREAM in content:
                    _show_messages(content[STREAM])
                else:
                    _show_examples(content)
            _show_examples(operation.get("requestBody", {}).get("content", {}))
    made["components"]["securitySchemes"] = {
        _BEARER: {
            "type": "http", "scheme": "bearer", "description": "An access token, or the local user's token"
        }
    }  # fmt: skip
    made["components"]["examples"] = example_problems()
    made["servers"] = [{"url": "/", "description": "the gateway that serves this description"}]
    for name, schema in made["components"]["schemas"].items():
        if name in EXAMPLES:
            schema["examples"] = [EXAMPLES[name]]
    for (name, field), choices in _choices(pipeline).items():
        made["components"]["schemas"][name]["properties"][field]["enum"] = choices
    return made


def _choices(pipeline: Pipeline) -> dict[tuple[str, str], list[str]]:
    """Fields of answers whose values derive from the stages and events that there are."""
    statuses, stages = list(course_statuses(pipeline)), list(pipeline.by_key)
    return {
        ("CourseView", "status"): statuses,
        ("CourseStatusView", "database_status"): statuses,
        **{(name, "current_stage"): stages for name in ("CourseView", "CourseStatusView")},
        ("StepView", "stage"): stages,
        ("SelectionSavedView", "next_stage"): stages,
        ("FactView", "type"): sorted(EVENT_TYPES),
    }


def _show_messages(stream: dict[str, Any]) -> None:
    """A stream is a text; the messages in it have the shapes that the route names."""
    messages = [_example(one) for one in stream["schema"]["items"]["anyOf"]]
    stream["schema"] = {"type": "string", "contentMediaType": STREAM, "contentSchema": stream["schema"]}
    stream["example"] = "".join(
        "".join(f"{name}: {text if isinstance(text, str) else json.dumps(text)}\n" for name, text in one.items()) + "\n"
        for one in messages
    )


def _show_examples(content: dict[str, Any]) -> None:
    """A named shape has its example with it; of lists, and of bodies that may be left out, the example stands here."""
    for media in content.values():
        if "$ref" not in media["schema"] and "example" not in media:
            media["example"] = _example(media["schema"])


def _example(schema: dict[str, Any]) -> Any:
    match schema:
        case {"$ref": name}:
            return EXAMPLES[name.rpartition("/")[2]]
        case {"anyOf": [first, *_]}:
            return _example(first)
    return [_example(schema["items"])]


def _tag_read(method: str, answers: dict[str, Any]) -> None:
    """Every read has an entity tag."""
    if method == "get" and STREAM not in answers["200"].get("content", {}):
        answers["200"].setdefault("headers", {})["ETag"] = {"schema": {"type": "string"}, "description": _TAG}
        answers["304"] = {"description": "The caller has this answer already, as `If-None-Match` says"}


def _list_choices(parameter: dict[str, Any], pipeline: Pipeline) -> None:
    """Of parameters whose values derive from the stages there are."""
    match parameter["in"], parameter["name"]:
        case "path", "stage":
            parameter["schema"]["enum"] = list(pipeline.by_key)
        case "query", "status":
            parameter["schema"]["enum"] = list(course_statuses(pipeline))
