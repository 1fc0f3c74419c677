import json
import posixpath
import re
from html import unescape
from urllib.parse import unquote

import pytest

from shared.course.export.site import build_site
from shared.course.model import Course, Module, PathwaySection
from tests.support.course_sources import FILES, PICTURES, PNG_NAME, SVG_NAME, read_raw
from tests.support.pages import Page, read_page

_FIRST = "modules/01-your-first-queue.html"
_SECOND = "modules/02-leases-retries-safely.html"
_THIRD = "modules/03-madmin.html"


def _addresses(page: Page) -> list[tuple[str, str]]:
    """(tag, address) of everything on a page that leads or loads."""
    return [
        (tag, attributes[name])
        for tag, attributes in page.elements
        for name in ("href", "src", "srcset", "action", "poster", "data")
        if name in attributes
    ]


def test_the_site_has_a_page_for_each_module_and_those_around_them(pages: dict[str, Page]) -> None:
    around = {"index.html", "recall.html", "glossary.html", "map.html", "sources.html", "quality.html"}
    assert set(pages) == around | {_FIRST, _SECOND, _THIRD}


def test_every_tag_closes_and_no_id_stands_twice(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert page.faults == [], name
        assert len(set(page.ids)) == len(page.ids), name


def test_every_link_resolves_within_the_site(site: dict[str, bytes], pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        for _, address in _addresses(page):
            if address.startswith("https://"):
                continue
            path, _, fragment = address.partition("#")
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(path))) if path else name
            assert target in site, (name, address)
            assert not fragment or unquote(fragment) in pages[target].ids, (name, address)


def test_nothing_is_loaded_from_elsewhere(pages: dict[str, Page], site: dict[str, bytes]) -> None:
    for name, page in pages.items():
        for tag, address in _addresses(page):
            assert tag == "a" or "//" not in address, (name, tag, address)
    for name, data in site.items():
        if name.endswith((".css", ".js")) and name != "search-index.js":
            assert not re.search(rb"https?:|url\((?!\")", data), name


def test_no_page_has_script_style_or_handlers_of_its_own(pages: dict[str, Page]) -> None:
    for name, page in pages.items():
        assert all(found.get("src") for found in page.all("script")), name
        assert not page.all("style"), name
        for tag, attributes in page.elements:
            assert not [key for key in attributes if key.startswith("on") or key == "style"], (name, tag)


