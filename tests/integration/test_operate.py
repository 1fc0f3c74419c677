"""Looking at a stack and repairing it, as an operator does: one that runs, with a course and things gone wrong."""

import asyncio
import base64
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from nats.aio.client import Client as NatsClient
from nats.js.api import DeliverPolicy

from cli.client import Client
from cli.local.stack import LocalStack
from shared.event_log.connection import connect
from shared.events import subject_pattern
from shared.events.courses import COURSES
from shared.events.gateway import RepoCloneRequested
from shared.kernel.ids import new_id
from shared.pipeline import PIPELINE
from tests.support.command import Command, objects
from tests.support.follow import follow_facts
from tests.support.model_server import ModelServer
from tests.support.sample_repository import make_repository
from tests.support.servers import admit_breaker

R = TypeVar("R")
# The first test waits for a stack and a course, on machines that do other things too.
pytestmark = pytest.mark.timeout(300)

POISON = b"\x00\xffnot JSON"


@dataclass(frozen=True)
class Running:
    """A stack with one finished course."""

    stack: LocalStack
    client: Client
    repository: Path
    course_id: str
    breaker: str
    models: ModelServer

    def on_log(self, work: Callable[[NatsClient], Awaitable[R]], user: str = "operator") -> R:
        async def session() -> R:
            nc = await connect(self.stack.nats_url(user), "test")
            try:
                return await work(nc)
            finally:
                await nc.close()

        return asyncio.run(session())

    def new_course(self, **request: str) -> str:
        course_id = self.client.create_course("Jobs", "")
        self.client.generate(course_id, {"repo_url": str(self.repository), **request})
        return course_id


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("operate")
    repository = make_repository(folder / "jobs")
    patch = pytest.MonkeyPatch()
    with ModelServer(folder / "ledger", ("overloaded",)).running() as server:
        patch.setenv("ANTHROPIC_API_KEY", "test-key")
        patch.setenv("ANTHROPIC_BASE_URL", server.url)
        patch.setenv("ENGINE_PARALLELISM", "1")
        patch.setenv("STAGE_ATTEMPTS", "1")
        breaker = admit_breaker(patch)
        stack = LocalStack(folder / "data", durable=False)
        stack.start()
        client = Client(stack.url, stack.token)
        try:
            found = Running(stack, client, repository, "", breaker, server)
            course_id = found.new_course()
            assert list(follow_facts(stack, course_id))[-1] == "CourseGenerated"
            yield replace(found, course_id=course_id)
        finally:
            client.close()
            stack.stop()
            patch.undo()


def bury(running: Running, body: bytes = POISON) -> tuple[str, int]:
    """A request nobody can read, and the sequence it has; returns when its letter is there."""
    course_id = new_id()

    async def ask(operator: NatsClient) -> int:
        letters = await operator.subscribe(f"dead.*.{course_id}")
        await operator.flush()
        gateway = await connect(running.stack.nats_url("gateway"), "test")
        try:
            stored = await gateway.jetstream().publish(
                subject_pattern(RepoCloneRequested, course_id), body, stream=COURSES.name
            )
        finally:
            await gateway.close()
        await letters.next_msg(timeout=20)
        return stored.seq

    return course_id, running.on_log(ask)


def test_stages_show_each_stage_and_how_far_the_tables_are(running: Running, command: Command) -> None:
    [seen] = objects(command("stages", "--json", "--data-dir", running.stack.data_dir))
    assert [stage["stage"] for stage in seen["stages"]] == [row.name for row in PIPELINE]
    assert all(stage["consumer"] and stage["lag"] == 0 for stage in seen["stages"])
    assert all(stage["idle_workers"] == 2 for stage in seen["stages"])
    asked = {stage["stage"] for stage in seen["stages"] if stage["last_delivered_at"]}
    assert asked == {row.name for row in PIPELINE} - {"documents", "lectures"}  # no course here has files
    assert seen["log"]["last_seq"] >= seen["projection"]["seq"] > 20
    assert "repo_clone" in command("stages", "--data-dir", running.stack.data_dir).stdout


