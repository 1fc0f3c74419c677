"""A course of a PDF: the site shows the cited pages with the lines marked, and carries no other picture of a page."""

import hashlib
import io

import pytest
from PIL import Image

from services.modules.assembly.places import with_places
from shared.course.export.course_json import build_json
from shared.course.export.registry import build_folder
from shared.course.model import Course, PdfCitation, PdfSource
from shared.docs.pdf.cited import PageBox, picture_name
from tests.support.course_fixture import build_course
from tests.support.course_sources import PICTURES, read_raw

SHA256 = hashlib.sha256(b"%PDF").hexdigest()
BOX = PageBox(2, 0.125, 0.25, 0.875, 0.5)


def png() -> bytes:
    out = io.BytesIO()
    Image.new("L", (90, 120)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def course() -> Course:
    """The small course, as if its files were the text of a PDF whose cited lines stand on its second page."""
    before = build_course()
    source = PdfSource(id=before.sources[0].id, file_name="jobs.pdf", sha256=SHA256, pages=[1, 1], reader="r")
    boxes = {
        source.id: {(one.start_line, one.end_line): (BOX,) for module in before.modules for one in module.citations}
    }
    modules = with_places(before.modules, [source], boxes)
    return before.model_copy(update={"sources": [source], "modules": modules})


def folder(course: Course, kind: str, *pages: int) -> dict[str, bytes]:
    return build_folder(
        kind, build_json(course), read_raw, PICTURES | {picture_name(SHA256, page): png() for page in pages}
    )


def test_boxes_stand_in_the_course(course: Course) -> None:
    read_back = Course.model_validate_json(build_json(course))
    cited = [one for module in read_back.modules for one in module.citations]
    assert cited
    assert all(isinstance(one, PdfCitation) and one.boxes == [BOX] for one in cited)


def test_the_site_shows_the_page_with_the_lines_marked(course: Course) -> None:
    files = folder(course, "site", 1, 2)
    page = next(data for name, data in sorted(files.items()) if name.startswith("modules/")).decode()
    name = picture_name(SHA256, 2)
    assert files[name] == png()
    assert picture_name(SHA256, 1) not in files, "nobody cites the first page"
    assert f'src="../{name}" width="90" height="120" alt="Page 2 of jobs.pdf' in page
    assert '<rect x="0.125" y="0.25" width="0.75" height="0.25"/>' in page


@pytest.mark.parametrize(("kind", "pages"), [("site", ()), ("markdown", (2,))])
def test_without_a_picture_the_page_is_a_word(course: Course, kind: str, pages: tuple[int, ...]) -> None:
    files = folder(course, kind, *pages)
    page = next(data for name, data in sorted(files.items()) if name.startswith("modules/")).decode()
    assert "page 2, line" in page
    assert "-page-2.png" not in page + str(list(files))