def test_every_page_states_a_policy_that_lets_only_its_own_files_in(pages: dict[str, Page]) -> None:
    for page in pages.values():
        policy = page.all("meta", **{"http-equiv": "Content-Security-Policy"})[0]["content"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "http" not in policy


def test_every_citation_mark_leads_to_the_cited_lines(course: Course, pages: dict[str, Page]) -> None:
    for module, name in zip(course.modules, (_FIRST, _SECOND, _THIRD), strict=True):
        page = pages[name]
        marks = {a["href"] for a in page.all("a") if a["href"].startswith("#cite-")}
        assert marks <= {f"#{id_}" for id_ in page.ids}
        assert {f"cite-{citation.id}" for citation in module.citations} <= set(page.ids)


def test_the_cited_lines_stand_on_the_page_once_with_those_around_them(site: dict[str, bytes]) -> None:
    page = site[_SECOND].decode()
    entry = page.partition('id="cite-c12"')[2].partition(">")[0]
    where, first, last = re.findall(r'data-(?:lines|first|last)="([\w-]+)"', entry)
    lines = FILES["docs/leases.md"].decode().split("\n")
    start = next(number for number, line in enumerate(lines, start=1) if line.startswith("| option"))
    assert (int(first), int(last)) == (start, start + 4)
    listed = page.partition(f'<ol class="lines" id="{where}">')[2].partition("</ol>")[0]
    shown = {int(at): unescape(text) for at, text in re.findall(r'value="(\d+)".*?<code>(.*?)</code></li>', listed)}
    assert len(shown) == listed.count("<li ")
    assert all(lines[number - 1] == text for number, text in shown.items())
    assert set(range(max(1, start - 6), min(start + 4 + 6, len(lines) - 1) + 1)) <= set(shown)
    assert f'id="{where}-{start}"' in listed


NAMES = ("Tidepool", "A first queue", "a first Queue", "A First Queue", "A first QUEUE", "A FIRST QUEUE")
"""Headings that differ in capitals alone: the first of them counts, whatever order a set has."""


def test_a_passage_names_the_headings_it_stands_under(course: Course) -> None:
    known = (
        course.pathways[0]
        .modules[0]
        .model_copy(update={"sections": [PathwaySection(document_id="d1", heading=name) for name in NAMES]})
    )
    pathway = course.pathways[0].model_copy(update={"modules": [known]})
    site = build_site(course.model_copy(update={"pathways": [pathway]}), FILES.__getitem__, {})
    entry = site[_FIRST].decode().partition('id="cite-c8"')[2].partition("</li>\n")[0]
    assert re.findall(r'passage-headings">(.*?)</p>', entry) == ["Tidepool › A first queue"]


def test_a_passage_leads_to_the_host_at_the_commit(course: Course, pages: dict[str, Page]) -> None:
    commit = course.sources[0].commit
    address = f"https://github.com/example/tidepool/blob/{commit}/docs/start.md?plain=1#L3"
    assert pages[_FIRST].all("a", href=address)


def test_a_local_source_has_no_host_to_lead_to(course: Course) -> None:
    local = course.model_copy(update={"sources": [course.sources[0].model_copy(update={"url": "local:abc"})]})
    pages = {n: read_page(d) for n, d in build_site(local, read_raw, {}).items() if n.endswith(".html")}
    outside = {a for page in pages.values() for _, a in _addresses(page) if a.startswith("https:")}
    assert outside == {"https://example.org/tidepool"}


def test_marks_are_numbered_in_the_order_of_reading(pages: dict[str, Page]) -> None:
    numbers = [
        int(a["aria-label"].split()[1]) for a in pages[_FIRST].all("a") if "aria-label" in a and "cite" in a["href"]
    ]
    first_seen = list(dict.fromkeys(numbers))
    assert first_seen == sorted(first_seen)
    assert first_seen[0] == 1


def test_an_incomplete_module_says_what_it_lacks(pages: dict[str, Page]) -> None:
    assert "The document shows no code." in pages[_THIRD].text
    front = " ".join(pages["index.html"].text.split())
    assert "This course is incomplete. 1 of 3 modules did not pass every check:" in front
    assert "The document shows no code." in front


def test_the_front_page_says_how_the_course_was_made(pages: dict[str, Page]) -> None:
    front = " ".join(pages["index.html"].text.split())
    assert "by a program, without a language model. " in front


def test_a_long_list_of_incomplete_modules_is_folded(course: Course) -> None:
    modules = [course.modules[2].model_copy(update={"id": f"m{n}", "order": n + 1}) for n in range(6)]
    for count, folded in ((5, False), (6, True)):
        some = course.model_copy(update={"modules": modules[:count], "pathways": []})
        page = build_site(some, read_raw, {})["index.html"]
        assert (b"Which, and what they lack" in page) == folded
        assert read_page(page).faults == []


def test_a_complete_course_is_not_called_incomplete(course: Course) -> None:
    whole = course.model_copy(update={"modules": course.modules[:2]})
    site = build_site(whole, read_raw, PICTURES)
    assert not [name for name, data in site.items() if name.endswith(".html") and b"ncomplete" in data]


def test_problems_are_told_in_words_without_the_names_of_checks(course: Course) -> None:
    problems = ["Q3: not in the cited lines: v2", "L1: no such heading: #a", "The model refused"]
    module = course.modules[0].model_copy(update={"status": "incomplete", "problems": problems})
    site = build_site(course.model_copy(update={"modules": [module]}), read_raw, {})
    for name in (_FIRST, "index.html"):
        text = read_page(site[name]).text
        assert "A name, a number or a quotation is not in the cited lines (not in the cited lines: v2)." in text
        assert "A link or a picture leads nowhere (no such heading: #a)." in text
        assert "The model refused." in text
        assert "Q3" not in text


def test_a_course_without_concepts_has_no_glossary(course: Course) -> None:
    site = build_site(course.model_copy(update={"concepts": []}), read_raw, {})
    assert "glossary.html" not in site
    assert b"glossary.html" not in b"".join(data for name, data in site.items() if name.endswith((".html", ".js")))


def test_answers_for_paper_are_those_of_the_questions(course: Course, site: dict[str, bytes]) -> None:
    printed = site[_FIRST].decode().partition('<section class="printed-answers"')[2].partition("</section>")[0]
    assert printed.count("<h3") == len(course.modules[0].assessment)
    for item in course.modules[0].assessment:
        assert item.explanation.replace("`", "").split(":")[0] in re.sub(r"<[^>]*>", "", printed)


def test_titles_are_text_whatever_they_hold(site: dict[str, bytes], pages: dict[str, Page]) -> None:
    assert b"<safely>" not in site["index.html"]
    assert "Leases & retries <safely>" in pages["index.html"].text


def test_documents_that_were_left_out_say_why(pages: dict[str, Page]) -> None:
    assert "CHANGES.md" in pages["sources.html"].text
    assert "changelog" in pages["sources.html"].text


def test_a_section_that_another_module_tells_leads_to_that_module(pages: dict[str, Page]) -> None:
    assert "Workers docs/leases.md: told in Your first queue" in pages[_SECOND].text


def test_documents_of_which_parts_were_left_out_say_which(pages: dict[str, Page]) -> None:
    assert "line 9: the directive '<b>' was left out" in pages["sources.html"].text


def test_a_description_that_the_lesson_begins_with_stands_once(course: Course) -> None:
    first = course.modules[0].model_copy(update={"description": "A queue is an ordered list of jobs."})
    text = "A **queue** is an ordered list of jobs. It keeps them."
    for opening, count in ((text, 0), ("Queues.", 1)):
        module = first.model_copy(update={"introduction": opening})
        page = build_site(course.model_copy(update={"modules": [module, *course.modules[1:]]}), read_raw, {})[_FIRST]
        assert len(read_page(page).all("p", **{"class": "lead"})) == count


def test_the_glossary_names_the_module_that_introduces_a_concept(pages: dict[str, Page]) -> None:
    page = pages["glossary.html"]
    assert "concept-klease" in page.ids
    assert page.all("a", href=_SECOND)
    assert "Not taught in a module of its own." in page.text
    assert "Builds on Job." in page.text


def test_pictures_travel_and_drawings_are_harmless(site: dict[str, bytes]) -> None:
    assert site[PNG_NAME] == PICTURES[PNG_NAME]
    assert b"alert" not in site[SVG_NAME]
    assert b"<rect" in site[SVG_NAME]


def test_a_picture_keeps_its_room_free(pages: dict[str, Page]) -> None:
    assert pages[_FIRST].all("img", width="320", height="96")


def test_a_picture_that_is_not_given_is_not_linked(course: Course) -> None:
    page = read_page(build_site(course, read_raw, {})[_FIRST])
    assert not page.all("img")
    assert "A job is put, leased, and done" in page.text


def test_the_course_itself_lies_beside_its_pages(course: Course, site: dict[str, bytes]) -> None:
    assert Course.model_validate_json(site["course.json"]) == course


def test_figures_are_shown_in_words_and_never_rounded_up(course: Course) -> None:
    share = {"what": "Sections taught whole", "value": 0.9997, "numerator": 9997, "denominator": 10000}
    quality = {"K1": {"whole": share | {"target": ">= 90 %", "ok": True}}}
    site = build_site(course.model_copy(update={"quality": quality}), read_raw, {})
    for name in ("quality.html", "index.html"):
        text = read_page(site[name]).text
        assert "Sections taught whole" in text
        assert "9,997 of 10,000" in text
    assert "99.9 %" in read_page(site["quality.html"]).text
    assert "What is not checked" in read_page(site["quality.html"]).text


@pytest.mark.parametrize(("mean", "said"), [(0.0, True), (0.1, False)])
def test_rules_that_find_nothing_do_not_make_a_question_well_written(course: Course, mean: float, said: bool) -> None:
    quality = {"Q10": {"mean": {"what": "Flaws of writing per item", "value": mean, "target": "<= 0.2", "ok": True}}}
    page = read_page(build_site(course.model_copy(update={"quality": quality}), read_raw, {})["quality.html"])
    assert ("No known flaw of writing found" in page.text) == said
    assert "well written" not in page.text


def test_a_course_of_nothing_still_makes_a_site(course: Course) -> None:
    bare = course.model_copy(update={"modules": [], "concepts": [], "pathways": [], "documents": [], "description": ""})
    site = build_site(bare, read_raw, {})
    assert read_page(site["index.html"]).faults == []


@pytest.mark.parametrize("field", ["title", "description", "introduction", "main_content", "conclusion", "summary"])
def test_hostile_text_in_any_field_makes_no_element(course: Course, field: str) -> None:
    hostile = "\"><script>alert(1)</script><img src=x onerror=alert(1)>' [x](javascript:alert(1))"
    module: Module = course.modules[0].model_copy(update={field: hostile})
    changed = course.model_copy(update={"modules": [module], "title": hostile, "description": hostile})
    for name, data in build_site(changed, read_raw, {}).items():
        if not name.endswith(".html"):
            continue
        page = read_page(data)
        assert page.faults == [], name
        assert all("src" in found for found in page.all("script")), name
        assert not page.all("img"), name
        assert not [a for _, a in _addresses(page) if a.lower().startswith("javascript")], name


def test_control_characters_of_a_source_do_not_reach_the_page(course: Course) -> None:
    spoiled = dict(FILES)
    spoiled["docs/start.md"] = FILES["docs/start.md"].replace(b"lives in one file", b"lives\x00in\x1bone file")
    page = build_site(course, spoiled.__getitem__, {})[_FIRST]
    assert b"\x00" not in page
    assert "lives␀in␛one file".encode() in page


def test_search_rows_lead_to_places_that_exist(site: dict[str, bytes], pages: dict[str, Page]) -> None:
    source = site["search-index.js"].decode()
    rows = json.loads(source.removeprefix("window.courseIndex = ").removesuffix(";\n"))["rows"]
    for href, _, _, _ in rows:
        path, _, fragment = href.partition("#")
        assert not fragment or fragment in pages[path].ids, href
    texts = {heading: text for _, _, heading, text in rows}
    assert texts["Put and take"].startswith("A queue is an ordered list of jobs. A job is a plain dictionary.")
    assert "[^" not in source


def test_a_search_shows_text_as_it_reads_around_marks_of_emphasis_and_links(course: Course) -> None:
    text = "## Pipes\n\nUse [`a.pipe()`](https://x.example), or\n**both**, once."
    module = course.modules[0].model_copy(update={"main_content": text})
    index = build_site(course.model_copy(update={"modules": [module]}), read_raw, {})["search-index.js"].decode()
    assert "Use a.pipe(), or both, once." in index


def test_the_glossary_gives_the_gloss_and_folds_its_lines(course: Course, pages: dict[str, Page]) -> None:
    page = pages["glossary.html"]
    assert "A queue is an ordered list of jobs." in page.text
    assert "“Put and take”" in page.text
    opened = [details for details in page.all("details") if "open" in details]
    assert len(opened) == sum(not concept.gloss for concept in course.concepts)
