"""The classroom on a real PostgreSQL and the log in memory, with a projector beside it."""

import asyncio
import base64
import contextlib
import hashlib
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from obstore.store import MemoryStore
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from services.classroom.api.calls import Services
from services.classroom.app import build
from services.classroom.identities import GOOGLE, Identities
from services.classroom.settings import ClassroomSettings
from services.gateway.erase.erasures import erasures
from services.gateway.migrate import migrate
from services.gateway.project.projector import Projector
from services.gateway.readmodels.registry import SIDES
from shared.classroom.sides import CLASSROOM_SIDES
from shared.event_log.port import NewEvent
from shared.events import Event
from shared.events.classroom import (
    ApiKeyIssued,
    BatchMade,
    CohortMemberAdded,
    CohortOpened,
    IdentityLinked,
    OrgFounded,
    OrgMemberAdded,
    PersonAdded,
    PersonNamed,
)
from shared.events.registry import PERSON
from shared.kernel.blob_stores import ObjectBackend
from shared.kernel.blobs import Blobs
from shared.kernel.ids import event_id, new_id
from shared.readmodels.side import tables_of
from shared.web.tokens import IssuerKeys, JwtAuthenticator
from tests.support.memory_log import MemoryLog
from tests.support.servers import Server

CLIENT_ID = "classroom.apps.googleusercontent.example"
KEY = RSAKey.generate_key(2048, {"kid": "g1", "use": "sig"}, private=True)


def google_token(email: str, subject: str, **claims: Any) -> str:
    """An ID token as Google makes them."""
    now = int(time.time())
    said = {"iss": GOOGLE, "aud": CLIENT_ID, "sub": subject, "email": email, "email_verified": True, "iat": now,
            "exp": now + 3600}  # fmt: skip
    return jwt.encode({"alg": "RS256", "kid": "g1"}, {**said, **claims}, KEY)


async def _google_keys() -> bytes:
    import json

    return json.dumps(KeySet([KEY]).as_dict(private=False)).encode()


@dataclass
class School:
    """A school with one cohort of one batch, and people in each role; `other` runs a school of its own."""

    org_id: str = field(default_factory=new_id)
    cohort_id: str = field(default_factory=new_id)
    batch_id: str = field(default_factory=new_id)
    key_id: str = field(default_factory=new_id)
    other_org_id: str = field(default_factory=new_id)
    people: dict[str, str] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return f"school-{self.org_id[-12:]}"

    @property
    def api_key(self) -> str:
        secret = base64.urlsafe_b64encode(hashlib.sha256(self.key_id.encode()).digest()).decode().rstrip("=")
        return f"org__{self.org_id}__{secret}"

    def email(self, who: str) -> str:
        return f"{who}-{self.people[who][-12:]}@marker.example"

    def events(self) -> Iterator[list[Event]]:
        """The events of each aggregate."""
        owner = self.people["owner"]
        for who, person_id in self.people.items():
            named = {"first_name": who.capitalize(), "last_name": "Marker", "default_dp_color": "#000"}
            yield [
                PersonAdded(person_id=person_id, email=self.email(who)),
                PersonNamed(person_id=person_id, **named),
                IdentityLinked(person_id=person_id, issuer=GOOGLE, subject=f"marker-{person_id}"),
            ]
        org = {"org_id": self.org_id}
        digest = hashlib.sha256(self.api_key.encode()).hexdigest()
        yield [
            OrgFounded(**org, name="Marker school", slug=self.slug, logo_color="#000", by=owner),
            OrgMemberAdded(**org, person_id=self.people["admin"], role="admin", by=owner),
            ApiKeyIssued(
                **org, key_id=self.key_id, name="k", digest=digest, scopes=["members:read", "cohorts:read"], by=owner
            ),
        ]
        yield [
            OrgFounded(
                org_id=self.other_org_id, name="Other", slug=f"other-{self.slug}", logo_color="#000",
                by=self.people["other"],
            ),
        ]  # fmt: skip
        cohort = {"cohort_id": self.cohort_id, "by": owner}
        yield [
            CohortOpened(**cohort, org_id=self.org_id, name="Marker cohort"),
            CohortMemberAdded(**cohort, person_id=self.people["mentor"], role="mentor"),
            CohortMemberAdded(**cohort, person_id=self.people["learner"], role="learner"),
            CohortMemberAdded(**cohort, person_id=self.people["fellow"], role="learner"),
            BatchMade(**cohort, batch_id=self.batch_id, name="Marker batch", members=[self.people["learner"]]),
        ]


ROLES = ("owner", "admin", "mentor", "learner", "fellow", "other")


@dataclass
class Classroom:
    """One classroom, and whoever calls it."""

    app: FastAPI
    log: MemoryLog
    engine: AsyncEngine

    @property
    def services(self) -> Services:
        services: Services = self.app.state.services
        return services

    def client(self, **headers: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=headers)

    def as_person(self, person_id: str) -> httpx.AsyncClient:
        token = self.services.sessions.begin(person_id).token
        return self.client(Authorization=f"Bearer {token}")

    async def append(self, *events: Event, seen: int | None = None) -> None:
        log = self.log.of(next(one for one in CLASSROOM_SIDES if one.aggregate.prefix == events[0].prefix).aggregate)
        command = new_id()
        new = [
            NewEvent(one, event_id(command, type(one).__name__, one.natural_key()), "test", command, command)
            for one in events
        ]
        await log.append(new, await log.last_seq(events[0].aggregate_id) if seen is None else seen)

    async def school(self) -> School:
        made = School()
        made.people = {who: new_id() for who in ROLES}
        for events in made.events():
            await self.append(*events)
        await self.project()
        return made

    async def project(self) -> None:
        assert await self.services.projected.wait(await self.log.end(), 10.0)


def settings(**changed: Any) -> ClassroomSettings:
    values: dict[str, Any] = {
        "google_client_id": CLIENT_ID, "classroom_allowed_hosts": ["testserver"], "projection_wait_seconds": 20.0,
        "answer_seconds": 25.0, "session_keys": SecretStr(f"test:{base64.b64encode(bytes(32)).decode()}"),
    }  # fmt: skip
    return ClassroomSettings(**{**values, **changed})


@pytest.fixture(scope="session")
def database_url(postgres_server: Server) -> str:
    migrate(postgres_server.url)
    return postgres_server.url


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """The tables, empty."""
    made = create_async_engine(database_url, pool_size=10)
    tables = ", ".join(str(one) for one in (*tables_of(SIDES), erasures))
    async with made.begin() as connection:
        await connection.execute(text(f"TRUNCATE {tables}"))
    yield made
    await made.dispose()


def google() -> Identities:
    keys = IssuerKeys(_google_keys, time.monotonic)
    return Identities({GOOGLE: JwtAuthenticator(GOOGLE, CLIENT_ID, ("RS256",), keys, time.time)})


@contextlib.asynccontextmanager
async def running_classroom(engine: AsyncEngine, **changed: Any) -> AsyncIterator[Classroom]:
    """A classroom whose projector runs."""
    log = MemoryLog(aggregate=PERSON)
    app = build(settings(**changed), log=log, engine=engine, identities=google())
    made = Classroom(app, log, engine)
    projector = Projector(engine, log, Blobs(ObjectBackend(MemoryStore()), ""), sides=CLASSROOM_SIDES)
    beside = [asyncio.create_task(made.services.projected.run()), asyncio.create_task(projector.run())]
    try:
        yield made
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)


@pytest.fixture
async def classroom(engine: AsyncEngine) -> AsyncIterator[Classroom]:
    async with running_classroom(engine) as made:
        yield made
