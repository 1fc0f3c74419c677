"""Session fixtures for real servers, and per-test streams."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import pytest
from nats.aio.client import Client

from cli.local.nats_server import NatsServer
from cli.local.postgres_server import PostgresServer
from shared.event_log import permissions
from shared.event_log.connection import connect
from shared.event_log.topology import apply_topology, stream_configs
from tests.support.containers import nats_container, postgres_container

CONTAINERS = "--containers"


def admit_breaker(patch: pytest.MonkeyPatch) -> str:
    """A user of the servers started from now on who may do everything: no user of ours may break what tests break."""
    breaker = permissions.Rights("breaker", (">",), (">",))
    patch.setattr(permissions, "USERS", (*permissions.USERS, breaker))
    return breaker.user


class Server(Protocol):
    """A server of the whole run, from a wheel or in a container."""

    @property
    def url(self) -> str:
        """With its user and password."""


@pytest.fixture(scope="session")
def nats_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """One real nats-server."""
    yield from _one_of(request, nats_container, running_nats)


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """One real PostgreSQL; tests make databases or schemas of their own in it."""
    yield from _one_of(request, postgres_container, running_postgres)


_Opened = AbstractContextManager[Server]


def _one_of(
    request: pytest.FixtureRequest, in_container: Callable[[], _Opened], from_wheel: Callable[[Path], _Opened]
) -> Iterator[Server]:
    folders: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
    chosen = in_container() if request.config.getoption(CONTAINERS) else from_wheel(folders.mktemp("server"))
    with chosen as server:
        yield server


@contextmanager
def running_nats(folder: Path, *, unrestricted: bool = True) -> Iterator[NatsServer]:
    """A server whose disk does not matter, so it syncs lazily."""
    server = NatsServer(folder, sync="10s", unrestricted=unrestricted)
    server.start()
    try:
        server.wait()
        yield server
    finally:
        server.process.stop()


@contextmanager
def running_postgres(folder: Path) -> Iterator[PostgresServer]:
    """A server that is removed with its data."""
    server = PostgresServer(folder, durable=False)
    server.start()
    try:
        server.wait()
        yield server
    finally:
        server.process.stop()
        server.remove()


@pytest.fixture
async def nats_connection(nats_server: Server) -> AsyncIterator[Client]:
    """A connection to a server whose streams are new."""
    nc = await connect(nats_server.url, "test")
    await apply_topology(nc.jetstream())
    yield nc
    for stream in stream_configs():
        await nc.jetstream().delete_stream(stream.name or "")
    await nc.close()
