"""A site of 25 modules for all who read it: by ear, by keyboard, on a phone, on paper, and without text that jumps."""

from importlib.metadata import distribution
from pathlib import Path

import pytest

from shared.look.gallery import main as write_gallery
from tests.pages.browser import Browser, Tab
from tests.pages.long_course import LAST, MODULES, RICH

pytestmark = pytest.mark.pages

_PHONE, _DESK = 390, 1280
_KINDS = [
    "index.html",
    RICH,
    "recall.html",
    "glossary.html",
    "map.html",
    "quality.html",
    "sources.html",
    "search",
    "answered",
    "menu",
]
_WAY = "[data-way=complete]"
_MATCHED = {"item-i8": [("o1", "o5"), ("o2", "o4"), ("o3", "o6")]}
_INCOMPLETE = "modules/03-madmin.html"


@pytest.fixture(scope="module")
def axe() -> str:
    return Path(str(distribution("axe-playwright-python").locate_file("axe_playwright_python/axe.min.js"))).read_text(
        encoding="utf-8"
    )


def _show(tab: Tab, site: Path, kind: str) -> None:
    page = {"search": "index.html", "answered": RICH, "menu": RICH}.get(kind, kind)
    tab.go((site / page).as_uri())
    if kind == "search":
        tab.click("#cw-search-open")
        tab.type("lease")
        tab.wait_until("document.querySelectorAll('#cw-search-hits li').length > 1")
    elif kind == "answered":
        tab.evaluate("document.documentElement.dataset.chosen = 'complete'")  # the way that asks again
        tab.click("#item-i1 li[data-option=o1] label")
        tab.click("#item-i1 button[type=submit]")
        for item, values in _MATCHED.items():
            tab.evaluate(f"document.querySelector('#{item} select').form.reset()")
            for term, text in values:
                tab.evaluate(f"document.querySelector('#{item} [data-term={term}]').value = '{text}'")
            tab.click(f"#{item} button[type=submit]")
        tab.click("#recall-i3 button[type=submit]")
        tab.click("sup.mark a")
    elif kind == "menu":
        tab.evaluate("document.querySelector('#cw-menu').click()")
        assert tab.is_shown(".nav.open")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [_PHONE, _DESK])
@pytest.mark.parametrize("kind", _KINDS)
def test_axe_finds_nothing(browser: Browser, long_site: Path, axe: str, kind: str, width: int, *, dark: bool) -> None:
    with browser.open_page(width=width, dark=dark) as tab:
        _show(tab, long_site, kind)
        assert _violations(tab, axe) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [_PHONE, _DESK])
def test_axe_finds_nothing_in_the_gallery(
    browser: Browser, tmp_path: Path, axe: str, width: int, *, dark: bool
) -> None:
    write_gallery(str(tmp_path))
    with browser.open_page(width=width, dark=dark) as tab:
        tab.go((tmp_path / "gallery.html").as_uri())
        assert tab.faults() == []
        assert _violations(tab, axe) == []


def _violations(tab: Tab, axe: str) -> object:
    tab.evaluate(f"{axe}; 0")
    return tab.evaluate(
        """axe.run(document).then((result) => result.violations.map(
            (broken) => [broken.id, broken.nodes.map((node) => node.html.slice(0, 200))]))"""
    )


_WATCH = """
    window.shifted = [];
    new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) {
            const moved = shift.sources.map((source) => source.node?.className || source.node?.nodeName);
            if (!shift.hadRecentInput) window.shifted.push([shift.value, ...moved]);
        }
    }).observe({type: "layout-shift", buffered: true});
"""
_READ = """(async () => {
    const drawn = () => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
    await document.fonts.ready;
    for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
        scrollTo({top: y, behavior: "instant"});
        await drawn();
        const seen = [...document.images].filter((image) => image.getBoundingClientRect().top < innerHeight);
        await Promise.all(seen.map((image) => image.decode()));
        await drawn();
    }
    return window.shifted;
})()"""


@pytest.mark.parametrize("done", [False, True], ids=["new", "continued"])
@pytest.mark.parametrize("width", [_PHONE, _DESK])
@pytest.mark.parametrize("page", ["index.html", RICH, LAST, "glossary.html", "map.html", "quality.html"])
def test_nothing_moves_while_a_page_is_read(
    browser: Browser, long_site_url: str, page: str, width: int, *, done: bool
) -> None:
    with browser.open_page(width=width) as tab:
        if done:
            tab.go(f"{long_site_url}/modules/01-your-first-queue.html")
            tab.click("#cw-done")
        tab.call("Page.addScriptToEvaluateOnNewDocument", source=_WATCH)
        # Fonts and pictures come later than the text, as they do from a server that is far away.
        tab.call("Network.setCacheDisabled", cacheDisabled=True)
        tab.call(
            "Network.emulateNetworkConditions", offline=False, latency=80, downloadThroughput=2e6, uploadThroughput=2e6
        )
        tab.go(f"{long_site_url}/{page}")
        shifted = tab.evaluate(_READ)
        assert sum(shift[0] for shift in shifted) <= 0.05, shifted


