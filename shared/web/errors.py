"""Every refusal and failure as `application/problem+json` (RFC 9457). A defect says nothing of the inside."""

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection

from shared.kernel.errors import CoursewrightError, TransientError
from shared.kernel.refusals import Refusal, Refused
from shared.readmodels.missing import tells_of_missing_tables
from shared.web.methods import allowed_methods

log = structlog.get_logger(__name__)

PROBLEM = "application/problem+json"
_RETRY_AFTER_SECONDS = 2

_CODES = {
    400: "bad_request",
    401: "unauthenticated",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
    416: "range_not_satisfiable",
}


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Sequence[Mapping[str, str]] = (),
    extra: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    """A problem answer. `errors` are {pointer, detail}; `extra` are further members."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    body = {**(extra or {}), **body}  # a further member never takes the place of one that RFC 9457 gives a meaning
    if errors:
        body["errors"] = list(errors)
    return JSONResponse(body, status, dict(headers or {}), media_type=PROBLEM)


def problem_of(refusal: Refusal) -> JSONResponse:
    """The answer a refusal stands for."""
    headers = {}
    if refusal.retry_after_seconds is not None:
        headers["Retry-After"] = str(refusal.retry_after_seconds)
    if refusal.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    errors = [{"pointer": refusal.pointer, "detail": refusal.detail}] if refusal.pointer else []
    return problem(
        refusal.status, refusal.code, refusal.detail, errors=errors, extra=refusal.extra, headers=headers
    )  # fmt: skip


async def answer_to(connection: HTTPConnection, error: Exception) -> Response:
    """The answer of the handler of such an error, for a connection that is not a request."""
    handlers = connection.app.exception_handlers
    handler = next(handlers[kind] for kind in type(error).__mro__ if kind in handlers)
    answer: Response = await handler(connection, error)
    return answer


def install(app: FastAPI) -> None:
    """Register the handlers."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(CoursewrightError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(SQLAlchemyError, _database)
    app.add_exception_handler(PoolTimeout, _database)
    app.add_exception_handler(OSError, _database)
    app.add_exception_handler(Exception, _unexpected)


async def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)
    return problem_of(error.refusal)


async def _known(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, CoursewrightError)
    headers = {}
    if isinstance(error, TransientError):
        seconds = error.retry_after_seconds
        headers["Retry-After"] = str(_RETRY_AFTER_SECONDS if seconds is None else max(1, round(seconds)))
    return problem(error.http_status, error.code, error.message, headers=headers)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return problem(422, "invalid_json", "The body is not JSON", errors=[{"pointer": "", "detail": "not JSON"}])
    errors = [{"pointer": _pointer(one["loc"]), "detail": _words(one)} for one in found]
    return problem(422, "invalid_request", "The request does not fit its description", errors=errors)


def _pointer(location: Sequence[str | int]) -> str:
    """A JSON pointer into the body; parameters are named by where they stand, as in `query/limit`."""
    place, *path = [str(part) for part in location]
    escaped = [part.replace("~", "~0").replace("/", "~1") for part in path]
    return "".join(f"/{part}" for part in escaped) if place == "body" else "/".join([place, *escaped])


def _words(error: Mapping[str, Any]) -> str:
    """Pydantic's message, never the value that was sent."""
    said = str(error["msg"]).removeprefix("Value error, ")
    return "This field is not known" if error["type"] == "extra_forbidden" else said


async def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = _CODES.get(error.status_code, "refused")
    detail = error.detail if isinstance(error.detail, str) else HTTPStatus(error.status_code).description
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = allowed_methods(request.app.router.routes, request.scope)
    return problem(error.status_code, code, detail, headers=headers)


async def _database(request: Request, error: Exception) -> JSONResponse:
    """PostgreSQL away is 503, and so are tables that are not there; a statement it refuses is a defect."""
    headers = {"Retry-After": str(_RETRY_AFTER_SECONDS)}
    if tells_of_missing_tables(error):
        log.error("tables_missing")
        detail = "Tables of the database are missing; whoever runs this has to make them again"
        return problem(503, "tables_missing", detail, headers=headers)
    away = isinstance(error, (OSError, PoolTimeout)) or _is_connection_error(error)
    if not away:
        return await _unexpected(request, error)
    log.warning("database_away", error=type(error).__name__)
    return problem(503, "database_unavailable", "The database does not answer; try again soon", headers=headers)


def _is_connection_error(error: Exception) -> bool:
    if not isinstance(error, DBAPIError):
        return False
    state = str(getattr(error.orig, "sqlstate", "") or "")
    return error.connection_invalidated or not state or bool(re.match(r"08|57P|53", state))


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("request_failed", path=request.url.path, error=type(error).__name__, exc_info=error)
    return problem(500, "internal", "Something went wrong inside. It is logged; trying again later may help.")
