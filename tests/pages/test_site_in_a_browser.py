"""The actions of a reader of the site, done in a real browser on files opened from the disk."""

import json
from pathlib import Path

import pytest

from tests.pages.browser import Browser, Tab

pytestmark = pytest.mark.pages

_FIRST = "modules/01-your-first-queue.html"
_SECOND = "modules/02-leases-retries-safely.html"
_PAGES = [
    "index.html",
    _FIRST,
    _SECOND,
    "modules/03-madmin.html",
    "recall.html",
    "glossary.html",
    "sources.html",
    "quality.html",
]
_CARD = "#cw-passage"


def _open(tab: Tab, site: Path, page: str) -> None:
    tab.go((site / page).as_uri())


@pytest.mark.parametrize("page", _PAGES)
def test_a_page_works_from_the_disk_and_asks_nobody(browser: Browser, site: Path, page: str) -> None:
    with browser.open_page() as tab:
        _open(tab, site, page)
        assert tab.faults() == []
        assert all(url.startswith(site.as_uri()) for url in tab.requested())
        assert tab.evaluate("document.fonts.ready.then(() => document.fonts.check('16px \"Source Serif 4\"'))")


@pytest.mark.parametrize("page", _PAGES)
@pytest.mark.parametrize("width", [320, 375, 768, 1024, 1440])
def test_no_page_is_wider_than_its_window(browser: Browser, site: Path, page: str, width: int) -> None:
    with browser.open_page(width=width) as tab:
        _open(tab, site, page)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width


def test_lines_of_prose_are_of_a_readable_length(browser: Browser, site: Path) -> None:
    with browser.open_page(width=1440) as tab:
        _open(tab, site, _FIRST)
        per_line = tab.evaluate(
            """(() => {
                const prose = document.querySelector(".prose:not(.introduction) > p");
                const probe = document.createElement("span");
                probe.textContent = "the quick brown fox jumps over the lazy dog and goes on ".repeat(4);
                probe.style.whiteSpace = "nowrap";
                prose.append(probe);
                return prose.clientWidth / (probe.getBoundingClientRect().width / probe.textContent.length);
            })()"""
        )
        assert 60 <= per_line <= 82


