"""The OpenAPI description, and a page of it that needs nothing from elsewhere."""

import json
from html import escape
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse

from services.gateway.api.errors import PROBLEM
from services.gateway.api.strict_json import StrictRoute
from services.gateway.fold.statuses import course_statuses
from shared.pipeline import Pipeline

TITLE = "Coursewright"
VERSION = "1"
_BEARER = "bearer"
# By the name of a schema. Those of answers are taken from a course that was made.
EXAMPLES: dict[str, Any] = json.loads((Path(__file__).parent / "examples.json").read_text(encoding="utf-8"))
_TAG = "of parts of a course its version, which `If-Match` takes; else weak"
_SUMMARY = "Turns a Git repository's documentation into a course worth taking."

router = APIRouter(include_in_schema=False, route_class=StrictRoute)


def describe(app: FastAPI, pipeline: Pipeline) -> dict[str, Any]:
    """The description; every problem answer has the media type of problems."""
    made = get_openapi(
        title=TITLE, version=VERSION, summary=_SUMMARY, openapi_version="3.1.0", routes=app.routes,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )  # fmt: skip
    for operations in made["paths"].values():
        for method, operation in operations.items():
            for parameter in operation.get("parameters", ()):
                _list_choices(parameter, pipeline)
            if "401" in operation["responses"]:
                operation["security"] = [{_BEARER: []}]
                _tag_read(method, operation["responses"])
            else:
                operation["security"] = []
            for status, answer in operation["responses"].items():
                content = answer.get("content", {})
                if status[0] in "45" and "application/json" in content:
                    answer["content"] = {PROBLEM: content["application/json"]}
    made["components"]["securitySchemes"] = {
        _BEARER: {
            "type": "http", "scheme": "bearer", "description": "An access token, or the local user's token"
        }
    }  # fmt: skip
    made["servers"] = [{"url": "/", "description": "the gateway that serves this description"}]
    for name, schema in made["components"]["schemas"].items():
        if name in EXAMPLES:
            schema["examples"] = [EXAMPLES[name]]
    fields = made["components"]["schemas"]["CourseView"]["properties"]
    fields["status"]["enum"] = list(course_statuses(pipeline))
    fields["current_stage"]["enum"] = list(pipeline.by_key)
    return made


def _tag_read(method: str, answers: dict[str, Any]) -> None:
    """Every read has an entity tag."""
    if method == "get" and "text/event-stream" not in answers["200"].get("content", {}):
        answers["200"].setdefault("headers", {})["ETag"] = {"schema": {"type": "string"}, "description": _TAG}
        answers["304"] = {"description": "The caller has this answer already, as `If-None-Match` says"}


def _list_choices(parameter: dict[str, Any], pipeline: Pipeline) -> None:
    """Of parameters whose values derive from the stages there are."""
    match parameter["in"], parameter["name"]:
        case "path", "stage":
            parameter["schema"]["enum"] = list(pipeline.by_key)
        case "query", "status":
            parameter["schema"]["enum"] = list(course_statuses(pipeline))


@router.get("/docs")
async def show_operations(request: Request) -> HTMLResponse:
    """Every operation on one plain page."""
    rows = [
        f"<tr><td><code>{method.upper()}</code></td><td><code>{escape(path)}</code></td>"
        f"<td>{escape(operation.get('summary', ''))}</td></tr>"
        for path, operations in request.app.openapi()["paths"].items()
        for method, operation in operations.items()
    ]
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{TITLE} API</title><h1>{TITLE} API</h1>'
        f'<p>{_SUMMARY} The whole description: <a href="/openapi.json">openapi.json</a>.</p>'
        f"<table>{''.join(rows)}</table></html>"
    )
    return HTMLResponse(page, headers={"Content-Security-Policy": "default-src 'none'"})
