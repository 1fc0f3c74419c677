"""A backup brought back on an empty machine: the same courses at the same sequences, and life goes on."""

import asyncio
import json
import shutil
import threading
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from nats.aio.client import Client as NatsClient
from sqlalchemy import make_url, select, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from cli.client import Client
from cli.local.nats_server import NatsServer
from cli.local.record import begin_restore
from cli.local.stack import LocalStack
from cli.operate.access import Where
from cli.operate.backup.blobs import ANSWERS, blob_folders
from cli.operate.backup.manifest import read_manifest
from cli.operate.backup.take import take
from cli.operate.sessions import with_database, with_log
from services.gateway.database.privileges import OPERATOR, let_in
from services.gateway.readmodels.registry import METADATA
from shared.event_log.stored import Stored, read_stream
from shared.events import address_in
from shared.events.courses import COURSES
from shared.events.registry import REGISTRY
from tests.e2e.conftest import StartStack
from tests.support.command import Command, command, objects
from tests.support.follow import follow_facts
from tests.support.sample_repository import make_repository
from tests.support.servers import Server

__all__ = ["command"]


# Several starts of servers and stacks in one test, on machines that do other things too.
pytestmark = pytest.mark.timeout(400)


@dataclass(frozen=True)
class Kept:
    """A data folder at rest that holds one finished course, and a backup of it."""

    folder: Path
    backup: Path


