"""The routes of the gateway: strict JSON, found quickly, and reads without anything for FastAPI to solve."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Request, Response
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from services.gateway.api.calls import reading_call
from shared.web.strict_json import StrictBodies


class StrictRoute(StrictBodies):
    """A route of the gateway. Its operation is called like its function, in camel case. Its fixed start, end and number
    of parts are looked at before its pattern, because each request asks dozens of routes. A read without a query has
    nothing that FastAPI would have to solve.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **about: Any) -> None:
        about["operation_id"] = about.get("operation_id") or _camel_case(endpoint.__name__)
        super().__init__(path, endpoint, **about)
        self._start, self._end = path.partition("{")[0], path.rpartition("}")[2]
        self._parts = path.count("/")
        defaults = _defaults_of_read(self)
        if defaults is not None:
            self.app = _lean(self.app, endpoint, defaults)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path = scope["path"]
        if path.startswith(self._start) and path.endswith(self._end) and path.count("/") == self._parts:
            return super().matches(scope)
        return Match.NONE, {}


def _camel_case(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _lean(solving: ASGIApp, endpoint: Callable[..., Any], defaults: Mapping[str, Any]) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["query_string"]:
            await solving(scope, receive, send)
            return
        call = await reading_call(Request(scope, receive, send))
        response = await endpoint(**defaults, **scope["path_params"], call=call)
        await response(scope, receive, send)

    return app


def _defaults_of_read(route: StrictBodies) -> dict[str, Any] | None:
    """The values of a read's query parameters when the query is empty. None for a route that needs more than its call,
    text from its path and these, and for one whose answer FastAPI makes.
    """
    wanted, needs = inspect.signature(route.endpoint), route.dependant
    in_path, in_query = needs.path_params, needs.query_params
    is_plain = (
        route.methods == {"GET"}
        and wanted.return_annotation is Response
        and [one.call for one in needs.dependencies] == [reading_call]
        and {"call", *(one.name for one in (*in_path, *in_query))} == wanted.parameters.keys()
        and all(one.field_info.annotation is str and not one.field_info.metadata for one in in_path)
        and not any(one.field_info.is_required() for one in in_query)
    )
    return {one.name: one.get_default() for one in in_query} if is_plain else None
