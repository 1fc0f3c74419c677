"""The classroom on a real PostgreSQL and the log in memory, with a projector beside it."""

import asyncio
import base64
import contextlib
import hashlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from obstore.store import MemoryStore
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from services.classroom.api.calls import Services
from services.classroom.app import build
from services.classroom.files import Files, KeptFile
from services.classroom.identities import GOOGLE, Identities
from services.classroom.settings import ClassroomSettings
from services.gateway.erase.erasures import erasures
from services.gateway.project.projector import Projector
from services.gateway.readmodels.registry import SIDES
from shared.answers.model import ZIP_TYPE
from shared.classroom.learners import learner_of
from shared.classroom.model_budget import model_spending
from shared.classroom.model_keys import org_model_keys
from shared.classroom.sides import CLASSROOM_SIDES
from shared.event_log.port import NewEvent
from shared.events import Event
from shared.events.classroom import (
    ApiKeyIssued,
    BatchMade,
    CohortCourseSet,
    CohortMemberAdded,
    CohortOpened,
    Criterion,
    Drip,
    FileNamed,
    IdentityLinked,
    OrgFounded,
    OrgMemberAdded,
    PersonAdded,
    PersonNamed,
    ScorecardWritten,
)
from shared.events.content import (
    Assignment,
    Block,
    ContentCreated,
    ContentHidden,
    Context,
    Evaluation,
    GenerationAsked,
    GenerationEnded,
    MilestoneWritten,
    Option,
    Question,
    TaskDeleted,
    TaskMade,
    TaskWritten,
    Words,
)
from shared.events.learner import Answer, AnswerGiven, ChatKept, ChatMessage, Code, CodeKept, LearnerBegan
from shared.events.registry import PERSON
from shared.kernel.blob_stores import ObjectBackend
from shared.kernel.blobs import Blobs
from shared.kernel.ids import event_id, new_id
from shared.readmodels.side import tables_of
from shared.sources.sealed_tokens import OpeningKeys, new_private_key
from shared.web.tokens import IssuerKeys, JwtAuthenticator
from tests.support.empty_tables import empty
from tests.support.memory_log import MemoryLog
from tests.unit.answers.test_zipped import packed

CLIENT_ID = "classroom.apps.googleusercontent.example"
MODEL_KEYS = OpeningKeys({"k1": new_private_key()})
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


PDF = b"%PDF-1.7 paper"
ZIP = packed(("marker/main.py", b"print(1)"), ("marker/a.bin", b"\0"))
WAV = b"RIFF\x04\x00\x00\x00WAVE"

# Tasks of the school's course: in its first milestone, but for the one that is locked, which is in the second.
TASKS = ("material", "quiz", "assignment", "exam", "draft", "scheduled", "deleted", "locked")


