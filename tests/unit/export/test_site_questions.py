import json

from shared.course.export.lesson_html import PageLinks
from shared.course.export.site import build_site
from shared.course.export.site.questions import build_question
from shared.course.model import Course
from tests.support.course_fixture import build_course
from tests.support.course_sources import read_raw
from tests.support.pages import Page, read_page

_FIRST = "modules/01-your-first-queue.html"
_SECOND = "modules/02-leases-retries-safely.html"
_THIRD = "modules/03-madmin.html"


def test_every_kind_of_item_can_be_answered_and_read_without_a_script(course: Course, pages: dict[str, Page]) -> None:
    for module, name in zip(course.modules, (_FIRST, _SECOND, _THIRD), strict=True):
        page = pages[name]
        asked = [found for found in page.all("article") if "data-question" in found]
        shown = {found["data-question"]: found for found in asked if found["id"].startswith("item-")}
        assert list(shown) == [item.id for item in module.assessment]
        for item in module.assessment:
            assert shown[item.id]["data-kind"] == item.kind
            assert json.loads(shown[item.id]["data-key"]) == item.key
        assert len(page.all("details", **{"class": "answer"})) == len(module.assessment) + len(module.recall)


def test_a_matching_question_offers_every_text_for_every_name(site: dict[str, bytes], pages: dict[str, Page]) -> None:
    lists = [found for found in pages[_SECOND].all("select") if "data-term" in found]
    assert [found["data-term"] for found in lists] == ["o1", "o2", "o3"]
    labels = {found["for"] for found in pages[_SECOND].all("label") if "for" in found}
    assert {found["id"] for found in lists} <= labels
    question = site[_SECOND].decode().partition('id="item-i8"')[2].partition("</article>")[0]
    assert question.count('<option value="o5">B: how long a worker may hold a job</option>') == 3
    answer = question.partition('class="answer"')[2]
    assert "<dt><code>lease_seconds</code></dt><dd>how long a worker may hold a job</dd>" in answer


def test_an_ordering_question_names_the_other_orders_that_are_right(site: dict[str, bytes]) -> None:
    question = site[_SECOND].decode().partition('id="item-i5"')[2].partition("</article>")[0]
    assert "Also right: B → A → D → C" in question


def test_an_answer_says_of_each_option_what_it_is_with_its_lines(site: dict[str, bytes]) -> None:
    answer = (
        site[_FIRST].decode().partition('id="item-i1"')[2].partition('class="answer"')[2].partition("</article>")[0]
    )
    assert '<div class="feedback" data-for="o1">' in answer
    told = answer.partition('data-for="o1">')[2].partition('class="feedback"')[0]
    assert "No: it gives the oldest job." in told
    assert 'href="#cite-c7"' in told
    assert 'data-for="o3"' not in answer


def test_an_explanation_that_the_feedback_gives_is_not_said_twice(course: Course) -> None:
    item = course.modules[0].assessment[0].model_copy(update={"explanation": "the example puts a `resize` job."})
    module = course.modules[0].model_copy(update={"assessment": [item]})
    pages = build_site(course.model_copy(update={"modules": [module]}), read_raw, {})
    question = pages[_FIRST].decode().partition('class="answer"')[2].partition("</details>")[0]
    assert question.count("resize") == 1


def test_a_module_opens_with_the_items_it_recalls(site: dict[str, bytes], pages: dict[str, Page]) -> None:
    text = site[_SECOND].decode()
    assert text.index("Do you remember?") < text.index('id="recall-i1"') < text.index("A worker may die")
    recalled = text.partition('id="recall-i1"')[2].partition("</article>")[0]
    assert 'data-question="mleases/i1"' in recalled
    assert f'<a href="../{_FIRST}">Your first queue</a>' in recalled
    held = text.partition('aria-labelledby="page-recall" data-held="')[2].partition('"')[0]
    assert "complete" in held.split()
    assert "cite-c6" in pages[_SECOND].ids


def test_a_module_says_what_it_leaves_out_and_why(course: Course, site: dict[str, bytes]) -> None:
    section = site[_SECOND].decode().partition('id="page-left-out"')[2].partition("</section>")[0]
    commit = course.sources[0].commit
    assert f'href="https://github.com/example/tidepool/blob/{commit}/docs/admin.rst">Command line</a>' in section
    assert "for the project&#39;s makers" in section
    assert 'id="page-left-out"' not in site[_FIRST].decode()


def test_a_gloss_is_a_link_to_the_home_with_the_meaning_as_title(pages: dict[str, Page]) -> None:
    found = pages[_SECOND].all("a", **{"class": "gloss"})
    assert [(link["href"], link["title"]) for link in found] == [
        ("01-your-first-queue.html#put-and-take", "A job is a plain dictionary.")
    ]


def test_steps_that_are_stored_in_order_are_not_shown_in_order() -> None:
    course = build_course()
    item = course.modules[1].assessment[0]
    order = item.groups[0]
    ordered = item.model_copy(update={"options": sorted(item.options, key=lambda option: order.index(option.id))})
    module = course.modules[1].model_copy(update={"assessment": [ordered]})
    page = read_page(
        build_site(course.model_copy(update={"modules": [module]}), read_raw, {})[
            "modules/02-leases-retries-safely.html"
        ]
    )
    shown = [found["data-option"] for found in page.all("li") if "data-option" in found]
    assert sorted(shown) == sorted(order)
    assert shown not in item.groups


def test_a_reader_says_what_a_concept_is_before_its_gloss_is_open(site: dict[str, bytes]) -> None:
    closed = (
        '<details class="card" data-card="concept-kjob"><summary>Job</summary>\n  <p>A job is a plain dictionary.</p>'
    )
    own, later = (site[name].decode() for name in (_FIRST, _SECOND))
    assert closed in own.partition('id="page-concepts"')[2]
    assert closed in later.partition("It builds on this concept. Say what it is")[2].partition("A worker may die")[0]
    assert closed in site["recall.html"].decode()


def test_what_a_module_after_this_one_explains_was_not_met(course: Course) -> None:
    job, *others = course.concepts
    late = [job.model_copy(update={"module_id": course.modules[2].id}), *others]
    assert b"It builds on" not in build_site(course.model_copy(update={"concepts": late}), read_raw, {})[_SECOND]


def test_recall_shows_the_code_that_a_question_is_about(site: dict[str, bytes]) -> None:
    page = site["recall.html"].decode()
    entry = page.partition("What does the last line of this program print?")[2].partition("</li>")[0]
    assert '<figure class="code" data-language="python">' in entry
    assert "cite-" not in entry


def test_what_is_said_of_the_right_option_is_not_said_again_of_a_wrong_one() -> None:
    one = build_course().modules[0].assessment[0]
    says = {one.key[0]: "Right: it puts a job.", "o1": "No: it takes one."}
    options = [
        option.model_copy(update={"feedback": says.get(option.id, "No: it puts a job.")}) for option in one.options
    ]
    question = build_question(1, one.model_copy(update={"options": options}), PageLinks())
    assert sorted((choice.id, str(choice.feedback)) for choice in question.told) == sorted(says.items())
