"""The fixture course's exports, built once for the tests of this folder."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from shared.course.export import build_exports
from shared.course.model import Course
from tests.support.course_fixture import PICTURES, build_course, read_raw
from tests.support.pages import Page, read_page


@pytest.fixture(scope="session")
def course() -> Course:
    return build_course()


@pytest.fixture(scope="session")
def archives(course: Course) -> dict[str, dict[str, bytes]]:
    found: dict[str, dict[str, bytes]] = {}
    for export in build_exports(course, read_raw, PICTURES):
        if export.media_type == "application/zip":
            with ZipFile(BytesIO(export.data)) as archive:
                found[export.kind] = {name: archive.read(name) for name in archive.namelist()}
    return found


@pytest.fixture(scope="session")
def site(archives: dict[str, dict[str, bytes]]) -> dict[str, bytes]:
    return archives["site"]


@pytest.fixture(scope="session")
def pages(site: dict[str, bytes]) -> dict[str, Page]:
    return {name: read_page(data) for name, data in site.items() if name.endswith(".html")}


@pytest.fixture(scope="session")
def folder(archives: dict[str, dict[str, bytes]]) -> dict[str, str]:
    return {name: data.decode() for name, data in archives["markdown"].items() if name.endswith(".md")}
