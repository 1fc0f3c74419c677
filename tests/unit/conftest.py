"""A unit test needs no server: one that asks for a server is told so."""

import pytest


@pytest.fixture(scope="session")
def nats_server() -> None:
    """Refuse the nats-server of tests/conftest.py."""
    pytest.fail("a test that needs a nats-server belongs in tests/integration or tests/contract")


@pytest.fixture(scope="session")
def postgres_server() -> None:
    """Refuse the PostgreSQL of tests/conftest.py."""
    pytest.fail("a test that needs PostgreSQL belongs in tests/integration")