@pytest.fixture(scope="module")
def kept(sample_repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Kept:
    root = tmp_path_factory.mktemp("kept")
    with LocalStack(root / "data", durable=False).running() as stack:
        client = Client(stack.url, stack.token)
        all_projected(stack, client, ask(client, sample_repository))
    with Where(stack.data_dir).servers() as target:
        with_log(target, lambda nc: take(nc, target, root / "backup", lambda _: None))
    return Kept(stack.data_dir, root / "backup")


def ask(client: Client, repository: Path) -> str:
    course_id = client.create_course("Jobs", "")
    client.generate(course_id, {"repo_url": str(repository)})
    return course_id


def log_of(folder: Path) -> list[Stored]:
    async def read(nc: NatsClient) -> list[Stored]:
        return [message async for message in read_stream(nc, COURSES.name)]

    with Where(folder).servers() as target:
        return with_log(target, read)


def tables_of(folder: Path) -> dict[str, list[Any]]:
    """Every row of every read table, and of the tables no log holds."""

    async def dump(engine: AsyncEngine) -> dict[str, list[Any]]:
        async with engine.connect() as connection:
            rows = {
                table.name: [tuple(row) for row in await connection.execute(select(table).order_by(*table.primary_key))]
                for table in METADATA.sorted_tables
            }
            kept = await connection.execute(text("SELECT * FROM app.idempotency_keys ORDER BY key_hash"))
            return {**rows, "idempotency_keys": [tuple(row) for row in kept]}

    with Where(folder).servers() as target:
        return with_database(target.require_database(), dump)


def blobs_of(folder: Path) -> dict[str, bytes]:
    root = folder / "blobs"
    paths = sorted(
        path for prefix in (*blob_folders(REGISTRY), ANSWERS) for path in (root / prefix).rglob("*") if path.is_file()
    )
    return {str(path.relative_to(root)): path.read_bytes() for path in paths}


def all_projected(stack: LocalStack, client: Client, course_id: str) -> None:
    """The event stream shows a fact only once it is projected."""
    assert list(follow_facts(stack, course_id))[-1] == "CourseGenerated"
    assert client.status(course_id)["status"] == "SUCCESS"


def test_everything_is_as_it_was_and_goes_on(
    sample_repository: Path, tmp_path: Path, start_stack: StartStack, command: Command
) -> None:
    stack, client = start_stack("data")
    folder = stack.data_dir
    failed = ask(client, tmp_path / "no-such-repository")
    assert list(follow_facts(stack, failed))[-1] == "RepoCloneFailed"
    headers = {"Authorization": f"Bearer {stack.token}", "Idempotency-Key": "the-same-request"}
    asked = {"url": f"{stack.url}/api/projects/", "json": {"title": "Once", "description": ""}, "headers": headers}
    once = httpx.post(**asked).json()["course_id"]  # type: ignore[arg-type]
    course_id = ask(client, sample_repository)
    all_projected(stack, client, course_id)
    course, token = client.export(course_id, "json"), stack.token
    before = (log_of(folder), tables_of(folder), blobs_of(folder))
    assert len(before[1]["idempotency_keys"]) == 1
    stack.stop()

    [saved] = objects(command("backup", tmp_path / "backup", "--json", "--data-dir", folder))
    assert (saved["courses"], saved["missing"], saved["blobs"]) == (3, [], len(before[2]))
    shutil.rmtree(folder)
    [restored] = objects(command("restore", tmp_path / "backup", "--json", "--data-dir", folder))
    assert {**restored, "seconds": 0} == {**saved, "seconds": 0}
    assert log_of(folder) == before[0]

    again = LocalStack(folder, durable=False)
    again.start()
    try:
        assert again.token == token
        after = Client(again.url, again.token)
        all_projected(again, after, course_id)
        assert after.export(course_id, "json") == course
        assert (tables_of(folder), blobs_of(folder)) == before[1:]
        asked["url"] = f"{again.url}/api/projects/"
        assert httpx.post(**asked).json()["course_id"] == once, "a request asked again is the same course"  # type: ignore[arg-type]
        after.generate(failed, {"repo_url": str(make_repository(tmp_path / "no-such-repository"))})
        facts = list(follow_facts(again, failed, stop_at=("CourseGenerated", "DocsAnalysisFailed")))
        assert facts[-1] == "CourseGenerated", "an old course continues"
        new = ask(after, sample_repository)
        assert list(follow_facts(again, new))[-1] == "CourseGenerated", "a new one is made"
    finally:
        again.stop()


def test_a_backup_under_load_is_consistent_and_a_run_in_the_middle_ends(
    tmp_path: Path, start_stack: StartStack, command: Command
) -> None:
    repository = make_repository(tmp_path / "jobs", copies=3)
    stack, client = start_stack("data")
    course_id = ask(client, repository)
    done = threading.Event()

    def write() -> None:
        busy = Client(stack.url, stack.token)
        while not done.is_set():
            busy.create_course("Written meanwhile", "")

    assert "DocumentAnalysed" in list(follow_facts(stack, course_id, stop_at=("DocumentAnalysed",)))
    writer = threading.Thread(target=write)
    writer.start()
    try:
        [saved] = objects(command("backup", tmp_path / "backup", "--json", "--data-dir", stack.data_dir))
    finally:
        done.set()
        writer.join()
    assert saved["missing"] == []
    all_projected(stack, client, course_id)
    course = client.export(course_id, "json")
    live = {message.seq: message for message in log_of(stack.data_dir)}
    stack.stop()

    folder = tmp_path / "elsewhere"
    command("restore", tmp_path / "backup", "--data-dir", folder)
    copied = log_of(folder)
    assert len(copied) < len(live)
    assert copied == [live[message.seq] for message in copied], "what is copied is as it was, at its sequence"
    names = Counter(address_in(message.subject).type_name for message in copied)
    assert names["DocsAnalysisStarted"] == 1
    assert names["CourseGenerated"] == 0, "the copy must have been made in the middle"
    with LocalStack(folder, durable=False).running() as again:
        after = Client(again.url, again.token)
        all_projected(again, after, course_id)
        assert after.export(course_id, "json") == course


def test_what_is_damaged_missing_or_in_the_way_is_refused_before_anything_is_touched(
    kept: Kept, tmp_path: Path, command: Command
) -> None:
    folder, empty = kept.folder, tmp_path / "empty"
    backup = tmp_path / "backup"
    shutil.copytree(kept.backup, backup)
    assert "is not empty" in command("backup", backup, "--data-dir", folder, code=4).stderr
    assert "not empty" in command("restore", backup, "--data-dir", folder, code=5).stderr

    blob = next(path for path in (backup / "blobs").rglob("*") if path.is_file())
    for part in ("log/COURSES.tar.s2", "blobs.sha256", "tables/idempotency_keys.copy", "token", str(blob)):
        whole = (backup / part).read_bytes()
        (backup / part).write_bytes(whole + b"x")
        refused = command("restore", backup, "--data-dir", empty, code=4)
        assert f"{Path(part).name} has another content" in refused.stderr
        (backup / part).write_bytes(whole)
    blob.rename(tmp_path / "blob")
    assert f"{blob.name} is missing" in command("restore", backup, "--data-dir", empty, code=4).stderr
    (tmp_path / "blob").rename(blob)
    manifest = (backup / "manifest.json").read_text(encoding="utf-8")
    (backup / "manifest.json").write_text(manifest.replace("backup/1", "backup/9"), encoding="utf-8")
    assert "format coursewright.backup/9" in command("restore", backup, "--data-dir", empty, code=4).stderr
    (backup / "manifest.json").unlink()
    assert "holds no whole backup" in command("restore", backup, "--data-dir", empty, code=4).stderr
    (backup / "manifest.json").write_text(manifest, encoding="utf-8")
    assert not empty.exists(), "nothing was touched"

    begin_restore(empty)
    (empty / "half").touch()
    for early in (("stages",), ("up", "--port", "0")):
        assert "has not ended" in command(*early, "--data-dir", empty, code=6).stderr
    command("restore", backup, "--data-dir", empty)
    assert not (empty / "half").exists()
    assert len(log_of(empty)) == read_manifest(backup).streams[COURSES.name].messages

    lost = next(path for path in (folder / "blobs" / "courses").rglob("*") if path.is_file())
    lost.rename(tmp_path / "lost")
    try:
        partial = command("backup", tmp_path / "partial", "--data-dir", folder, code=7)
    finally:
        (tmp_path / "lost").rename(lost)
    assert f"missing in the blob store: {lost.relative_to(folder / 'blobs')}" in partial.stderr


def test_a_course_deleted_while_it_is_copied_is_no_gap(
    sample_repository: Path, tmp_path: Path, start_stack: StartStack
) -> None:
    stack, client = start_stack("data")
    gone = ask(client, sample_repository)
    all_projected(stack, client, gone)
    other = ask(client, sample_repository)
    all_projected(stack, client, other)
    said: list[str] = []

    def say(line: str) -> None:
        if line == "copying blobs" and line not in said:
            answer = httpx.delete(
                f"{stack.url}/api/projects/{gone}", headers={"Authorization": f"Bearer {stack.token}"}
            )
            assert answer.is_success
            shutil.rmtree(stack.data_dir / "blobs" / "courses" / gone, ignore_errors=True)
        said.append(line)

    with Where(stack.data_dir).servers() as target:
        manifest = with_log(target, lambda nc: take(nc, target, tmp_path / "backup", say))
    assert "something was deleted meanwhile: once more" in said
    assert (manifest.courses, manifest.blobs.missing) == (1, [])
    listing = (tmp_path / "backup" / "blobs.sha256").read_text(encoding="utf-8")
    assert other in listing
    assert gone not in listing


def test_a_deployment_is_restored_from_a_local_stack_and_only_when_it_is_empty(
    kept: Kept, tmp_path: Path, command: Command, postgres_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(_new_database(postgres_server.url))
    database_url = make_url(postgres_server.url).set(database="restored").render_as_string(hide_password=False)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("BLOB_STORE_URL", f"file://{tmp_path / 'blobs'}")
    server = NatsServer(tmp_path / "nats", sync="10s")
    server.start()
    server.wait()
    try:
        named, restoring = [("--nats-url", server.url_of(user)) for user in ("operator", "restore")]
        assert "no right to send" in command("topology", "apply", *named, code=4).stderr
        command("topology", "apply", "--nats-url", server.url_of("provision"))
        assert "no right to send" in command("restore", kept.backup, *named, code=4).stderr
        [restored] = objects(command("restore", kept.backup, "--json", *restoring))
        assert restored["blobs"] == len([path for path in (tmp_path / "blobs").rglob("*") if path.is_file()])
        exported = command("events", "export", *named).stdout.splitlines()
        assert [json.loads(line)["sequence"] for line in exported] == [
            str(seq) for seq in range(1, restored["last_seq"][COURSES.name] + 1)
        ]
        assert "no differences" in command("topology", "apply", "--dry-run", *named).stdout
        assert "not empty" in command("restore", kept.backup, *restoring, code=5).stderr
        asyncio.run(let_in(database_url, {OPERATOR: "secret"}))
        address = make_url(database_url).set(username=OPERATOR, password="secret")
        monkeypatch.setenv("DATABASE_URL", address.render_as_string(hide_password=False))
        command("backup", tmp_path / "second", *named)
        first, second = read_manifest(kept.backup), read_manifest(tmp_path / "second")
        assert {name: part.digest for name, part in second.streams.items()} == {
            name: part.digest for name, part in first.streams.items()
        }
        assert (second.blobs.listing.sha256, second.own) == (first.blobs.listing.sha256, [])
    finally:
        server.process.stop()


async def _new_database(url: str) -> None:
    engine = create_async_engine(url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text("CREATE DATABASE restored"))
    await engine.dispose()
