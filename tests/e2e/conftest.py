"""A sample repository and local stacks that are stopped whatever happens."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from cli.client import Client
from cli.local.stack import LocalStack
from tests.support.sample_repository import make_repository

StartStack = Callable[..., tuple[LocalStack, Client]]


@pytest.fixture(scope="session")
def sample_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_repository(tmp_path_factory.mktemp("sample") / "jobs")


@pytest.fixture
def start_stack(tmp_path: Path) -> Iterator[StartStack]:
    """Start a stack in a folder of its own; further keyword arguments as LocalStack takes them."""
    with ExitStack() as stack:

        def start(name: str = "data", **options: object) -> tuple[LocalStack, Client]:
            local = LocalStack(tmp_path / name, durable=False, **options)  # type: ignore[arg-type]
            stack.callback(local.stop)
            local.start()
            client = Client(local.url, local.token)
            stack.callback(client.close)
            return local, client

        yield start
