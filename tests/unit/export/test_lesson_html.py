import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.course.export.lesson_html import PageLinks, render_inline, render_markdown, render_sections
from shared.course.export.sanitise import sanitise
from tests.support.pages import read_page
from tests.support.processor_time import processor_seconds

_PICTURE = "assets/" + "a" * 64 + ".png"
_LINKS = PageLinks(
    marks={"c1": 1, "c2": 2}, modules={"mone": "01-one.html"}, assets="../", pictures={_PICTURE: (640, 480)}
)


def _html(text: str) -> str:
    return render_markdown(text, _LINKS).html


def test_a_mark_is_a_numbered_link_to_its_entry() -> None:
    assert 'It holds.<sup class="mark"><a href="#cite-c2" aria-label="Source 2">2</a></sup>' in _html("It holds.[^c2]")


def test_several_marks_may_follow_each_other() -> None:
    assert _html("It holds[^c1][^c2].").count('<sup class="mark">') == 2


def test_a_mark_of_a_citation_the_page_does_not_list_stays_text() -> None:
    assert "[^nope]" in _html("It holds.[^nope]")


def test_a_mark_in_code_stays_code() -> None:
    assert "<code>a[^c1]</code>" in _html("`a[^c1]`")


def test_a_line_of_marks_is_told_apart_from_prose() -> None:
    assert '<p class="marks"><sup' in _html("| a |\n|---|\n| b |\n\n[^c1]")


def test_a_code_block_names_its_language_and_its_source() -> None:
    html = _html("```python cite=c1\nx = 1\n```")
    page = read_page(html)
    assert page.all("figure", **{"data-language": "python"})
    assert page.all("a", href="#cite-c1")
    assert "Python" in page.text
    assert "adapted" not in page.text


def test_the_colours_of_a_terminal_that_a_site_writes_as_html_are_not_shown_as_tags() -> None:
    coloured = '$ tool --help\n<font color="#A5A5A1">╭─</font> <b>&lt;str&gt;</b>'
    assert "╭─ <str>" in read_page(_html(f"```console cite=c1\n{coloured}\n```")).text
    plain = "$ tool --list\n<b> is a tag"
    assert "<b> is a tag" in read_page(_html(f"```console\n{plain}\n```")).text
    assert "<font color" in read_page(_html(f"```html\n{coloured}\n```")).text


def test_lines_that_the_author_highlights_are_in_an_element_and_said() -> None:
    code = "import a\n\ndef f():\n    return 1"
    html = _html(f"```python cite=c1 marked=1,3-9999999\n{code}\n```")
    marked = [read_page(one).text for one in re.findall(r"(?s)<mark>(.*?)</mark>", html)]
    assert marked == ["import a\n", "def f():\n    return 1"]
    assert '<span class="hidden">Highlighted lines: 1, 3–4</span>' in html
    assert "<mark>" not in _html(f"```python cite=c1 marked=0,9,x\n{code}\n```")


def test_a_long_block_is_not_folded_over_a_line_that_its_author_highlights() -> None:
    code = "\n".join("x" * 40)
    assert 'class="code long"' in _html(f"```text cite=c1 marked=3\n{code}\n```")
    assert 'class="code long"' not in _html(f"```text cite=c1 marked=30\n{code}\n```")


def test_a_changed_code_block_says_so() -> None:
    assert "adapted from the source" in _html("```python cite=c1 adapted\nx = 1\n```")


def test_a_language_that_is_not_known_by_its_whole_name_is_by_the_first_part_of_it() -> None:
    shown = _html("```js-nolint cite=c1\nvar x = 1\n```")
    assert '<span class="language">JavaScript</span>' in shown
    assert 'class="t-' in shown
    assert '<span class="language">emacs-lisp</span>' in _html("```emacs-lisp cite=c1\n(x)\n```")


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("console", "$ pip install x\n$ x --version\nx 1.0\n\ndone"),
        ("python", 'def f(a: "<b>") -> None:\n\treturn f"{a!r} & b"  # c'),
        ("html", "<p class='a'>&amp;</p>\n<!-- c -->"),
        ("pycon", ">>> 1 + 1\n2"),
        ("json", '{"a": [1, 2.5, null]}'),
        ("nosuchlanguage", "  leading\n\n\ttabs  "),
        ("", "plain <text>"),
    ],
)
def test_code_is_shown_letter_for_letter(language: str, code: str) -> None:
    page = read_page(_html(f"```{language} cite=c1\n{code}\n```").partition("<pre")[2].partition(">")[2])
    assert page.text.rstrip("\n") == code


