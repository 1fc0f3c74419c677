"""Tickets for event streams. A browser's EventSource can send no header; it sends a ticket in the address instead.

A ticket opens event streams for a minute and nothing else, so that one in a log or a history is worth little.
"""

import base64
import binascii
import json
import time
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request

from services.gateway.api.calls import Call, Reading, reading_call
from services.gateway.api.problems import problems
from services.gateway.api.schemas.stages import TicketView
from services.gateway.api.services import Services
from services.gateway.api.strict_json import StrictRoute
from shared.kernel.errors import PermanentError
from shared.kernel.refusals import Refusal, Refused
from shared.web.tokens import Unauthenticated

router = APIRouter(prefix="/api/event-tickets", tags=["events"], route_class=StrictRoute)

_SECONDS = 60
_ABOUT = "ticket for event streams"


@router.post("", status_code=201, summary="Get a ticket for EventSource", responses=problems(409))
async def create_event_ticket(call: Reading) -> TicketView:
    """Send it as `?ticket=` to an event stream within a minute. A stream that is open goes on without it, up to the end
    of the session that the ticket was got with.
    """
    content = json.dumps([call.owner, time.time() + _SECONDS, call.session])
    try:
        sealed = call.services.sealer.seal(content, _ABOUT)
    except PermanentError as error:
        raise Refused(Refusal(409, error.code, error.message)) from error
    return TicketView(ticket=base64.urlsafe_b64encode(sealed).decode().rstrip("="), expires_in=_SECONDS)


def holder_of_ticket(ticket: str, services: Services) -> tuple[str, str | None]:
    """The user that got it, and by which session. Raises Unauthenticated."""
    try:
        sealed = base64.b64decode(ticket + "=" * (-len(ticket) % 4), altchars=b"-_", validate=True)
        owner, expires_at, session = json.loads(services.sealer.unseal(sealed, _ABOUT))
    except (binascii.Error, PermanentError, ValueError, IndexError) as error:
        raise Unauthenticated("a ticket of POST /api/event-tickets, or a valid token") from error
    if time.time() > expires_at:
        raise Unauthenticated("a ticket that is younger than a minute, or a valid token")
    return owner, session


async def _following_call(
    request: Request,
    ticket: Annotated[
        str | None, Query(max_length=1024, description="for EventSource, in place of the token; see createEventTicket")
    ] = None,
) -> Call:
    if ticket is None:
        return await reading_call(request)
    services: Services = request.app.state.services
    owner, session = holder_of_ticket(ticket, services)
    return Call(services, owner, request, None, None, session=session)


Following = Annotated[Call, Depends(_following_call)]
