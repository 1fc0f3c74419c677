"""The command as an operator types it, stage 1 with a repository, and a gateway that serves."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from nats.aio.client import Client
from sqlalchemy.ext.asyncio import create_async_engine

from services.gateway.migrate import migrate
from services.gateway.readmodels.registry import METADATA
from tests.integration.clone_stage import GUIDE, Stage
from tests.integration.gateway.conftest import database_url, engine
from tests.integration.served import Running, served
from tests.support.command import command
from tests.support.empty_tables import empty
from tests.support.s3 import bucket, s3
from tests.support.servers import Server
from tests.unit.repo_clone.git_repositories import make_repository

__all__ = ["bucket", "command", "database_url", "engine", "s3"]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


@pytest.fixture
def documented(tmp_path: Path) -> Path:
    return make_repository(
        tmp_path / "thing.git",
        {
            "README.md": b"# Thing\n\nThe thing does things for people who have things to do.\n",
            "mkdocs.yml": b"nav:\n  - Home: index.md\n  - Guide: guide.md\n",
            "docs/index.md": b"# Home\n\nWelcome to the thing. ![how](img/how.png)\n\n--8<-- \"docs/parts/note.md\"\n",
            "docs/guide.md": GUIDE + b"\n```python\n--8<-- \"src/main.py\"\n```\n",
            "docs/parts/note.md": b"A note that other pages include.\n\n--8<-- \"docs/parts/deep.py\"\n",
            "docs/parts/deep.py": b"print(2)\n",
            "docs/img/how.png": b"\x89PNG\r\n\x1a\n" + bytes(20),
            "docs/img/unused.png": b"\x89PNG\r\n\x1a\n" + bytes(21),
            "src/main.py": b"print(1)\n",
            "src/other.py": b"print(3)\n",
            "CHANGELOG.md": b"# Changes\n\n- 1.0\n",
        },
    )  # fmt: skip


@pytest.fixture(scope="session")
def tables(postgres_server: Server) -> str:
    migrate(postgres_server.url)
    return postgres_server.url


@pytest.fixture
async def empty_tables(tables: str) -> None:
    engine = create_async_engine(tables)
    await empty(engine, METADATA.sorted_tables)
    await engine.dispose()


@pytest.fixture
async def running(
    nats_server: Server,
    nats_connection: Client,
    tables: str,
    empty_tables: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Running]:
    async with served(nats_server.url, tables, tmp_path, monkeypatch) as made:
        yield made
