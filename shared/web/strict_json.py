"""JSON as RFC 8259 and I-JSON have it, without NaN, duplicate names or deep nesting. Another body is refused."""

import json
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, NoReturn

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.requests import HTTPConnection
from starlette.routing import Match
from starlette.types import Scope

from shared.kernel.refusals import Refused, invalid

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


def check_query(request: HTTPConnection) -> None:
    """Refuse a parameter that the route does not have, and one that is given twice: no route takes a list."""
    known = request.scope.get("query_names") if request.scope["query_string"] else None
    if known is None:
        return
    if unknown := sorted(request.query_params.keys() - known):
        raise Refused(invalid(f"query/{unknown[0]}", "There is no such parameter"))
    names = [name for name, _ in request.query_params.multi_items()]
    if twice := sorted(name for name in set(names) if names.count(name) > 1):
        raise Refused(invalid(f"query/{twice[0]}", "The parameter is given more than once"))


class StrictBodies(APIRoute):
    """A route that reads bodies strictly. It leaves the parameters that it takes in the scope (`query_names`)."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **about: Any) -> None:
        super().__init__(path, endpoint, **about)
        self._asked = frozenset(_query_names(self.dependant))

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        match, found = super().matches(scope)
        return match, {**found, "query_names": self._asked}

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_strictly(request: Request) -> Response:
            return await handle(StrictRequest(request.scope, request.receive))

        return handle_strictly
