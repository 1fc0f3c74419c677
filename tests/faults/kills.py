"""The real processes, one of which is killed at a named point while courses are made; nobody helps them afterwards."""

import asyncio
import json
import os
import signal
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
from nats.js import JetStreamContext

from cli.local.process import Process
from cli.local.record import find_record
from cli.local.stack import LocalStack
from shared.event_log.connection import connect
from shared.events.courses import COURSES
from shared.kernel.kill_points import VARIABLE
from shared.pipeline import PIPELINE
from tests.faults.compare import Snapshot, read_snapshot
from tests.support.follow import follow_facts
from tests.support.model_server import ModelServer
from tests.support.sample_repository import make_repository
from tests.unit.docs.printed import printed
from tests.unit.lectures.captions import spoken
from tests.unit.lectures.recorder import Recorder
from tests.unit.lectures.sounds import tone

PARALLELISM = 2
DURING_CALL = "L2"
_ACK_WAIT_SECONDS = 3.0
_PATIENCE_SECONDS = 300.0
_LOOK_SECONDS = 0.05


@dataclass(frozen=True)
class Kill:
    """A signal to `process` the `hit`-th time that `where` reaches `point`: kill -9, or another one."""

    process: str
    point: str
    where: str
    hit: int
    signal: str = "KILL"

    @property
    def name(self) -> str:
        return f"{self.point}:{self.where}"


@dataclass(frozen=True)
class Call:
    """A question that reached the model. `stored`: its answer was in the store already, so it was asked in vain."""

    key: str
    schema: str
    stored: bool


