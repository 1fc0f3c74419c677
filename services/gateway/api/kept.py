"""Things an owner keeps beside courses, such as webhooks and credentials: each with a tag, a place, and conditions."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Path, Response
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.api.calls import Call, Changing, Reading
from services.gateway.api.entity_tags import tag_of
from services.gateway.api.problems import problems
from services.gateway.course.shapes import View
from shared.kernel.errors import NotFound
from shared.kernel.refusals import Refused

ID = r"^[A-Za-z0-9_-]{1,64}$"
_Handler = Callable[..., Awaitable[Any]]
_TAG = {"ETag": {"schema": {"type": "string"}, "description": "its version, which `If-Match` takes"}}
TAGGED: Mapping[int | str, dict[str, Any]] = {200: {"headers": _TAG}}
CREATED: Mapping[int | str, dict[str, Any]] = {
    201: {
        "headers": {**_TAG, "Location": {"schema": {"type": "string"}, "description": "the address of what was made"}}
    }
}


@dataclass(frozen=True)
class Kept:
    """One kind of them. The functions of its store read and delete by owner and id."""

    name: str
    view: type[View]
    router: APIRouter
    find: Callable[[AsyncConnection, str, str], Awaitable[Any]]
    list: Callable[[AsyncConnection, str], Awaitable[Sequence[Any]]]
    delete: Callable[[AsyncConnection, str, str], Awaitable[None]]

    async def found(self, connection: AsyncConnection, call: Call, kept_id: str) -> Any:
        """The row of the caller's, which has the version that a change is based on. Raises NotFound and Refused."""
        row = await self.find(connection, call.owner, kept_id)
        if row is None:
            raise NotFound(f"There is no such {self.name}", code=f"{self.name}_not_found")
        if (refusal := call.refusal_at(self._tag(row), self.name)) is not None:
            raise Refused(refusal)
        return row

    def answer(self, row: Any, call: Call, status: int = 200, view: View | None = None) -> Response:
        """The thing as it is, or a view that shows more of it."""
        headers = {"ETag": self._tag(row)}
        if status == 201:
            headers["Location"] = f"{self.router.prefix}/{getattr(row, f'{self.name}_id')}"
        if call.request.method == "GET" and call.has(headers["ETag"]):
            return Response(status_code=304, headers=headers)
        body = view or self.view.model_validate(row)
        return Response(body.model_dump_json(), status, headers, media_type="application/json")

    def _tag(self, row: Any) -> str:
        return tag_of(self.view.model_validate(row).model_dump_json().encode())

    def _by_id(self, handler: _Handler) -> _Handler:
        """The handler with the path's own name for its id."""
        named = Path(alias=f"{self.name}_id", pattern=ID, description=f"The {self.name}'s id")
        handler.__annotations__["kept_id"] = Annotated[str, named]  # what FastAPI reads
        return handler

    def add_routes(self) -> None:
        """The routes that are the same for every kind: list, get, delete."""
        named, by_id = self.name.capitalize(), f"/{{{self.name}_id}}"

        async def listed(call: Reading) -> Any:
            async with call.services.engine.connect() as connection:
                return await self.list(connection, call.owner)

        @self._by_id
        async def get(kept_id: str, call: Reading) -> Response:
            async with call.services.engine.connect() as connection:
                return self.answer(await self.found(connection, call, kept_id), call)

        @self._by_id
        async def delete(kept_id: str, call: Changing) -> Response:
            async with call.services.engine.begin() as connection:
                await self.found(connection, call, kept_id)
                await self.delete(connection, call.owner, kept_id)
            return Response(status_code=204)

        self.router.add_api_route(
            "", listed, operation_id=f"list{named}s", summary=f"List your {self.name}s", description="Oldest first.",
            response_model=list[self.view], responses=problems(),  # type: ignore[name-defined]
        )  # fmt: skip
        self.router.add_api_route(
            by_id, get, operation_id=f"get{named}", summary=f"Get a {self.name}",
            description="One of yours, without its secret.", response_model=self.view,
            responses={**problems(404), **TAGGED},
        )  # fmt: skip
        self.router.add_api_route(
            by_id, delete, methods=["DELETE"], status_code=204, operation_id=f"delete{named}",
            summary=f"Delete a {self.name}", description="With its secret. This cannot be undone.",
            responses=problems(404, 412),
        )  # fmt: skip
