"""The problem answers of the OpenAPI description."""

from typing import Any

from services.gateway.api.schemas.problem import Problem
from shared.web.errors import PROBLEM

_MEANINGS = {
    400: "What was uploaded is not a document",
    401: "No valid token",
    403: "The operator's token, which reads and writes no course",
    404: "There is no such thing, or it is not yours",
    409: "Out of turn, or not ready yet; the detail says what to do first",
    412: "It has changed since it was read",
    413: "The body is too large",
    415: "The body is compressed",
    416: "The range lies outside of the file",
    422: "The request does not fit its description",
    429: "The caller has sent too many requests",
    503: "A server behind the gateway is away; Retry-After says when to try again",
}

_HEADERS = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    409: {"Retry-After": {"schema": {"type": "integer"}, "description": "while the stage runs"}},
    415: {"Accept-Encoding": {"schema": {"type": "string"}, "description": "identity: the body as it is"}},
    429: {
        "Retry-After": {"schema": {"type": "integer"}},
        "RateLimit-Policy": {"schema": {"type": "string"}, "description": "how many requests a caller may send"},
        "RateLimit": {"schema": {"type": "string"}, "description": "how many are left"},
    },
    503: {"Retry-After": {"schema": {"type": "integer"}}},
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Descriptions of these problems, and of those every route, and every route with a body (413), has."""
    common = {401, 403, 422, 429, 503} | ({415} if 413 in statuses else set())
    return {
        status: {
            "description": _MEANINGS[status],
            "model": Problem,
            "content": {PROBLEM: {}},
            **({"headers": _HEADERS[status]} if status in _HEADERS else {}),
        }
        for status in sorted({*common, *statuses})
    }
