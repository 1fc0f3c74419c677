"""Health, metrics and version: for machines that watch, without a token and without a course."""

from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.api.calls import Parts
from services.gateway.locks import PROJECTOR
from shared.course.model import FORMAT
from shared.errors import CoursewrightError
from shared.event_log.port import EventLog

router = APIRouter(tags=["operations"])

_PROBE = "readiness"


@router.get("/health", operation_id="health", summary="Is the process alive?")
@router.get("/healthz", include_in_schema=False)
async def health() -> dict[str, str]:
    """It is, if it answers."""
    return {"status": "ok"}


@router.get(
    "/readyz", operation_id="ready", summary="Can it serve?", responses={503: {"description": "Not now"}}
)  # fmt: skip
async def ready(services: Parts) -> JSONResponse:
    """Database and event log must answer. A projector that is away makes writes slow to show, not wrong."""
    database, projector = await _database(services.engine)
    checks = {"database": database, "event_log": await _event_log(services.log), "projector": projector}
    is_ready = checks["database"] == checks["event_log"] == "ok"
    return JSONResponse({"status": "ready" if is_ready else "not ready", "checks": checks}, 200 if is_ready else 503)


async def _database(engine: AsyncEngine) -> tuple[str, str]:
    held = text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = :high AND objid = :low"
    )
    try:
        async with engine.connect() as connection:
            count = await connection.scalar(held, {"high": PROJECTOR >> 32, "low": PROJECTOR & 0xFFFF_FFFF})
    except (SQLAlchemyError, OSError):
        return "away", "unknown"
    return "ok", "active" if count else "away"


async def _event_log(log: EventLog) -> str:
    try:
        await log.last_seq(_PROBE)
    except CoursewrightError:
        return "away"
    return "ok"


@router.get("/metrics", operation_id="metrics", summary="Figures for Prometheus", response_class=Response)
async def metrics(services: Parts) -> Response:
    """In the text format."""
    return Response(services.metrics.render(), media_type=CONTENT_TYPE_LATEST)


@router.get("/version", operation_id="version", summary="What runs here")
async def show_version() -> dict[str, str]:
    """The software's version and the course format it writes."""
    try:
        installed = version("coursewright")
    except PackageNotFoundError:
        installed = "unknown"
    return {"name": "coursewright", "version": installed, "course_format": FORMAT}
