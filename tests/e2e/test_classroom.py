"""The classroom of a local stack: killed at each point it is whole, and a deleted person leaves nothing."""

import asyncio
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from cli.local.ports import free_port
from cli.local.process import Process, release
from cli.local.stack import LocalStack
from shared.kernel.kill_points import VARIABLE
from shared.sources.secret_keys import parse_keys
from shared.web.sessions import Sessions
from tests.e2e.conftest import StartStack
from tests.faults.kills import Kill, arm_point
from tests.faults.marker import in_database, in_files

MARKER = "a-word-nobody-else-writes"
ADDRESS = f"{MARKER}@school.example"


class School:
    """The local user's classroom. A process that was killed is waited for."""

    def __init__(self, stack: LocalStack) -> None:
        self.stack = stack
        self.client = httpx.Client(base_url=f"{stack.url}/classroom", timeout=10, trust_env=False)

    def sign_in(self) -> str:
        sent = {"email": ADDRESS, "given_name": MARKER, "id_token": self.stack.token}
        found = self.send("POST", "/auth/login", sent).json()
        self.client.headers["Authorization"] = f"Bearer {found['token']}"
        return str(found["id"])

    def send(self, method: str, path: str, json: Any = None) -> httpx.Response:
        """The first answer that is not that of a server that is starting."""

        def sent() -> httpx.Response | None:
            try:
                answer = self.client.request(method, path, json=json)
            except httpx.HTTPError:
                return None
            return None if answer.status_code == 503 else answer

        answer: httpx.Response = until(sent)
        return answer

    def tables(self) -> str:
        return self.stack.database_url()


def until(look: Callable[[], Any], seconds: float = 90.0) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come")


@pytest.fixture
def points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "points"
    folder.mkdir()
    monkeypatch.setenv(VARIABLE, str(folder))
    monkeypatch.setenv("ERASURE_SETTLE_SECONDS", "0.2")
    return folder


@pytest.fixture
def school(points: Path, start_stack: StartStack) -> Iterator[School]:
    stack, _ = start_stack()
    made = School(stack)
    yield made
    made.client.close()


def count(school: School, query: str) -> int:
    async def look() -> int:
        engine = create_async_engine(school.tables())
        async with engine.connect() as connection:
            found = int(await connection.scalar(text(query)) or 0)
        await engine.dispose()
        return found

    return asyncio.run(look())


def _serve_alone(stack: LocalStack) -> None:
    """The same application as a process of its own, at the root of its port."""
    port = free_port()
    environment = {
        **(stack.services["gateway"].environment or {}), "CLASSROOM_PORT": str(port), "PATH": os.environ["PATH"],
        "NATS_URL": stack.nats_url("classroom"), "DATABASE_URL": stack.database_url("coursewright_classroom"),
    }  # fmt: skip
    command = [sys.executable, "-m", "cli.local.host", "classroom"]
    process = Process("classroom", command, stack.data_dir / "classroom.log", environment, hold_stdin=True)
    process.start()
    try:
        release(process)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            until(lambda: _answers(client, "/readyz"))
            sent = {"email": ADDRESS, "given_name": MARKER, "id_token": stack.token}
            assert client.post("/auth/login", json=sent).status_code == 200
            assert "Path=/;" in client.post("/auth/login", json=sent).headers["set-cookie"]
    finally:
        process.stop()


def _answers(client: httpx.Client, path: str) -> bool:
    try:
        return client.get(path).status_code == 200
    except httpx.HTTPError:
        return False


def _is_reached(point: Path) -> bool:
    return not point.exists()


def _orgs(school: School, wanted: int) -> list[str]:
    found = [one["id"] for one in school.send("GET", "/organizations/").json()]
    return found if len(found) == wanted else []


def make_quiz(school: School, org: str, cohort: str) -> tuple[str, str]:
    """A quiz of one question with three attempts, in a course of the cohort: the ids of both."""
    course = school.send("POST", "/courses/", {"name": MARKER, "org_id": org}).json()["id"]
    milestone = school.send("POST", f"/courses/{course}/milestones", {"name": MARKER}).json()["id"]
    made = {"course_id": course, "milestone_id": milestone, "type": "quiz", "title": MARKER}
    task = school.send("POST", "/tasks/", made).json()["id"]
    question = {"type": "subjective", "title": MARKER, "max_attempts": 3}
    quiz = school.send("POST", f"/tasks/{task}/quiz", {"title": MARKER, "questions": [question]}).json()
    assert school.send("POST", f"/cohorts/{cohort}/courses", {"course_ids": [course]}).status_code == 200
    return task, quiz["questions"][0]["id"]