def test_a_stage_without_workers_shows_its_lag_and_one_without_consumer_says_so(
    running: Running, command: Command
) -> None:
    stages = running.stack.services["stages"]
    running.on_log(lambda nc: nc.jetstream().delete_consumer(COURSES.name, "pathway"), running.breaker)
    try:
        shown = command("stages", "--data-dir", running.stack.data_dir).stdout
        assert "no consumer" in next(line for line in shown.splitlines() if "pathway" in line)
        [wanted] = objects(command("topology", "apply", "--dry-run", "--json", "--data-dir", running.stack.data_dir))
        assert [(one["kind"], one["name"]) for one in wanted["differences"]] == [("consumer", "pathway")]
    finally:
        command("topology", "apply", "--data-dir", running.stack.data_dir)
    [seen] = objects(command("stages", "--json", "--data-dir", running.stack.data_dir))
    lag = {stage["stage"]: stage["lag"] + stage["in_flight"] for stage in seen["stages"]}
    assert lag["repo_clone"] == 0
    stages.kill()  # the supervisor starts it again, with a subscription to the new consumer


def test_events_are_shown_from_a_sequence_on_and_as_they_come(running: Running, command: Command) -> None:
    folder = ("--data-dir", running.stack.data_dir)
    lines = command("events", "tail", "--from", 1, "--limit", 3, *folder).stdout.splitlines()
    assert [line.split()[4] for line in lines] == ["CourseCreated", "GenerationRequested", "RepoCloneRequested"]
    course = ("--course", running.course_id)
    events = objects(
        command("events", "tail", "--from", 2, "--limit", 2, "--type", "RepoCloned", "--type", "CourseGenerated",
                "--json", *course, *folder)
    )  # fmt: skip
    assert [event["type"].split(".")[2] for event in events] == ["RepoCloned", "CourseGenerated"]
    assert events[0]["data"]["repo_name"] == "jobs"
    assert "no event type Nonsense" in command("events", "tail", "--type", "Nonsense", *folder, code=4).stderr
    assert "neither a sequence" in command("events", "tail", "--from", "yesterday", *folder, code=2).stderr


def test_an_event_is_shown_when_it_is_recorded(running: Running) -> None:
    arguments = ("events", "tail", "--limit", "1", "--type", "CourseUpdated", "--data-dir", str(running.stack.data_dir))
    with subprocess.Popen(
        [sys.executable, "-m", "cli.main", *arguments], stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    ) as tail:
        running.on_log(the_tail_listens)
        headers = {"Authorization": f"Bearer {running.stack.token}"}
        address = f"{running.stack.url}/api/projects/{running.course_id}"
        httpx.put(address, headers=headers, json={"title": "Seen at once"}).raise_for_status()
        shown, _ = tail.communicate(timeout=30)
    assert "CourseUpdated" in shown
    assert "Seen at once" in shown
    assert tail.returncode == 0


async def the_tail_listens(nc: NatsClient) -> None:
    """Others come and go meanwhile; it alone asks for what is new."""

    async def listens() -> bool:
        found = await nc.jetstream().consumers_info(COURSES.name)
        return any(one.config.deliver_policy == DeliverPolicy.NEW for one in found)

    async with asyncio.timeout(30):
        while not await listens():  # noqa: ASYNC110 - the server tells nobody of a new consumer
            await asyncio.sleep(0.05)


def test_an_export_holds_what_the_log_holds_and_names_what_is_no_event(
    running: Running, command: Command, tmp_path: Path
) -> None:
    folder = ("--data-dir", running.stack.data_dir)
    out = tmp_path / "events.ndjson"
    command("events", "export", "--out", out, "--course", running.course_id, *folder)
    events = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert {event["subject"] for event in events} == {running.course_id}
    assert events[0]["type"] == "coursewright.course.CourseCreated.v1"
    assert "coursewright.course.CourseGenerated.v1" in [event["type"] for event in events]
    sequences = [int(event["sequence"]) for event in events]
    assert sequences == sorted(sequences)
    result = command("events", "export", "--out", tmp_path / "nowhere" / "part", *folder, code=4)
    assert "part: No such file or directory" in result.stderr
    part = objects(command("events", "export", "--from", sequences[1], "--to", sequences[3], *folder))
    assert [int(event["sequence"]) for event in part] == sequences[1:4]
    assert part == events[1:4]
    course_id, seq = bury(running)
    result = command("events", "export", "--course", course_id, *folder, code=7)
    assert result.stdout == ""
    assert f"left out: sequence {seq}" in result.stderr