_PAINTED = """
    window.painted = 0;
    new PerformanceObserver((list) => {
        for (const one of list.getEntries()) window.painted = one.startTime;
    }).observe({type: "largest-contentful-paint", buffered: true});
"""
_RTT_MILLISECONDS, _BYTES_PER_SECOND, _SLOWER = 150, 1.6e6 / 8, 4  # what Lighthouse calls slow 4G, and its processor


@pytest.mark.parametrize("width", [_PHONE, _DESK])
@pytest.mark.parametrize("page", ["index.html", RICH, LAST, "glossary.html", "map.html", "quality.html"])
def test_a_page_is_there_soon_on_a_slow_phone(browser: Browser, long_site_url: str, page: str, width: int) -> None:
    times = sorted(_painted(browser, f"{long_site_url}/{page}", width) for _ in range(3))
    assert 0 < times[0] <= 1500, times


def _painted(browser: Browser, address: str, width: int) -> int:
    """Milliseconds until the largest part of the page is painted (LCP)."""
    with browser.open_page(width=width) as tab:
        tab.call("Page.addScriptToEvaluateOnNewDocument", source=_PAINTED)
        tab.call("Network.setCacheDisabled", cacheDisabled=True)
        tab.call("Emulation.setCPUThrottlingRate", rate=_SLOWER)
        speed = {"downloadThroughput": _BYTES_PER_SECOND, "uploadThroughput": _BYTES_PER_SECOND}
        tab.call("Network.emulateNetworkConditions", offline=False, latency=_RTT_MILLISECONDS, **speed)
        tab.go(address)
        tab.wait_until("window.painted > 0")
        tab.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
        return round(float(str(tab.evaluate("window.painted"))))


def test_the_fonts_of_a_page_are_there_when_it_is_drawn(browser: Browser, long_site_url: str, long_site: Path) -> None:
    measure = """((family) => {
        const probe = document.createElement("span");
        probe.textContent = "The quick brown fox";
        probe.style.cssText = `position: absolute; white-space: nowrap; font-family: ${family}`;
        document.body.append(probe);
        return probe.getBoundingClientRect().width;
    })"""
    for address in (f"{long_site_url}/{RICH}", (long_site / RICH).as_uri()):
        with browser.open_page() as tab:
            tab.go(address)
            ours = tab.evaluate(f"{measure}(\"'Source Serif 4', monospace\")")
            assert ours != tab.evaluate(f"{measure}('monospace')")
            assert tab.faults() == []


def test_the_phone_s_menu_reaches_every_page(browser: Browser, long_site: Path) -> None:
    with browser.open_page(width=_PHONE, height=844) as tab:
        tab.go((long_site / "index.html").as_uri())
        tab.click("#cw-menu")
        assert tab.evaluate(f"document.querySelectorAll('{_WAY} .nav-modules > li').length") == MODULES
        tab.evaluate(f"for (const group of document.querySelectorAll('{_WAY} details')) group.open = true")
        tab.call("Input.dispatchMouseEvent", type="mouseWheel", x=200, y=500, deltaX=0, deltaY=9000)
        last = """(() => {
            const box = document.querySelector(".nav-more li:last-child a").getBoundingClientRect();
            return box.bottom <= innerHeight
                && document.elementFromPoint(box.left + 5, box.top + 5)?.closest("a")?.innerText === "Quality";
        })()"""
        tab.wait_until(last)
        tab.browser.events.clear()
        tab.click(f"{_WAY} [data-number='{MODULES}'] a")
        tab.wait_for_load()
        assert tab.evaluate("location.href").endswith(LAST)


def test_the_phone_s_menu_is_walked_with_the_keyboard_and_gives_way_to_the_page(
    browser: Browser, long_site: Path
) -> None:
    with browser.open_page(width=_PHONE, height=844) as tab:
        tab.go((long_site / RICH).as_uri())
        tab.evaluate("document.querySelector('#cw-menu').focus()")
        tab.press("Enter")
        tab.evaluate(f"for (const group of document.querySelectorAll('{_WAY} details')) group.open = true")
        groups = int(tab.evaluate(f"document.querySelectorAll('{_WAY} details').length"))
        assert groups == 3
        # Search, theme, overview and the choice of a way stand before the modules, five pages behind them.
        seen = [_tab_on(tab) for _ in range(3 + 1 + 1 + groups + MODULES + 5)]
        assert seen[-1]["text"] == "Quality"
        assert all(stop["inside"] for stop in seen)
        assert _tab_on(tab)["onPage"]
        assert not tab.is_shown("#cw-nav")


