"""A data folder whose first start was killed, or which lost a file: nothing is thrown away, nothing half is used."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine

from cli.local.postgres_server import PostgresServer
from cli.local.process import ServerFailed
from shared.kernel.disk import read_or_make

# A first start that is killed, with everything it started, when initdb has written as much as PG_VERSION.
_KILLED_START = """
import os, signal, subprocess, sys
from pathlib import Path
from cli.local.postgres_server import PostgresServer

def killed(arguments, **options):
    folder = Path(arguments[arguments.index("-D") + 1])
    (folder / "PG_VERSION").write_text("17\\n")
    os.kill(os.getpid(), signal.SIGKILL)

server = PostgresServer(Path(sys.argv[1]), durable=False)
subprocess.run = killed
server.start()
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PostgresServer]:
    made = PostgresServer(tmp_path, durable=False)
    yield made
    made.process.stop()
    made.remove()


def test_a_first_start_killed_in_the_middle_of_initdb_ruins_nothing(tmp_path: Path, server: PostgresServer) -> None:
    root = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", _KILLED_START, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": root}, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    server.start()
    server.wait()
    beside = list(server.data.parent.glob(f"{server.data.name}*"))
    assert beside == [server.data], "what the killed start left is gone"


@pytest.mark.parametrize("text", [None, "", "\n"])
def test_a_cluster_whose_password_is_lost_is_refused_not_wiped(
    tmp_path: Path, server: PostgresServer, text: str | None
) -> None:
    server.start()
    server.wait()
    server.process.stop()
    password = tmp_path / "postgres.password"
    kept = password.read_text(encoding="utf-8")
    password.unlink() if text is None else password.write_text(text, encoding="utf-8")
    control = (server.data / "global" / "pg_control").read_bytes()
    again = PostgresServer(tmp_path, durable=False)
    with pytest.raises(ServerFailed, match=r"postgres\.password is missing.* remove the database's folder alone"):
        again.start()
    assert (server.data / "global" / "pg_control").read_bytes() == control
    password.write_text(kept, encoding="utf-8")
    again.start()
    try:
        again.wait()
    finally:
        again.process.stop()


def test_a_folder_that_was_removed_and_made_again_starts_anew(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    for _ in range(2):
        folder.mkdir()
        server = PostgresServer(folder, durable=False)
        try:
            server.start()
            server.wait()
        finally:
            server.process.stop()
        assert (folder / "postgres.password").stat().st_mode & 0o777 == 0o600
        for path in folder.iterdir():
            if path != server.data:
                path.unlink()
        if server.data.parent == folder:
            server.remove()
        folder.rmdir()
    server.remove()


@pytest.mark.parametrize(("durable", "synced"), [(True, True), (False, False)])
def test_a_durable_cluster_is_on_disk_when_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, durable: bool, synced: bool
) -> None:
    asked: list[list[str]] = []

    def run(arguments: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(arguments)
        return subprocess.CompletedProcess(arguments, 1, "", "refused by the test")

    server = PostgresServer(tmp_path, durable=durable)
    monkeypatch.setattr(subprocess, "run", run)
    with pytest.raises(ServerFailed, match="refused by the test"):
        server.start()
    assert ("--no-sync" not in asked[0]) is synced
    assert not server.data.exists()


def test_an_empty_secret_of_a_killed_start_is_made_and_then_kept(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.touch(mode=0o600)
    assert read_or_make(path, lambda: "first") == "first"
    assert read_or_make(path, lambda: "second") == "first"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_secret_that_cannot_be_written_whole_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "secret-key"
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space"):
            read_or_make(path, lambda: "first")
        assert not path.exists()
    assert read_or_make(path, lambda: "second") == "second"


async def test_the_databases_log_does_not_quote_a_row_it_refused(server: PostgresServer) -> None:
    server.start()
    server.wait()
    engine = create_async_engine(server.url)
    async with engine.connect() as connection:
        await connection.execute(text("CREATE TABLE kept (title text CHECK (length(title) < 3))"))
        with pytest.raises(IntegrityError):
            await connection.execute(text("INSERT INTO kept VALUES (:title)"), {"title": "zqmarker"})
    await engine.dispose()
    log = server.process.log.read_text(encoding="utf-8")
    assert "violates check constraint" in log
    assert "zqmarker" not in log
