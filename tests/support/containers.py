"""The servers of the tests in containers, for who has an engine and wants the published images (`--containers`)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

NATS_IMAGE = "nats:2.12-alpine"
POSTGRES_IMAGE = "postgres:18-alpine"


@dataclass(frozen=True)
class ServerAt:
    """A server somewhere else; `url` with its user and password."""

    url: str


@contextmanager
def nats_container() -> Iterator[ServerAt]:
    """nats-server with JetStream and no users, removed at the end."""
    from testcontainers.community.nats import NatsContainer  # only who asks for containers waits for it

    with NatsContainer(NATS_IMAGE, jetstream=True) as container:
        yield ServerAt(container.nats_uri())


@contextmanager
def postgres_container() -> Iterator[ServerAt]:
    """PostgreSQL, whose user may make databases and roles, removed at the end."""
    from testcontainers.community.postgres import PostgresContainer

    with PostgresContainer(POSTGRES_IMAGE, driver="asyncpg") as container:
        yield ServerAt(container.get_connection_url())
