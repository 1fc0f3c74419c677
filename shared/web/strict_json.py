"""JSON as RFC 8259 and I-JSON have it, without NaN, duplicate names, deep nesting, NUL or half a surrogate pair. A body
that has one is refused.
"""

import json
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, NoReturn

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.routing import Match
from starlette.types import Scope

from shared.kernel.errors import NotFound
from shared.kernel.refusals import Refused, invalid

_DEPTH_LIMIT = 32
_UNSTORABLE = "The text has NUL or half a surrogate pair"


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


def _unstorable(value: Any) -> tuple[str, ...] | None:
    """The names that lead to a text which PostgreSQL does not take: it has NUL, or half a surrogate pair."""
    if isinstance(value, str):
        return () if _is_unstorable(value) else None
    if isinstance(value, dict) and any(map(_is_unstorable, value)):
        return ()
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = ((str(name), below) for name, item in items if (below := _unstorable(item)) is not None)
    return next(((name, *below) for name, below in found), None)


def _is_unstorable(text: str) -> bool:
    return "\x00" in text or any("\ud800" <= one <= "\udfff" for one in text)


class StrictRequest(Request):
    """A request whose body is read strictly."""

    async def json(self) -> Any:
        """See strict_loads. Raises Refused for a text that cannot be stored."""
        if not hasattr(self, "_json"):
            value = strict_loads(body := await self.body())
            if b"\\u" in body and (names := _unstorable(value)) is not None:  # both come as escapes alone
                pointer = (f"/{name.replace('~', '~0').replace('/', '~1')}" for name in names)
                raise Refused(invalid("".join(pointer), _UNSTORABLE))
            self._json = value
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
    """Refuse a parameter that the route does not have, one that is given twice, since no route takes a list, and a
    text that cannot be stored. Nothing is found at a path with such a text.
    """
    if any(_is_unstorable(str(part)) for part in request.path_params.values()):
        raise NotFound("There is nothing at this path")
    known = request.scope.get("query_names") if request.scope["query_string"] else None
    if known is None:
        return
    if unknown := sorted(request.query_params.keys() - known):
        raise Refused(invalid(f"query/{unknown[0]}", "There is no such parameter"))
    names = [name for name, _ in request.query_params.multi_items()]
    if twice := sorted(name for name in set(names) if names.count(name) > 1):
        raise Refused(invalid(f"query/{twice[0]}", "The parameter is given more than once"))
    for name, text in request.query_params.items():
        if _is_unstorable(text):
            raise Refused(invalid(f"query/{name}", _UNSTORABLE))


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
            try:
                return await handle(StrictRequest(request.scope, request.receive))
            except HTTPException as error:  # FastAPI makes one of whatever the reading of a body raises
                if isinstance(error.__cause__, Refused):
                    raise error.__cause__ from None
                raise

        return handle_strictly
