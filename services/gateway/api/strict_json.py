"""JSON as RFC 8259 and I-JSON have it: no NaN, no duplicate names, no abyss. Everything else is no JSON to us."""

import inspect
import json
from collections.abc import Callable, Coroutine, Iterator, Mapping
from typing import Any, NoReturn

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from services.gateway.api.calls import reading_call

_DEPTH_LIMIT = 32


def strict_loads(body: bytes) -> Any:
    """The value, or JSONDecodeError."""
    try:
        text = body.decode("utf-8")
        value = json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique)
        _check_depth(value, _DEPTH_LIMIT)
    except json.JSONDecodeError:
        raise
    except (ValueError, RecursionError) as error:
        raise json.JSONDecodeError(str(error)[:100], "", 0) from error
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise ValueError("a name stands twice")
    return made


def _check_depth(value: Any, left: int) -> None:
    if left < 0:
        raise ValueError("nested too deep")
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in items:
        _check_depth(item, left - 1)


class StrictRequest(Request):
    """A request whose body is read strictly."""

    async def json(self) -> Any:
        """See strict_loads."""
        if not hasattr(self, "_json"):
            self._json = strict_loads(await self.body())
        return self._json


def _query_names(dependant: Dependant) -> Iterator[str]:
    """The parameters of the query that a route takes, by themselves or as fields of one shape."""
    for parameter in dependant.query_params:
        shape = parameter.field_info.annotation
        if isinstance(shape, type) and issubclass(shape, BaseModel):
            yield from shape.model_fields
        else:
            yield parameter.alias
    for needed in dependant.dependencies:
        yield from _query_names(needed)


class StrictRoute(APIRoute):
    """A route that reads bodies strictly, and refuses parameters that it does not have. Its fixed start, end and number
    of parts are looked at before its pattern: for each request dozens of routes are asked. A read without a query has
    nothing that FastAPI would have to solve.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **about: Any) -> None:
        super().__init__(path, endpoint, **about)
        self._start, self._end = path.partition("{")[0], path.rpartition("}")[2]
        self._parts = path.count("/")
        self._asked = frozenset(_query_names(self.dependant))
        defaults = _defaults_of_read(self)
        if defaults is not None:
            self.app = _lean(self.app, endpoint, defaults)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """See APIRoute."""
        path = scope["path"]
        if path.startswith(self._start) and path.endswith(self._end) and path.count("/") == self._parts:
            match, found = super().matches(scope)
            return match, {**found, "query_names": self._asked}
        return Match.NONE, {}

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """See APIRoute."""
        handle = super().get_route_handler()

        async def handle_strictly(request: Request) -> Response:
            return await handle(StrictRequest(request.scope, request.receive))

        return handle_strictly


def _lean(solving: ASGIApp, endpoint: Callable[..., Any], defaults: Mapping[str, Any]) -> ASGIApp:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["query_string"]:
            await solving(scope, receive, send)
            return
        call = await reading_call(Request(scope, receive, send))
        response = await endpoint(**defaults, **scope["path_params"], call=call)
        await response(scope, receive, send)

    return app


def _defaults_of_read(route: APIRoute) -> dict[str, Any] | None:
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
