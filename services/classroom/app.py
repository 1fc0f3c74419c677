"""The composition root of the classroom's REST API."""

import time
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from math import inf
from typing import TypeVar

import httpx
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
    code,
    cohorts,
    courses,
    files,
    generation,
    health,
    milestones,
    organizations,
    progress,
    scorecards,
    submissions,
    tasks,
    tutor,
    users,
)
from services.classroom.api.calls import Services
from services.classroom.api.description import describe
from services.classroom.commands import Commands
from services.classroom.files import Files
from services.classroom.generation_spending import GenerationSpending
from services.classroom.hearing import Hearing
from services.classroom.identities import Identities, build_identities
from services.classroom.making import Making
from services.classroom.settings import ClassroomSettings
from shared.code.turns import Turns
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
from shared.web.idempotency import IdempotencyKeys
from shared.web.known_host import KnownHost
from shared.web.methods import Methods
from shared.web.observe import Observe, RequestFigures
from shared.web.request_counts import RequestCounts
from shared.web.sessions import Sessions
from shared.workers.limits import Limits
from shared.workers.pool import WorkerPool

T = TypeVar("T")
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
    submissions,
    scorecards,
    progress,
    chats,
    code,
    tutor,
    files,
    generation,
    health,
)
_GENERATED = "/courses/generated"
_TO_TUTOR_SECONDS = 10.0  # beside the answer itself
# A course of 12 modules (420 kB) takes 1 s.
_OF_A_COURSE = Limits(processor_seconds=10.0, memory_bytes=400 * 1024 * 1024)
_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE")
_SENT = ("Authorization", "Content-Type", "Idempotency-Key", "Last-Event-ID", "api_key", "traceparent")


def build(
    settings: ClassroomSettings,
    *,
    log: FollowedLog,
    engine: AsyncEngine,
    identities: Identities | None = None,
    clock: Callable[[], float] = time.time,
    ask: Callable[[bytes], Awaitable[bytes]] | None = None,
) -> FastAPI:
    """The application; nothing is connected before it starts. `identities` replaces the issuers of the settings. `ask`:
    a question to the tutor's process; without it the tutor answers with passages.
    """
    log = log.of(PERSON)
    projected = Projected(engine, CLASSROOM, log.end)

    commands = Commands(engine, log, projected, settings.projection_wait_seconds)
    sessions = Sessions(
        parse_keys(settings.session_keys.get_secret_value(), "SESSION_KEYS"), clock, settings.session_seconds
    )
    files_of_people, workers = _files(settings), WorkerPool(1, _OF_A_COURSE)
    making = None
    if gateway := _gateway(settings):
        making = Making(
            engine, projected, commands, sessions, files_of_people, workers, gateway, settings.generation_engine,
            GenerationSpending(engine, settings, settings.generation_stage_usd), settings.generation_look_seconds,
        )  # fmt: skip
    app = FastAPI(title="Coursewright classroom", version="1", docs_url=None, redoc_url=None)  # pages of a CDN
    app.state.services = Services(
        settings=settings,
        engine=engine,
        projected=projected,
        commands=commands,
        identities=identities or build_identities(settings, clock, time.monotonic),
        sessions=sessions,
        files=files_of_people,
        workers=workers,
        making=making,
        hearing=Hearing(settings, workers),
        keys=IdempotencyKeys(engine, with_answers=False),
        request_counts=RequestCounts(settings.request_limit, settings.request_window_seconds, clock),
        turns=Turns(settings.runner(), settings.code_at_once, settings.code_waiting),
        readings=ReadOnce(lambda one: one[0]),
        figures=CollectorRegistry(),
        clock=clock,
        ask=ask,
    )
    errors.install(app)
    for module in _ROUTERS:
        app.router.routes.extend(module.router.routes)
    of_paths = {
        _GENERATED: settings.generated_course_limit_bytes,
        files.UPLOAD: settings.file_limit_bytes + files.FORM_BYTES,
    }
    app.add_middleware(BodyLimit, limit_bytes=settings.body_limit_bytes, of_paths=_mounted(settings, of_paths))
    in_a_worker = settings.answer_seconds + _OF_A_COURSE.processor_seconds
    chatting = settings.answer_seconds + (settings.tutor_answer_seconds + _TO_TUTOR_SECONDS if ask is not None else 0.0)
    # A program's time is bounded where it runs.
    longer = _mounted(settings, {_GENERATED: in_a_worker, code.RUN: inf, tutor.CHAT: chatting})
    app.add_middleware(AnswerInTime, seconds=settings.answer_seconds, of_paths=longer)
    app.add_middleware(
        CallerLimit, counts=app.state.services.request_counts,
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
    description = cache(lambda: describe(app))
    app.openapi = description  # type: ignore[method-assign]
    return app


def _mounted(settings: ClassroomSettings, of_paths: Mapping[str, T]) -> dict[str, T]:
    """By the paths as they are in a process of its own, and behind the prefix."""
    return {f"{prefix}{path}": one for prefix in ("", settings.classroom_prefix) for path, one in of_paths.items()}


def _is_for_users(scope: Scope) -> bool:
    """Who signs in is counted by its address."""
    is_named = not {"authorization", "cookie", "api_key", "api-key"}.isdisjoint(Headers(scope=scope).keys())
    return is_named and not str(scope["path"]).endswith("/auth/login")


def _gateway(settings: ClassroomSettings) -> Callable[[str], httpx.AsyncClient] | None:
    if settings.gateway_url is None:
        return None
    url = settings.gateway_url
    return lambda token: httpx.AsyncClient(
        base_url=url, headers={"Authorization": f"Bearer {token}"}, follow_redirects=False, trust_env=False
    )


def _files(settings: ClassroomSettings) -> Files | None:
    if settings.blob_store_url is None:
        return None
    return Files(open_backend(settings.blob_store_url), settings.file_limit_bytes)
