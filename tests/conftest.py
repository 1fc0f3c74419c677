"""Servers for the whole run: the real nats-server and PostgreSQL, started once, stopped by process id at the end."""

import gc
import signal
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings
from structlog.dev import ConsoleRenderer, plain_traceback

from cli.local.outside_clusters import remove_below
from tests.support.servers import CONTAINERS, nats_connection, nats_server, postgres_server

__all__ = ["nats_connection", "nats_server", "postgres_server"]


gc.disable()  # until everything is imported: nothing of it is garbage
settings.register_profile("any machine", deadline=None)  # a loaded machine is no defect
settings.load_profile("any machine")

# Where rich is installed, an error is shown with all variables of all its frames, which takes seconds of processor.
*_others, _ = structlog.get_config()["processors"]
structlog.configure(processors=[*_others, ConsoleRenderer(exception_formatter=plain_traceback)])


def pytest_addoption(parser: pytest.Parser) -> None:
    """The backend of the servers that tests share; stacks and fault tests start their own from the wheels."""
    parser.addoption(CONTAINERS, action="store_true", help="shared servers in containers (needs an engine)")


@pytest.fixture(scope="session", autouse=True)
def no_cluster_is_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Databases of stacks below the folders of this run lie outside of them when root runs the tests."""
    yield
    remove_below(tmp_path_factory.getbasetemp())


def pytest_collection_finish() -> None:
    """Imported modules and collected tests stay to the end: the garbage collector need not look at them again."""
    gc.freeze()
    gc.enable()


def pytest_configure() -> None:
    """A shell's background job ignores Ctrl-C, and so would every process that a test starts and interrupts."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
