"""The fixture course's exports, built once for the tests of this folder."""

import pytest

from shared.course.export.markdown import build_markdown
from shared.course.export.site import build_site
from shared.course.model import Course
from tests.support.course_fixture import build_course
from tests.support.course_sources import PICTURES, read_raw
from tests.support.pages import Page, read_page


@pytest.fixture(scope="session")
def course() -> Course:
    return build_course()


@pytest.fixture(scope="session")
def site(course: Course) -> dict[str, bytes]:
    return build_site(course, read_raw, PICTURES)


@pytest.fixture(scope="session")
def pages(site: dict[str, bytes]) -> dict[str, Page]:
    return {name: read_page(data) for name, data in site.items() if name.endswith(".html")}


@pytest.fixture(scope="session")
def folder(course: Course) -> dict[str, str]:
    files = build_markdown(course, read_raw, PICTURES)
    return {name: data.decode() for name, data in files.items() if name.endswith(".md")}
