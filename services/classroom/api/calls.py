"""A call: who sent it, and the parts of the classroom that answer it."""

import hashlib
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from services.classroom import asked
from services.classroom.commands import Commands
from services.classroom.files import Files
from services.classroom.hearing import Hearing
from services.classroom.identities import Identities
from services.classroom.making import Making
from services.classroom.passages import Material
from services.classroom.queries import find_caller, find_key
from services.classroom.rights import Caller
from services.classroom.settings import ClassroomSettings
from shared.classroom.people import PERSON_SIDE, Person
from shared.code.turns import Turns
from shared.kernel.ids import new_id
from shared.kernel.refusals import Refusal, Refused
from shared.readmodels.projected import Projected
from shared.retrieval.kept import ReadOnce
from shared.web.caller_limit import count_caller
from shared.web.idempotency import IdempotencyKey, IdempotencyKeys, fingerprint, require_key
from shared.web.request_counts import RequestCounts
from shared.web.sessions import COOKIE, Sessions
from shared.web.strict_json import check_query
from shared.web.tokens import Unauthenticated, bearer_token
from shared.workers.pool import WorkerPool

if TYPE_CHECKING:
    from shared.retrieval.search import Index

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_KEY = re.compile(r"org__([A-Za-z0-9-]{1,64})__([A-Za-z0-9_-]{43})")
EXPECTED = "a session of POST /auth/login"


@dataclass(frozen=True)
class Services:
    """The parts of the classroom."""

    settings: ClassroomSettings
    engine: AsyncEngine
    projected: Projected
    commands: Commands
    identities: Identities
    sessions: Sessions
    files: Files | None
    workers: WorkerPool
    keys: IdempotencyKeys
    request_counts: RequestCounts
    turns: Turns
    making: Making | None
    hearing: Hearing
    readings: "ReadOnce[tuple[Index, Material]]"
    figures: CollectorRegistry
    clock: Callable[[], float]
    ask: Callable[[bytes], Awaitable[bytes]] | None  # the tutor's process, where a model answers

    def now(self) -> datetime:
        """The time by which content opens and exams end."""
        return datetime.fromtimestamp(self.clock(), UTC)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection to tables that are not being filled; raises TablesFilling."""
        self.projected.require_filled()
        async with self.engine.connect() as connection:
            yield connection


async def services_of(request: Request) -> Services:
    """The parts of the application that got the request."""
    services: Services = request.app.state.services
    return services


Parts = Annotated[Services, Depends(services_of)]


def new_key(org_id: str) -> str:
    """A key of an organisation, `org__id__secret`."""
    return f"org__{org_id}__{secrets.token_urlsafe(32)}"


def digest_of(key: str) -> str:
    """What is kept of a key: its secret has 32 random bytes, so nobody finds it by trying."""
    return hashlib.sha256(key.encode()).hexdigest()


async def _anybody(request: Request, services: Parts) -> Caller:
    asked.begin(None)
    key = request.headers.get("api_key") or request.headers.get("api-key")
    try:
        caller = await (_program(services, key) if key is not None else _person(request, services))
    except Refused as error:
        if error.refusal.status == 401:
            count_caller(request, None)
        raise
    count_caller(request, f"key of {caller.key_of}" if caller.key_of else caller.person_id)
    check_query(request)  # only now: what a route would take is not told to a caller that is not known
    return caller


async def _person(request: Request, services: Services) -> Caller:
    """By the Authorization header, else by the cookie, which a page of another origin may have made a browser send."""
    try:
        headers, cookie = request.headers.getlist("authorization"), request.cookies.get(COOKIE)
        token = bearer_token(headers) if headers or cookie is None else cookie
        person_id, began = services.sessions.person_of(token)
    except Unauthenticated as error:
        raise Unauthenticated(EXPECTED) from error
    if not headers and request.method not in _SAFE:
        require_own_origin(request, services.settings)
    async with services.reading() as connection:
        caller = await find_caller(connection, person_id, began)
    if caller is None or (request.method not in _SAFE and not await _is_in_log(services, person_id, began)):
        raise Unauthenticated(EXPECTED)
    return caller


async def _is_in_log(services: Services, person_id: str, began: datetime) -> bool:
    """Whether the person is there and its session good by the log: whoever was deleted a moment ago changes nothing
    any more, though the tables do not show it yet.
    """
    person: Person = await services.commands.as_in_log(PERSON_SIDE, person_id)
    return person.exists and (person.sessions_ended is None or began > person.sessions_ended)


def require_own_origin(request: Request, settings: ClassroomSettings) -> None:
    """Raise Refused unless the page that sends this is one of ours, by the header Origin."""
    origin = request.headers.get("origin", "")
    is_own = urlsplit(origin).netloc == request.headers.get("host", "")
    if not origin or not (is_own or origin in settings.cors_origins):
        raise Refused(Refusal(403, "other_origin", "A page of another origin may not send this with a cookie"))


async def _program(services: Services, key: str) -> Caller:
    named = _KEY.fullmatch(key)
    caller = None
    if named is not None:
        async with services.reading() as connection:
            caller = await find_key(connection, named[1], digest_of(key))
    if caller is None:
        detail = "Send an API key that was not revoked as the header `api_key`"
        raise Refused(Refusal(401, "unauthenticated", detail))
    return caller


async def _signed_in(caller: Annotated[Caller, Depends(_anybody)]) -> Caller:
    if caller.key_of:
        raise Refused(Refusal(403, "not_for_keys", "An API key reads what its scopes name, and does nothing else"))
    return caller


async def _posting(
    request: Request, services: Parts, caller: Annotated[Caller, Depends(_signed_in)],
    idempotency_key: IdempotencyKey = None,
) -> Caller:  # fmt: skip
    """Whatever the request does has the ids that it had the first time under its key."""
    if idempotency_key is None or request.method != "POST":
        return caller
    require_key(idempotency_key)
    try:
        sent = fingerprint(request, await request.json() if await request.body() else None)
    except ValueError as error:
        raise Refused(Refusal(422, "invalid_json", "The body is not JSON")) from error
    fresh_id = new_id()
    claim = await services.keys.claim(f"person {caller.person_id}", idempotency_key, sent, fresh_id, None)
    asked.begin(asked.Asked(claim.command_id, claim.command_id != fresh_id))
    return caller


Anybody = Annotated[Caller, Depends(_anybody)]
SignedIn = Annotated[Caller, Depends(_signed_in)]
Posting = Annotated[Caller, Depends(_posting)]
