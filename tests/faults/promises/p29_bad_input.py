"""Bad requests by number, and whatever the description of the API allows to make up, over HTTP."""

import asyncio
import contextlib
import itertools
import os
import secrets
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import psutil
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from hypothesis.strategies import SearchStrategy
from schemathesis import GenerationMode
from schemathesis.checks import positive_data_acceptance
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.result import Ok

from cli.local.nats_server import NatsServer
from cli.local.ports import free_port
from cli.local.postgres_server import PostgresServer
from cli.local.process import Process, wait_until
from services.gateway.migrate import migrate
from shared.event_log.connection import connect
from shared.event_log.topology import apply_topology
from tests.faults.bad_requests import BadRequest, list_bad_requests
from tests.faults.promise import Outcome, Promise, Scale

_HANG_SECONDS = 10.0
_WANTED = {Scale.quick: 200, Scale.full: 20_000}
_EXAMPLES = {Scale.quick: 4, Scale.full: 200}  # of one operation in a round
_MEMORY_GROWTH_MIB = 200
_ENDING = ("/auth/logout", "/users/{user_id}")  # nobody would be signed in after these
_STREAMS = "/events"  # answers that do not end are not made up for: they have tests of their own


@contextmanager
def _gateway(folder: Path) -> Iterator[tuple[str, str, int]]:
    """A gateway as it is deployed: no local paths, no private addresses. Its address, token and process id."""
    nats, postgres = NatsServer(folder), PostgresServer(folder, durable=False)
    port, token = free_port(), secrets.token_urlsafe(32)
    process: Process | None = None
    try:
        for server in (nats, postgres):
            server.start()
        for server in (nats, postgres):
            server.wait()

        async def provision() -> None:
            nc = await connect(nats.url_of("provision"), "test")
            await apply_topology(nc.jetstream())
            await nc.close()

        asyncio.run(provision())
        migrate(postgres.url)
        environment = {
            **os.environ, "NATS_URL": nats.url_of("gateway"), "PROJECTOR_NATS_URL": nats.url_of("projector"),
            "ERASER_NATS_URL": nats.url_of("eraser"), "DATABASE_URL": postgres.url,
            "BLOB_STORE_URL": f"file://{folder / 'blobs'}", "GATEWAY_PORT": str(port), "LOCAL_TOKEN": token,
            "REQUEST_LIMIT": "0",
            "SECRET_KEYS": "test:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "CLASSROOM_NATS_URL": nats.url_of("classroom"),
            "SESSION_KEYS": "test:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
            "PYTHONPATH": os.pathsep.join(filter(None, [str(Path(__file__).parents[3]), os.environ.get("PYTHONPATH")])),
        }  # fmt: skip
        process = Process(
            "gateway", [sys.executable, "-m", "cli.local.host", "gateway"], folder / "gateway.log", environment,
            hold_stdin=True,
        )  # fmt: skip
        process.start()
        assert process.popen is not None
        assert process.popen.stdin is not None
        process.popen.stdin.write(b"go\n")
        process.popen.stdin.flush()
        url = f"http://127.0.0.1:{port}"

        def ready() -> bool:
            try:
                return httpx.get(f"{url}/readyz", timeout=2).status_code == 200
            except httpx.HTTPError:
                return False

        wait_until(ready, process, 60.0)
        yield url, token, process.pid
    finally:
        for one in (process, nats.process, postgres.process):
            if one is not None:
                one.stop()
        postgres.remove()


def _complaint(name: str, status: int, seconds: float, expected: tuple[int, ...] = ()) -> str:
    if status >= 500 or (expected and status not in expected):
        return f"{name}: {status}"
    return f"{name}: answered only after {seconds:.1f} s" if seconds > _HANG_SECONDS else ""


def _send(client: httpx.Client, bad: BadRequest) -> tuple[int, float]:
    began = time.monotonic()
    headers = {name: value for name, value in bad.headers.items() if value or name != "Authorization"}
    own = {} if "Authorization" in bad.headers else {"Authorization": client.headers["X-Token"]}
    request = client.build_request(bad.method, bad.path, content=bad.body, headers={**own, **headers})
    try:
        with client.stream(request.method, request.url, content=bad.body, headers=request.headers) as answer:
            return answer.status_code, time.monotonic() - began
    except (httpx.RemoteProtocolError, httpx.WriteError):
        return 400, time.monotonic() - began  # closed in the middle of what was too large to read


@dataclass(frozen=True)
class _Described:
    """A description, a caller of what it describes, and values of parameters that name something that is there."""

    url: str
    headers: Mapping[str, str]
    there: Mapping[str, str]


