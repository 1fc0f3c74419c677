"""A browser and the fixture course's site on disk, for `make pages` alone: other runs do not collect this folder."""

import functools
import gzip
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

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


class _Host(SimpleHTTPRequestHandler):
    """Sends text compressed, as hosts of static pages do."""

    def send_head(self) -> BytesIO | BinaryIO | None:
        file = Path(self.translate_path(self.path))
        if file.suffix not in {".html", ".css", ".js"} or not file.is_file():
            return super().send_head()
        packed = gzip.compress(file.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(packed)))
        self.end_headers()
        return BytesIO(packed)

    def log_message(self, *_: object) -> None:
        """Says nothing: the tests' output is theirs."""


@pytest.fixture(scope="session")
def long_site_url(long_site: Path) -> Iterator[str]:
    """The same site from a server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Host, directory=str(long_site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
