"""The problem answers of the OpenAPI description."""

from http import HTTPStatus
from typing import Any

from services.gateway.api.errors import PROBLEM
from services.gateway.api.schemas.problem import Problem

# Of each status its meaning, and the code and the detail of an example.
_MEANINGS = {
    401: ("No valid token", "unauthenticated", "Send a bearer token of the issuer"),
    403: (
        "The operator's token, which reads and writes no course", "operators_only_repair",
        "The operator's token cancels and retries stages that are named, and reads no course",
    ),
    404: ("There is no such thing, or it is not yours", "not_found", "Course not found"),
    409: (
        "Out of turn, or not ready yet; the detail says what to do first", "not_ready",
        "The modules are not there yet: stage4 is running",
    ),
    412: (
        "It has changed since it was read", "precondition_failed",
        "The course has changed since you read it. Read it again and decide again.",
    ),
    413: ("The body is too large", "body_too_large", "The body may have 1048576 bytes"),
    422: ("The request does not fit its description", "invalid_request", "The request does not fit its description"),
    429: ("The caller has sent too many requests", "too_many_requests", "You have sent too many requests"),
    503: (
        "A server behind the gateway is away; Retry-After says when to try again", "database_unavailable",
        "The database does not answer; try again soon",
    ),
}  # fmt: skip

_HEADERS = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    409: {"Retry-After": {"schema": {"type": "integer"}, "description": "while the stage runs"}},
    429: {
        "Retry-After": {"schema": {"type": "integer"}},
        "RateLimit-Policy": {"schema": {"type": "string"}, "description": "how many requests a caller may send"},
        "RateLimit": {"schema": {"type": "string"}, "description": "how many are left"},
    },
    503: {"Retry-After": {"schema": {"type": "integer"}}},
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Descriptions of these problems and of those every route has."""
    return {
        status: {
            "description": _MEANINGS[status][0],
            "model": Problem,
            "content": {PROBLEM: {"examples": {_MEANINGS[status][1]: {"$ref": f"#/components/examples/{status}"}}}},
            **({"headers": _HEADERS[status]} if status in _HEADERS else {}),
        }
        for status in sorted({401, 403, 422, 429, 503, *statuses})
    }


def example_problems() -> dict[str, dict[str, Any]]:
    """An example for each status, as the descriptions refer to them."""
    return {str(status): {"value": _example(status)} for status in _MEANINGS}


def _example(status: int) -> dict[str, Any]:
    _, code, detail = _MEANINGS[status]
    errors = [{"pointer": "/title", "detail": "Field required"}] if status == HTTPStatus.UNPROCESSABLE_ENTITY else []
    said = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code, "detail": detail}
    return {**said, "errors": errors} if errors else said