@dataclass
class Arena:
    """A stack for many runs. `engine` of a course is offline or anthropic; the model is a local server."""

    stack: LocalStack
    messages: ModelServer
    recorder: Recorder
    repository: Path
    points: Path
    calls: list[Call] = field(default_factory=list)
    _during: dict[str, tuple[int, str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def arm(self, kill: Kill) -> None:
        """Let a process die there, once."""
        if kill.point == DURING_CALL:
            with self._lock:
                self._during[kill.where] = (kill.hit, kill.process)
        else:
            arm_point(self.points, kill)

    def disarm(self, kill: Kill) -> bool:
        """Take the point back; whether it had been reached."""
        if kill.point == DURING_CALL:
            with self._lock:
                return self._during.pop(kill.where, None) is None
        try:
            (self.points / kill.name).unlink()
        except FileNotFoundError:
            return True
        return False

    def arrived(self, schema: str, key: str) -> None:
        """A question is at the model, and is not answered yet."""
        stored = any((self.stack.data_dir / "blobs").glob(f"owners/*/answers/{key}"))
        with self._lock:
            self.calls.append(Call(key, schema, stored))
            left, process = self._during.get(schema, (0, ""))
            if left > 1:
                self._during[schema] = (left - 1, process)
            elif left == 1:
                del self._during[schema]
                os.kill(self.stack.services[process].pid, signal.SIGKILL)

    def forget_answers_and_clones(self) -> None:
        """The next courses fetch and ask again, as if they were the first."""
        for folder in (self.stack.data_dir / "blobs" / "owners", self.stack.data_dir / "work" / "clones"):
            if folder.exists():
                folder.rename(folder.with_name(f"{folder.name}-{uuid.uuid4().hex}"))

    def request(self, engine: str) -> str:
        """Ask for a course as a client that repeats what was not answered; the course id."""
        course = self._post("/api/projects/", {"title": "Jobs", "description": ""})
        course_id = str(course["course_id"])
        self._upload(course_id)
        self._post(f"/api/courses/{course_id}/generate", {"repo_url": str(self.repository), "engine": engine})
        return course_id

    def _upload(self, course_id: str) -> None:
        """A PDF, a lecture, one at an address, and a recording in which nobody speaks beside the repository."""
        self._send(
            "/api/documents/upload", files={"file": ("worker.pdf", _page(), "application/pdf")},
            data={"course_id": course_id},
        )  # fmt: skip
        captions = spoken("A worker takes a job from the queue.", "It tells the queue when the job is done.")
        self._send("/api/lectures/upload", files={"file": ("jobs.vtt", captions)}, data={"course_id": course_id})
        self._wait_for_runs(course_id, "LecturesTranscribed", 1)
        remote = f"/cut/{course_id}/queue.vtt"
        self.recorder.files[remote], self.recorder.cuts = spoken("A queue gives each job to one worker."), 1
        where = {"panopto_url": f"{self.recorder.url}{remote}?id=week-2", "stream_url": f"{self.recorder.url}{remote}"}
        self._send("/api/lectures/download", json={"course_id": course_id, **where})
        self._wait_for_runs(course_id, "LecturesTranscribed", 2)
        silent = {"file": ("silent.wav", tone(2, silent_at=1))}
        self._send("/api/lectures/upload", files=silent, data={"course_id": course_id})
        self._wait_for_runs(course_id, "LecturesTranscribed", 3)

    def _wait_for_runs(self, course_id: str, end: str, count: int) -> None:
        """Until so many runs have ended: what is added meanwhile would join the run, and only if it is quick enough."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            left = count
            with suppress(httpx.HTTPError, ValueError):  # the gateway may be the one that was killed
                for name in follow_facts(self.stack, course_id, stop_at=()):
                    left -= name == end
                    if not left:
                        return
            time.sleep(_LOOK_SECONDS)

    def _post(self, path: str, body: Mapping[str, str]) -> dict[str, object]:
        return self._send(path, json=body)

    def _send(self, path: str, **body: Any) -> dict[str, object]:
        headers = {"Authorization": f"Bearer {self.stack.token}", "Idempotency-Key": uuid.uuid4().hex}
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                answer = httpx.post(f"{self.stack.url}{path}", headers=headers, timeout=10.0, **body)
                if answer.is_success or time.monotonic() > deadline:
                    found: dict[str, object] = answer.raise_for_status().json()
                    return found
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
            time.sleep(_LOOK_SECONDS)

    def wait_for_end(self, course_id: str) -> str:
        """The name of the fact the course ended with; "" when it did not end in time."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                *_, last = follow_facts(self.stack, course_id)
            except (httpx.HTTPError, ValueError):  # the gateway may be the one that was killed
                time.sleep(_LOOK_SECONDS)
                continue
            return last
        return ""

    @contextmanager
    def second(self, stage: str) -> Iterator[Process]:
        """One more worker of a stage, beside the supervised one."""
        first = self.stack.services[stage]
        log = self.stack.data_dir / "logs" / f"{stage}-second.log"
        process = Process(f"{stage}-second", first.arguments, log, first.environment, hold_stdin=True)
        process.start()
        try:
            assert process.popen is not None
            assert process.popen.stdin is not None
            process.popen.stdin.write(b"go\n")
            process.popen.stdin.flush()
            yield process
        finally:
            process.stop()

    def settle(self) -> None:
        """Return when no request is unacknowledged and the tables have seen all of the log."""
        asyncio.run(self._settle())

    async def _settle(self) -> None:
        record = find_record(self.stack.data_dir)
        assert record is not None
        nc = await connect(record.nats_url, "faults")
        js = nc.jetstream()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                for row in PIPELINE:
                    # Nobody tells when a consumer has nothing left: it is asked.
                    while await _has_work(js, row.durable):  # noqa: ASYNC110
                        await asyncio.sleep(_LOOK_SECONDS)
        finally:
            await nc.close()

    def snapshot(self, course_id: str) -> Snapshot:
        """Everything the course left behind, comparable with another course's."""
        record = find_record(self.stack.data_dir)
        assert record is not None
        return asyncio.run(read_snapshot(record, course_id, self.stack.data_dir / "blobs"))


@cache
def _page() -> bytes:
    """A PDF, which names the time when it was made."""
    return printed(lambda page: page.prose("A worker takes a job from the queue and tells when the job is done."))


async def _has_work(js: JetStreamContext, durable: str) -> bool:
    info = await js.consumer_info(COURSES.name, durable)
    return bool(info.num_pending or info.num_ack_pending)


def arm_point(points: Path, kill: Kill) -> None:
    """Let whoever gets there die; the file is there at once or not at all."""
    scratch = points / f".{kill.name}"
    scratch.write_text(f"{kill.hit} {kill.signal}", encoding="ascii")
    scratch.rename(points / kill.name)


@contextmanager
def arena(folder: Path, ack_wait_seconds: float = _ACK_WAIT_SECONDS) -> Iterator[Arena]:
    """Started, and stopped whatever happens."""
    points = folder / "points"
    points.mkdir(parents=True)
    repository = make_repository(folder / "jobs", topics=("queues", "workers"))
    messages, recorder = ModelServer(folder / "ledger"), Recorder()
    with ExitStack() as exits:
        exits.enter_context(messages.running())
        exits.enter_context(recorder.running())
        exits.enter_context(
            environment({
                VARIABLE: str(points), "ACK_WAIT_SECONDS": str(ack_wait_seconds), "RETRY_FIRST_SECONDS": "0.5",
                "ANTHROPIC_API_KEY": "none", "ANTHROPIC_BASE_URL": messages.url,
                "ENGINE_PARALLELISM": str(PARALLELISM), "INWARD_LECTURE_HOSTS": json.dumps([recorder.host]),
            })
        )  # fmt: skip
        # Processes are killed here so often in a minute that the supervisor would wait between their starts.
        exits.enter_context(patch("cli.local.restarts._LONGEST_WAIT_SECONDS", 0.0))
        stack = LocalStack(folder / "data", processes=True, durable=False)
        exits.callback(stack.stop)
        stack.start()
        running = Arena(stack, messages, recorder, repository, points)
        messages.arrived = running.arrived
        yield running


@contextmanager
def environment(values: Mapping[str, str]) -> Iterator[None]:
    """Environment variables that a stack started inside hands on to its processes."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
