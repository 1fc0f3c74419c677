"""Strange and hostile content: quick, without an exception, and never citing lines that are not there."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.docs.model import Document
from shared.docs.references import find_references
from tests.support.processor_time import processor_seconds
from tests.unit.docs.pages import blocks, read

HUGE = {
    "a line of 20 MB": "a" * 20_000_000,
    "brackets": "[" * 100_000,
    "brackets on lines": ("[" * 2000 + "\n") * 50,
    "nested links": "[a](" * 4_900,
    "links closed late": "[" * 4000 + "a" + "](b)" * 4000,
    "quotes": (">" * 500 + " x\n") * 100,
    "stars": "**a " * 4_900,
    "backticks": " ".join("`" * (i % 150 + 1) + "a" for i in range(240)),
    "open tags": "<a b='" * 3_000,
    "open comments": "<!-- x\n" * 20_000,
    "open templates": "{{" * 9_000,
    "open attributes": '{a="' * 4_900,
    "open containers": "::: a\n" * 3_000,
    "deep containers": "::: a\n" * 300 + ":::\n" * 300,
    "deep lists": "\n".join(" " * (2 * i) + "- x" for i in range(400)),
    "wide table": "|a" * 9_000 + "\n" + "|-" * 9_000 + "\n" + "|b" * 9_000,
    "many headings": "a\n---\n" * 4_000,
    "deep html": "<div>" * 3_900,
    "open fences": "```\n" * 20_001,
    "open controls": "<div>\n" + "<button\n" * 60_000,
    "open values of tags": '\n<div a="\n\n' * 20_000,
    "live examples of one code": "```\n" + "a b " * 4_000 + "\n```\n" + "<p x-a='b'>\n\n" * 5_000,
    "attributes on lines": "<p\n" + "x-a\n" * 50_000,
    "films in a line": "a\n" + "<video src=a>\n" * 4_000,
    "lists of links": "- [a](#a)\n\n* b\n\n" * 10_000,
    "bars of links": "[a](b) [c](d)\n\n" * 10_000,
    "expressions": "import a from 'b'\n" + "<A b={" * 3_000,
}


@pytest.mark.parametrize("path", ["a.md", "a.mdx"])
@pytest.mark.parametrize("name", HUGE)
def test_hostile_content_is_read_in_seconds(name: str, path: str) -> None:
    assert processor_seconds(lambda: (read(HUGE[name], path=path), find_references(path, HUGE[name]))) < 8


def test_a_line_too_long_is_left_out_and_said() -> None:
    document = read("# T\n\n" + "a" * 30_000 + "\n\nText.\n")
    assert document.problems == ("line 3 has 30000 characters and was left out",)
    assert [b.start_line for b in blocks(document)] == [5]


def test_an_embedded_picture_does_not_cost_its_paragraph() -> None:
    document = read("![x](data:image/png;base64," + "A" * 40_000 + ") Text.\n")
    assert document.problems == ()
    assert [s.text for b in blocks(document) for s in b.sentences] == ["Text."]


FRAGMENTS = [
    "# ", "- ", "> ", "```", "\n", "\n\n", "[a]", "(b)", "![", "<div>", "</div>", "`", "**", "_", ":::note\n",
    ":::", "!!! note\n", "    ", "{% hint %}", "{{ x }}", "|", "|-|", "text. ", "Word", "\t", "\r", "1. ", "<!--",
    "-->", "$", "&lt;", "{#a}", "~~~", '--8<-- "x"', "import a from 'b'\n", "<A b={c}>", "</A>", "[^1]", "[^1]: x",
    "\\", '=== "T"\n', "---\n", "term\n: def\n", "<pre>", "<code>", "```{note}\n", ":::{image} x\n", "{ref}`x`",
    "{*", "x.py *}", "<<< @/x", "///", "/// note\n", "é", "<li>",
]  # fmt: skip


@settings(max_examples=150)
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=50), st.sampled_from(["a/b.md", "a/b.mdx", "a/b.txt"]))
def test_any_mixture_of_marks_is_read_with_lines_that_exist(fragments: list[str], path: str) -> None:
    document = read("".join(fragments), path=path, included={"a/x": "q\nw\n"})
    assert_lines_hold(document)


def assert_lines_hold(document: Document) -> None:
    """Every sentence stands on lines of the file, and code equals its lines but for indentation."""
    last = len(document.raw_lines)
    for block in blocks(document):
        for sentence in block.sentences:
            assert 1 <= sentence.start_line <= sentence.end_line <= last
        if block.kind == "code" and block.origin is None and not block.adapted:
            lines = document.raw_lines[block.start_line - 1 : block.end_line]
            assert [line.strip() for line in block.code.split("\n")] == [line.strip() for line in lines]
