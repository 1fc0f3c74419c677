"""How operating commands find what they work on, with the real servers of a data folder."""

import asyncio
import stat
from pathlib import Path

import pytest

from cli.local.process import ServerFailed
from cli.local.record import find_record
from cli.local.stack import LocalStack
from cli.operate.access import Target, Where
from shared.event_log.connection import connect
from shared.events.courses import COURSES
from shared.kernel.errors import NotFound, PermanentError


@pytest.fixture(autouse=True)
def _no_deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NATS_URL", "DATABASE_URL", "BLOB_STORE_URL", "COURSEWRIGHT_SERVER", "COURSEWRIGHT_TOKEN"):
        monkeypatch.delenv(name, raising=False)


def streams(target: Target) -> list[str]:
    async def ask() -> list[str]:
        nc = await connect(target.nats_url, "test")
        try:
            return [info.config.name or "" for info in await nc.jetstream().streams_info()]
        finally:
            await nc.close()

    return asyncio.run(ask())


def test_a_folder_is_found_running_and_at_rest(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    where = Where(data_dir=folder)
    with pytest.raises(NotFound, match="No local stack has run"), where.servers():
        pass
    assert not folder.exists(), "looking makes nothing"

    stack = LocalStack(folder, durable=False)
    stack.start()
    try:
        assert stat.S_IMODE((folder / "stack.json").stat().st_mode) == 0o600
        with where.servers() as target:
            assert COURSES.name in streams(target)
            assert target.require_database().startswith("postgresql+asyncpg://")
            assert target.blob_store_url == f"file://{folder / 'blobs'}"
        assert stack.services["gateway"].is_running(), "a running stack is used, not ended"
        with where.gateway() as client:
            assert client.create_course("Found by its record", "")
    finally:
        stack.stop()
    assert find_record(folder) is None

    with where.servers() as target:
        assert COURSES.name in streams(target), "the servers alone, with the same data"
        with pytest.raises(ServerFailed, match="coursewright up"), where.gateway():
            pass
        with where.servers() as second:
            assert second == target, "a command beside another uses the same servers"
    assert find_record(folder) is None


def test_the_record_of_a_killed_stack_is_not_believed(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with pytest.raises(ServerFailed, match="No gateway runs"), Where(data_dir=folder).gateway():
        pass
    folder.mkdir()
    (folder / "lock").touch()
    (folder / "stack.json").write_text(
        '{"nats_url": "nats://127.0.0.1:1", "database_url": "x", "blob_store_url": "y", "server": "http://127.0.0.1:1"}'
    )
    with pytest.raises(ServerFailed, match="No gateway runs"), Where(data_dir=folder).gateway():
        pass


def test_named_servers_come_first_and_a_folder_is_never_mixed_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NATS_URL", "nats://from-the-environment:4222")
    monkeypatch.setenv("BLOB_STORE_URL", "s3://courses")
    with Where(nats_url="nats://named:4222").servers() as target:
        assert (target.nats_url, target.blob_store_url, target.data_dir) == ("nats://named:4222", "s3://courses", None)
        with pytest.raises(PermanentError, match="--database-url"):
            target.require_database()
    with Where(database_url="postgresql+asyncpg://named/db").servers() as target:
        assert target.nats_url == "nats://from-the-environment:4222"
        assert target.require_database() == "postgresql+asyncpg://named/db"
    with pytest.raises(PermanentError, match="either"), Where(tmp_path, nats_url="nats://named:4222").servers():
        pass
    with pytest.raises(NotFound), Where(tmp_path / "none").servers():
        pass
    monkeypatch.delenv("NATS_URL")
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody/elses")
    monkeypatch.setenv("COURSEWRIGHT_DATA_DIR", str(tmp_path / "none"))
    with pytest.raises(NotFound), Where().servers():
        pass


def test_addresses_with_credentials_are_not_shown() -> None:
    shown = repr((Target("nats://u:secret@h", "postgresql://u:secret@h/d", "file:///b"), Where(nats_url="a:secret@h")))
    assert "secret" not in shown
