"""The services that handlers work with, made once by `build` and found on the application."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.api.auth import OperatorToken
from services.gateway.api.course_streams import CourseStreams
from services.gateway.api.metrics import Metrics
from services.gateway.api.progress import ProgressFeed
from services.gateway.api.rendered import Rendered
from services.gateway.course.product import Product
from services.gateway.readmodels.past import Past
from services.gateway.readmodels.reads import Reads
from services.gateway.readmodels.sessions import SessionAuthenticator
from services.gateway.settings import GatewaySettings
from services.gateway.webhooks.sealing import Sealer
from services.gateway.write.budget import Budget
from services.gateway.write.write_side import WriteSide
from shared.event_log.consumers import LogPulse
from shared.event_log.port import EventLog
from shared.kernel.blobs import Blobs
from shared.kernel.loop_watch import LoopWatch
from shared.readmodels.projected import Projected
from shared.retrieval.kept import CourseReading, ReadOnce
from shared.sources.host_lookup import HostLookup
from shared.sources.sealed_tokens import SealingKey
from shared.web.idempotency import IdempotencyKeys
from shared.web.request_counts import RequestCounts
from shared.web.tokens import Authenticator


@dataclass(frozen=True)
class Services:
    """The gateway's parts."""

    settings: GatewaySettings
    product: Product
    engine: AsyncEngine
    reads: Reads
    rendered: Rendered
    readings: ReadOnce[CourseReading]
    log: EventLog
    past: Past
    blobs: Blobs
    progress: ProgressFeed
    projected: Projected
    streams: CourseStreams
    write_side: WriteSide
    keys: IdempotencyKeys
    authenticator: Authenticator
    operator: OperatorToken
    metrics: Metrics
    pulse: Callable[[], Awaitable[LogPulse]]
    sealer: Sealer
    sealing_key: SealingKey | None
    lookup: HostLookup
    watch: LoopWatch
    request_counts: RequestCounts
    budget: Budget

    def session_in(self, token: str) -> str | None:
        """The token when it is a session of the classroom, which somebody may end."""
        return self.authenticator.session_in(token) if isinstance(self.authenticator, SessionAuthenticator) else None


async def services_of(request: Request) -> Services:
    """The parts of the application that handles this request. A coroutine, because FastAPI gives a plain function to a
    thread.
    """
    services: Services = request.app.state.services
    return services
