"""Deleted is deleted: a marker wherever a user can write, sought in everything that is kept, after the deletion.

The process with the eraser is killed meanwhile at each of its points; at full scale also at any moment, and courses are
deleted while a stage works on them.
"""

import contextlib
import functools
import random
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx

from cli.client import Client
from cli.local.process import Process
from cli.local.stack import LocalStack
from shared.event_log.names import DEAD
from shared.events.courses import COURSES
from shared.events.registry import CLASSROOM
from shared.kernel.kill_points import VARIABLE, KillPoint
from tests.faults.kills import Kill, arm_point, environment
from tests.faults.marker import copies, in_files, pending_erasures, places
from tests.faults.promise import Outcome, Promise, Scale
from tests.faults.traces import leave_dead_letter, tell_webhook, wait_for_deliveries
from tests.support.follow import follow_facts
from tests.support.model_server import ModelServer
from tests.support.receiver import Receiver
from tests.support.sample_repository import commit, make_repository, page

_MARKER, _PERSON = "Zqmarker", "Zqperson"
_ERASED_WITHIN_SECONDS = 90.0
_LOOK_SECONDS = 0.2
_REPOSITORY, _KILL_POINTS = "marked", "points"
_TOLD = ("CourseCreated", "GenerationRequested", "RepoCloned", "CourseGenerated")
_SETTINGS = {"ERASURE_SETTLE_SECONDS": "2", "ERASURE_SWEEP_SECONDS": "5", "ANTHROPIC_API_KEY": "test-key"}


@dataclass(frozen=True)
class _Case:
    """A course to delete: by which engine, at which fact; how often the eraser is killed meanwhile at some moment, and
    at which of its own points: what was erased, and the how many-th time.
    """

    engine: str
    delete_at: str
    kills: int = 0
    points: tuple[tuple[str, int], ...] = ()


# Once each, one after the other: whoever takes over starts with the first part again.
_POINTS = (("rows", 1), (DEAD, 1), ("streams", 1), (COURSES.name, 5), ("blobs", 1))
_PERSON_POINTS: Mapping[Scale, tuple[tuple[str, int], ...]] = {
    Scale.quick: ((CLASSROOM.name, 3),),
    Scale.full: (("rows", 1), ("streams", 1), (CLASSROOM.name, 3), ("blobs", 1)),
}
_CASES: Mapping[Scale, tuple[_Case, ...]] = {
    Scale.quick: (_Case("anthropic", "CourseGenerated", points=_POINTS),),
    Scale.full: (
        _Case("anthropic", "CourseGenerated"),
        *(_Case("offline", "CourseGenerated", points=((where, hit),)) for where, last in _POINTS
          for hit in range(1, last + 1)),
        _Case("anthropic", "CourseGenerated", points=_POINTS),
        _Case("offline", "CourseGenerated", 3),
        _Case("anthropic", "CourseGenerated", 6),
        _Case("anthropic", "RepoCloneStarted", 1),
        _Case("anthropic", "DocumentAnalysed"),
        _Case("anthropic", "DocumentAnalysed", 3, _POINTS),
        _Case("offline", "DocsAnalysed", 1),
        _Case("anthropic", "ModuleWritten", points=_POINTS),
        _Case("offline", "ModuleWritten", 3),
    ),
}  # fmt: skip


def _make_marked_repository(folder: Path) -> None:
    repository = make_repository(folder)
    word = _MARKER.lower()
    text = page(
        word, _MARKER, "marks", f"A **{word}** is a word that nobody else writes, so that it can be found again."
    )
    (repository / "docs" / f"{word}.md").write_text(text, encoding="utf-8")
    commit(repository)


