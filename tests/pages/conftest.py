"""A browser and the fixture course's site on disk, for `make pages` alone: other runs do not collect this folder."""

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from shared.course.export.archive import unpack
from tests.pages.browser import Browser, run_browser
from tests.pages.long_course import LONG_PICTURES, build_long_course
from tests.support.course_fixture import build_course
from tests.support.course_sources import PICTURES, read_raw
from tests.support.exports import build_exports


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Only a run that asks for the mark `pages` has a browser at hand."""
    return None if config.getoption("markexpr") == "pages" else True


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with run_browser(tmp_path_factory.mktemp("profile")) as running:
        yield running


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    exports = {export.kind: export.data for export in build_exports(build_course(), read_raw, PICTURES)}
    unpack(exports["site"], folder)
    return folder


@pytest.fixture(scope="session")
def long_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of 25 modules."""
    folder = tmp_path_factory.mktemp("long-site")
    exports = {export.kind: export.data for export in build_exports(build_long_course(), read_raw, LONG_PICTURES)}
    unpack(exports["site"], folder)
    return folder


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing: the tests' output is theirs."""


@pytest.fixture(scope="session")
def long_site_url(long_site: Path) -> Iterator[str]:
    """The same site from a server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(long_site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
