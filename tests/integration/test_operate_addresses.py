"""Addresses that are wrong, and servers that refuse: each command says which one, and what to look at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.local.nats_server import NatsServer
from cli.local.ports import free_port
from shared.event_log import connection
from tests.support.command import Command
from tests.support.servers import running_nats

NOWHERE = "postgresql+asyncpg://ann:secret@127.0.0.1"
NATS = ("--nats-url", "nats://127.0.0.1:1")


@pytest.fixture(scope="module")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    with running_nats(tmp_path_factory.mktemp("nats"), unrestricted=False) as server:
        yield server


@pytest.mark.parametrize("url", ["x", "postgresql://ann:secret@h/d", "postgresql+asyncpg://ann:secret@h:port/d"])
@pytest.mark.parametrize("asked", [["stages"], ["replay", "--verify"]])
def test_an_address_of_no_database_is_refused_and_not_shown(command: Command, asked: list[str], url: str) -> None:
    result = command(*asked, *NATS, "--database-url", url, code=4)
    assert "no address of a database; those look like postgresql+asyncpg://" in result.stderr
    assert "secret" not in result.stderr


@pytest.mark.parametrize("url", ["blobs", "ftp://blobs/x"])
def test_an_address_of_no_blob_store_is_refused(command: Command, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("BLOB_STORE_URL", url)
    result = command("replay", *NATS, "--database-url", f"{NOWHERE}/d", code=4)
    assert "BLOB_STORE_URL is no address of a blob store: " in result.stderr


def test_a_password_that_nats_refuses_is_told_from_a_server_that_is_away(
    command: Command, nats_server: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_FIRST_CONNECT_SECONDS", 2.0)
    wrong = f"nats://operator:secret@127.0.0.1:{nats_server.port}"
    result = command("dead", "list", "--nats-url", wrong, code=4)
    assert "error: NATS refuses the user or the password of its address; look at NATS_URL" in result.stderr
    assert "secret" not in result.stderr
    result = command("dead", "list", *NATS, code=6)
    assert "error: NATS does not answer; look at NATS_URL" in result.stderr
    assert result.stderr.count("nats_error") == 1


def test_an_export_that_fails_leaves_the_one_before(
    command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(connection, "_FIRST_CONNECT_SECONDS", 1.0)
    kept = tmp_path / "events.ndjson"
    kept.write_text("an earlier export")
    command("events", "export", "--out", kept, *NATS, code=6)
    assert kept.read_text() == "an earlier export"
    assert list(tmp_path.iterdir()) == [kept]


def test_a_replay_without_a_database_says_so(
    command: Command, monkeypatch: pytest.MonkeyPatch, nats_server: NatsServer, tmp_path: Path
) -> None:
    monkeypatch.setenv("BLOB_STORE_URL", f"file://{tmp_path}")
    named = ("--nats-url", nats_server.url_of("operator"), "--database-url", f"{NOWHERE}:{free_port()}/d")
    assert "error: The database failed: " in command("replay", "--verify", *named, code=6).stderr
