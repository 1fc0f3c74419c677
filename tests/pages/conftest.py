"""A browser and the fixture course's site on disk, for `make pages` alone: other runs do not collect this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.course.export import build_exports, unpack
from tests.pages.browser import Browser, run_browser
from tests.support.course_fixture import build_course
from tests.support.course_sources import PICTURES, read_raw


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
