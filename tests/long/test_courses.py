"""A page of marks becomes a course in a few seconds: analysed, taught, judged and measured."""

import pytest

from tests.long.search import Search
from tests.support.whole_course import make_courses, teach
from tests.unit.docs.grammars import GRAMMARS

pytestmark = [pytest.mark.long, pytest.mark.timeout(0)]

_BEGINNINGS = {
    "a.md": "# Widget\n\nThe widget is a tool that says hello to you.\n\n",
    "a.rst": "Widget\n======\n\nThe widget is a tool that says hello to you.\n\n",
    "a.adoc": "= Widget\n\nThe widget is a tool that says hello to you.\n\n",
}
_SECONDS = 5.0


@pytest.mark.parametrize("path", _BEGINNINGS)
def test_a_course_of_marks(path: str, search: Search) -> None:
    def work(text: str) -> None:
        taught = teach({path: f"{_BEGINNINGS[path]}{text}".encode()})
        if taught.analyses:
            make_courses(taught)

    assert search.slow(path, work, GRAMMARS[path], _SECONDS) == []
