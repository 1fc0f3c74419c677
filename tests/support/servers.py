"""Session fixtures for real servers, and per-test streams."""

from collections.abc import AsyncIterator, Iterator

import pytest
from nats.aio.client import Client

from cli.local.nats_server import NatsServer
from cli.local.postgres_server import PostgresServer
from shared.event_log import permissions
from shared.event_log.connection import connect
from shared.event_log.topology import apply_topology, stream_configs


def admit_breaker(patch: pytest.MonkeyPatch) -> str:
    """A user of the servers started from now on who may do everything: no user of ours may break what tests break."""
    breaker = permissions.Rights("breaker", (">",), (">",))
    patch.setattr(permissions, "USERS", (*permissions.USERS, breaker))
    return breaker.user


@pytest.fixture(scope="session")
def nats_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """One real nats-server; what is on its disk does not matter here, so it syncs lazily."""
    server = NatsServer(tmp_path_factory.mktemp("nats"), sync="10s", unrestricted=True)
    server.start()
    server.wait()
    yield server
    server.process.stop()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """One real PostgreSQL; tests make databases or schemas of their own in it."""
    server = PostgresServer(tmp_path_factory.mktemp("postgres"), durable=False)
    server.start()
    server.wait()
    yield server
    server.process.stop()
    server.remove()


@pytest.fixture
async def nats_connection(nats_server: NatsServer) -> AsyncIterator[Client]:
    """A connection to a server whose streams are new."""
    nc = await connect(nats_server.url, "test")
    await apply_topology(nc.jetstream())
    yield nc
    for stream in stream_configs():
        await nc.jetstream().delete_stream(stream.name or "")
    await nc.close()
