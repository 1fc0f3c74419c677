"""Servers for the whole run: the real nats-server and PostgreSQL, started once, stopped by process id at the end."""

from collections.abc import Iterator

import pytest

from cli.local.outside_clusters import remove_below
from tests.support.servers import nats_connection, nats_server, postgres_server

__all__ = ["nats_connection", "nats_server", "postgres_server"]


@pytest.fixture(scope="session", autouse=True)
def no_cluster_is_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Databases of stacks below the folders of this run lie outside of them when root runs the tests."""
    yield
    remove_below(tmp_path_factory.getbasetemp())
