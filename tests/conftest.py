"""Servers for the whole run: the real nats-server and PostgreSQL, started once, stopped by process id at the end."""

from tests.support.servers import nats_connection, nats_server, postgres_server

__all__ = ["nats_connection", "nats_server", "postgres_server"]
