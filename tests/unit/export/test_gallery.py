"""The gallery shows each component as a course's pages have it."""

from shared.look.gallery import build_gallery
from tests.support.pages import read_page


def test_the_gallery_shows_questions_and_cited_lines() -> None:
    page = read_page(build_gallery()["gallery.html"])
    assert [found["data-kind"] for found in page.all("article") if "data-kind" in found] == [
        "single_choice", "short_answer", "ordering",
    ]  # fmt: skip
    assert "A queue is an ordered list of jobs." in page.text
