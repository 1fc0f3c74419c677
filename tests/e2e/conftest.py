"""A sample repository, a local stack that tests share, and stacks of their own that are stopped whatever happens."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from cli.client import Client
from cli.local.stack import LocalStack
from tests.support.sample_repository import make_repository

StartStack = Callable[..., tuple[LocalStack, Client]]


@pytest.fixture(scope="session")
def sample_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_repository(tmp_path_factory.mktemp("sample") / "jobs")


@pytest.fixture(scope="package")
def shared_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalStack]:
    """For tests that set nothing of its environment, and stop and kill nothing of it: it has courses of others too."""
    with LocalStack(tmp_path_factory.mktemp("shared") / "data", durable=False).running() as made:
        yield made


@pytest.fixture
def shared_client(shared_stack: LocalStack) -> Iterator[Client]:
    with closing(Client(shared_stack.url, shared_stack.token)) as client:
        yield client


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
