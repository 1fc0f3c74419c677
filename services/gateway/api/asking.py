"""A route for each stage that asks for a run of it. What is asked, and in which words, the stage says itself."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Body, Response

from services.gateway.api.calls import CourseId, Writing, answer_started
from services.gateway.api.problems import problems
from services.gateway.api.schemas.stages import StartedView
from services.gateway.api.sources import check_source
from services.gateway.api.strict_json import StrictRoute
from services.gateway.course.commands import RunStage
from services.gateway.course.product import GatewayStage, Product


def asking_router(product: Product) -> APIRouter:
    """`POST /api/courses/{course_id}/analyze-repository` and so on."""
    made = APIRouter(prefix="/api/courses/{course_id}", route_class=StrictRoute)
    for side in product.stages:
        made.add_api_route(
            f"/{side.asking.path}", _ask(side) if side.asking.is_body_needed else _ask_without_body(side),
            methods=["POST"], status_code=202, operation_id=side.asking.operation_id, summary=side.asking.summary,
            description=side.asking.description, tags=[f"stage {side.row.number}"], response_model=StartedView,
            responses=problems(404, 409, 412, 413),
        )  # fmt: skip
    return made


def _ask(side: GatewayStage) -> Callable[..., Awaitable[Response]]:
    async def ask(course_id: CourseId, body: Any, call: Writing) -> Response:
        inputs = side.given(body, call.services.settings)
        await check_source(call, inputs)
        command = RunStage(side.row.name, inputs, call.arrived)
        return await call.carry_out(course_id, command, answer_started, body)

    ask.__annotations__["body"] = side.asking.body  # what FastAPI reads the body as
    return ask


def _ask_without_body(side: GatewayStage) -> Callable[..., Awaitable[Response]]:
    asked = _ask(side)
    kind: Any = side.asking.body

    async def ask(course_id: CourseId, call: Writing, body: Any = None) -> Response:
        return await asked(course_id, kind() if body is None else body, call)

    ask.__annotations__["body"] = Annotated[kind | None, Body()]
    return ask
