"""`python -m tests.replay.record [--tables]`: record a stream of this version from a real run.

Courses on the local stack: one by the offline engine with corrections by hand, one by the other engine with faults of
its model, one that fails, one that is canceled, one that is deleted. With --tables only the dumps are written again,
which is right when read tables have changed and wrong when they have not.
"""

import asyncio
import os
import re
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
from nats.aio.client import Client as Nats
from sqlalchemy.ext.asyncio import create_async_engine

from cli.local.outside_clusters import remove_below
from cli.local.postgres_server import PostgresServer
from cli.local.stack import LocalStack
from services.gateway.course.state import CourseState
from services.gateway.database.read_schemas import LIVE
from services.gateway.fold.evolve import evolve
from services.gateway.migrate import migrate
from services.gateway.project.projection import Projection
from services.gateway.readmodels.payloads import needed
from shared.event_log.codec import decode
from shared.event_log.connection import connect
from shared.event_log.port import Recorded
from shared.event_log.stored import read_stream
from shared.events.courses import COURSES, ONLY_COURSES
from shared.kernel.blobs import Blobs, open_backend
from shared.kernel.errors import NotFound
from tests.replay.stream import STREAMS, Message, read_blobs, read_items, write_lines
from tests.support.follow import follow_facts
from tests.support.model_server import ModelServer
from tests.support.sample_repository import make_repository
from tests.support.table_dump import dump_rows

# A folder every machine has: its name is in the events.
_FOLDER = Path(tempfile.gettempdir()) / "coursewright-recording"
_WORKER = re.compile(r'"worker":"[^"]*"')


class _Director:
    """Asks the gateway for what happens."""

    def __init__(self, stack: LocalStack, repository: Path) -> None:
        self._stack = stack
        self._repository = str(repository)
        self._http = httpx.Client(
            base_url=stack.url, headers={"Authorization": f"Bearer {stack.token}"}, timeout=30, follow_redirects=True
        )

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        return self._http.request(method, path, json=body).raise_for_status().json()

    def course(self, title: str) -> str:
        return str(self.ask("POST", "/api/projects/", {"title": title})["course_id"])

    def generate(self, course_id: str, stop_at: str, **changed: str) -> None:
        self.ask("POST", f"/api/courses/{course_id}/generate", {"repo_url": self._repository, **changed})
        self.until(course_id, stop_at)

    def until(self, course_id: str, name: str) -> None:
        names = list(follow_facts(self._stack, course_id, stop_at=(name,)))
        if names[-1] != name:
            raise AssertionError(f"{names[-1]} came instead of {name}")

    def correct_by_hand(self, course_id: str) -> None:
        path = f"/api/courses/{course_id}"
        self.ask("PUT", f"/api/projects/{course_id}", {"description": "For everybody"})
        self.ask("POST", f"{path}/stage1-selections", {"selected_folders": ["docs"], "overview_document": "README.md"})
        document = self.ask("GET", f"{path}/analyzed-documents")["documents"][0]
        self.ask("PATCH", f"{path}/analyzed-documents/{document['id']}", {"title": "A better title"})
        pathway = self.ask("GET", f"{path}/pathways")["pathways"][0]
        self.ask("PATCH", f"{path}/pathways/{pathway['id']}", {"title": "A way of my own"})

    def close(self) -> None:
        self._http.close()


def _play(stack: LocalStack, repository: Path) -> None:
    director = _Director(stack, repository)
    first = director.course("Offline")
    director.generate(first, "CourseGenerated", complexity_level="beginner")
    director.correct_by_hand(first)
    director.generate(director.course("By a model"), "CourseGenerated", engine="anthropic")
    director.generate(director.course("Failed"), "RepoCloneFailed", ref="no-such-branch")
    canceled = director.course("Canceled")
    large = make_repository(repository.parent / "large", copies=20)  # it must still be at work when the cancel comes
    director.generate(canceled, "DocsAnalysisStarted", repo_url=str(large))
    director.ask("POST", f"/api/courses/{canceled}/stages/stage2/cancel")
    director.until(canceled, "StageCanceled")
    deleted = director.course("Deleted")
    director.generate(deleted, "RepoCloned")
    director.ask("DELETE", f"/api/projects/{deleted}")
    director.close()


