"""Documents nobody would write, through every pure part of the pipeline: a course comes out, whatever went in."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.whole_course import make_courses, teach

PROSE = "The widget keeps its parts in order and gives the oldest part back when it is asked for one."
OTHERS = (
    "A ledger is a list of entries that nobody changes.",
    "Call `open` before `read`; the second call fails otherwise.",
    "Die Warteschlange hält Aufträge in der Reihenfolge, in der sie kamen.",
    "队列按顺序保存任务，并按要求返回最旧的任务。",
    "התור שומר את המשימות לפי הסדר ומחזיר את הישנה ביותר.",
    "الطابور يحفظ المهام بالترتيب ويعيد أقدمها عند الطلب.",
    "Set `timeout` to 30 seconds and `retries` to 5.",
)
TITLES = (
    "",
    "About",
    "Lesson 1",
    "Lesson 2",
    "Step 1",
    "🎉🎉",
    "🚀 Start",
    "`x`",
    "# #",
    "***",
    "[link](http://x.y)",
    "<b>",
    "1",
    "1.",
    "...",
    "?",
    "C++",
    "C#",
    "Ⅳ",
    "²",
    "Überblick",
    "概要",
    "שלום עולם",
    "مرحبا",
    "a" * 5000,
    "many words " * 450,
    "What is it?",
    "How to",
    "Using",
    "The",
    "Getting Started",
    "FAQ",
    "Glossary",
    "Changelog",
    "\\",
    "|",
    "$x^2$",
    "\u200b",
    "I",
    "of",
    "and",
    "&amp;",
    "A — B",
    "Title: ",
    ": title",
    "(a)",
    "404",
    "XQ3QX",
    "`a b` XQ7QX",
    "\u202eabc",
    "Half \ud83d a pair",
    "A NUL \0 inside",
)
BLOCKS = (
    PROSE,
    *OTHERS,
    f"{PROSE} {OTHERS[0]} {OTHERS[1]}",
    "One sentence.",
    "word",
    "...",
    "!!!",
    "- a\n- b\n- c",
    "1. Stop it.\n2. Start it.\n3. Look at it.",
    "- [one](a.md)\n- [two](b.md)\n- [three](https://example.org/x)",
    "| a | b |\n|---|---|\n| 1 | 2 |\n| `x` | the value |\n| `y` | the other value |",
    "| a |\n|---|",
    "|---|---|",
    "```python\nprint('x')\n```",
    "```\n\n```",
    "```\n",
    "    indented = 1\n    other = 2",
    "~~~sh\n$ pip install widget\n~~~",
    "> A quotation of somebody.",
    "> [!NOTE]\n> Mind the gap between the parts.",
    "![](a.png)",
    "![picture](a.png) text",
    "<div>\n\nText in markup that goes on.\n\n</div>",
    "<!-- nothing -->",
    "---",
    "***",
    "[^1]: a note",
    "Term\n: what it is",
    "**Stream**: an ordered list of messages that is kept.",
    "A **stream** is an ordered list of messages that is kept.",
    "`a` `b` `c`",
    "$$\nx^2\n$$",
    "\\begin{x}",
    "&nbsp;",
    "\t\ttab",
    "a  \nb  \nc",
    "* * *",
    "+ plus\n  + deeper\n    + deepest",
    "https://example.org",
    "Run:\n\n```console\n$ widget start\nstarted\n$ widget stop\n```",
    "Prerequisites: Python 3.",
    "{{ template }}",
    "404\n: The page is not there any more.",
    "**404**: The page is not there any more.",
    "A 404 is a page.",
    "The XQ5QX is used to read `a` values.",
    "An icon \ue0107\ue011 and `code`.",
    "{% if x %}",
    "::: warning\nDo not open it.\n:::",
    "x" * 3000,
    "a. " * 300,
    "(" * 200,
    "*" * 200,
    "The half \ud83d of a pair stands in this sentence, and \udc00 the other half.",
    "```python\nprint('\udfff\0')\n```",
    "The character \0 ends strings in some languages.",
)
PATHS = (
    "README.md",
    "a.md",
    "b.md",
    "docs/index.md",
    "docs/a b.md",
    "1/2/3.md",
    "01/README.md",
    "chapter1/README.md",
    "chapter2/README.md",
    "x/about.md",
    "y/about.md",
    "日本/概要.md",
    "docs/guide.rst",
    "notes.txt",
    "page.adoc",
    "p.mdx",
    "CHANGELOG.md",
    "blog/2020-01-01-x.md",
    "faq.md",
    "....md",
    "-.md",
    "v1.2.md",
    "1²/3.md",
    "notebook.ipynb",
    "docs/other.ipynb",
    "..hidden/x.md",
)

headings = st.tuples(st.sampled_from(("#", "##", "##", "###", "######")), st.sampled_from(TITLES))
pieces = st.one_of(headings.map(" ".join), st.sampled_from(BLOCKS), st.sampled_from(BLOCKS))
texts = st.lists(pieces, max_size=14).map("\n\n".join)
repositories = st.dictionaries(st.sampled_from(PATHS), texts, min_size=1, max_size=6)
same = st.tuples(st.sampled_from(TITLES), st.lists(pieces, max_size=10), st.integers(2, 12))


def as_file(path: str, text: str) -> bytes:
    """A document of the text. What no text file holds goes into the escapes of a notebook, or of front matter."""
    if path.endswith(".ipynb"):
        return json.dumps({"cells": [{"cell_type": "markdown", "source": text}]}).encode()
    plain = text.replace("\0", "").encode(errors="ignore").decode()
    title = json.dumps(text[:200])
    return (plain if plain == text else f"---\ntitle: {title}\n---\n{plain}").encode()


def make_all(texts: dict[str, str]) -> None:
    """Every course that can be made of the documents and stored: nothing may raise."""
    files = {path: as_file(path, text) for path, text in texts.items()}
    for course in make_courses(teach(files)):
        assert b"\\u0000" not in course.model_dump_json().encode()
        titles = [module.title for module in course.modules]
        assert titles
        assert len(set(titles)) == len(titles)


@settings(max_examples=40, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(repositories)
def test_odd_documents_make_a_course(texts: dict[str, str]) -> None:
    make_all(texts)


@settings(max_examples=12, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(same)
def test_documents_that_are_all_alike_make_a_course(shape: tuple[str, list[str], int]) -> None:
    title, parts, count = shape
    body = "\n\n".join([f"# {title}", PROSE, *parts])
    make_all({f"d{number}/x.md": body for number in range(count)})


@pytest.mark.parametrize("block", BLOCKS)
def test_documents_of_one_kind_of_block_make_a_course(block: str) -> None:
    make_all({"a.md": "\n\n".join([block] * 8), "b.md": "\n\n".join(f"## Part {n}\n\n{block}" for n in range(4))})


@pytest.mark.parametrize("title", TITLES)
def test_odd_titles_make_a_course(title: str) -> None:
    parts = "\n\n".join(f"## {title}\n\n{text} {PROSE}" for text in OTHERS)
    make_all({f"{n}.md": f"# {title}\n\n{OTHERS[n]} {PROSE}\n\n{parts}" for n in range(3)})