def test_a_poison_request_is_listed_shown_to_the_byte_and_dropped_only_when_confirmed(
    running: Running, command: Command
) -> None:
    folder = ("--data-dir", running.stack.data_dir)
    course_id, seq = bury(running)
    [letter] = objects(command("dead", "list", "--json", "--course", course_id, *folder))
    assert (letter["stage"], letter["request_seq"], letter["bytes"]) == ("repo_clone", seq, len(POISON))
    number = letter["seq"]
    assert str(number) in command("dead", "list", "--stage", "1", *folder).stdout
    assert command("dead", "show", number, "--raw", *folder).stdout_bytes == POISON
    [shown] = objects(command("dead", "show", number, "--json", *folder))
    assert base64.b64decode(shown["body_base64"]) == POISON
    assert shown["reading"].startswith("not readable: unknown event type")
    assert "still cannot be read" in command("dead", "retry", number, *folder, code=5).stderr
    command("dead", "drop", number, *folder, typed="n\n", code=1)
    assert objects(command("dead", "list", "--json", "--course", course_id, *folder)) == [letter]
    dropped = command("dead", "drop", number, "--yes", *folder)
    assert json.loads(dropped.stderr)["event"] == "dead_letter_dropped"
    noted = (running.stack.data_dir / "logs" / "operator.log").read_text(encoding="utf-8").splitlines()
    assert json.loads(noted[-1])["sha256"] == letter["sha256"]
    assert objects(command("dead", "list", "--json", "--course", course_id, *folder)) == []
    assert "no dead letter" in command("dead", "show", number, *folder, code=3).stderr


def test_a_dead_run_is_retried_as_a_new_run_and_the_letter_goes(running: Running, command: Command) -> None:
    folder = ("--data-dir", running.stack.data_dir)
    course_id = running.new_course(engine="anthropic")
    assert list(follow_facts(running.stack, course_id))[-1] in {"DocsAnalysisFailed", "StageDead"}
    [letter] = objects(command("dead", "list", "--json", "--course", course_id, *folder))
    assert letter["stage"] == "doc_analyser"
    [shown] = objects(command("dead", "show", letter["seq"], "--json", *folder))
    assert shown["reading"] == "readable: DocsAnalysisRequested"
    [seen] = objects(command("stages", "--json", *folder))
    assert (seen["stages"][1]["dead_letters"], seen["stages"][1]["failed"]) == (1, 1)
    [done] = objects(command("dead", "retry", letter["seq"], "--json", *folder))
    assert "CourseGenerated" in list(
        follow_facts(running.stack, course_id, stop_at=("CourseGenerated", "ModulesFailed"))
    )
    assert objects(command("dead", "list", "--json", "--course", course_id, *folder)) == []
    asked = objects(
        command("events", "export", "--course", course_id, "--type", "DocsAnalysisRequested", *folder)
    )  # fmt: skip
    assert asked[1]["data"]["run_id"] == done["task_id"]
    assert asked[1]["data"]["retry_of"] == asked[0]["data"]["run_id"]


