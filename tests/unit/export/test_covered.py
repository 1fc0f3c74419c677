"""The result that a question asks for is covered where the lesson shows it, and nothing else is."""

from collections.abc import Mapping
from itertools import count

import pytest

from shared.course.export.cited import SpanReader
from shared.course.export.code_html import Covered, render_code
from shared.course.export.site import build_site
from shared.course.export.site.covered import find_covered
from shared.course.model import Course, Module
from tests.support.course_sources import read_raw

_FIRST = "modules/01-your-first-queue.html"
_SESSION = "$ pip install tidepool\n$ tidepool --version\ntidepool 2.4.0"


def _covered(course: Course, module: Module) -> Mapping[str, Covered]:
    reader = SpanReader(course, read_raw, {})
    citations = {one.id: one for one in module.citations}
    return find_covered(module, lambda cited: reader.read(citations[cited]))


def test_the_lines_of_a_result_are_covered_in_the_block_that_shows_them(course: Course, site: dict[str, bytes]) -> None:
    assert _covered(course, course.modules[0]) == {"c4": Covered(range(2, 3))}
    page = site[_FIRST].decode()
    assert page.count('class="covered"') == 1
    figure = page.partition('class="covered"')[0].rpartition("<figure")[2]
    assert "--version" in figure
    assert "Predict what is covered, then show it" in figure
    assert "tidepool 2.4.0" in page.partition('class="covered"')[2].partition("</code>")[0]


@pytest.mark.parametrize(
    ("session", "changes"),
    [
        (_SESSION, {"form": "other"}),
        (_SESSION, {"key": ["tidepool"]}),
        (_SESSION, {"citation_ids": ["c3"]}),
        (_SESSION + "\ntidepool 2.4.0", {}),
        (_SESSION.replace("tidepool 2.4.0", "tidepool 2.4.1"), {}),
        (_SESSION.replace("\ntidepool 2.4.0", "  # tidepool 2.4.0"), {}),
    ],
)
def test_what_is_no_result_or_stands_in_no_one_place_is_shown(
    course: Course, session: str, changes: dict[str, object]
) -> None:
    module = course.modules[0]
    items = [item.model_copy(update=changes) if item.id == "i11" else item for item in module.assessment]
    text = module.main_content.replace(_SESSION, session)
    altered = module.model_copy(update={"assessment": items, "main_content": text})
    assert _covered(course, altered) == {}
    pages = build_site(course.model_copy(update={"modules": [altered], "pathways": []}), read_raw, {})
    assert b'class="covered"' not in pages[_FIRST]


def test_of_a_line_of_code_the_remark_with_the_result_is_covered(course: Course) -> None:
    module = course.modules[0]
    item = next(one for one in module.assessment if one.id == "i11")
    asked = item.model_copy(update={"key": ["resize"], "citation_ids": ["c6"]})
    altered = module.model_copy(update={"assessment": [asked]})
    assert _covered(course, altered) == {"c6": Covered(range(4, 5), "# resize")}
    page = build_site(course.model_copy(update={"modules": [altered], "pathways": []}), read_raw, {})[_FIRST].decode()
    assert page.count('class="covered"') == 1
    before, _, after = page.partition('<span class="covered">')
    assert before.endswith("])  ")
    assert after.startswith('<span class="t-c1"># resize</span></span>')


def test_a_result_with_quotes_is_covered() -> None:
    covered = {"c6": Covered(range(1), """# => "a" & 'b'""")}
    shown = render_code("""join(x)  # => "a" & 'b'""", "python cite=c6", lambda _: "", count(1), covered)
    assert "&amp; 'b'</span></span>" in shown.partition('class="covered"')[2]


def test_a_line_to_predict_is_not_highlighted() -> None:
    covered = {"c6": Covered(range(1, 2))}
    shown = render_code("x\ny\nz", "text cite=c6 marked=1-3", lambda _: "", count(1), covered)
    assert '<code><mark>x\n</mark><span class="covered">y</span>\n<mark>z</mark></code>' in shown


def test_a_block_in_which_nothing_can_be_covered_asks_for_no_prediction(course: Course) -> None:
    covered = {"c6": Covered(range(1), "# not there")}
    shown = render_code("queue.put(1)  # resize", "python cite=c6", lambda _: "", count(1), covered)
    assert "covered" not in shown
    assert "# resize" in shown
