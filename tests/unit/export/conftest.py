"""The fixture course's exports, built once for the tests of this folder."""

import pytest

from shared.course.export.course_json import build_json
from shared.course.export.registry import build_folder
from shared.course.model import Course
from tests.support.course_fixture import build_course
from tests.support.course_sources import PICTURES, read_raw
from tests.support.pages import Page, read_page


@pytest.fixture(scope="session")
def course() -> Course:
    return build_course()


@pytest.fixture(scope="session")
def site(course: Course) -> dict[str, bytes]:
    return build_folder("site", build_json(course), read_raw, PICTURES)


@pytest.fixture(scope="session")
def pages(site: dict[str, bytes]) -> dict[str, Page]:
    return {name: read_page(data) for name, data in site.items() if name.endswith(".html")}


@pytest.fixture(scope="session")
def markdown(course: Course) -> dict[str, bytes]:
    return build_folder("markdown", build_json(course), read_raw, PICTURES)


@pytest.fixture(scope="session")
def folder(markdown: dict[str, bytes]) -> dict[str, str]:
    return {name: data.decode() for name, data in markdown.items() if name.endswith(".md")}