def _described(url: str, token: str) -> Iterator[_Described]:
    """The gateway, and the classroom behind its port, each with something of the caller's in it."""
    headers = {"Authorization": f"Bearer {token}"}
    course = httpx.post(f"{url}/api/projects/", headers=headers, json={"title": "Made up"}, timeout=30)
    yield _Described(url, headers, {"course_id": course.raise_for_status().json()["course_id"]})
    classroom = f"{url}/classroom"

    def made(path: str, **sent: str) -> str:
        found = httpx.post(f"{classroom}{path}", headers=signed_in, json=sent, timeout=30)
        return str(found.raise_for_status().json()["id"])

    me = {"email": "ann@school.example", "given_name": "Ann", "id_token": token}
    session = httpx.post(f"{classroom}/auth/login", json=me, timeout=30).raise_for_status().json()
    signed_in = {"Authorization": f"Bearer {session['token']}"}
    org = made("/organizations/", name="Made up", slug="made-up")
    course_id = made("/courses/", name="Made up", org_id=org)
    milestone = made(f"/courses/{course_id}/milestones", name="Made up")
    yield _Described(classroom, signed_in, {
        "org_id": org, "course_id": course_id, "milestone_id": milestone, "user_id": session["id"],
        "cohort_id": made("/cohorts/", name="Made up", org_id=org),
        "task_id": made("/tasks/", course_id=course_id, milestone_id=milestone, type="quiz", title="Made up"),
    })  # fmt: skip


def _made_up(described: _Described, scale: Scale) -> Iterator[tuple[str, int, float, str]]:
    """Requests that the description allows, and requests that it does not allow: round after round, by fixed seeds,
    until there are as many as wanted. Each with its seconds, and the ways in which the answer is not as described.
    """
    schema = schemathesis.openapi.from_url(f"{described.url}/openapi.json")
    found = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    operations = [one for one in found if one.path not in _ENDING and not one.path.endswith(_STREAMS)]
    made = 0
    for number in itertools.count(1):
        for operation, mode in itertools.product(operations, GenerationMode):
            cases = operation.as_strategy(generation_mode=mode)
            if mode is GenerationMode.POSITIVE:
                cases = cases.map(partial(_about, described.there))
            for one in _round(cases, number, _EXAMPLES[scale], described.url, dict(described.headers)):
                made += 1
                yield one
            if made >= _WANTED[scale]:
                return


def _about(there: Mapping[str, str], case: schemathesis.Case[Any]) -> schemathesis.Case[Any]:
    """The case about what is there, where its path names such a thing."""
    case.path_parameters.update({name: one for name, one in there.items() if name in case.path_parameters})
    return case


def _round(
    cases: SearchStrategy[schemathesis.Case[Any]], number: int, examples: int, url: str, headers: dict[str, str]
) -> list[tuple[str, int, float, str]]:
    seen: list[tuple[str, int, float, str]] = []

    @seed(number)
    @settings(
        max_examples=examples, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=cases)
    def ask(case: schemathesis.Case[Any]) -> None:
        began = time.monotonic()
        answer = case.call(base_url=url, headers=headers, timeout=30)
        seconds, wrong = time.monotonic() - began, ""
        try:
            case.validate_response(
                answer, headers=headers, transport_kwargs={"timeout": 30}, excluded_checks=[positive_data_acceptance]
            )
        except (Failure, FailureGroup) as failure:
            wrong = f"{case.method} {case.formatted_path}: {failure}"
        seen.append((f"{case.method} {case.path}", answer.status_code, seconds, wrong))

    with contextlib.suppress(Unsatisfiable):  # an operation without input has nothing that could be wrong
        ask()
    return seen


def prove(scale: Scale, folder: Path) -> Outcome:
    failures: list[str] = []
    slowest, runs, made_up = 0.0, 0, 0
    with _gateway(folder) as (url, token, pid):
        before = psutil.Process(pid).memory_info().rss
        with httpx.Client(base_url=url, headers={"X-Token": f"Bearer {token}"}, timeout=30) as client:
            for bad in list_bad_requests():
                status, seconds = _send(client, bad)
                failures.append(_complaint(bad.name, status, seconds, bad.expected))
                slowest, runs = max(slowest, seconds), runs + 1
        for described in _described(url, token):
            for name, status, seconds, wrong in _made_up(described, scale):
                failures += [_complaint(name, status, seconds), wrong]
                slowest, made_up = max(slowest, seconds), made_up + 1
        grown = (psutil.Process(pid).memory_info().rss - before) // 2**20
        if grown > _MEMORY_GROWTH_MIB:
            failures.append(f"the gateway grew by {grown} MiB")
        if httpx.get(f"{url}/readyz", timeout=5).status_code != 200:
            failures.append("the gateway is not ready any more")
    figures = {"corpus": runs, "made_up": made_up, "slowest_s": round(slowest, 2), "grown_mib": grown}
    return Outcome(runs + made_up, failures=tuple(filter(None, failures)), figures=figures)


PROMISE = Promise("P29", "bad input gets a clear 4xx, never a 5xx, never a hang", prove, alone=True)