def test_a_letter_of_a_run_that_is_not_the_latest_is_not_retried(running: Running, command: Command) -> None:
    folder = ("--data-dir", running.stack.data_dir)
    running.models.faults.append("overloaded")
    course_id = running.new_course(engine="anthropic", complexity_level="advanced")  # not yet asked for
    assert list(follow_facts(running.stack, course_id))[-1] in {"DocsAnalysisFailed", "StageDead"}
    [letter] = objects(command("dead", "list", "--json", "--course", course_id, *folder))
    running.client.retry(course_id, "stage2")
    refused = command("dead", "retry", letter["seq"], *folder, code=5)
    assert "latest run" in refused.stderr
    assert f"dead drop {letter['seq']}" in refused.stderr
    assert objects(command("dead", "list", "--json", "--course", course_id, *folder)) == [letter], "nothing was done"
    assert "CourseGenerated" in list(
        follow_facts(running.stack, course_id, stop_at=("CourseGenerated", "ModulesFailed"))
    )
    asked = ("events", "export", "--course", course_id, "--type", "DocsAnalysisRequested", *folder)
    assert len(objects(command(*asked))) == 2, "the first, and its owner's retry"
    command("dead", "drop", letter["seq"], "--yes", *folder)


@contextmanager
def standing_still(stack: LocalStack) -> Iterator[None]:
    """The stages do nothing meanwhile, however quick they are."""
    pid = stack.services["stages"].pid
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def test_a_stage_is_canceled_and_run_again(running: Running, command: Command, tmp_path: Path) -> None:
    folder = ("--data-dir", running.stack.data_dir)
    big = make_repository(tmp_path / "big", copies=20)  # at work for longer than a signal takes
    course_id = running.client.create_course("Big", "")
    running.client.generate(course_id, {"repo_url": str(big)})
    assert "DocumentAnalysed" in list(follow_facts(running.stack, course_id, stop_at=("DocumentAnalysed",)))
    with standing_still(running.stack):
        [canceled] = objects(command("cancel", course_id, "--json", *folder))
    assert canceled["stage"] == "doc_analyser"
    assert list(follow_facts(running.stack, course_id))[-1] == "StageCanceled"
    assert "Nothing of the course is running" in command("cancel", course_id, *folder, code=5).stderr
    with standing_still(running.stack):
        [again] = objects(command("retry", course_id, "--json", *folder))
        assert (again["stage"], again["task_id"] != canceled["task_id"]) == ("doc_analyser", True)
        command("cancel", course_id, "2", *folder)
    assert list(follow_facts(running.stack, course_id))[-1] == "StageCanceled"
    assert "is no stage" in command("cancel", course_id, str(len(PIPELINE) + 1), *folder, code=4).stderr
    command("retry", new_id(), *folder, code=3)


def test_the_topology_is_compared_field_by_field_and_what_cannot_be_changed_is_refused(
    running: Running, command: Command
) -> None:
    folder = ("--data-dir", running.stack.data_dir)
    assert "no differences" in command("topology", "apply", "--dry-run", *folder).stdout

    async def loosen(nc: NatsClient) -> None:
        config = (await nc.jetstream().stream_info(COURSES.name)).config
        await nc.jetstream().update_stream(config.evolve(duplicate_window=60.0, max_msgs=1_000_000))

    running.on_log(loosen, "provision")
    [wanted] = objects(command("topology", "apply", "--dry-run", "--json", *folder))
    assert [(one["field"], one["have"], one["want"]) for one in wanted["differences"]] == [
        ("duplicate_window", 60_000_000_000, 600_000_000_000), ("max_msgs", 1_000_000, None),
    ]  # fmt: skip
    assert wanted["applied"] is False
    assert "duplicate_window" in command("topology", "apply", *folder).stdout
    assert "no differences" in command("topology", "apply", *folder).stdout

    async def in_memory(nc: NatsClient) -> None:
        js = nc.jetstream()
        config = (await js.stream_info("DEAD")).config
        await js.delete_stream("DEAD")
        await js.add_stream(config.evolve(storage="memory", max_msgs=7))

    running.on_log(in_memory, running.breaker)
    try:
        refused = command("topology", "apply", *folder, code=4)
        assert "stream DEAD: storage" in refused.stderr
        [still] = objects(command("topology", "apply", "--dry-run", "--json", *folder))
        assert {one["field"] for one in still["differences"]} == {"storage", "max_msgs"}, "nothing was changed"
    finally:
        running.on_log(lambda nc: nc.jetstream().delete_stream("DEAD"), running.breaker)
        command("topology", "apply", *folder)
