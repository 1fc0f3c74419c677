"""The OpenAPI description."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from services.gateway.api.errors import PROBLEM
from services.gateway.fold.statuses import course_statuses
from shared.pipeline import Pipeline

TITLE = "Coursewright"
VERSION = "1"
SUMMARY = "Turns a Git repository's documentation into a course worth taking."


def describe(app: FastAPI, pipeline: Pipeline) -> dict[str, Any]:
    """The description; every problem answer has the media type of problems."""
    made = get_openapi(
        title=TITLE, version=VERSION, summary=SUMMARY, openapi_version="3.1.0", routes=app.routes,
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )  # fmt: skip
    for operations in made["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                _list_choices(parameter, pipeline)
            for status, answer in operation["responses"].items():
                content = answer.get("content", {})
                if status[0] in "45" and "application/json" in content:
                    answer["content"] = {PROBLEM: content["application/json"]}
    return made


def _list_choices(parameter: dict[str, Any], pipeline: Pipeline) -> None:
    """Of parameters whose values derive from the stages there are."""
    match parameter["in"], parameter["name"]:
        case "path", "stage":
            parameter["schema"]["enum"] = list(pipeline.by_key)
        case "query", "status":
            parameter["schema"]["enum"] = list(course_statuses(pipeline))
