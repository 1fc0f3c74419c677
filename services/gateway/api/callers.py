"""The callers of the API: the token that came with a request, and whose token it is."""

from typing import Annotated

from fastapi import Depends, Request
from starlette.requests import HTTPConnection

from services.gateway.api.auth import expected_token
from services.gateway.api.services import Services, services_of
from shared.kernel.refusals import Refusal, Refused
from shared.web.caller_limit import count_caller
from shared.web.strict_json import check_query
from shared.web.tokens import Unauthenticated, bearer_token

_READS = frozenset({"GET", "HEAD", "OPTIONS"})


def token_of(request: HTTPConnection, services: Services) -> str:
    """The token that was sent. Raises Unauthenticated, and Refused for a change that a foreign page sends."""
    sent, settings = request.headers.getlist("authorization"), services.settings
    session = request.cookies.get(settings.session_cookie) if settings.session_cookie else None
    if not sent and session is not None:
        # A browser sends a cookie along with whatever a foreign page makes it send.
        # A WebSocket has no method, and no browser keeps what it tells from another page.
        if request.scope.get("method") not in _READS and request.headers.get("origin") not in settings.cors_origins:
            raise Refused(Refusal(403, "foreign_origin", "A change by cookie comes from a page in CORS_ORIGINS"))
        sent = [f"Bearer {session}"]
    try:
        return bearer_token(sent)
    except Unauthenticated as error:
        count_caller(request, None)
        raise Unauthenticated(expected_token(services.settings)) from error


async def owner_of(request: HTTPConnection, services: Services, token: str) -> str:
    """The user whose token it is. Raises Unauthenticated, and Refused for the operator."""
    if services.operator.is_sent(token):
        detail = "The operator's token cancels and retries stages that are named, and reads no course"
        raise Refused(Refusal(403, "operators_only_repair", detail))
    try:
        subject = await services.authenticator.subject(token)
    except Unauthenticated as error:
        count_caller(request, None)
        raise Unauthenticated(expected_token(services.settings)) from error
    count_caller(request, subject)
    # Only now: what a route would take is not told to a caller that it does not know.
    check_query(request)
    return subject


async def _operating(request: Request, services: Annotated[Services, Depends(services_of)]) -> None:
    token = token_of(request, services)
    if services.operator.is_sent(token):
        return
    await owner_of(request, services, token)
    if services.settings.local_token is None:
        detail = "These figures are of all owners, and are for the operator's token"
        raise Refused(Refusal(403, "operators_only", detail))


Operating = Annotated[None, Depends(_operating)]