class _Run:
    """One course from its creation to the moment when nothing of it is left."""

    def __init__(self, stack: LocalStack, client: Client, folder: Path, webhook_id: str) -> None:
        self._stack, self._client, self._webhook_id = stack, client, webhook_id
        self._repository, self._points = folder / _REPOSITORY, folder / _KILL_POINTS
        self._http = _api(stack)
        self.before: dict[str, int] = {}
        self.seconds = 0.0

    def prove(self, case: _Case, number: int) -> Iterator[str]:
        """Sentences, one per thing that is left."""
        course_id = self._create(number)
        request = {
            "repo_url": str(self._repository), "engine": case.engine, "additional_info": f"Explain the {_MARKER} well.",
        }  # fmt: skip
        self._client.generate(course_id, request)
        facts = list(follow_facts(self._stack, course_id, stop_at=(case.delete_at, "StageDead")))
        if facts[-1] != case.delete_at:
            yield f"{case}: the course ended early: {facts[-1]}"
            return
        yield from self._leave_traces(course_id)
        self.before = places(self._stack, _MARKER)
        if not all(self.before.values()) and case.delete_at == "CourseGenerated":
            yield f"{case}: the search itself finds nothing: {self.before}"
        # What it copies while the rows are there outlives them.
        yield from _hits(case, copies(self._stack, _MARKER))
        kills = [Kill("projector", KillPoint.part_erased, where, hit) for where, hit in case.points]
        for kill in kills:
            arm_point(self._points, kill)
        began = time.monotonic()
        self._http.delete(f"/api/projects/{course_id}").raise_for_status()
        self._kill_the_eraser(case.kills, random.Random(number))
        if not _wait_until(lambda: not pending_erasures(self._stack)):
            yield f"{case}: the erasure does not end"
        self.seconds = time.monotonic() - began
        yield from (f"{case}: {kill.name} was not reached" for kill in kills if (self._points / kill.name).exists())
        yield from _hits(case, places(self._stack, _MARKER) | copies(self._stack, _MARKER))
        for path in (f"/api/projects/{course_id}", f"/api/courses/{course_id}/history"):
            # A kill at the last part leaves nothing to erase, and a gateway that is being started again.
            if not _wait_until(functools.partial(self._is_gone, path)):
                yield f"{case}: {path} does not answer that it is not there"

    def _leave_traces(self, course_id: str) -> Iterator[str]:
        """Everything that is neither a fact nor a row of the course."""
        if not leave_dead_letter(self._stack, course_id, f"no request, but a {_MARKER}".encode()):
            yield "what is no request became no dead letter"
        if not wait_for_deliveries(self._http, self._webhook_id, course_id):
            yield "nothing was told to a webhook"

    def _create(self, number: int) -> str:
        body = {"title": f"{_MARKER} {number}", "description": f"All about the {_MARKER}"}
        answer = self._http.post("/api/projects/", json=body, headers={"Idempotency-Key": f"p27-{number}"})
        answer.raise_for_status()
        return str(answer.json()["course_id"])

    def _kill_the_eraser(self, kills: int, chance: random.Random) -> None:
        host = self._stack.services.get("projector") or self._stack.services["gateway"]
        for _ in range(kills):
            time.sleep(chance.uniform(0.0, 0.4))
            killed = host.pid
            host.kill()
            _wait_until(functools.partial(self._is_back, host, killed))

    def _is_back(self, host: Process, killed: int) -> bool:
        return host.pid != killed and self._is_up()

    def _is_gone(self, path: str) -> bool:
        with contextlib.suppress(httpx.TransportError):
            return self._http.get(path).status_code == httpx.codes.NOT_FOUND
        return False

    def _is_up(self) -> bool:
        with contextlib.suppress(httpx.HTTPError):
            return self._http.get("/readyz").is_success
        return False


class _Person:
    """Somebody of the classroom, from the first sign-in to the moment when nothing of the person is left."""

    def __init__(self, stack: LocalStack, points: Path) -> None:
        self._stack, self._points = stack, points
        self.seconds = 0.0
        self._http = httpx.Client(base_url=f"{stack.url}/classroom", timeout=30.0)

    def prove(self, points: Iterable[tuple[str, int]]) -> Iterator[str]:
        """Sentences, one per thing that is left. The eraser is killed at its own points."""
        began = time.monotonic()
        person_id, org_id = self._live()
        before = places(self._stack, _PERSON)
        if not all(before[place] for place in ("events", "tables", "blobs")):
            yield f"the search itself finds nothing of a person: {before}"
        kills = [Kill("projector", KillPoint.part_erased, where, hit) for where, hit in points]
        for kill in kills:
            arm_point(self._points, kill)
        self._delete(f"/organizations/{org_id}")
        self._delete(f"/users/{person_id}")
        if not _wait_until(lambda: not pending_erasures(self._stack)):
            yield "the erasure of a person does not end"
        yield from (f"a person: {kill.name} was not reached" for kill in kills if (self._points / kill.name).exists())
        yield from _hits("a person", places(self._stack, _PERSON) | copies(self._stack, _PERSON))
        if not _wait_until(functools.partial(self._is_over, "GET", f"/users/{person_id}", {401})):
            yield "the session of a person who was deleted is not over"
        self._http.close()
        self.seconds = time.monotonic() - began

    def _live(self) -> tuple[str, str]:
        """Leave traces: names, a school, a course and a file; the ids of the person and of the school."""
        me = {"email": f"{_PERSON}@school.example", "given_name": _PERSON, "id_token": self._stack.token}
        session = self._post("/auth/login", json=me)
        self._http.headers["Authorization"] = f"Bearer {session['token']}"
        org_id = self._post("/organizations/", json={"name": _PERSON, "slug": _PERSON.lower()})["id"]
        cohort_id = self._post("/cohorts/", json={"name": _PERSON, "org_id": org_id})["id"]
        people = {"emails": [f"{_PERSON}-2@school.example"], "roles": ["learner"]}
        self._post(f"/cohorts/{cohort_id}/members", json=people)
        course_id = self._post("/courses/", json={"name": _PERSON, "org_id": org_id})["id"]
        self._post(f"/courses/{course_id}/milestones", json={"name": _PERSON})
        sound = {"file": ("answer.wav", b"RIFF....WAVE" + _PERSON.encode())}
        self._post("/file/upload-local", files=sound, data={"content_type": "audio/wav"})
        (member,) = self._http.get(f"/cohorts/{cohort_id}").json()["members"]
        self._delete(f"/users/{member['id']}")
        return session["id"], org_id

    def _post(self, path: str, **sent: Any) -> Any:
        return self._http.post(path, **sent).raise_for_status().json()

    def _delete(self, path: str) -> None:
        """Sent again until it is done: the process that takes it may be the one that is killed."""
        _wait_until(functools.partial(self._is_over, "DELETE", path, {200, 401, 404}))

    def _is_over(self, method: str, path: str, statuses: set[int]) -> bool:
        with contextlib.suppress(httpx.TransportError):
            return self._http.request(method, path).status_code in statuses
        return False


