"""Whether the process is alive, and whether it can work."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from services.classroom.api.calls import Parts
from services.classroom.api.shapes import HealthView
from shared.kernel.errors import TransientError
from shared.web.strict_json import StrictBodies

router = APIRouter(tags=["operations"], route_class=StrictBodies)


@router.get("/health")
async def health() -> HealthView:
    """The process is alive."""
    return HealthView()


@router.get("/metrics", response_class=Response)
async def metrics(services: Parts) -> Response:
    """Figures of requests for Prometheus, in the text format."""
    return Response(generate_latest(services.figures), media_type=CONTENT_TYPE_LATEST)


@router.get("/readyz")
async def ready(services: Parts) -> JSONResponse:
    """The log and the tables answer, and the tables are filled; 503 and what is missing when not."""
    signs = {"log": "ok", "database": "ok"}
    try:
        await services.commands.end_of_log()
    except TransientError as error:
        signs["log"] = error.code
    try:
        async with services.reading() as connection:
            await connection.execute(select(1))
    except TransientError as error:
        signs["database"] = error.code
    except (SQLAlchemyError, OSError):
        signs["database"] = "away"
    is_ready = set(signs.values()) == {"ok"}
    return JSONResponse({"status": "ready" if is_ready else "not ready", "checks": signs}, 200 if is_ready else 503)