def _tab_on(tab: Tab) -> dict[str, object]:
    """Moves the focus on and tells where it went."""
    tab.press("Tab")
    stop: dict[str, object] = tab.evaluate(
        """(() => {
            const node = document.activeElement;
            const box = node.getBoundingClientRect();
            const style = getComputedStyle(node);
            return {
                text: node.innerText ?? node.textContent, // a link of the map has no innerText
                onPage: node.closest("main") !== null,
                body: node === document.body,
                inside: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
                outlined: style.outlineStyle === "solid" || node.matches("input:focus-visible"),
                trail: (window.trail ??= []).includes(node) ? "again" : (window.trail.push(node), "new"),
            };
        })()"""
    )
    return stop


@pytest.mark.parametrize("width", [_PHONE, _DESK])
def test_the_keyboard_walks_through_a_lesson_and_out_again(browser: Browser, long_site: Path, width: int) -> None:
    with browser.open_page(width=width) as tab:
        tab.go((long_site / RICH).as_uri())
        stops = []
        for _ in range(400):
            stop = _tab_on(tab)
            if stop["body"] or stop["trail"] == "again":
                break
            stops.append(stop)
        assert [stop["text"] for stop in stops if not stop["inside"] or not stop["outlined"]] == []
        words = [stop["text"] for stop in stops]
        for wanted in ("Skip to the content", "Copy", "Check", "Answer and why", "Mark as done"):
            assert wanted in words
        code = ("tidepool run", "tidepool --version", "line 1 of", "graph LR", "queue.p", "with queue")
        stopped = sum(any(word in str(text) for word in code) for text in words)
        seen = "[...document.querySelectorAll('main figure.code pre')].filter((one) => one.checkVisibility()).length"
        assert tab.evaluate(seen) == stopped
        assert tab.evaluate("location.href").endswith(RICH)


def test_paper_shows_whole_lines_of_code_and_the_answers(browser: Browser, long_site: Path) -> None:
    with browser.open_page(width=794, height=1123, dark=True) as tab:
        tab.go((long_site / RICH).as_uri())
        tab.click("#cw-theme")
        tab.click("#cw-theme")
        assert tab.evaluate("document.documentElement.dataset.theme") == "dark"
        tab.call("Emulation.setEmulatedMedia", media="print")
        clipped = """[...document.querySelectorAll("figure.code pre, .table")].filter(
            (node) => node.scrollWidth > node.clientWidth || getComputedStyle(node).overflowX !== "visible")
            .map((node) => node.innerText)"""
        assert tab.evaluate(clipped) == []
        assert tab.evaluate("document.documentElement.scrollWidth") <= 794
        answers = tab.text(".printed-answers")
        for told in ("queue.put(...)", "The example calls queue.put", "It needs no server.", "dictionary or dict"):
            assert told in answers
        assert tab.evaluate("getComputedStyle(document.querySelector('.printed-answers')).breakBefore") == "page"
        assert tab.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        assert tab.evaluate("getComputedStyle(document.querySelector('.t-k, .t-n')).color") != "rgb(226, 154, 208)"
        for hidden in (".bar", "#cw-nav", ".copy", ".actions", "details.answer", ".finish"):
            assert not tab.is_shown(hidden)


def test_on_the_screen_the_answers_for_paper_are_not_there(browser: Browser, long_site: Path) -> None:
    with browser.open_page() as tab:
        tab.go((long_site / RICH).as_uri())
        assert not tab.is_shown(".printed-answers")


def test_what_is_copied_from_a_session_is_what_one_would_type(browser: Browser, long_site: Path) -> None:
    with browser.open_page() as tab:
        tab.go((long_site / RICH).as_uri())
        tab.evaluate("navigator.clipboard.writeText = async (text) => (window.copied = text)")
        tab.click("figure[data-language=console] .copy")
        tab.wait_until("window.copied !== undefined")
        copied = tab.evaluate("window.copied")
        assert copied.startswith("tidepool run --queue jobs.tide \\\n    --lease-seconds 30")
        assert "answer" not in copied


