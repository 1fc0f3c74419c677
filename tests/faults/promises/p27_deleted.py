"""Deleted is deleted: a marker wherever a user can write, sought in everything that is kept, after the deletion.

At full scale courses are also deleted while a stage works on them, and the process with the eraser is killed meanwhile.
"""

import contextlib
import functools
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from cli.client import Client
from cli.local.process import Process
from cli.local.stack import LocalStack
from tests.faults.marker import in_files, pending_erasures, places
from tests.faults.promise import Outcome, Promise, Scale
from tests.support.follow import follow_facts
from tests.support.messages_server import MessagesServer
from tests.support.sample_repository import commit, make_repository, page

_MARKER = "Zqmarker"
_ERASED_WITHIN_SECONDS = 90.0
_LOOK_SECONDS = 0.2
_SETTINGS = {"ERASURE_SETTLE_SECONDS": "2", "ERASURE_SWEEP_SECONDS": "5", "ANTHROPIC_API_KEY": "test-key"}


@dataclass(frozen=True)
class _Case:
    """A course to delete: by which engine, at which fact, and how often the eraser is killed meanwhile."""

    engine: str
    delete_at: str
    kills: int


_CASES: Mapping[Scale, tuple[_Case, ...]] = {
    Scale.quick: (_Case("anthropic", "CourseGenerated", 0),),
    Scale.full: (
        _Case("anthropic", "CourseGenerated", 0),
        _Case("offline", "CourseGenerated", 3),
        _Case("anthropic", "CourseGenerated", 6),
        _Case("anthropic", "RepoCloneStarted", 1),
        _Case("anthropic", "DocumentAnalysed", 0),
        _Case("anthropic", "DocumentAnalysed", 3),
        _Case("offline", "DocsAnalysed", 1),
        _Case("anthropic", "ModuleWritten", 0),
        _Case("offline", "ModuleWritten", 3),
    ),
}


@contextlib.contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def _marked_repository(folder: Path) -> Path:
    repository = make_repository(folder)
    word = _MARKER.lower()
    text = page(
        word, _MARKER, "marks", f"A **{word}** is a word that nobody else writes, so that it can be found again."
    )
    (repository / "docs" / f"{word}.md").write_text(text, encoding="utf-8")
    commit(repository)
    return repository


class _Run:
    """One course from its creation to the moment when nothing of it is left."""

    def __init__(self, stack: LocalStack, client: Client, repository: Path) -> None:
        self._stack, self._client, self._repository = stack, client, repository
        self._http = httpx.Client(base_url=stack.url, headers={"Authorization": f"Bearer {stack.token}"}, timeout=30.0)
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
        self.before = places(self._stack, _MARKER)
        if not all(self.before.values()) and case.delete_at == "CourseGenerated":
            yield f"{case}: the search itself finds nothing: {self.before}"
        began = time.monotonic()
        self._http.delete(f"/api/projects/{course_id}").raise_for_status()
        self._kill_the_eraser(case.kills, random.Random(number))
        if not self._wait_until(lambda: not pending_erasures(self._stack)):
            yield f"{case}: the erasure does not end"
        self.seconds = time.monotonic() - began
        after = places(self._stack, _MARKER)
        yield from (f"{case}: {hits} hits in {place}" for place, hits in after.items() if hits)
        for path in (f"/api/projects/{course_id}", f"/api/courses/{course_id}/history"):
            status = self._http.get(path).status_code
            if status != httpx.codes.NOT_FOUND:
                yield f"{case}: {path} answers {status}"

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
            self._wait_until(functools.partial(self._is_back, host, killed))

    def _is_back(self, host: Process, killed: int) -> bool:
        with contextlib.suppress(httpx.HTTPError):
            return host.pid != killed and self._http.get("/readyz").is_success
        return False

    def _wait_until(self, reached: Callable[[], bool]) -> bool:
        deadline = time.monotonic() + _ERASED_WITHIN_SECONDS
        while not reached():
            if time.monotonic() > deadline:
                return False
            time.sleep(_LOOK_SECONDS)
        return True


def prove(scale: Scale, folder: Path) -> Outcome:
    repository = _marked_repository(folder / "marked")
    with (
        MessagesServer(folder / "ledger").running() as server,
        _environment({**_SETTINGS, "ANTHROPIC_BASE_URL": server.url}),
    ):
        stack = LocalStack(folder / "data", durable=False)
        stack.start()
        try:
            return _prove(scale, stack, repository, make_repository(folder / "kept"))
        finally:
            stack.stop()


def _prove(scale: Scale, stack: LocalStack, repository: Path, other: Path) -> Outcome:
    client = Client(stack.url, stack.token)
    kept = client.create_course("Kept", "")
    client.generate(kept, {"repo_url": str(other), "engine": "offline"})
    facts = list(follow_facts(stack, kept))
    export = client.export(kept, "json")
    failures: list[str] = []
    runs: list[_Run] = []
    for number, case in enumerate(_CASES[scale]):
        runs.append(_Run(stack, client, repository))
        failures += runs[-1].prove(case, number)
    if facts[-1] != "CourseGenerated" or client.export(kept, "json") != export:
        failures.append("A course that was not deleted has changed")
    if client_errors := in_files(stack.data_dir / "logs", _MARKER):
        failures.append(f"{client_errors} hits in the services' own logs")
    client.close()
    assert stack._postgres is not None
    figures = {
        "hits_before": runs[0].before,
        "slowest_seconds": round(max(run.seconds for run in runs), 1),
        "hits_in_postgres_files": in_files(stack._postgres.data, _MARKER),
    }
    return Outcome(len(runs), failures=tuple(failures), figures=figures)


PROMISE = Promise("P27", "deleted is deleted: nothing of a course in the log's files, the tables or the blobs", prove)
