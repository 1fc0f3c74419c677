import json

from shared.course.export.site import build_site
from shared.course.export.ways import list_ways
from shared.course.model import Course, PathwayModuleEntry
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
    offers = site["index.html"].decode().split("data-choose=")[1:]
    assert ["Only here: 作业と運用<" in offer for offer in offers] == [True, False, False]
    assert ["Only here" in offer for offer in offers] == [True, False, False]
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
        assert f'[data-held]:not([data-held~="{key}"])' in rules


def test_a_pathway_that_nobody_has_written_is_an_offer(course: Course) -> None:
    one = course.model_copy(update={"modules": course.modules[:1]})
    page = read_page(build_site(one, read_raw, {})["index.html"])
    assert "Other ways through the material" in page.text
    assert not [link for link in page.all("a") if link.get("data-choose") == "complete"]


def test_a_long_way_is_divided_by_the_parts_of_the_author(course: Course) -> None:
    modules = [
        course.modules[number % 2].model_copy(update={"id": f"m{number}", "order": number + 1}) for number in range(14)
    ]
    entries = [
        PathwayModuleEntry(
            id=module.id, title=module.title, part="First steps" if at < 7 else "Server", sections=[], document_ids=[]
        )
        for at, module in enumerate(modules)
    ]
    pathway = course.pathways[0].model_copy(update={"modules": entries})
    long = course.model_copy(update={"modules": modules, "pathways": [pathway], "concepts": []})
    (way,) = list_ways(long)
    assert [(group.title, len(group.steps)) for group in way.groups] == [("First steps", 7), ("Server", 7)]
    same = [entry.model_copy(update={"part": ""}) for entry in entries]
    (way,) = list_ways(long.model_copy(update={"pathways": [pathway.model_copy(update={"modules": same})]}))
    first, second = (module.title for module in modules[:2])
    assert [(group.title, len(group.steps)) for group in way.groups] == [(first, 7), (second, 7)]


def test_what_parts_do_not_divide_is_called_after_what_it_holds(course: Course) -> None:
    modules = [
        course.modules[0].model_copy(update={"id": f"m{at}", "title": f"T{at}", "order": at + 1}) for at in range(14)
    ]
    parts = ["", "", "Lone", "", *["Server"] * 5, "", "Pair", "Pair", "", ""]
    entries = [
        PathwayModuleEntry(id=module.id, title=module.title, part=part, sections=[], document_ids=[])
        for module, part in zip(modules, parts, strict=True)
    ]
    pathway = course.pathways[0].model_copy(update={"modules": entries})
    (way,) = list_ways(course.model_copy(update={"modules": modules, "pathways": [pathway], "concepts": []}))
    assert [(group.title, len(group.steps)) for group in way.groups] == [("T0 – T3", 4), ("Server", 5), ("T9 – T13", 5)]


def test_a_page_of_a_large_course_names_the_modules_of_its_own_group(course: Course) -> None:
    modules = [
        course.modules[2].model_copy(update={"id": f"m{at}", "title": f"Part {at}", "order": at + 1, "recall": []})
        for at in range(250)
    ]
    entries = [PathwayModuleEntry(id=one.id, title=one.title, sections=[], document_ids=[]) for one in modules]
    way = course.pathways[0].model_copy(update={"modules": entries})
    large = course.model_copy(update={"modules": modules, "pathways": [way], "concepts": []})
    site = build_site(large, read_raw, {})
    page = read_page(site["modules/007-part-6.html"])
    listed = [found["data-module"] for found in page.all("li") if "data-number" in found]
    assert listed == [f"m{at}" for at in range(10)]
    groups = [link["href"] for link in page.all("a") if "#group-" in link["href"]]
    assert groups == [f"../index.html#group-complete-{at}" for at in range(2, 26)]
    assert {f"group-complete-{at}" for at in range(1, 26)} <= set(read_page(site["index.html"]).ids)
    steps = json.loads(site["ways.js"].decode().removeprefix("window.courseWays = ").rstrip(";\n"))
    assert [one for one, _ in steps["complete"]] == [one.id for one in modules]
    assert all(href in site for _, href in steps["complete"])
