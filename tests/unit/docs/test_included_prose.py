"""Text of other files that a page includes: parts of pages stand in their place, pages stay pages of their own."""

from collections.abc import Mapping

import pytest

from shared.docs import included
from shared.docs.model import Origin
from shared.docs.references import find_references
from tests.unit.docs.pages import blocks, headings, read, said, texts

PART = "Second one.\n\nThird one.\n"
PAGES = {
    "docs/page.adoc": ("First.\n\ninclude::_part.adoc[]\n\nLast.\n", "docs/_part.adoc"),
    "docs/page.rst": ("First.\n\n.. include:: _part.rst\n\nLast.\n", "docs/_part.rst"),
    "docs/mkdocs.md": ('First.\n\n--8<-- "includes/part.md"\n\nLast.\n', "docs/includes/part.md"),
    "docs/mdbook.md": ("First.\n\n{{#include snippets/part.md}}\n\nLast.\n", "docs/snippets/part.md"),
    "docs/vitepress.md": ("First.\n\n<!--@include: ./_part.md-->\n\nLast.\n", "docs/_part.md"),
    "docs/at.md": ("First.\n\n@include .generated/part.md\n\nLast.\n", "docs/.generated/part.md"),
    "docs/at-in-brackets.md": ("First.\n\n@include(./_part.md)\n\nLast.\n", "docs/_part.md"),
    "docs/page.mdx": (
        "import Part from './_part.mdx';\n\nFirst.\n\n<Part />\n\nLast.\n",
        "docs/_part.mdx",
    ),
    "docs/site.mdx": (
        "import Part from '@site/docs/_part.md';\n\nFirst.\n\n<Part/>\n\nLast.\n",
        "docs/_part.md",
    ),
}


@pytest.mark.parametrize("path", PAGES)
def test_a_part_stands_in_its_place_with_the_lines_of_its_own_file(path: str) -> None:
    text, part = PAGES[path]
    assert part in find_references(path, text).includes
    document = read(text, path, {part: PART})
    assert [(text, start) for text, start, _ in said(document)][1:3] == [("Second one.", 1), ("Third one.", 3)]
    assert texts(document) == ["First.", "Second one.", "Third one.", "Last."]
    sentences = [sentence for block in blocks(document) for sentence in block.sentences]
    assert [sentence.path for sentence in sentences] == ["", part, part, ""]
    assert [block.file(path) for block in blocks(document)] == [path, part, part, path]
    assert document.problems == ()


@pytest.mark.parametrize(
    ("path", "text", "part"),
    [
        ("a.adoc", "= A\n\ninclude::_b.adoc[]\n", "= B\n\n== CC\n\nWords.\n\n=== DD\n\nMore.\n"),
        ("a.rst", "AA\n==\n\n.. include:: _b.rst\n", "CC\n--\n\nWords.\n\nDD\n~~\n\nMore.\n"),
        ("a.md", '# A\n\n--8<-- "_b.md"\n', "---\ntitle: B\n---\n## CC\n\nWords.\n\n### DD\n\nMore.\n"),
    ],
)
def test_headings_of_a_part_are_sections_at_the_line_that_includes_it(path: str, text: str, part: str) -> None:
    line = text.count("\n")
    found = headings(read(text, path, {"_b" + path[1:]: part}))
    assert found[-2:] == [("CC", 2, line), ("DD", 3, line)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.adoc", "include::b.adoc[]\n"),
        ("a.rst", ".. include:: b.rst\n"),
        ("a.md", '--8<-- "b.md"\n'),
        ("a.mdx", "import B from './b.mdx'\n\n<B/>\n"),
    ],
)
def test_a_page_of_its_own_is_not_read_twice(path: str, text: str) -> None:
    document = read(f"First.\n\n{text}", path, {"b" + path[1:]: "Second.\n"})
    assert [text for text in texts(document) if not text.endswith("is not shown here.")] == ["First."]
    assert len(document.problems) == 1


OWN = "".join(f"Line {number} of a page that says much.\n\n" for number in range(12))


@pytest.mark.parametrize(
    ("path", "line"),
    [("a.adoc", "include::b.adoc[]\n"), ("a.rst", ".. include:: b.rst\n"), ("a.md", "{!b.md!}\n")],
)
def test_a_page_that_says_much_shows_a_page_that_it_includes_unless_that_is_much_longer(path: str, line: str) -> None:
    other = f"b{path[1:]}"
    document = read(f"{OWN}{line}", path, {other: "Second one.\n\n" * 12})
    assert texts(document)[-12:] == ["Second one."] * 12
    assert document.problems == ()
    longer = read(f"{OWN}{line}", path, {other: "Second one.\n\n" * 14})
    assert "Second one." not in texts(longer)
    assert len(longer.problems) == 1


def test_markdown_says_where_a_page_is_not_shown() -> None:
    document = read("First.\n\n{!docs/b.md!}\n", "a.md", {"docs/b.md": "Second one.\n"})
    assert texts(document) == ["First.", "`docs/b.md` is not shown here."]


FOREVER: Mapping[str, str] = {"adoc": "include::{}[]\n", "rst": ".. include:: {}\n", "md": '--8<-- "{}"\n'}


@pytest.mark.parametrize("ending", FOREVER)
def test_files_that_include_each_other_end(ending: str) -> None:
    line = FOREVER[ending]
    parts = {f"_b.{ending}": "One.\n\n" + line.format(f"_c.{ending}"), f"_c.{ending}": line.format(f"_b.{ending}")}
    document = read(line.format(f"_b.{ending}"), f"a.{ending}", parts)
    assert [text for text in texts(document) if "not shown" not in text] == ["One."]
    assert "included in itself" in document.problems[0]


