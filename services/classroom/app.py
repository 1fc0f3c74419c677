"""The composition root of the classroom's REST API."""

import time
from collections.abc import Callable

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.middleware.cors import CORSMiddleware

from services.classroom.api import (
    attempts,
    auth,
    batches,
    chats,
    cohorts,
    courses,
    health,
    milestones,
    organizations,
    progress,
    scorecards,
    tasks,
    users,
)
from services.classroom.api.calls import Services
from services.classroom.commands import Commands
from services.classroom.identities import Identities, build_identities
from services.classroom.sessions import Sessions
from services.classroom.settings import ClassroomSettings
from shared.event_log.following import FollowedLog
from shared.events.registry import CLASSROOM, PERSON
from shared.readmodels.projected import Projected
from shared.sources.secret_keys import parse_keys
from shared.web import errors
from shared.web.answer_in_time import AnswerInTime
from shared.web.body_limit import BodyLimit
from shared.web.known_host import KnownHost
from shared.web.methods import Methods

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
    health,
)
_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
_SENT = ("Authorization", "Content-Type", "api_key", "traceparent")


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
            parse_keys(settings.session_keys.get_secret_value(), "SESSION_KEYS"), settings.session_seconds, clock
        ),
        clock=clock,
    )
    errors.install(app)
    for module in _ROUTERS:
        app.router.routes.extend(module.router.routes)
    whole = {
        f"{prefix}/courses/generated": settings.generated_course_limit_bytes
        for prefix in ("", settings.classroom_prefix)
    }
    app.add_middleware(BodyLimit, limit_bytes=settings.body_limit_bytes, of_paths=whole)
    app.add_middleware(AnswerInTime, seconds=settings.answer_seconds)
    app.add_middleware(Methods, routes=app.router.routes)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=settings.cors_origins, allow_methods=_METHODS, allow_headers=_SENT,
            allow_credentials=True, expose_headers=("Link", "Retry-After"), max_age=600,
        )  # fmt: skip
    app.add_middleware(KnownHost, allowed=settings.classroom_allowed_hosts, setting="CLASSROOM_ALLOWED_HOSTS")
    return app