def learn(school: School, points: Path, org: str, cohort: str) -> None:
    """A learner answers while the processes are killed: each answer is there once. Then the learner is deleted."""
    task, question = make_quiz(school, org, cohort)
    members = school.send("GET", f"/cohorts/{cohort}").json()["members"]
    person = next(one["id"] for one in members if one["email"] == "stays-0@school.example")
    keys = parse_keys((school.stack.services["gateway"].environment or {})["SESSION_KEYS"], "SESSION_KEYS")
    learner = School(school.stack)
    learner.client.headers["Authorization"] = f"Bearer {Sessions(keys, time.time, 600).begin(person).token}"
    answers = f"/tasks/{task}/questions/{question}/attempts"
    for turn, kill in enumerate(("K3:classroom", "K5:classroom", "K6:projector")):
        point, where = kill.split(":")
        arm_point(points, Kill("gateway", point, where, 1))
        given = learner.send("POST", answers, {"id": f"attempt-{turn}", "answer": {"text": MARKER}})
        until(partial(_is_reached, points / kill))
        assert given.status_code == 200, given.text
    until(lambda: count(school, "SELECT count(*) FROM read_v1.learner_attempts") == 3)
    more = learner.send("POST", answers, {"id": "attempt-3", "answer": {"text": MARKER}})
    assert (more.status_code, more.json()["code"]) == (409, "no_attempts_left"), "no answer lost, and none too many"
    said = {"question_id": question, "messages": [{"role": "user", "content": MARKER}]}
    code = {"question_id": question, "code": [{"language": "python", "value": MARKER}]}
    assert learner.send("POST", "/chat/", said).status_code == learner.send("POST", "/code/", code).status_code == 200
    sent = {"file": ("answer.wav", b"RIFF....WAVE" + MARKER.encode())}
    kept = learner.client.post("/file/upload-local", files=sent, data={"content_type": "audio/wav"})
    assert kept.status_code == 200, kept.text
    assert in_files(school.stack.data_dir / "blobs", MARKER) == 1
    assert learner.send("DELETE", f"/users/{person}").status_code in {200, 401}
    learner.client.close()
    until(lambda: count(school, "SELECT count(*) FROM read_v1.learners") == 0)


@pytest.mark.timeout(400)
def test_a_school_survives_each_kill_and_a_deleted_person_leaves_nothing(school: School, points: Path) -> None:
    assert school.client.get("/health").json() == {"status": "ok"}
    assert httpx.get(f"{school.stack.url}/health", trust_env=False).status_code == 200, "the gateway's own"
    _serve_alone(school.stack)
    me = school.sign_in()
    orgs = []
    for turn, kill in enumerate(("K3:classroom", "K5:classroom", "K6:projector", "K7:projector")):
        point, where = kill.split(":")
        arm_point(points, Kill("gateway", point, where, 1))
        made = school.send("POST", "/organizations/", {"name": f"{MARKER} {turn}", "slug": f"school-{turn}"})
        until(partial(_is_reached, points / kill))
        assert made.status_code in {200, 400}, made.text
        orgs = until(partial(_orgs, school, turn + 1))
    assert count(school, "SELECT count(*) FROM read_v1.orgs") == len(orgs) == 4, "each once, though each was cut off"
    cohort = school.send("POST", "/cohorts/", {"name": MARKER, "org_id": orgs[0]}).json()["id"]
    people = {"emails": [f"stays-{one}@school.example" for one in range(3)], "roles": ["learner"] * 3}
    assert school.send("POST", f"/cohorts/{cohort}/members", people).status_code == 200
    learn(school, points, orgs[0], cohort)
    (refused,) = {school.send("DELETE", f"/users/{me}").status_code}
    assert refused == 409, "the last owner"
    log = school.stack.data_dir / "jetstream"
    assert in_files(log, MARKER) > 0
    arm_point(points, Kill("gateway", "E1", "streams", 1))
    for org_id in orgs:
        assert school.send("DELETE", f"/organizations/{org_id}").status_code in {200, 404}
    assert school.send("DELETE", f"/users/{me}").status_code in {200, 401}
    until(partial(_is_reached, points / "E1:streams"))
    until(lambda: count(school, "SELECT count(*) FROM app.erasures") == 0 and in_files(log, MARKER) == 0)
    assert in_files(school.stack.data_dir / "blobs", MARKER) == 0
    assert asyncio.run(in_database(school.tables(), MARKER)) == {}
    assert count(school, "SELECT count(*) FROM read_v1.persons") == 2, "the others stay"
    assert in_files(log, "stays-") > 0
    again = school.send("GET", "/organizations/")
    assert again.status_code == 401, "the session is over"
    assert school.sign_in() != me, "who comes again is somebody new"


def test_a_session_is_good_at_the_gateway_and_for_its_streams_until_it_ends(shared_stack: LocalStack) -> None:
    school = School(shared_stack)
    school.sign_in()
    session = {"Authorization": school.client.headers["Authorization"]}
    with httpx.Client(base_url=shared_stack.url, headers=session, timeout=30, trust_env=False) as api:
        made = api.post("/api/projects/", json={"title": "Mine"})
        assert made.status_code in {201, 202}, made.text
        course = made.json()["course_id"]
        local = {"Authorization": f"Bearer {shared_stack.token}"}
        until(lambda: api.get(f"/api/projects/{course}", headers=local).status_code == 200)  # the same user
        stream = f"/api/courses/{course}/events"
        ticket = api.post("/api/event-tickets").json()["ticket"]
        ways = (
            api.stream("GET", stream),
            api.stream("GET", f"{stream}?ticket={ticket}", headers={"Authorization": ""}),
        )
        live = connect(f"ws://{api.base_url.netloc.decode()}/ws/course/{course}/generation", additional_headers=session)
        with ways[0] as by_token, ways[1] as by_ticket, live as socket:
            followed = [one.iter_lines() for one in (by_token, by_ticket)]
            assert all(next(lines) != "" for lines in followed)
            assert school.send("POST", "/auth/logout?everywhere=true").status_code == 200
            ended = time.monotonic()
            for lines in followed:
                assert len([*lines]) < 100
            with pytest.raises(ConnectionClosed) as closed:
                socket.recv(timeout=20)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1013
            assert time.monotonic() - ended < 20, "streams that are open end with their session"
        until(lambda: api.get("/api/projects/").status_code == 401)
        assert api.get(stream).status_code == 401
    school.client.close()