@pytest.mark.parametrize("page", ["index.html", _INCOMPLETE])
def test_an_incomplete_course_looks_incomplete(browser: Browser, long_site: Path, page: str) -> None:
    with browser.open_page(width=_PHONE, height=844) as tab:
        tab.go((long_site / page).as_uri())
        assert "is incomplete." in tab.text(".incomplete")
        assert "The document shows no code." in tab.text(".incomplete")
        assert tab.evaluate("document.querySelector('.incomplete').getBoundingClientRect().top") < 844


def test_a_gloss_opens_where_the_term_stands_and_leads_to_its_home(browser: Browser, long_site: Path) -> None:
    with browser.open_page() as tab:
        tab.go((long_site / RICH).as_uri())
        tab.evaluate("document.querySelector('a.gloss').focus()")
        tab.press("Enter")
        assert "A queue is an ordered list of jobs." in tab.text("#cw-passage")
        assert tab.evaluate("document.querySelector('#cw-passage-body a').href").endswith("01-your-first-queue.html")
        tab.press("Escape")
        assert tab.evaluate("document.activeElement.className") == "gloss"
        assert not tab.is_shown("#cw-passage")


@pytest.mark.parametrize("key", ["Enter", " "])
@pytest.mark.parametrize("picture", [".picture img", ".drawing > svg"])
def test_a_picture_is_enlarged_with_the_keyboard(browser: Browser, long_site: Path, picture: str, key: str) -> None:
    with browser.open_page(width=_PHONE) as tab:
        tab.go((long_site / RICH).as_uri())
        tab.evaluate(f"document.querySelector('{picture}').focus()")
        tab.press(key)
        assert tab.is_shown("dialog.zoom[open] :is(img, svg)")
        tab.press("Escape")
        assert not tab.is_shown("dialog.zoom :is(img, svg)")
        assert tab.evaluate("document.activeElement.getAttribute('aria-label')").startswith("Enlarge: ")


def test_long_lines_of_code_are_wrapped_on_every_page_once_asked_for(browser: Browser, long_site: Path) -> None:
    pres = "[...document.querySelectorAll('figure.code pre')]"
    wide = f"{pres}.filter((pre) => pre.scrollWidth > pre.clientWidth + 1).length"
    with browser.open_page(width=_PHONE) as tab:
        tab.go((long_site / RICH).as_uri())
        assert tab.evaluate(wide) > 0
        tab.wait_until("document.querySelector('button.wrap')")
        tab.click("button.wrap")
        assert tab.evaluate(wide) == 0
        assert tab.evaluate("document.querySelector('button.wrap').getAttribute('aria-pressed')") == "true"
        tab.go((long_site / LAST).as_uri())
        assert tab.evaluate(wide) == 0
        tab.wait_until("document.querySelector('button.wrap')")
        tab.click("button.wrap")
        tab.go((long_site / RICH).as_uri())
        assert tab.evaluate(wide) > 0


def test_a_heading_has_a_link_of_its_own_that_takes_no_room(browser: Browser, long_site: Path) -> None:
    height = "document.querySelector('h2#wide').offsetHeight"
    with browser.open_page(width=_PHONE) as tab:
        tab.go((long_site / RICH).as_uri())
        before = tab.evaluate(height)
        assert tab.evaluate("document.querySelector('h2#wide > .permalink').getAttribute('href')") == "#wide"
        assert tab.evaluate("document.querySelector('h2#wide').innerText") == "Wide"
        tab.evaluate("document.querySelectorAll('.permalink').forEach((link) => link.remove())")
        assert tab.evaluate(height) == before


def test_the_front_page_goes_on_at_the_heading_where_reading_stopped(browser: Browser, long_site: Path) -> None:
    with browser.open_page() as tab:
        tab.go((long_site / RICH).as_uri())
        assert not tab.evaluate("courseStore.place()"), "a page that is only opened is not read"
        tab.evaluate("document.getElementById('wide').scrollIntoView({behavior: 'instant'})")
        tab.wait_until("courseStore.place()?.id === 'wide'")
        tab.go((long_site / "index.html").as_uri())
        assert tab.text(f"{_WAY} [data-start]") == "Go on with module 4: Wide"
        tab.browser.events.clear()
        tab.click(f"{_WAY} [data-start]")
        tab.wait_for_load()
        assert tab.evaluate("location.href").endswith(f"{RICH}#wide")


def test_the_keyboard_reaches_the_end_of_a_module_without_every_citation(browser: Browser, long_site: Path) -> None:
    with browser.open_page() as tab:
        tab.go((long_site / RICH).as_uri())
        tab.press("Tab")
        tab.press("Tab")
        tab.press("Enter")
        tab.press("Tab")
        assert tab.evaluate("document.activeElement.id") == "cw-done"