@pytest.mark.parametrize("ending", FOREVER)
def test_included_text_has_a_limit(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(included, "MOST_SHOWN_BYTES", 100)
    text = (FOREVER[ending].format(f"_b.{ending}") + "\n") * 10
    document = read(text, f"a.{ending}", {f"_b.{ending}": "Twenty bytes of one.\n"})
    assert texts(document).count("Twenty bytes of one.") == 5
    assert "over the limit" in document.problems[0]


def test_a_part_of_asciidoc_is_chosen_by_tags_and_shifted_by_levels() -> None:
    part = "Zero.\n\n// tag::t[]\n== One\n\nShown.\n// end::t[]\n\nNot.\n"
    document = read("= A\n\ninclude::_b.adoc[tag=t,leveloffset=+1]\n", "a.adoc", {"_b.adoc": part})
    assert headings(document) == [("A", 1, 1), ("One", 3, 3)]
    assert texts(document) == ["Shown."]


def test_the_rows_of_a_table_of_asciidoc_may_stand_in_another_file() -> None:
    document = read("= A\n\n[format=csv]\n|===\ninclude::example$t.csv[]\n|===\n", "modules/m/pages/a.adoc",
                    {"modules/m/examples/t.csv": "a,b\n1,2\n"})  # fmt: skip
    (table,) = blocks(document)
    assert (table.rows, table.row_lines) == ((("a", "b"), ("1", "2")), ((1, 1), (2, 2)))
    assert table.file(document.path) == "modules/m/examples/t.csv"


def test_code_below_its_attributes_may_stand_in_another_file() -> None:
    document = read("= A\n\n[source,ruby]\ninclude::b.rb[]\n", "a.adoc", {"b.rb": "puts 1\n"})
    (code,) = blocks(document)
    assert (code.kind, code.code, code.language) == ("code", "puts 1", "ruby")


def test_definitions_of_an_included_file_are_known() -> None:
    links = ".. _the site: https://x.example\n.. |name| replace:: Relay\n"
    document = read("AA\n==\n\n.. include:: /_links.txt\n\nSee `the site`_ of |name|.\n", "docs/a.rst",
                    {"docs/_links.txt": links})  # fmt: skip
    assert texts(document) == ["See [the site](https://x.example) of Relay."]


def test_attributes_of_an_included_file_are_known_though_it_is_a_page() -> None:
    document = read("= A\n\ninclude::settings.adoc[]\n\nThe {product} is here.\n", "a.adoc",
                    {"settings.adoc": ":product: Relay\n"})  # fmt: skip
    assert texts(document) == ["The Relay is here."]


def test_lists_of_a_part_are_lists_of_their_own() -> None:
    document = read('- a\n\n--8<-- "_b.md"\n\n1. d\n', "a.md", {"_b.md": "1. b\n2. c\n"})
    items = blocks(document, "list_item")
    assert len({block.list_id for block in items}) == 3
    assert [block.within[-1].list_id for block in items] == [block.list_id for block in items]


SITE = {
    "docs/antora.yml": "asciidoc:\n  attributes:\n    release: 3.2.0\n"
    "    home: https://x.example/{release}@\n    who: Us\n",
    "antora-playbook.yml": "asciidoc:\n  attributes:\n    who: Them\n    site: The Site\n",
}


def test_attributes_of_an_antora_site_are_those_of_its_pages() -> None:
    path = "docs/modules/m/pages/a.adoc"
    text = "= A\n\n{who} of {site}, at {home}[home].\n\n"
    text += "[source,xml,subs=attributes+]\n----\n<v>{release}</v> {gone}\n----\n"
    assert set(SITE) <= set(find_references(path, text).includes)
    document = read(text, path, SITE)
    paragraph, code = blocks(document)
    assert [one.text for one in paragraph.sentences] == ["Us of The Site, at [home](https://x.example/3.2.0)."]
    assert (code.code, code.adapted) == ("<v>3.2.0</v> {gone}", True)
    assert document.front_matter == {}


@pytest.mark.parametrize("broken", ["asciidoc: [", "a", "asciidoc: 1", "asciidoc:\n  attributes: [a]", "asciidoc: *a"])
def test_a_broken_site_file_sets_no_attributes(broken: str) -> None:
    document = read("= A\n\nWords.\n", "docs/modules/m/pages/a.adoc", {"docs/antora.yml": broken})
    assert texts(document) == ["Words."]


def test_code_without_substitutions_keeps_what_looks_like_attributes() -> None:
    text = "= A\n\n:release: 3\n\n[source,xml]\n----\n<v>{release}</v>\n----\n"
    (code,) = blocks(read(text, "a.adoc"))
    assert (code.code, code.adapted) == ("<v>{release}</v>", False)


def test_a_page_that_includes_some_lines_of_another_page_shows_them() -> None:
    readme = "# Relay\n\nIt is small.\n\n<!-- begin -->\nA class has names:\n<!-- end -->\n\n## More\n\nText.\n"
    directive = "```{include} ../README.md\n:start-after: 'begin -->'\n:end-before: '<!-- end'\n```\n"
    page = read(f"# Overview\n\nIt gives you this:\n\n{directive}", "docs/overview.md", {"README.md": readme})
    assert texts(page) == ["It gives you this:", "A class has names:"]
    (block,) = [one for one in blocks(page) if one.origin]
    assert block.origin == Origin("README.md", 6, 6)


def test_a_comment_of_myst_is_not_read() -> None:
    assert texts(read("# A\n\n% not for readers\n\n50 % of it.\n")) == ["50 % of it."]


def test_a_book_shows_a_whole_page_where_it_includes_one() -> None:
    document = read("# A\n\nFirst.\n\n{{#include part.md}}\n", "src/a.md", {"src/part.md": "Second one.\n"})
    assert texts(document) == ["First.", "Second one."]
    assert document.problems == ()
