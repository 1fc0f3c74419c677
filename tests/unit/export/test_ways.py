from dataclasses import replace

from shared.course.export.site import build_site
from shared.course.export.ways import list_ways
from shared.course.model import Course
from tests.support.course_sources import read_raw
from tests.support.pages import Page, read_page

_FIRST = "modules/01-your-first-queue.html"
_SECOND = "modules/02-leases-retries-safely.html"
_THIRD = "modules/03-madmin.html"


def test_the_front_page_offers_the_ways_with_their_hours(site: dict[str, bytes], pages: dict[str, Page]) -> None:
    page = pages["index.html"]
    assert [link["href"] for link in page.all("a") if "data-choose" in link] == [
        "#way-complete",
        "#way-quickstart",
        "#way-task",
    ]
    for words in ("2 h 5 min", "12 min", "A way through the documentation."):
        assert words in page.text
    lists = {found["data-way"] for found in page.all("section") if "data-way" in found}
    assert lists == {"complete", "quickstart", "task"}


def test_next_follows_each_way(site: dict[str, bytes]) -> None:
    text = site[_SECOND].decode()
    complete = text.partition('data-way="complete">\n  <a class="way before"')[2].partition("</nav>")[0]
    assert f'rel="next" href="../{_THIRD}"' in complete
    task = text.partition('data-way="task">\n  <a class="way before"')[2].partition("</nav>")[0]
    assert "That was the last one" in task


def test_every_way_is_shown_alone_once_it_is_chosen(site: dict[str, bytes]) -> None:
    rules = site["ways.css"].decode()
    for key in ("complete", "quickstart", "task"):
        assert f':root[data-chosen="{key}"] [data-way]:not([data-way="{key}"])' in rules


def test_a_pathway_that_nobody_has_written_is_an_offer(course: Course) -> None:
    one = course.model_copy(update={"modules": course.modules[:1]})
    page = read_page(build_site(one, read_raw, {})["index.html"])
    assert "Other ways through the material" in page.text
    assert not [link for link in page.all("a") if link.get("data-choose") == "complete"]


def test_a_long_way_is_divided_by_folders(course: Course) -> None:
    modules = [
        course.modules[number % 2].model_copy(update={"id": f"m{number}", "order": number + 1, "document_ids": ["x"]})
        for number in range(14)
    ]
    documents = [
        replace(course.documents[0], id="x", path="docs/first-steps/a.md"),
        replace(course.documents[0], id="y", path="docs/server/b.md"),
    ]
    modules[7:] = [module.model_copy(update={"document_ids": ["y"]}) for module in modules[7:]]
    long = course.model_copy(update={"modules": modules, "pathways": [], "documents": documents, "concepts": []})
    (way,) = list_ways(long)
    assert [(group.title, len(group.steps)) for group in way.groups] == [("First steps", 7), ("Server", 7)]