async def _messages(nc: Nats) -> list[Message]:
    found = []
    async for one in read_stream(nc, COURSES.name):
        # Names of machines and processes are nobody's business.
        body = _WORKER.sub('"worker":"worker:1"', one.body.decode())
        headers = {name: value for name, value in one.headers.items() if not name.lower().startswith("nats-")}
        found.append(Message(one.subject, one.seq, headers, body))
    return found


async def _contents(messages: list[Message], blobs: Blobs) -> list[dict[str, str]]:
    """The contents that the rows of these events are made of."""
    states: dict[str, CourseState] = {}
    found: dict[str, str] = {}
    for one in messages:
        item = decode(one.subject, one.headers, one.body.encode(), one.seq, ONLY_COURSES)
        assert isinstance(item, Recorded), item
        course_id = item.event.aggregate_id
        states[course_id] = evolve(states.get(course_id, CourseState()), item)
        for ref, _ in needed(item.event, states[course_id]):
            try:
                found[ref.key] = (await blobs.get(ref)).decode()
            except NotFound:
                continue  # of the deleted course
    return [{"key": key, "content": found[key]} for key in sorted(found)]


async def _collect(nats_url: str, blob_store_url: str, target: Path) -> None:
    nc = await connect(nats_url, "recorder")
    messages = await _messages(nc)
    await nc.close()
    contents = await _contents(messages, Blobs(open_backend(blob_store_url)))
    target.mkdir(parents=True, exist_ok=True)
    write_lines(target / "events.jsonl.gz", [vars(one) for one in messages])
    write_lines(target / "contents.jsonl.gz", contents)


async def write_tables(database_url: str, folder: Path) -> None:
    """Replay a recorded stream into empty tables and write their dump beside it."""
    engine = create_async_engine(database_url)
    projection = Projection(await read_blobs(folder))
    async with engine.connect() as connection:
        await projection.apply(connection, read_items(folder))
    rows = await dump_rows(engine, LIVE)
    await engine.dispose()
    write_lines(folder / "tables.json.gz", [rows])


def record() -> None:
    """Run everything, and keep what was stored."""
    shutil.rmtree(_FOLDER, ignore_errors=True)
    _FOLDER.mkdir(mode=0o755)
    repository = make_repository(_FOLDER / "jobs")
    with ModelServer(
        _FOLDER / "ledger", ("rate_limit", "overloaded", "truncated", "malformed", "hang")
    ).running() as server:
        os.environ |= {
            "ANTHROPIC_API_KEY": "recording", "ANTHROPIC_BASE_URL": server.url, "RETRY_FIRST_SECONDS": "0.1",
            "ENGINE_TIMEOUT_SECONDS": "3",
        }  # fmt: skip
        stack = LocalStack(_FOLDER / "data", durable=False)
        stack.start()
        try:
            _play(stack, repository)
            blobs = f"file://{stack.data_dir / 'blobs'}"
            asyncio.run(_collect(stack.nats_url("operator"), blobs, STREAMS / version("coursewright")))
        finally:
            stack.stop()
            remove_below(_FOLDER)
    shutil.rmtree(_FOLDER, ignore_errors=True)


def dump_all() -> None:
    """Write the tables of every recorded stream, each on a database of its own."""
    for folder in sorted(path for path in STREAMS.iterdir() if path.is_dir()):
        with tempfile.TemporaryDirectory() as scratch:
            Path(scratch).chmod(0o755)
            server = PostgresServer(Path(scratch), durable=False)
            server.start()
            try:
                server.wait()
                migrate(server.url)
                asyncio.run(write_tables(server.url, folder))
            finally:
                server.process.stop()
                server.remove()


if __name__ == "__main__":
    if "--tables" not in sys.argv:
        record()
    dump_all()
