"""The composition root of the classroom's REST API."""

import time
from collections.abc import Callable

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Scope

from services.classroom.api import (
    attempts,
    auth,
    batches,
    chats,
    cohorts,
    courses,
    files,
    health,
    milestones,
    organizations,
    progress,
    scorecards,
    tasks,
    tutor,
    users,
)
from services.classroom.api.calls import Services
from services.classroom.commands import Commands
from services.classroom.files import Files
from services.classroom.identities import Identities, build_identities
from services.classroom.settings import ClassroomSettings
from shared.event_log.following import FollowedLog
from shared.events.registry import CLASSROOM, PERSON
from shared.kernel.blobs import open_backend
from shared.readmodels.projected import Projected
from shared.retrieval.kept import ReadOnce
from shared.sources.secret_keys import parse_keys
from shared.web import errors
from shared.web.answer_in_time import AnswerInTime
from shared.web.body_limit import BodyLimit
from shared.web.caller_limit import CallerLimit
from shared.web.known_host import KnownHost
from shared.web.methods import Methods
from shared.web.observe import Observe, RequestFigures
from shared.web.request_counts import RequestCounts
from shared.web.sessions import Sessions

_ROUTERS = (
    auth,
    organizations,
    users,
    cohorts,
    batches,
    courses,
    milestones,
    tasks,
    attempts,
    scorecards,
    progress,
    chats,
    tutor,
    files,
    health,
)
_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
_SENT = ("Authorization", "Content-Type", "Last-Event-ID", "api_key", "traceparent")


def build(
    settings: ClassroomSettings,
    *,
    log: FollowedLog,
    engine: AsyncEngine,
    identities: Identities | None = None,
    clock: Callable[[], float] = time.time,
) -> FastAPI:
    """The application; nothing is connected before it starts. `identities` replaces the issuers of the settings."""
    log = log.of(PERSON)
    projected = Projected(engine, CLASSROOM, log.end)

    app = FastAPI(title="Coursewright classroom", version="1", docs_url=None, redoc_url=None)  # pages of a CDN
    app.state.services = Services(
        settings=settings,
        engine=engine,
        projected=projected,
        commands=Commands(engine, log, projected, settings.projection_wait_seconds),
        identities=identities or build_identities(settings, clock, time.monotonic),
        sessions=Sessions(
            parse_keys(settings.session_keys.get_secret_value(), "SESSION_KEYS"), clock, settings.session_seconds
        ),
        files=_files(settings),
        readings=ReadOnce(),
        figures=CollectorRegistry(),
        clock=clock,
    )
    errors.install(app)
    for module in _ROUTERS:
        app.router.routes.extend(module.router.routes)
    of_paths = {
        "/courses/generated": settings.generated_course_limit_bytes,
        files.UPLOAD: settings.file_limit_bytes + files.FORM_BYTES,
    }
    whole = {f"{prefix}{path}": limit for prefix in ("", settings.classroom_prefix) for path, limit in of_paths.items()}
    app.add_middleware(BodyLimit, limit_bytes=settings.body_limit_bytes, of_paths=whole)
    app.add_middleware(AnswerInTime, seconds=settings.answer_seconds)
    app.add_middleware(
        CallerLimit, counts=RequestCounts(settings.request_limit, settings.request_window_seconds, clock),
        trusted=settings.trusted_networks, is_for_users=_is_for_users,
    )  # fmt: skip
    app.add_middleware(Observe, figures=RequestFigures(app.state.services.figures))
    app.add_middleware(Methods, routes=app.router.routes)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=settings.cors_origins, allow_methods=_METHODS, allow_headers=_SENT,
            allow_credentials=True, expose_headers=("Link", "Retry-After"), max_age=600,
        )  # fmt: skip
    app.add_middleware(KnownHost, allowed=settings.classroom_allowed_hosts, setting="CLASSROOM_ALLOWED_HOSTS")
    return app


def _is_for_users(scope: Scope) -> bool:
    """Who signs in is counted by its address."""
    is_named = not {"authorization", "cookie", "api_key", "api-key"}.isdisjoint(Headers(scope=scope).keys())
    return is_named and not str(scope["path"]).endswith("/auth/login")


def _files(settings: ClassroomSettings) -> Files | None:
    if settings.blob_store_url is None:
        return None
    return Files(open_backend(settings.blob_store_url), settings.file_limit_bytes)
