"""Health, metrics and version: for machines that watch, without a token and without a course."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import PackageNotFoundError, version

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.api.calls import Parts
from services.gateway.api.readiness import Readiness, Signs, judge
from services.gateway.api.schemas.operations import AliveView, ReadinessView, VersionView
from services.gateway.api.services import Services
from services.gateway.api.strict_json import StrictRoute
from services.gateway.database.locks import projector_of
from services.gateway.readmodels.projection_defects import count_defects
from services.gateway.readmodels.registry import SIDES
from shared.course.model import FORMAT
from shared.event_log.consumers import LogPulse
from shared.events.courses import COURSES
from shared.kernel.errors import CoursewrightError
from shared.readmodels.checkpoint import read_checkpoint
from shared.readmodels.columns import TablesOfBefore, require_columns
from shared.readmodels.missing import tells_of_missing_tables
from shared.readmodels.provenance import are_of_log

router = APIRouter(tags=["operations"], route_class=StrictRoute)

_FIGURES = {"schema": {"type": "string"}, "example": "coursewright_event_streams 2.0\n"}
_HELD = text(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND classid = :high AND objid = :low"
)


@router.get("/health", summary="Is the process alive?")
@router.get("/healthz", operation_id="healthz", summary="Is the process alive? The same for watchers of workers")
async def health() -> AliveView:
    """It is, if it answers."""
    return AliveView()


@router.get(
    "/readyz", summary="Can it serve?", response_model=ReadinessView,
    responses={503: {"description": "Not now", "model": ReadinessView}},
)  # fmt: skip
async def ready(services: Parts) -> JSONResponse:
    """Database and log must answer, the read tables and every stage's durable must be there, and reads must not be too
    old. `degraded` serves, but somebody should look: no projector leads, facts have no rows, or work waits and no
    worker asks for it.
    """
    _, readiness = await judged(services)
    status = 503 if readiness.status == "not ready" else 200
    return JSONResponse({"status": readiness.status, "checks": dict(readiness.checks)}, status)


async def judged(services: Services) -> tuple[Signs, Readiness]:
    """The signs of this moment, and what they mean."""
    signs = await _look(services)
    if signs.pulse is not None and signs.database and signs.tables:
        signs = replace(signs, other_log=await _is_other_log(services))
    signs = replace(signs, lags=services.watch.lags, filling=services.projected.filling)
    return signs, judge(signs, services.settings.ready_lag_limit)


@router.get(
    "/metrics", summary="Figures for Prometheus", response_class=Response,
    responses={200: {"content": {"text/plain": _FIGURES}}},
)  # fmt: skip
async def metrics(services: Parts) -> Response:
    """In the text format. Without the log or the database the figures they tell stay as they were."""
    signs = await _look(services)
    if signs.pulse is not None and signs.database and signs.tables:
        services.metrics.show(signs.pulse, signs.projected, signs.defects)
    return Response(services.metrics.render(), media_type=CONTENT_TYPE_LATEST)


async def _look(services: Services) -> Signs:
    signs, pulse = await asyncio.gather(_database(services.engine), _pulse(services))
    if pulse is not None and signs.projected > pulse.last_seq:
        pulse = await _pulse(services)  # what was projected may have been stored after the log was asked
    return replace(signs, pulse=pulse, now=datetime.now(UTC))


async def _database(engine: AsyncEngine) -> Signs:
    """The signs that the database gives; the log is not asked."""
    signs = Signs(database=False, leads=False, projected=0, pulse=None, now=datetime.now(UTC))
    try:
        async with engine.connect() as connection:
            lock = projector_of(COURSES)
            count = await connection.scalar(_HELD, {"high": lock >> 32, "low": lock & 0xFFFF_FFFF})
            signs = replace(signs, database=True, leads=bool(count))
            projected, defects = await read_checkpoint(connection), await count_defects(connection)
            await connection.rollback()  # the columns are looked at in a transaction of their own
            await require_columns(connection, SIDES)
        return replace(signs, projected=projected, defects=defects)
    except TablesOfBefore:
        return replace(signs, tables=False)
    except (SQLAlchemyError, OSError) as error:
        return replace(signs, database=signs.database and tells_of_missing_tables(error), tables=False)


async def _is_other_log(services: Services) -> bool:
    try:
        async with services.engine.connect() as connection:
            return not await are_of_log(connection, services.log)
    except (SQLAlchemyError, OSError, CoursewrightError):
        return False


async def _pulse(services: Services) -> LogPulse | None:
    try:
        return await services.pulse()
    except CoursewrightError:
        return None


@router.get("/version", operation_id="version", summary="What runs here")
async def show_version() -> VersionView:
    """The software's version and the course format it writes."""
    return VersionView(version=_installed(), course_format=FORMAT)


@cache
def _installed() -> str:
    """The installed version. It is read from files, and they do not change while the process runs."""
    try:
        return version("coursewright")
    except PackageNotFoundError:
        return "unknown"
