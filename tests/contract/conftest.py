"""The gateway's tables, for what the gateway promises to stages and aggregates that it does not know."""

from tests.integration.gateway.conftest import database_url, engine

__all__ = ["database_url", "engine"]