def test_a_link_to_a_module_leads_to_its_page() -> None:
    assert '<a href="01-one.html">one</a>' in _html("[one](#mone)")


def test_a_link_to_a_heading_of_another_section_of_the_page_holds() -> None:
    first, _ = render_sections(["See [it](#the-end).", "## The end"], _LINKS)
    assert '<a href="#the-end">it</a>' in first.html


def test_equal_headings_get_ids_of_their_own() -> None:
    one, two = render_sections(["## A & b", "## A & b\n\n## A & b-1"], _LINKS)
    ids = [heading.id for heading in (*one.headings, *two.headings)]
    assert len(set(ids)) == 3
    assert ids[0] == "a--b"


def test_a_first_level_heading_becomes_a_second_one() -> None:
    rendered = render_markdown("# Top `x`[^c1]", _LINKS)
    assert rendered.headings[0].level == 2
    assert rendered.headings[0].text == "Top x"
    assert "<h1" not in rendered.html


@pytest.mark.parametrize(
    "target",
    [
        "#nowhere",
        "http://example.org/x",
        "http://localhost.example.org/x",
        "docs/other.md",
        "/etc/passwd",
        "//evil.test",
        "https://u:p@example.org/",
        "https:x",
    ],
)
def test_a_link_that_leads_nowhere_becomes_its_text(target: str) -> None:
    html = _html(f"[words]({target})")
    assert "words" in html
    assert "<a" not in html


def test_an_outside_link_does_not_tell_where_it_comes_from() -> None:
    page = read_page(_html("[x](https://example.org/a?b=c)"))
    assert page.all("a", href="https://example.org/a?b=c", rel="noopener noreferrer nofollow")


@pytest.mark.parametrize("target", ["http://localhost:9090/graph?a=b", "http://127.0.0.1/", "http://[::1]:80"])
def test_a_link_to_the_readers_own_machine_stays(target: str) -> None:
    assert read_page(_html(f"[x]({target})")).all("a", href=target)


@pytest.mark.parametrize(
    "address", ["http://evil.test/x", "HTTP://evil.test/x", "ht\ntp://evil.test/x", " http://x.evil"]
)
def test_no_address_without_encryption_passes_the_allow_list(address: str) -> None:
    assert "evil" not in sanitise(f'<a href="{address}">x</a><img src="{address}" alt="">')


def test_a_title_may_name_an_address() -> None:
    assert 'title="http://a.test"' in sanitise('<a href="https://a.test/" title="http://a.test">x</a>')


def test_a_picture_is_shown_if_it_travels() -> None:
    assert f'<img src="../{_PICTURE}" alt="a code b"' in _html(f"![a `code` b]({_PICTURE})")


@pytest.mark.parametrize("target", ["https://evil.test/x.png", "assets/" + "b" * 64 + ".png", "../x.png"])
def test_a_picture_that_does_not_travel_leaves_its_description(target: str) -> None:
    html = _html(f"![what it shows]({target})")
    assert "what it shows" in html
    assert "<img" not in html


@pytest.mark.parametrize(
    ("label", "kind"),
    [("Note", "note"), ("Warning: mind", "warning"), ("TIP", "tip"), ("See also", "note"), ("Try it:", "task")],
)
def test_a_labelled_quotation_is_an_aside(label: str, kind: str) -> None:
    html = _html(f"> **{label}** text")
    assert f'<aside class="admonition {kind}">' in html
    assert "</aside>" in html


def test_a_quotation_stays_one_even_around_an_aside() -> None:
    page = read_page(_html("> **Said** before\n>\n> > **Note:** inner\n\n> plain"))
    assert page.faults == []
    assert len(page.all("blockquote")) == 2
    assert len(page.all("aside")) == 1


