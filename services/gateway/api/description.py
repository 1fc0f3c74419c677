"""The OpenAPI description."""

import json
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from services.gateway.fold.statuses import course_statuses
from shared.events.courses import COURSE
from shared.pipeline import Pipeline
from shared.web.errors import PROBLEM

TITLE = "Coursewright"
VERSION = "1"
_BEARER = "bearer"
STREAM = "text/event-stream"
# Of parameters by name, unless their route gives another one; of problems by status; of schemas by name. Those of
# answers are taken from a course that was made.
EXAMPLES: dict[str, Any] = json.loads((Path(__file__).parent / "examples.json").read_text(encoding="utf-8"))
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
                parameter["schema"].setdefault("examples", [EXAMPLES["parameters"].get(parameter["name"])])
            if "401" in operation["responses"]:
                operation["security"] = [{_BEARER: []}]
                _tag_read(method, operation["responses"])
            else:
                operation["security"] = []
            for status, answer in operation["responses"].items():
                _describe_answer(status, answer)
            _show_examples(operation.get("requestBody", {}).get("content", {}))
    made["components"]["securitySchemes"] = {
        _BEARER: {
            "type": "http", "scheme": "bearer", "description": "An access token, or the local user's token"
        }
    }  # fmt: skip
    made["components"]["examples"] = EXAMPLES["problems"]
    made["servers"] = [{"url": "/", "description": "the gateway that serves this description"}]
    for name, schema in made["components"]["schemas"].items():
        if name in EXAMPLES["schemas"]:
            schema["examples"] = [EXAMPLES["schemas"][name]]
    for (name, field), choices in _choices(pipeline).items():
        made["components"]["schemas"][name]["properties"][field]["enum"] = choices
    return made


def _describe_answer(status: str, answer: dict[str, Any]) -> None:
    content = answer.get("content", {})
    if PROBLEM in content:
        code = EXAMPLES["problems"][status]["value"]["code"]
        shown = {"examples": {code: {"$ref": f"#/components/examples/{status}"}}}
        answer["content"] = {PROBLEM: {**next(reversed(content.values())), **shown}}
    elif STREAM in content:
        _show_messages(content[STREAM])
    else:
        _show_examples(content)


def _choices(pipeline: Pipeline) -> dict[tuple[str, str], list[str]]:
    """Fields of answers whose values derive from the stages and events that there are."""
    statuses, stages = list(course_statuses(pipeline)), list(pipeline.by_key)
    return {
        ("CourseView", "status"): statuses,
        ("CourseStatusView", "database_status"): statuses,
        **{(name, "current_stage"): stages for name in ("CourseView", "CourseStatusView")},
        ("StepView", "stage"): stages,
        ("SelectionSavedView", "next_stage"): stages,
        ("FactView", "type"): sorted(COURSE.events),
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
            return EXAMPLES["schemas"][name.rpartition("/")[2]]
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
