"""A course of a document without pages: citations name lines of its text, and a page travels as its source."""

import hashlib

import pytest

from services.modules.assembly.places import with_places
from shared.course.export.course_json import build_json
from shared.course.export.registry import build_folder
from shared.course.model import Citation, Course, DocumentCitation, DocumentSource
from shared.docs.citations import span_sha256, split_lines
from tests.support.course_fixture import build_course
from tests.support.course_sources import PICTURES, read_raw

PAGE = b"<!doctype html><script>alert(1)</script>"


@pytest.fixture(scope="module")
def course() -> Course:
    """The small course, as if its files were the text of a page."""
    before = build_course()
    sha256, source_id = hashlib.sha256(PAGE).hexdigest(), before.sources[0].id
    source = DocumentSource(id=source_id, file_name="jobs.html", sha256=sha256, format="html", reader="r")
    modules = with_places(before.modules, [source], {})
    return before.model_copy(update={"sources": [source], "modules": modules})


@pytest.mark.parametrize("kind", ["site", "markdown"])
def test_a_page_travels_as_its_source_and_each_hash_can_be_computed(course: Course, kind: str) -> None:
    asset = f"assets/{hashlib.sha256(PAGE).hexdigest()}.txt"
    files = build_folder(kind, build_json(course), read_raw, PICTURES | {asset: PAGE})
    assert files[asset] == PAGE
    shown = next(data for name, data in sorted(files.items()) if name.startswith("modules/")).decode()
    texts = {one.path: one.sha256 for one in course.documents if one.used}
    for one in Course.model_validate_json(files["course.json"]).modules[0].citations:
        assert isinstance(one, DocumentCitation)
        assert f"../assets/{texts[one.path]}.md" in shown
        text = files[f"assets/{texts[one.path]}.md"]
        assert span_sha256(split_lines(text), one.start_line, one.end_line) == one.sha256


def test_a_citation_of_a_repository_stays_one() -> None:
    before = build_course()
    after = Course.model_validate_json(build_json(before))
    assert {type(one) for module in after.modules for one in module.citations} == {Citation}
    assert after == before