def test_cells_are_aligned_without_inline_style() -> None:
    html = _html("| a | b |\n|:-:|--:|\n| 1 | 2 |")
    assert '<td class="center">1</td>' in html
    assert '<td class="right">2</td>' in html
    assert "style" not in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&colon;alert(1))",
        "[x](&#x6a;avascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](vbscript:x)",
        "<javascript:alert(1)>",
        '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
        "<svg><style><img src=x onerror=alert(1)>",
        '<form action="https://evil.test"><base href="https://evil.test"><meta http-equiv=refresh>',
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        '```"><script>alert(1)</script>\nx\n```',
        '```py" onclick="alert(1) cite=c1\nx\n```',
        '![" onerror="alert(1)](assets/x.png)',
        '[x](https://a.example/"onmouseover="alert(1))',
        "# <a id=page href=javascript:alert(1)>x</a>",
        "| <script>alert(1)</script> |\n|---|",
    ],
)
def test_hostile_text_stays_text(text: str) -> None:
    page = read_page(_html(text))
    assert not {tag for tag, _ in page.elements} & {"script", "iframe", "form", "base", "meta", "svg", "math", "style"}
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name.startswith("on")], tag
        for name in ("href", "src"):
            assert attributes.get(name, "").partition(":")[0].lower() not in {"javascript", "vbscript", "data"}


def test_inline_text_has_no_paragraph() -> None:
    assert render_inline("Use `put` & *take*", _LINKS) == "Use <code>put</code> &amp; <em>take</em>"


@pytest.mark.parametrize(
    "text", ["[" * 20_000, "> " * 5_000 + "x", "*a " * 10_000, "`" * 20_000 + "a", "[^c1]" * 5_000]
)
def test_pathological_text_is_rendered_in_bounded_time(text: str) -> None:
    assert processor_seconds(lambda: _html(text)) < 10


_WORDS = ["a", " ", "\n", "\n\n", "é", "作", "\t", "\\", "&amp;", "https://a.example", "javascript:", "#mone"]
_SIGNS = ["# ", "- ", "1. ", "> ", "**", "*", "`", "```", "~~~", "[", "](", ")", "![", "[^c1]", "|", "---"]
_PIECES = [*_WORDS, *_SIGNS, "<b>", "</b>", "<!--", "-->", "**Note:**"]


@given(st.lists(st.sampled_from(_PIECES), max_size=40).map("".join))
@settings(max_examples=150)
def test_any_text_gives_closed_tags_and_unique_ids(text: str) -> None:
    page = read_page(_html(text))
    assert page.faults == []
    assert len(set(page.ids)) == len(page.ids)


def test_a_long_block_is_marked_to_be_folded_and_holds_every_line() -> None:
    for lines, folded in ((30, False), (31, True)):
        code = "\n".join(f"line {number}" for number in range(lines))
        html = render_markdown(f"```text\n{code}\n```", PageLinks()).html
        assert ('class="code long"' in html) == folded
        assert code in html


def test_a_diagram_in_words_says_what_it_is() -> None:
    assert "Diagram, in PlantUML" in render_markdown("```plantuml\na -> b\n```", PageLinks()).html


def test_a_quotation_with_a_label_of_any_kind_is_an_aside() -> None:
    assert '<aside class="admonition note">' in render_markdown("> **8.4.0:** It is generic.", PageLinks()).html
    assert "<blockquote>" in render_markdown("> **Bold** words of somebody.", PageLinks()).html


def test_only_a_link_of_the_course_or_of_https_keeps_its_gloss() -> None:
    html = render_markdown('[a](#m1 "A job.") [b](javascript:x "B")', PageLinks(modules={"m1": "m.html"})).html
    assert '<a href="m.html" class="gloss" title="A job.">a</a>' in html
    assert html.count("title=") == 1


def test_a_console_without_a_prompt_is_coloured_as_the_program_that_it_is() -> None:
    program, console = (render_markdown(f"```pycon\n{code}\n```", PageLinks()).html for code in ("x = 1", ">>> x = 1"))
    assert "Python</span>" in program
    assert "Python console</span>" in console
    assert 'class="t-go"' not in program


def test_what_a_model_adds_is_one_box_and_the_answer_of_a_task_is_folded() -> None:
    text = (
        "```python\nimport os\n```\n\n> **In general:** It imports.\n\n> **Worked out:** One.\n\n> **Worked out:**\n>\n"
        "> 1. Two.\n\n> **Try it:** What now?\n\n> **Worked out:** Three.\n\nThe end."
    )
    html = " ".join(render_markdown(text, PageLinks()).html.split())
    assert "<strong>Python:</strong> It imports." in html
    assert "<strong>Worked out:</strong> One.</p> <ol> <li>Two.</li> </ol> </aside>" in html
    assert 'What now?</p> </aside> <details class="reply"><summary>The answer</summary>' in html
    assert html.count("Worked out") == 2
    assert html.endswith("Three.</p> </aside> </details> <p>The end.</p>")