def test_a_right_answer_is_praised_explained_and_remembered(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        _open(tab, site, _FIRST)
        tab.click("#item-i1 li[data-option=o2] label")
        tab.click("#item-i1 button[type=submit]")
        assert tab.text("#item-i1 .verdict") == "Correct."
        assert "The example calls" in tab.text("#item-i1 .answer")
        _open(tab, site, _FIRST)
        assert tab.text("#item-i1 .verdict") == "Correct."
        assert tab.evaluate("document.querySelector('#item-i1 input[value=o2]').checked")


def test_a_wrong_answer_shows_the_right_one_and_can_be_tried_again(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        _open(tab, site, _FIRST)
        tab.click("#item-i1 li[data-option=o1] label")
        tab.click("#item-i1 button[type=submit]")
        assert tab.text("#item-i1 .verdict").startswith("Not quite. Try again")
        assert tab.evaluate("document.activeElement === document.querySelector('#item-i1 [data-again]')")
        assert tab.evaluate("document.querySelector('#item-i1 li[data-option=o1]').dataset.mark") == "wrong"
        assert not tab.evaluate("document.querySelector('#item-i1 li[data-option=o2]').dataset.mark")
        assert not tab.evaluate("document.querySelector('#item-i1 details.answer').open")
        tab.click("#item-i1 details.answer summary")
        tab.wait_until("document.querySelector('#item-i1 li[data-option=o2]').dataset.mark === 'right'")
        assert tab.text("#item-i1 .verdict") == "Not quite."
        tab.click("#item-i1 [data-again]")
        assert tab.text("#item-i1 .verdict") == ""
        assert not tab.evaluate("document.querySelector('#item-i1 input:checked')")
        _open(tab, site, _FIRST)
        assert tab.text("#item-i1 .verdict") == ""


def test_nothing_chosen_is_not_wrong(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        _open(tab, site, _FIRST)
        tab.click("#item-i2 button[type=submit]")
        assert tab.text("#item-i2 .verdict") == "Choose an answer first."
        assert not tab.evaluate("document.querySelector('#item-i2').dataset.result")


@pytest.mark.parametrize(
    ("page", "item", "typed", "verdict"),
    [
        (_FIRST, "i3", "dictionary", "Correct."),
        (_FIRST, "i3", "  DICT. ", "Correct."),
        (_FIRST, "i3", "‘dictionary’", "Correct."),
        (_FIRST, "i3", "list", "Not quite"),
        (_SECOND, "i7", "'30 seconds'", "Correct."),
        (_SECOND, "i7", "30seconds", "Not quite"),
    ],
)
def test_a_written_answer_may_differ_in_small_things(
    browser: Browser, site: Path, page: str, item: str, typed: str, verdict: str
) -> None:
    with browser.open_page() as tab:
        _open(tab, site, page)
        tab.click(f"#item-{item} input")
        tab.type(typed)
        tab.press("Enter")
        assert tab.text(f"#item-{item} .verdict").startswith(verdict)


def test_several_answers_must_all_be_chosen_and_no_other(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        _open(tab, site, _SECOND)
        tab.click("#item-i6 li[data-option=o1] label")
        tab.click("#item-i6 button[type=submit]")
        assert tab.text("#item-i6 .verdict").startswith("Not quite")
        tab.click("#item-i6 li[data-option=o2] label")
        tab.click("#item-i6 li[data-option=o3] label")
        tab.click("#item-i6 button[type=submit]")
        assert tab.text("#item-i6 .verdict").startswith("Not quite")
        tab.click("#item-i6 li[data-option=o3] label")
        tab.click("#item-i6 button[type=submit]")
        assert tab.text("#item-i6 .verdict") == "Correct."


def test_steps_are_put_in_order_with_the_keyboard(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        _open(tab, site, _SECOND)

        def move(option: str, by: int) -> None:
            tab.evaluate(f"document.querySelector('#item-i5 [data-option={option}] [data-move=\"{by}\"]').focus()")
            tab.press("Enter")

        move("o2", -1)
        move("o4", -1)
        move("o4", -1)
        assert tab.text("#item-i5 .verdict") == "Step D is now number 2."
        tab.click("#item-i5 button[type=submit]")
        assert tab.text("#item-i5 .verdict") == "Correct."


def test_another_order_that_is_right_is_right(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        _open(tab, site, _SECOND)
        tab.click("#item-i5 [data-option=o2] [data-move='-1']")
        tab.click("#item-i5 [data-option=o4] [data-move='-1']")
        tab.click("#item-i5 button[type=submit]")
        assert tab.text("#item-i5 .verdict") == "Correct."


def test_names_are_matched_with_the_keyboard_and_checked_one_by_one(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        _open(tab, site, _SECOND)
        tab.click("#item-i8 button[type=submit]")
        assert tab.text("#item-i8 .verdict") == "Choose a text for each name first."
        for term, letter in (("o1", "B"), ("o2", "A"), ("o3", "A")):
            tab.evaluate(f"document.querySelector('#item-i8 [data-term={term}]').focus()")
            tab.press(letter)
        tab.click("#item-i8 button[type=submit]")
        assert tab.text("#item-i8 .verdict").startswith("Not quite")
        marks = "[...document.querySelectorAll('#item-i8 li[data-option]')].map((one) => one.dataset.mark)"
        assert tab.evaluate(marks) == ["right", "wrong", "right"]
        _open(tab, site, _SECOND)
        assert tab.evaluate(marks) == ["right", "wrong", "right"]


def test_an_answer_says_in_each_option_what_it_is(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        _open(tab, site, _FIRST)
        assert "oldest job" not in tab.text("#item-i1 li[data-option=o1]")
        tab.click("#item-i1 li[data-option=o1] label")
        tab.click("#item-i1 button[type=submit]")
        assert "No: it gives the oldest job." in tab.text("#item-i1 li[data-option=o1]")
        described = "document.querySelector('#item-i1 input[value=o1]').getAttribute('aria-describedby')"
        assert "oldest job" in tab.evaluate(f"document.getElementById({described}).innerText")
        tab.click("#item-i1 [data-again]")
        assert "oldest job" not in tab.text("#item-i1 li[data-option=o1]")


def test_what_gives_the_right_answer_away_waits_for_the_answer(browser: Browser, site: Path) -> None:
    option = "#item-i1 li[data-option=o1]"
    with browser.open_page() as tab:
        _open(tab, site, _FIRST)
        right = tab.text("#item-i1 li[data-option=o2] .option-text")
        tab.evaluate(f"document.querySelector('#item-i1 [data-for=o1] > div').textContent = 'No: it is {right}.'")
        tab.click(f"{option} label")
        tab.click("#item-i1 button[type=submit]")
        assert right not in tab.text(option)
        tab.click("#item-i1 details.answer summary")
        tab.wait_until("document.querySelector('#item-i1 li[data-option=o2]').dataset.mark === 'right'")
        assert right in tab.text(option)


_QUIZ = "section.questions:not(.recall)"


def _answer_all_wrong(tab: Tab) -> None:
    """Option after option of each question, until the last one is wrong."""
    tab.evaluate(
        f"""(() => {{
            for (const question of document.querySelectorAll("{_QUIZ} [data-question]")) {{
                const key = JSON.parse(question.dataset.key);
                const text = question.querySelector("input[type=text]");
                const wrong = [...question.querySelectorAll("input[value]")].find((one) => !key.includes(one.value));
                if (text) text.value = "surely wrong";
                else if (wrong) wrong.checked = true;
                question.querySelector("form").requestSubmit();
            }}
        }})()"""
    )


def test_questions_give_a_score_and_the_missed_ones_are_tried_again(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        _open(tab, site, _FIRST)
        count = int(tab.evaluate(f"document.querySelectorAll('{_QUIZ} [data-question]').length"))
        tab.click("#item-i1 li[data-option=o2] label")
        tab.click("#item-i1 button[type=submit]")
        assert tab.text(f"{_QUIZ} [data-score]") == f"1 of {count} answered"
        assert not tab.is_shown(f"{_QUIZ} [data-missed]")
        _answer_all_wrong(tab)
        assert tab.text(f"{_QUIZ} [data-score]") == f"0 of {count} right"
        tab.click(f"{_QUIZ} [data-missed]")
        assert tab.evaluate(f"document.querySelectorAll('{_QUIZ} [data-result]').length") == 0
        assert tab.text(f"{_QUIZ} [data-score]") == ""
        assert tab.evaluate("document.activeElement.closest('[data-question]').id") == "item-i1"
        _answer_all_wrong(tab)
        tab.click(f"{_QUIZ} [data-reveal]")
        tab.wait_until(f"[...document.querySelectorAll('{_QUIZ} details.answer')].every((answer) => answer.open)")


_IN_DAYS = """(() => {
    const name = Object.keys(localStorage).find((key) => key.includes("/course/"));
    const kept = JSON.parse(localStorage.getItem(name));
    for (const card of Object.values(kept.reviews)) card.due = new Date(Date.now() - 1000).toISOString();
    localStorage.setItem(name, JSON.stringify(kept));
})()"""


def test_a_question_comes_back_when_its_time_has_come(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        _open(tab, site, _FIRST)
        tab.click("#item-i1 li[data-option=o2] label")
        tab.click("#item-i1 button[type=submit]")
        tab.wait_until("courseStore.review('i1')")
        first = tab.evaluate("courseStore.review('i1').scheduled_days")
        assert first >= 1
        tab.click("#item-i1 button[type=submit]")
        assert tab.evaluate("courseStore.review('i1').reps") == 1, "practice before its time plans nothing"
        _open(tab, site, "recall.html")
        assert tab.text("#cw-due").startswith("Nothing today. The next one comes on")
        tab.evaluate(_IN_DAYS)
        _open(tab, site, "recall.html")
        assert tab.text("#cw-due") == "1 to recall:"
        assert tab.text("[data-due-count]").strip() == "(1)"
        tab.browser.events.clear()
        tab.click("#cw-due-list a")
        tab.wait_for_load()
        assert tab.evaluate("location.hash") == "#item-i1"
        assert tab.text("#item-i1 .verdict") == "It is time to answer this again."
        tab.click("#item-i1 li[data-option=o2] label")
        tab.click("#item-i1 button[type=submit]")
        tab.wait_until("courseStore.review('i1').reps === 2")
        assert tab.evaluate("courseStore.review('i1').scheduled_days") >= first
        assert tab.text("[data-due-count]") == ""


def test_a_concept_comes_back_sooner_when_the_reader_did_not_know_it(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        _open(tab, site, _FIRST)
        for name, knew in (("kjob", "yes"), ("kqueue", "")):
            tab.click(f"[data-card=concept-{name}] > summary")
            tab.click(f"[data-card=concept-{name}] [data-knew='{knew}']")
            tab.wait_until(f"courseStore.review('concept-{name}')")
        days = "courseStore.review('concept-{}').scheduled_days"
        assert tab.evaluate(days.format("kjob")) > tab.evaluate(days.format("kqueue")) >= 1
        assert tab.text("[data-card=concept-kjob] [role=status]").startswith("It comes back on ")
        tab.evaluate(_IN_DAYS)
        _open(tab, site, "recall.html")
        assert tab.text("#cw-due") == "2 to recall:"
        tab.click("#cw-due-list [data-card=concept-kqueue] > summary")
        tab.click("#cw-due-list [data-card=concept-kqueue] [data-knew=yes]")
        tab.wait_until("document.getElementById('cw-due').innerText === '1 to recall:'")


def test_what_was_done_is_carried_to_another_browser(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        _open(tab, site, _FIRST)
        tab.click("#cw-done")
        tab.click("#item-i1 li[data-option=o2] label")
        tab.click("#item-i1 button[type=submit]")
        tab.wait_until("courseStore.review('i1')")
        saved = tab.evaluate("courseStore.save()")
        other = saved.replace('"course":"', '"course":"another-')
    with browser.open_page() as tab:
        _open(tab, site, "recall.html")
        add = """(async (text) => {
            const files = new DataTransfer();
            files.items.add(new File([text], "course-progress.json"));
            const input = document.getElementById("cw-merge");
            input.files = files.files;
            input.dispatchEvent(new Event("change"));
        })"""
        tab.evaluate(f"{add}({json.dumps(other)})")
        tab.wait_until("document.getElementById('cw-merged').innerText === 'The file is of another course.'")
        assert tab.text("#cw-progress") == "0 of 3 modules done"
        tab.evaluate(f"{add}({json.dumps(saved)})")
        tab.wait_until("document.getElementById('cw-merged').innerText === 'Added.'")
        assert tab.text("#cw-progress") == "1 of 3 modules done"
        _open(tab, site, _FIRST)
        assert tab.text("#item-i1 .verdict") == "Correct."


def test_a_recalled_question_is_answered_anew(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        _open(tab, site, _FIRST)
        tab.click("#item-i1 li[data-option=o2] label")
        tab.click("#item-i1 button[type=submit]")
        _open(tab, site, _SECOND)
        assert tab.text("#recall-i1 .verdict") == ""
        assert not tab.evaluate("document.querySelector('#recall-i1 input:checked')")


def test_the_chosen_way_is_followed_and_can_be_changed(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        _open(tab, site, "index.html")
        assert tab.text("#cw-progress") == "0 of 3 modules done"
        tab.click("[data-choose=task]")
        assert tab.text("#cw-progress") == "0 of 1 module done"
        assert tab.is_shown("#way-task")
        assert not tab.is_shown("#way-complete")
        _open(tab, site, _SECOND)
        assert tab.text(".eyebrow").startswith("Module 1 of 1")
        assert not tab.is_shown("[rel=next]")
        tab.evaluate("document.querySelector('#cw-way').focus()")
        tab.press("E")
        tab.wait_until("document.documentElement.dataset.chosen === 'complete'")
        assert tab.text(".eyebrow").startswith("Module 2 of 3")
        assert tab.is_shown("[rel=next]")
        _open(tab, site, "index.html")
        assert tab.text("#cw-progress") == "0 of 3 modules done"


def test_a_citation_mark_opens_the_cited_lines(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        _open(tab, site, _FIRST)
        tab.click("sup.mark a[href='#cite-c8']")
        assert "docs/start.md, line 31" in tab.text(_CARD)
        assert tab.text(f"{_CARD} .cited").startswith("When the block ends, the job is removed.")
        assert tab.evaluate(f"document.querySelectorAll('{_CARD} .lines li').length") >= 7
        assert tab.text("#cw-passage-headings") == "Tidepool"
        assert "docs/start.md?plain=1#L31" in tab.evaluate(f"document.querySelector('{_CARD} a').href")
        assert tab.evaluate(f"document.activeElement === document.querySelector('{_CARD}')")
        tab.press("Escape")
        assert not tab.is_shown(_CARD)
        assert tab.evaluate("document.activeElement.getAttribute('href')") == "#cite-c8"


def test_a_citation_mark_works_with_the_keyboard_alone(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        _open(tab, site, _FIRST)
        tab.evaluate("document.querySelector(\"sup.mark a[href='#cite-c2']\").focus()")
        tab.press("Enter")
        assert "It needs no server" in tab.text(_CARD)
        tab.press("Escape")
        assert not tab.is_shown(_CARD)


def test_a_citation_mark_takes_a_finger_beside_it(browser: Browser, site: Path) -> None:
    beside = """(() => {
        const mark = document.querySelector(".prose sup.mark a");
        mark.scrollIntoView({block: "center", behavior: "instant"});
        const box = mark.getBoundingClientRect();
        const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
        return [[-11, 0], [0, -15], [0, 15]].map(([dx, dy]) => document.elementFromPoint(x + dx, y + dy) === mark);
    })()"""
    with browser.open_page(width=390) as tab:
        tab.call("Emulation.setTouchEmulationEnabled", enabled=True)
        _open(tab, site, _FIRST)
        assert tab.evaluate(beside) == [True, True, True]


@pytest.mark.parametrize("width", [320, 1280])
def test_the_cited_lines_stay_inside_the_window(browser: Browser, site: Path, width: int) -> None:
    with browser.open_page(width=width) as tab:
        _open(tab, site, _FIRST)
        for position in range(int(tab.evaluate("document.querySelectorAll('.prose sup.mark a').length"))):
            tab.evaluate(f"document.querySelectorAll('.prose sup.mark a')[{position}].id = 'probe'")
            tab.click("#probe")
            box = tab.evaluate(f"document.querySelector('{_CARD}').getBoundingClientRect().toJSON()")
            assert box["left"] >= 0
            assert box["right"] <= width
            tab.press("Escape")
            tab.evaluate("document.querySelector('#probe').removeAttribute('id')")


def test_without_a_script_everything_can_be_read(browser: Browser, site: Path) -> None:
    with browser.open_page(script=False) as tab:
        _open(tab, site, _FIRST)
        tree = tab.call("DOM.getDocument", depth=-1, pierce=True)["root"]["nodeId"]
        found = tab.call("DOM.querySelectorAll", nodeId=tree, selector="button.needs-script, .actions, #cw-search-open")
        for node in found["nodeIds"]:
            quads = tab.call("DOM.getContentQuads", nodeId=node) if _has_box(tab, node) else {"quads": []}
            assert quads["quads"] == []
        answers = tab.call("DOM.querySelectorAll", nodeId=tree, selector="details.answer > summary")["nodeIds"]
        assert answers
        assert all(_has_box(tab, node) for node in answers)


def _has_box(tab: Tab, node: int) -> bool:
    try:
        tab.call("DOM.getBoxModel", nodeId=node)
    except RuntimeError:
        return False
    return True


def test_search_finds_titles_first_and_leads_to_the_place(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        _open(tab, site, "index.html")
        tab.press("k", ctrl=True)
        tab.type("longer lea")
        tab.wait_until("document.querySelectorAll('#cw-search-hits li').length > 0")
        assert tab.text("#cw-search-hits li .hit-title") == "Move to longer leases"
        tab.browser.events.clear()
        tab.press("Enter")
        tab.wait_for_load()
        assert tab.evaluate("location.href").endswith(f"{_SECOND}#move-to-longer-leases")


@pytest.mark.parametrize("query", ["leases", "leased", "leasing", "laeses", "longr lease", "moving leases", "Leas"])
def test_search_forgives_a_typo_and_another_ending(browser: Browser, site: Path, query: str) -> None:
    with browser.open_page() as tab:
        _open(tab, site, "index.html")
        tab.press("k", ctrl=True)
        tab.type(query)
        tab.wait_until("document.querySelectorAll('#cw-search-hits li').length > 0")
        assert "lease" in tab.text("#cw-search-hits .hit-title").lower()
        assert tab.text("#cw-search-hits mark").lower().startswith(("lease", "leasing", "longer", "mov"))


@pytest.mark.parametrize(("query", "found"), [("auftrag", True), ("作业", True), ("очередь", True), ("xyzzy", False)])
def test_search_knows_other_scripts(browser: Browser, site: Path, query: str, found: bool) -> None:
    with browser.open_page() as tab:
        _open(tab, site, "index.html")
        tab.press("k", ctrl=True)
        tab.type(query)
        tab.wait_until(
            "window.courseIndex && !document.querySelector('#cw-search-note').innerText.includes('being read')"
        )
        assert (tab.evaluate("document.querySelectorAll('#cw-search-hits li').length") > 0) == found


def test_search_is_walked_with_arrows_and_closed_with_escape(browser: Browser, site: Path) -> None:
    focused = "document.activeElement.innerText || document.activeElement.id"
    with browser.open_page() as tab:
        _open(tab, site, "index.html")
        tab.evaluate("document.querySelector('#cw-theme').focus()")
        tab.press("k", ctrl=True)
        tab.type("lea")
        tab.wait_until("document.querySelectorAll('#cw-search-hits li').length > 1")
        titles = tab.evaluate("[...document.querySelectorAll('#cw-search-hits a')].map((link) => link.innerText)")
        walked = []
        for _ in range(len(titles) + 1):
            tab.press("ArrowDown")
            walked.append(tab.evaluate(focused))
        assert walked == [*titles, "cw-search-text"]
        tab.press("ArrowUp")
        assert tab.evaluate(focused) == titles[-1]
        tab.press("Escape")
        assert not tab.is_shown("#cw-search")
        assert tab.evaluate("document.activeElement.id") == "cw-theme"


def test_the_theme_follows_the_system_until_it_is_chosen(browser: Browser, site: Path) -> None:
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    with browser.open_page(dark=True) as tab:
        _open(tab, site, "index.html")
        assert tab.evaluate(ground) == "rgb(22, 25, 27)"
        tab.click("#cw-theme")
        assert tab.evaluate(ground) == "rgb(252, 251, 248)"
        _open(tab, site, _FIRST)
        assert tab.evaluate(ground) == "rgb(252, 251, 248)"
        assert tab.evaluate("document.querySelector('#cw-theme').getAttribute('aria-pressed')") == "false"


def test_done_modules_are_remembered_and_the_course_goes_on_with_the_next(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        _open(tab, site, _FIRST)
        tab.click("#cw-done")
        assert tab.text("#cw-progress") == "1 of 3 modules done"
        _open(tab, site, "index.html")
        assert tab.text("[data-start]") == "Go on with module 2"
        assert tab.evaluate("document.querySelector('[data-start]').getAttribute('href')") == _SECOND
        _open(tab, site, _FIRST)
        assert tab.text("#cw-done") == "Done"
        tab.click("#cw-done")
        assert tab.text("#cw-progress") == "0 of 3 modules done"


@pytest.mark.parametrize("focus", ["body", ".ways a", "#cw-done", "#item-i1 input", "pre", "sup.mark a"])
def test_no_single_key_does_anything_of_its_own(browser: Browser, site: Path, focus: str) -> None:
    with browser.open_page() as tab:
        _open(tab, site, _FIRST)
        tab.evaluate(f"document.querySelector('{focus}').focus()")
        for key in ("ArrowRight", "ArrowLeft", "d", "/", "?", "k", "n", "p", "j", "s"):
            tab.press(key)
        assert tab.evaluate("location.href").endswith(_FIRST)
        assert not tab.evaluate("document.querySelector('dialog[open]')")
        assert not tab.evaluate("document.documentElement.dataset.theme")


def test_on_a_phone_the_modules_open_over_the_page(browser: Browser, site: Path) -> None:
    with browser.open_page(width=375, height=812) as tab:
        _open(tab, site, _FIRST)
        assert not tab.is_shown("#cw-nav")
        tab.click("#cw-menu")
        assert tab.is_shown("#cw-nav")
        assert "Leases & retries" in tab.text("#cw-nav")
        tab.press("Escape")
        assert not tab.is_shown("#cw-nav")


def test_code_is_copied_without_prompts_and_output(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        _open(tab, site, _FIRST)
        tab.evaluate(
            "navigator.clipboard ? (navigator.clipboard.writeText = async (text) => (window.copied = text)) : 0"
        )
        tab.click("figure[data-language=console] .copy")
        tab.wait_until("window.copied !== undefined")
        assert tab.evaluate("window.copied") == "pip install tidepool\ntidepool --version"


@pytest.mark.parametrize("by_key", [False, True])
def test_a_result_to_predict_is_covered_until_it_is_asked_for(browser: Browser, site: Path, *, by_key: bool) -> None:
    with browser.open_page() as tab:
        _open(tab, site, _FIRST)
        colour = "getComputedStyle(document.querySelector('figure.code:has(.t-gp) code > :last-child')).color"
        assert tab.evaluate(f"{colour} === 'rgba(0, 0, 0, 0)'")
        if by_key:
            tab.evaluate("document.querySelector('.covered').focus()")
            tab.press("Enter")
        else:
            tab.click(".covered")
        assert tab.evaluate(f"{colour} !== 'rgba(0, 0, 0, 0)'")
        assert not tab.evaluate("document.querySelector('.covered, .predict')")


def test_keyboard_focus_can_be_seen_and_starts_with_the_way_past_the_navigation(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        _open(tab, site, _FIRST)
        tab.press("Tab")
        assert tab.evaluate("document.activeElement.className") == "skip"
        assert tab.evaluate("document.activeElement.getBoundingClientRect().width") > 40
        tab.press("Tab")
        assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_refused_storage_breaks_nothing(browser: Browser, site: Path) -> None:
    with browser.open_page() as tab:
        refuse = (
            "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }})"
        )
        tab.call("Page.addScriptToEvaluateOnNewDocument", source=refuse)
        _open(tab, site, _FIRST)
        tab.click("#item-i1 li[data-option=o2] label")
        tab.click("#item-i1 button[type=submit]")
        assert tab.text("#item-i1 .verdict") == "Correct."
        assert tab.faults() == []
