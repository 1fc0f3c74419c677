"""The composition root of the REST API."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.types import Scope

from services.gateway.api import (
    chapters,
    credentials,
    documents,
    generated_courses,
    generation,
    health,
    history,
    jobs,
    lectures,
    limits,
    live,
    pathways,
    projects,
    questions,
    reference,
    regeneration,
    repositories,
    repository_files,
    results,
    stages,
    statistics,
    streams,
    tickets,
    uploads,
    webhooks,
)
from services.gateway.api.asking import asking_router
from services.gateway.api.auth import build_operator_token
from services.gateway.api.begin_in_turn import BeginInTurn
from services.gateway.api.course_streams import CourseStreams
from services.gateway.api.entity_tags import EntityTags
from services.gateway.api.forms import FORM_BYTES
from services.gateway.api.metrics import Metrics
from services.gateway.api.progress import ProgressFeed
from services.gateway.api.rendered import Rendered
from services.gateway.api.services import Services
from services.gateway.course.product import Product
from services.gateway.readmodels.past import Past
from services.gateway.readmodels.reads import Reads
from services.gateway.readmodels.sessions import SessionAuthenticator
from services.gateway.settings import GatewaySettings
from services.gateway.stages.product import PRODUCT
from services.gateway.webhooks.sealing import Sealer
from services.gateway.write.budget import Budget, BudgetLimits
from services.gateway.write.requests import RequestBuilder
from services.gateway.write.write_side import WriteSide
from shared.docs.captions.facts import MAX_CAPTION_BYTES
from shared.event_log.consumers import LogPulse
from shared.event_log.following import FollowedLog
from shared.kernel.blobs import Blobs
from shared.kernel.loop_watch import LoopWatch
from shared.readmodels.projected import Projected
from shared.retrieval.kept import ReadOnce
from shared.sources.host_lookup import HostLookup, SystemLookup
from shared.sources.secret_keys import parse_keys
from shared.web import errors
from shared.web.answer_in_time import AnswerInTime
from shared.web.body_limit import BodyLimit
from shared.web.caller_limit import CallerLimit
from shared.web.callers import build_authenticator
from shared.web.idempotency import IdempotencyKeys
from shared.web.known_host import KnownHost
from shared.web.methods import Methods
from shared.web.observe import Observe
from shared.web.request_counts import RequestCounts
from shared.web.sessions import Sessions
from shared.web.tokens import LOCAL_ISSUER, Authenticator

# In this order they are searched: the routes that are polled come first.
_ROUTERS = (
    generation,
    projects,
    stages,
    jobs,
    regeneration,
    repositories,
    repository_files,
    documents,
    uploads,
    lectures,
    pathways,
    generated_courses,
    chapters,
    results,
    questions,
    streams,
    live,
    tickets,
    history,
    webhooks,
    credentials,
    limits,
    health,
    statistics,
    reference,
)

# Headers that pages of other origins may send and see.
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_SENT = (
    "Authorization",
    "Content-Type",
    "If-Match",
    "If-None-Match",
    "Idempotency-Key",
    "Last-Event-ID",
    "traceparent",
)
_SHOWN = (
    "Content-Disposition", "ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Total-Count",
)  # fmt: skip


def build(
    settings: GatewaySettings,
    *,
    log: FollowedLog,
    engine: AsyncEngine,
    blobs: Blobs,
    progress: ProgressFeed,
    pulse: Callable[[], Awaitable[LogPulse]],
    metrics: Metrics,
    authenticator: Authenticator | None = None,
    product: Product = PRODUCT,
    lookup: HostLookup | None = None,
    clock: Callable[[], float] = time.time,
) -> FastAPI:
    """The application; nothing is connected before it starts. `authenticator`, `lookup` and `clock` replace
    those of the settings and of this machine.
    """
    projected, watch, budget = Projected(engine, end=log.end), LoopWatch(), build_budget(settings, engine)
    reads = Reads(engine, settings.database_pool_size, projected.require_filled)
    authenticator = authenticator or _authenticator(settings, engine, clock)
    ended = authenticator.ended if isinstance(authenticator, SessionAuthenticator) else None
    streams = CourseStreams(engine, log, projected, progress, settings.stream_limit, product.pipeline, blobs, ended)
    metrics.streams.set_function(lambda: streams.clients)
    watch.show_in(metrics.registry)

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        looking = asyncio.create_task(projected.run())
        async with watch.running():
            try:
                yield
            finally:
                looking.cancel()
                await asyncio.gather(looking, streams.close(), return_exceptions=True)
                reads.close()

    app = FastAPI(openapi_url=None, lifespan=lifespan)  # the description is a file: see `reference`
    app.state.services = Services(
        settings=settings,
        product=product,
        engine=engine,
        reads=reads,
        rendered=Rendered(),
        readings=ReadOnce(lambda one: one.index),
        log=log,
        past=Past(log, product),
        blobs=blobs,
        progress=progress,
        projected=projected,
        streams=streams,
        watch=watch,
        write_side=WriteSide(
            engine,
            log,
            RequestBuilder(blobs, product),
            projected,
            budget,
            wait_seconds=settings.projection_wait_seconds,
        ),
        keys=IdempotencyKeys(engine),
        authenticator=authenticator,
        operator=build_operator_token(settings),
        metrics=metrics,
        pulse=pulse,
        sealer=Sealer(parse_keys(settings.secret_keys.get_secret_value(), "SECRET_KEYS")),
        sealing_key=settings.sealing_key,
        lookup=lookup or SystemLookup(settings.host_lookup_seconds),
        budget=budget,
        request_counts=(counts := RequestCounts(settings.request_limit, settings.request_window_seconds, clock)),
    )
    errors.install(app)
    # One flat list: a router that is included is searched twice for every request.
    for router in (
        generation.progress_router(product.pipeline), *(module.router for module in _ROUTERS), asking_router(product),
    ):  # fmt: skip
        app.router.routes.extend(router.routes)
    app.add_middleware(EntityTags)
    sent = {
        uploads.UPLOAD: settings.document_limit_bytes + FORM_BYTES,
        lectures.UPLOAD: settings.lecture_limit_bytes + 2 * MAX_CAPTION_BYTES + FORM_BYTES,
    }
    app.add_middleware(BodyLimit, limit_bytes=settings.body_limit_bytes, of_paths=sent)
    app.add_middleware(AnswerInTime, seconds=settings.answer_seconds)
    app.add_middleware(BeginInTurn)
    app.add_middleware(CallerLimit, counts=counts, trusted=settings.trusted_networks, is_for_users=_is_for_users)
    app.add_middleware(Observe, figures=metrics.http)
    app.add_middleware(Methods, routes=app.router.routes)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware, allow_origins=settings.cors_origins, allow_methods=_METHODS, allow_headers=_SENT,
            allow_credentials=bool(settings.session_cookie),
            expose_headers=_SHOWN, max_age=600,
        )  # fmt: skip
    app.add_middleware(KnownHost, allowed=settings.gateway_allowed_hosts, setting="GATEWAY_ALLOWED_HOSTS")

    return app


def _authenticator(settings: GatewaySettings, engine: AsyncEngine, clock: Callable[[], float]) -> Authenticator:
    """That of the settings, which takes sessions of the classroom too where it knows what they are signed with."""
    own = build_authenticator(settings, clock)
    keys = parse_keys(settings.session_keys.get_secret_value(), "SESSION_KEYS")
    if not keys:
        return own
    return SessionAuthenticator(Sessions(keys, clock), engine, settings.oidc_issuer or LOCAL_ISSUER, own)


def _is_for_users(scope: Scope) -> bool:
    return "authorization" in Headers(scope=scope) and scope["path"].startswith("/api/")


def build_budget(settings: GatewaySettings, engine: AsyncEngine) -> Budget:
    """The model budget that the settings give each owner."""
    limits = BudgetLimits(settings.model_budget_tokens, settings.model_budget_usd, settings.model_budget_period)
    return Budget(engine, limits)