@dataclass
class School:
    """A school with one cohort of one batch, and people in each role; `other` runs a school of its own."""

    org_id: str = field(default_factory=new_id)
    cohort_id: str = field(default_factory=new_id)
    batch_id: str = field(default_factory=new_id)
    key_id: str = field(default_factory=new_id)
    other_org_id: str = field(default_factory=new_id)
    course_id: str = field(default_factory=new_id)
    hidden_course_id: str = field(default_factory=new_id)
    milestone_ids: list[str] = field(default_factory=lambda: [new_id(), new_id()])
    task_ids: dict[str, str] = field(default_factory=lambda: {name: new_id() for name in TASKS})
    question_id: str = field(default_factory=new_id)
    last_id: str = field(default_factory=new_id)
    essay_id: str = field(default_factory=new_id)
    attempt_id: str = field(default_factory=new_id)
    scorecard_id: str = field(default_factory=new_id)
    file_id: str = field(default_factory=new_id)
    zip_id: str = field(default_factory=new_id)
    paper_id: str = field(default_factory=new_id)
    job_id: str = field(default_factory=new_id)
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
                *([FileNamed(person_id=person_id, file_id=self.file_id, media_type="audio/wav")] * (who == "learner")),
                *([FileNamed(person_id=person_id, file_id=self.zip_id, media_type=ZIP_TYPE)] * (who == "learner")),
                *(
                    [FileNamed(person_id=person_id, file_id=self.paper_id, media_type="application/pdf")]
                    * (who == "owner")
                ),
            ]
        org = {"org_id": self.org_id}
        digest = hashlib.sha256(self.api_key.encode()).hexdigest()
        yield [
            OrgFounded(**org, name="Marker school", slug=self.slug, logo_color="#000", by=owner),
            OrgMemberAdded(**org, person_id=self.people["admin"], role="admin", by=owner),
            ApiKeyIssued(
                **org,
                key_id=self.key_id,
                name="k",
                digest=digest,
                scopes=["members:read", "cohorts:read", "courses:read", "chat:read"],
                by=owner,
            ),
            ScorecardWritten(
                **org,
                scorecard_id=self.scorecard_id,
                title="Marker",
                criteria=[Criterion(name="Marker", max_score=5)],
                by=owner,
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
            CohortCourseSet(
                **cohort,
                content_id=self.course_id,
                drip=Drip(is_drip_enabled=True, frequency_value=1, frequency_unit="day"),
            ),
        ]
        yield [*self._course()]
        hidden = {"content_id": self.hidden_course_id, "by": owner}
        yield [ContentCreated(**hidden, org_id=self.org_id, name="Marker hidden"), ContentHidden(**hidden)]
        learner = {"learner_id": learner_of(self.people["learner"], self.org_id)}
        yield [
            LearnerBegan(**learner, person_id=self.people["learner"], org_id=self.org_id),
            AnswerGiven(
                **learner,
                task_id=self.task_ids["quiz"],
                question_id=self.essay_id,
                question_version=1,
                attempt_id=self.attempt_id,
                answer=Answer(text="marker", file_id=self.zip_id),
                is_right=None,
                completes=False,
            ),
            ChatKept(
                **learner,
                task_id=self.task_ids["quiz"],
                question_id=self.essay_id,
                messages=[
                    ChatMessage(id=new_id(), role="user", content="marker question"),
                    ChatMessage(id=new_id(), role="assistant", content="marker answer"),
                ],
            ),
            CodeKept(
                **learner,
                task_id=self.task_ids["quiz"],
                question_id=self.essay_id,
                code=[Code(language="python", value="marker")],
            ),
        ]

    def _course(self) -> Iterator[Event]:
        course = {"content_id": self.course_id, "by": self.people["owner"]}
        yield ContentCreated(**course, org_id=self.org_id, name="Marker course")
        for milestone_id in self.milestone_ids:
            yield MilestoneWritten(**course, milestone_id=milestone_id, name="Marker", color="#000000")
        for name, task_id in self.task_ids.items():
            kind: Any = {"quiz": "quiz", "exam": "quiz", "assignment": "assignment"}.get(name, "learning_material")
            milestone_id = self.milestone_ids[name == "locked"]
            yield TaskMade(**course, task_id=task_id, milestone_id=milestone_id, type=kind, title=f"Marker {name}")
            yield TaskWritten(
                **course,
                task_id=task_id,
                title=f"Marker {name}",
                status="draft" if name == "draft" else "published",
                scheduled_publish_at=datetime(2999, 1, 1, tzinfo=UTC) if name == "scheduled" else None,
                blocks=[Block(type="paragraph", content=[Words(text=f"words of {name}")])],
                questions={"quiz": [self.question(), self.essay()], "exam": [self.last()]}.get(name, []),
                time_limit_seconds=600 if name == "exam" else None,
                assignment=Assignment(
                    evaluation_criteria=Evaluation(max_score=5, pass_score=3),
                    context=Context(blocks=[Block(type="paragraph", content=[Words(text="SOLUTION")])]),
                )
                if name == "assignment"
                else None,
            )
        yield TaskDeleted(**course, task_id=self.task_ids["deleted"])
        job: Any = {**course, "job_id": self.job_id, "part": "structure"}
        wished = {"course_description": "Marker", "intended_audience": "Marker"}
        yield GenerationAsked(**job, **wished, file_id=self.paper_id, file_of=self.people["owner"])
        yield GenerationEnded(**job)

    def last(self) -> Question:
        """A question of an exam: one attempt counts."""
        return self.question().model_copy(update={"id": self.last_id, "response_type": "exam"})

    def essay(self) -> Question:
        """A question that somebody who teaches judges."""
        return Question(id=self.essay_id, type="subjective", title="Marker essay", scorecard_id=self.scorecard_id)

    def question(self) -> Question:
        """A question whose right options are two of three, and whose solution is marked."""
        solution = [Block(type="paragraph", content=[Words(text="SOLUTION")])]
        return Question(
            id=self.question_id, type="objective", title="Marker question", answer_kind="choice", key=["a", "c"],
            options=[Option(id=one, text=one, feedback=f"SOLUTION {one}") for one in "abc"], answer=solution,
            context=Context(blocks=solution), scorecard_id=self.scorecard_id,
        )  # fmt: skip


class SigningBackend(ObjectBackend):
    """A store that gives addresses; each one tells what it is for."""

    def signed(self, method: str, key: str, seconds: int) -> str | None:
        return f"https://store.example/{key}?{method}&{seconds}"


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
        assert isinstance(self.services.files, Files)
        await self.services.files.keep(KeptFile(made.people["learner"], made.file_id, "audio/wav"), BytesIO(WAV))
        await self.services.files.keep(KeptFile(made.people["learner"], made.zip_id, ZIP_TYPE), BytesIO(ZIP))
        await self.services.files.keep(KeptFile(made.people["owner"], made.paper_id, "application/pdf"), BytesIO(PDF))
        await self.project()
        return made

    async def project(self) -> None:
        assert await self.services.projected.wait(await self.log.end(), 10.0)


def settings(**changed: Any) -> ClassroomSettings:
    values: dict[str, Any] = {
        "google_client_id": CLIENT_ID, "classroom_allowed_hosts": ["testserver"], "projection_wait_seconds": 20.0,
        "answer_seconds": 25.0, "credential_sealing_key": f"k1:{base64.b64encode(MODEL_KEYS.sealing.key).decode()}",
        "session_keys": SecretStr(f"test:{base64.b64encode(bytes(32)).decode()}"),
    }  # fmt: skip
    return ClassroomSettings(**{**values, **changed})


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    """The tables, empty."""
    made = create_async_engine(database_url, pool_size=10)
    await empty(made, (*tables_of(SIDES), erasures, org_model_keys, model_spending))
    yield made
    await made.dispose()


def google() -> Identities:
    keys = IssuerKeys(_google_keys, time.monotonic)
    return Identities({GOOGLE: JwtAuthenticator(GOOGLE, CLIENT_ID, ("RS256",), keys, time.time)})


@contextlib.asynccontextmanager
async def running_classroom(
    engine: AsyncEngine, ask: Callable[[bytes], Awaitable[bytes]] | None = None, **changed: Any
) -> AsyncIterator[Classroom]:
    """A classroom whose projector runs."""
    log = MemoryLog(aggregate=PERSON)
    set_ = settings(**{"gateway_url": "http://gateway.invalid", **changed})
    app = build(set_, log=log, engine=engine, identities=google(), ask=ask)
    made = Classroom(app, log, engine)
    kept = Files(SigningBackend(MemoryStore()), 1000)
    for one in filter(None, (made.services, made.services.making)):
        object.__setattr__(one, "files", kept)
    projector = Projector(engine, log, Blobs(ObjectBackend(MemoryStore()), ""), sides=CLASSROOM_SIDES)
    beside = [asyncio.create_task(made.services.projected.run()), asyncio.create_task(projector.run())]
    try:
        yield made
    finally:
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)
        await made.services.workers.close()


@pytest.fixture
async def classroom(engine: AsyncEngine) -> AsyncIterator[Classroom]:
    async with running_classroom(engine) as made:
        yield made