def _wait_until(reached: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + _ERASED_WITHIN_SECONDS
    while not reached():
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK_SECONDS)
    return True


def _hits(case: object, found: Mapping[str, int]) -> Iterator[str]:
    yield from (f"{case}: {hits} hits in {place}" for place, hits in found.items() if hits)


def _api(stack: LocalStack) -> httpx.Client:
    return httpx.Client(base_url=stack.url, headers={"Authorization": f"Bearer {stack.token}"}, timeout=30.0)


def prove(scale: Scale, folder: Path) -> Outcome:
    _make_marked_repository(folder / _REPOSITORY)
    points = folder / _KILL_POINTS
    points.mkdir()
    # The first deliveries are refused, so that some wait while their course is deleted.
    with (
        ModelServer(folder / "ledger").running() as server,
        Receiver([500] * 5).running() as receiver,
        environment({**_SETTINGS, "ANTHROPIC_BASE_URL": server.url, VARIABLE: str(points)}),
        # It is killed here so often in a minute that the supervisor would wait between its starts.
        patch("cli.local.restarts._LONGEST_WAIT_SECONDS", 0.0),
        LocalStack(folder / "data", durable=False).running() as stack,
    ):
        return _prove(scale, stack, folder, receiver.url)


def _prove(scale: Scale, stack: LocalStack, folder: Path, webhook_url: str) -> Outcome:
    client = Client(stack.url, stack.token)
    kept = client.create_course("Kept", "")
    client.generate(kept, {"repo_url": str(make_repository(folder / "kept")), "engine": "offline"})
    facts = list(follow_facts(stack, kept))
    export = client.export(kept, "json")
    with _api(stack) as api:
        webhook_id = tell_webhook(api, webhook_url, _TOLD)
    failures: list[str] = []
    runs: list[_Run] = []
    for number, case in enumerate(_CASES[scale]):
        runs.append(_Run(stack, client, folder, webhook_id))
        failures += runs[-1].prove(case, number)
    person = _Person(stack, folder / _KILL_POINTS)
    failures += person.prove(_PERSON_POINTS[scale])
    if facts[-1] != "CourseGenerated" or client.export(kept, "json") != export:
        failures.append("A course that was not deleted has changed")
    if client_errors := in_files(stack.data_dir / "logs", _MARKER):
        failures.append(f"{client_errors} hits in the services' own logs")
    client.close()
    assert stack._postgres is not None
    figures = {
        "hits_before": runs[0].before,
        "eraser_killed": sum(case.kills + len(case.points) for case in _CASES[scale]) + len(_PERSON_POINTS[scale]),
        "person_seconds": round(person.seconds, 1),
        "slowest_seconds": round(max(run.seconds for run in runs), 1),
        "hits_in_postgres_files": in_files(stack._postgres.data, _MARKER),
    }
    return Outcome(len(runs) + 1, failures=tuple(failures), figures=figures)


PROMISE = Promise(
    "P27", "deleted is deleted: nothing of a course or of a person in the log's files, the tables or the blobs", prove
)
