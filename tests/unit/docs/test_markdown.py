"""Plain Markdown becomes sections, blocks, sentences and their lines."""

import pytest

from shared.docs.html.reader import read_html
from shared.docs.model import Image
from shared.docs.reader import read_document
from tests.unit.docs.pages import blocks, headings, read, said, texts


def test_pictures_that_keep_a_distance_or_end_the_words_of_a_link_are_not_shown() -> None:
    document = read(
        """\
        By [Let's Go <img src="/arrow.svg" class="away">](https://go.example) it is.

        <img src="https://host.example/spacer.gif" width="1" height="64"/>

        [<img src="/a.png" width="10">](https://go.example)

        [See it large <img src="/b.png">](https://go.example)
        <img src="/c.png" alt="Of width=1 and depth 3">
        """
    )
    assert [one.image.target for one in document.blocks if one.image] == ["/a.png", "/c.png", "/b.png"]
    assert texts(document) == [
        "By [Let's Go ](https://go.example) it is.", "[See it large ](https://go.example)",
    ]  # fmt: skip


def test_a_name_with_dots_behind_it_in_angle_brackets_is_a_placeholder() -> None:
    assert texts(read("**<names...>** is a list.\n")) == ["**\\<names...>** is a list."]


def test_headings_of_both_kinds_make_sections_with_parents_and_anchors() -> None:
    document = read(
        """\
        Title *here* `x`
        ================

        ## First [part](a.md) ##
        text
        ### Deep
        ## First part
        ## Named {#own}
        """
    )
    assert headings(document) == [
        ("Title here x", 1, 1),
        ("First part", 2, 4),
        ("Deep", 3, 6),
        ("First part", 2, 7),
        ("Named", 2, 8),
    ]
    assert [s.anchor for s in document.sections] == ["title-here-x", "first-part", "deep", "first-part-1", "own"]
    parents = {s.id: s.heading for s in document.sections}
    assert [parents.get(s.parent or "") for s in document.sections] == [
        None,
        "Title here x",
        "First part",
        "Title here x",
        "Title here x",
    ]
    assert len(parents) == 5
    assert [(s.start_line, s.end_line) for s in document.sections] == [(1, 3), (4, 5), (6, 6), (7, 7), (8, 8)]


def test_ids_of_sections_do_not_change_when_others_are_added() -> None:
    before = read("# T\n## A\nx\n## B\ny\n")
    after = read("# T\n## New\nz\n## A\nx\n## B\ny\n")
    ids = {s.heading: s.id for s in after.sections}
    assert all(ids[s.heading] == s.id for s in before.sections)


def test_the_title_comes_from_front_matter_then_heading_then_file_name() -> None:
    assert (read('---\ntitle: "From *head*"\n---\n# H\n').title, read("x\n\n# H\n").title) == ("From head", "H")
    front = read("---\nx: 1\ntitle: T\n---\nText.\n")
    assert (front.title, front.title_line, front.sections[0].heading) == ("T", 3, "T")
    pandoc = read("% TOOL(1) Does it\n% Someone\n\n# NAME\n\nThe tool does it.\n")
    assert (pandoc.title, pandoc.title_line, [one.heading for one in pandoc.sections]) == (
        "TOOL(1) Does it", 1, ["NAME"],
    )  # fmt: skip
    assert [read(f"---\ntitle: {title}\n---\nText.\n").title for title in ("on", "1.10")] == ["on", "1.10"]


@pytest.mark.parametrize(
    ("short", "heading", "title"),
    [
        ("on", "x-on", "x-on"),
        ("el", "$el", "$el"),
        ("Sort", "Sort Plugin", "Sort Plugin"),
        ("Tool tips", "Tips", "Tool tips"),
        ("on", "Only once", "on"),
        ("compose", "compose(...functions)", "compose"),
        ("alias", "`alias` for core", "alias"),
        ("Notes", "## Notes of it", "Notes"),
        ("Notes", f"Notes {'and more ' * 9}", "Notes"),
    ],
)
def test_a_page_is_named_by_the_heading_it_opens_with_where_the_title_in_its_head_is_a_part_of_it(
    short: str, heading: str, title: str
) -> None:
    page = f"---\ntitle: {short}\n---\n\n# {heading}\n\nText.\n".replace("# ##", "##")
    assert (read(page).title, read(page).title_line) == (title, 2 if title == short else 5)


def test_a_title_in_the_head_of_a_page_has_the_signs_that_its_entities_stand_for() -> None:
    assert read("---\ntitle: A &amp; `b` &rarr; c\n---\nText.\n").title == "A & b → c"
    assert read('+++\ntitle = "Is &quot;it&quot;?"\n+++\nText.\n').title == 'Is "it"?'


def test_a_heading_that_a_site_fills_in_is_the_title_of_its_page() -> None:
    assert read_document("docs/Form_of_files.md", b"# {{ page.title }}\n\nText.\n", {}).title == "Form of files"
    named = read("---\ntitle: Named\n---\n# {{page.title}}\n\nText.\n\n```liquid\nOf {{ page.title }}\n```\n")
    assert (named.sections[0].heading, named.sections[0].blocks[-1].code) == ("Named", "Of {{ page.title }}")


@pytest.mark.parametrize(
    ("description", "body", "is_shown"),
    [
        ("Cuts a list into parts.", "More of it.", True),
        ("Cutting lists", "More of it.", False),  # no sentence
        ("Cuts a list into parts.", "It cuts every list into several parts.", False),
        ("Cuts a list into parts.", "# Cut\n\nMore of it.", False),
    ],
)
def test_a_page_shows_its_description_below_its_title_as_sites_do(
    description: str, body: str, *, is_shown: bool
) -> None:
    found = read(f"---\ntitle: Cut\ndescription: {description}\n---\n\n{body}\n")
    assert (description in texts(found)) == is_shown
    assert not is_shown or next(found.sentences).start_line == 3
    assert read("## Chapter\n\nText.\n").title == "Chapter"
    assert read("# Function: ~~take()~~\n\nText.\n").title == "Function: take()"
    assert read("Text.\n\n## Later\n", path="docs/02-getting_started.md").title == "Getting started"
    assert read("Text.\n", path="docs/guides/index.md").title == "Guides"
    assert read("Logo.\n\n## Use\n\nText.\n\n# Licence\n\nMIT.\n", path="docs/tools.md").title == "Tools"


def test_the_title_of_a_page_is_its_one_heading_of_the_first_level_though_news_stand_above_it() -> None:
    assert read("### Join us\n\nText.\n\n# A Course\n\nText.\n\n## One\n\n## Two\n").title == "A Course"
    assert read("## One\n\nText.\n\n## Two\n\nText.\n\n# Changes\n\nText.\n").title == "One"


@pytest.mark.parametrize(
    ("path", "text", "title"),
    [
        ("docs/functions.md", "### **time**\n\nText.\n\n### **strings**\n\nText.\n", "Functions"),
        ("docs/functions.md", "## Time functions\n\nText.\n\n## Others\n\nText.\n", "Time functions"),
        ("docs/functions.md", "## Time\n\nText.\n\n### Zones\n\nText.\n", "Time"),
        ("docs/functions.md", "## 時間\n\nText.\n\n## 文字\n\nText.\n", "時間"),
        ("docs/time/README.md", "## Clocks\n\nText.\n\n## Others\n\nText.\n", "Clocks"),
    ],
)
def test_a_page_is_not_named_by_the_first_of_several_headings_of_which_its_file_says_nothing(
    path: str, text: str, title: str
) -> None:
    assert read(text, path=path).title == title


def test_a_book_in_one_file_is_not_named_by_its_preface() -> None:
    book = read("# Preface\n\nText.\n\n# Searching\n\nText.\n", path="gnu_grep.md")
    assert (book.title, [section.heading for section in book.sections]) == ("Gnu grep", ["Preface", "Searching"])
    assert read("# Preface\n\nText.\n\n## Who\n\nText.\n", path="preface.md").title == "Preface"
    assert read("# Exercises\n\nText.\n\n# Searching\n\nText.\n").title == "Exercises"


def test_a_page_of_a_book_is_named_by_the_second_of_two_headings_at_its_beginning() -> None:
    page = read("# The Book\n# Chapter 1: *Values*\n\nText.\n\n## Kinds\n\nText.\n")
    assert (page.title, page.title_line, page.sections[2].heading) == ("Chapter 1: Values", 2, "Kinds")
    assert read("# The Book\n\nText.\n\n# Chapter 1\n\nText.\n").title == "The Book"
    assert read("# The Book\n# Chapter 1\n\nText.\n\n# Chapter 2\n\nText.\n").title == "The Book"


def test_a_page_without_a_title_has_the_one_of_the_authors_contents() -> None:
    named = read_document("docs/ssl.md", b"Text.\n\n### Later\n\nMore.\n", {}, "SSL")
    assert (named.title, named.sections[0].heading) == ("SSL", "SSL")
    own = read_document("docs/ssl.md", b"# Secure sockets\n\nText.\n", {}, "SSL")
    assert (own.title, own.sections[0].heading) == ("Secure sockets", "Secure sockets")


def test_text_before_the_first_heading_is_a_section_of_its_own() -> None:
    document = read("Hello there.\n\n# T\n\nMore.\n")
    assert headings(document) == [("T", 1, 1), ("T", 1, 3)]
    assert document.sections[0].id != document.sections[1].id


def test_sentences_stand_on_the_lines_they_are_written_on() -> None:
    document = read("One two\nthree. Four\nfive `six\nseven` eight. Nine.\n\n- ten\n  eleven. Twelve.\n")
    assert said(document) == [
        ("One two three.", 1, 2),
        ("Four five `six seven` eight.", 2, 4),
        ("Nine.", 4, 4),
        ("ten eleven.", 6, 7),
        ("Twelve.", 7, 7),
    ]


def test_windows_line_ends_and_lone_carriage_returns_move_no_line() -> None:
    document = read("# T\r\n\r\nOne\rtwo.\r\nThree.\r\n\r\n```\r\ncode\r\n```\r\n")
    assert said(document) == [("One two.", 3, 3), ("Three.", 4, 4)]
    (code,) = blocks(document, "code")
    assert (code.code, code.start_line) == ("code", 7)


def test_lists_keep_their_nesting_and_numbers() -> None:
    document = read(
        """\
        3. three
           more

           second paragraph
           ```sh
           run
           ```
           after code
           - [x] nested
        4. four

        other

        - bullet
        """
    )
    shown = [(b.kind, b.depth, b.ordered, b.number, b.list_id, b.start_line) for b in blocks(document)]
    assert shown == [
        ("list_item", 0, True, 1, 1, 1),
        ("code", 1, False, 0, 0, 6),
        ("paragraph", 1, False, 0, 0, 8),
        ("list_item", 1, False, 1, 2, 9),
        ("list_item", 0, True, 2, 1, 10),
        ("paragraph", 0, False, 0, 0, 12),
        ("list_item", 0, False, 1, 3, 14),
    ]
    assert texts(document)[:4] == ["three more", "second paragraph", "after code", "☑ nested"]


def test_tables_give_clean_cells_with_a_line_for_each_row() -> None:
    document = read("| A | [b](c.md) |\n|:--|---|\n| `x\\|y` :tada: | <b>z</b> |\n| | |\n| last | |\n")
    (table,) = blocks(document, "table")
    assert table.rows == (("A", "[b](c.md)"), ("`x|y`", "z"), ("last", ""))
    assert table.row_lines == ((1, 1), (3, 3), (5, 5))


def test_definition_lists_give_term_and_definition() -> None:
    (block,) = blocks(read("Term *x*\n:   First. Second.\n"), "definition")
    assert block.term == "Term *x*"
    assert [s.text for s in block.sentences] == ["First.", "Second."]


def test_a_colon_after_a_term_is_said_once() -> None:
    (block,) = blocks(read("{func}`draw`:\n\n: Draws.\n"), "definition")
    assert (block.term, [sentence.text for sentence in block.sentences]) == ("`draw()`", ["Draws."])


def test_options_of_a_diagram_directive_are_no_lines_of_it() -> None:
    (block,) = blocks(read("```{mermaid}\n:align: center\n\nflowchart TD\n  A --> B\n```\n"), "code")
    assert (block.language, block.code, block.start_line) == ("mermaid", "flowchart TD\n  A --> B", 4)


def test_each_definition_begins_at_the_line_of_its_term() -> None:
    found = blocks(read("Text.\n\nOne\n: First.\n\nTwo\n: Second.\n: Third.\n"), "definition")
    assert [(block.within[0].title, block.within[0].line) for block in found] == [("One", 3), ("Two", 6), ("Two", 8)]
    (empty_first,) = blocks(read("Text.\n\nOne\n: {{< new-in 2 >}}\n: Second.\n"), "definition")
    assert (empty_first.within[0].line, empty_first.sentences[0].text) == (3, "Second.")


@pytest.mark.parametrize("fence", [(":::{glossary}", ":::"), ("```{glossary}", "```")])
def test_a_glossary_of_myst_is_read_as_the_markdown_it_is(fence: tuple[str, str]) -> None:
    terms = "one\n  A {attr}`x.y` of [it](https://x.org).\n  More.\n\n  And more.\n\ntwo\n  Another."
    one, two, after = blocks(read(f"{fence[0]}\n{terms}\n{fence[1]}\n\nAfter\n  all.\n"))
    assert [(block.within[0].title, block.within[0].line) for block in (one, two)] == [("one", 2), ("two", 8)]
    assert " ".join(s.text for s in one.sentences) == "A `x.y` of [it](https://x.org). More. And more."
    assert (two.sentences[0].text, after.sentences[0].text, after.kind) == ("Another.", "After all.", "paragraph")


def test_a_value_without_quotes_may_hold_an_equals_sign() -> None:
    (block,) = blocks(read("See <a href=https://x.org/watch?v=1>the talk</a> of it.\n"), "paragraph")
    assert [s.text for s in block.sentences] == ["See [the talk](https://x.org/watch?v=1) of it."]


@pytest.mark.parametrize(
    ("source", "clean"),
    [
        ("Keep *em*, **strong** and `a  b`.", "Keep *em*, **strong** and `a  b`."),
        (
            'A [link](x.md "Title") and [ref], [text][ref], [gone][none].',
            "A [link](x.md) and [ref](u), [text](u), [gone](ref:none).",
        ),
        ("Press <kbd>Ctrl</kbd>+<code>a&lt;b</code>.", "Press `Ctrl`+`a<b`."),
        ("Type <code>a \\`b\\`</code>.", "Type `` a `b` ``."),
        ("Some <span style='x'>text</span><!-- hidden --> here.", "Some text here."),
        ("So it is ([^1][ref], [^2][none]).", "So it is ([\\^1](u), \\[2\\][none])."),
        ("The _a_b-*.gz_ and _*.md_ files, _a*b*c_.", "The _a_b-\\*.gz_ and _\\*.md_ files, _a*b*c_."),
        ("A note[^1] and &copy; &lt;tag&gt;.", "A note\\[1\\] and © \\<tag>."),
        ("Ship it :rocket: now :material-cog:{ .x } at 10:30:00.", "Ship it now at 10:30:00."),
        ("Two  spaces and [site](https://x.y){:target=_blank}.", "Two spaces and [site](https://x.y)."),
        ("Use `{{ kept }}` here.", "Use `{{ kept }}` here."),
        ("See [[Other page|that page]].", "See that page."),
        ("2<sup>10</sup> is big<sup>1</sup>.", "2¹⁰ is big."),
        ("The 1<sup>st</sup> of 2<sup>width</sup> names.", "The 1st of 2^width names."),
        ("0 to 2<sup>N</sup> - 1, -2<sup>N-1</sup>, x<sup>2k + 1</sup>.", "0 to 2^N - 1, -2^(N-1), x^(2k + 1)."),
        ("The `lazy`<sup>1.47.0</sup> setting<sup>new</sup> is off.", "The `lazy` (1.47.0) setting is off."),
        ("Many<sup>1.55.0master</sup> of them.", "Many (1.55.0master) of them."),
        ("Replace <your-name> in Vec<T>.", "Replace \\<your-name> in Vec\\<T>."),
        ("See <https://x.y/a_b> and https://x.y/c_d_.", "See <https://x.y/a_b> and https://x.y/c_d_."),
        ("A [bad](javascript:alert(1)) link.", "A bad link."),
        ('Read [this]({{< relref "a/b.md" >}}) first.', "Read [this](a/b.md) first."),
        ("Call {func}`~click.echo` and {meth}`run`.", "Call `echo()` and `run()`."),
        ("Press ++ctrl+c++ in C++.", "Press `ctrl+c` in C++."),
        ("It is <del>old [a](b)</del> and ~~[c](d)~~.", "It is ~~old [a](b)~~ and ~~[c](d)~~."),
        ("It is ==marked== and ~~gone~~ here.", "It is marked and ~~gone~~ here."),
        (
            "See `the paper <https://a.io/p?q=1>`_, `b <https://a.io>`__ and `c <d>`_.",
            "See [the paper](https://a.io/p?q=1), [b](https://a.io) and `c <d>`_.",
        ),
    ],
)
def test_inline_text_is_clean_commonmark(source: str, clean: str) -> None:
    assert " ".join(texts(read(f"{source}\n\n[ref]: u\n\n[^1]: note\n"))) == f"{clean} \\[1\\] note"


def test_a_value_of_the_site_generator_is_shown_as_code() -> None:
    assert texts(read("Install version {{ version }} now. Then run it.\n")) == [
        "Install version `{{ version }}` now.",
        "Then run it.",
    ]


def test_links_know_their_line_and_where_they_lead() -> None:
    document = read("Text\n[a](../b.md#part) and\n[c\nd](https://x.y) [e](#f) <https://z.w>\n")
    assert [(link.text, link.path, link.fragment, link.line) for link in document.links] == [
        ("a", "b.md", "part", 2),
        ("c d", None, "", 3),
        ("e", "docs/page.md", "f", 4),
        ("https://z.w", None, "", 4),
    ]


def test_indented_tags_inside_a_box_that_is_open_are_not_code() -> None:
    document = read(
        '<div class="badges">\n<b>Tools</b>\n\n    <a href="u">\n        <img src="b.svg">\n    </a>\n</div>\n\n'
        "    <a>code</a>\n"
    )
    assert [block.code for section in document.sections for block in section.blocks if block.kind == "code"] == [
        "<a>code</a>"
    ]


def test_of_a_picture_for_light_and_for_dark_pages_one_is_shown() -> None:
    document = read("![Logo](img/light.png#only-light)\n![Logo](img/dark.png#only-dark)\n")
    shown = [block.image.target for section in document.sections for block in section.blocks if block.image]
    assert shown == ["img/light.png#only-light"]


def test_pictures_become_blocks_and_badges_nothing() -> None:
    document = read(
        "[![build](https://img.shields.io/x.svg)](https://ci) ![](docs/sponsors/acme.svg)\n"
        "[![Build Status](https://dev.acme.org/x/_apis/build/status/a?branch=b)](https://ci)\n\n"
        "See ![The *map*](img/a.png) here. ![](badges/coverage.svg)![](//a.io/badge/1)\n"
        '<img src="/static/b.png" alt="B">\n\n![c](https://x.y/c.png)\n\n![d](img/a-badge-in-red.png)\n',
        included={"static/b.png": "x"},
    )
    assert [(b.start_line, b.image) for b in blocks(document, "image")] == [
        (4, Image("The map", "img/a.png", "docs/img/a.png")),
        (5, Image("B", "/static/b.png", "static/b.png")),
        (7, Image("c", "https://x.y/c.png", None)),
        (9, Image("d", "img/a-badge-in-red.png", "docs/img/a-badge-in-red.png")),
    ]
    assert texts(document) == ["See here."]


def test_a_picture_stands_before_the_words_that_it_leads() -> None:
    document = read("> ![i](i.svg) Mind it. Well.\n\n[![l](l.png)](https://x.y/l) The ![m](m.png) tool.\n")
    shown = [block.image.target if block.image else block.kind for block in document.blocks]
    assert shown == ["i.svg", "quote", "l.png", "paragraph", "m.png"]


def test_html_blocks_are_read_as_text() -> None:
    document = read(
        """\
        <div align="center">
          <h1>The <b>tool</b></h1>
          <p>It does <a href="x.md">things</a>.<br>Fast.</p>
          <ul><li>one</li><li>two <code>x</code></li></ul>
          <table><tr><th>k</th></tr><tr><td>v</td></tr></table>
          <script>no()</script>
        </div>

        <details>
        <summary>What is it?</summary>

        Text **inside**.

        </details>
        """
    )
    assert headings(document) == [("The tool", 1, 2)]
    assert said(document) == [
        ("It does [things](x.md).", 3, 3),
        ("Fast.", 3, 3),
        ("one", 4, 4),
        ("two `x`", 4, 4),
        ("**What is it?**", 10, 10),
        ("Text **inside**.", 12, 12),
    ]
    assert blocks(document, "table")[0].rows == (("k",), ("v",))


def test_html_lists_keep_their_kind_and_depth() -> None:
    document = read("<ol><li>a</li><li>b<ul><li>c</li></ul></li></ol>\n")
    assert [(b.ordered, b.number, b.depth) for b in blocks(document)] == [(True, 1, 0), (True, 2, 0), (False, 1, 1)]


def test_marks_over_several_lines_move_no_line() -> None:
    document = read("One <!-- a\nb -->two\nthree [x](\ny.md). Four <span\nclass='z'>five</span>.\nSix.\n")
    assert said(document) == [
        ("One two three [x](y.md).", 1, 4),
        ("Four five.", 4, 5),
        ("Six.", 6, 6),
    ]


def test_components_are_known_by_their_closing_tag() -> None:
    slots = "<Page>\n  <PageTitle>\n    <template #title>Ropes</template>\n    <template #lead>\n      They hold.\n"
    assert texts(read(f"{slots}    </template>\n  </PageTitle>\n</Page>\n")) == ["Ropes", "They hold."]
    assert texts(read("Use <Term>this</Term> for Vec<T>.\n")) == ["Use this for Vec\\<T>."]


def test_headings_inside_quotes_and_items_are_no_sections() -> None:
    document = read("# T\n\n> ## Quoted\n> text.\n\n- ### Item\n")
    assert headings(document) == [("T", 1, 1)]
    assert texts(document) == ["Quoted", "text.", "Item"]


def test_front_matter_is_read_without_trusting_it() -> None:
    assert read("---\ntags: [a, b]\ndate: 2024-01-02\n---\nx\n").front_matter == {
        "tags": ["a", "b"],
        "date": "2024-01-02",
    }
    assert read('+++\ntitle = "T"\n+++\nx\n').title == "T"
    broken = read("---\na: [\n---\nText.\n")
    assert (broken.problems, texts(broken)) == (("front matter could not be read",), ["Text."])
    assert texts(read("---\n\nJust a rule.\n\n---\n\nMore.\n")) == ["Just a rule.", "More."]
    nested = read("---\na: " + "[" * 40_000 + "\n---\nText.\n")
    assert nested.problems == ("front matter could not be read",)


def test_a_head_that_is_not_yaml_gives_its_simple_lines() -> None:
    found = read("---\ntitle: {@render ...}\nweight: 3\n---\n\nText.\n", "docs/07-@render.md")
    assert (found.title, found.title_line) == ("{@render ...}", 2)
    assert read("Text.\n", "docs/07-@render.md").title == "@render"


def test_a_document_of_code_alone_has_a_section() -> None:
    document = read("```py\nx = 1\n```\n", path="examples/run.md")
    assert headings(document) == [("Run", 1, 2)]
    assert document.sections[0].code_blocks == 1


def test_an_empty_document_has_no_section() -> None:
    assert read("").sections == ()
    assert read("\n\n[x]: y\n").sections == ()


def test_a_table_whose_rows_differ_is_still_a_table() -> None:
    document = read("Before it.\n| A | B | C |\n|---|---|\n| `x` | y \\| z |\n")
    (table,) = blocks(document, "table")
    assert (table.rows, table.row_lines) == ((("A", "B", "C"), ("`x`", "y | z")), ((2, 2), (4, 4)))
    assert texts(document) == ["Before it."]


def test_bars_of_links_are_no_prose_and_formulas_are_code() -> None:
    document = read("< [Back](a.md) | [Index](i.md) >\n\n$$\na^2\n$$\n\nSee [a](a.md) and [b](b.md).\n\n- [a](a.md)\n")
    assert texts(document) == ["See [a](a.md) and [b](b.md).", "[a](a.md)"]
    assert [(b.code, b.language) for b in blocks(document, "code")] == [("$$\na^2\n$$", "tex")]
    assert len(document.links) == 5
    lines = ["a {", '<span class="gap"></span>b {', '<span class="gap"></span>}', "}"]
    document = read("# T\n\n" + "".join(f'<div class="line">{line}</div>\n' for line in lines))
    assert texts(document) == ["a {", "b {", "}", "}"]


def test_links_that_lead_neither_back_nor_on_are_content_below_the_words_of_a_page() -> None:
    onward = "[→ Read more about `x`](x.md)"
    assert texts(read(f"# T\n\n[Next: more →](b.md)\n\nSaid.\n\n{onward}\n\n[← Values](a.md)\n")) == ["Said.", onward]
    pair = "[Code](https://a.org) | [Pages](https://b.org)"
    listed = f"# T\n\n{pair}\n\nSaid.\n\n{pair}\n\nMore.\n\n{pair}\n"
    assert texts(read(listed)) == ["Said.", pair, "More."]
    assert texts(read(f"# T\n\nSaid.\n\n## See also\n\n{pair}\n")) == ["Said.", pair]
    assert texts(read("# T\n\nSaid.\n\n[anchor](a.md#a) [anchor](a.md#b)\n\nOn.\n")) == ["Said.", "On."]
    assert texts(
        read("# T\n\nSaid.\n\n[![A](https://img.shields.io/a)](a.md)\n[![B](https://img.shields.io/b)](b.md)\n\nOn.\n")
    ) == ["Said.", "On."]


@pytest.mark.parametrize("path", ["a.md", "a.rst", "a.txt", "README"])
def test_a_line_for_the_system_at_the_head_of_a_file_is_no_text(path: str) -> None:
    assert said(read("#!/usr/bin/env x\n\nWords.\n", path)) == [("Words.", 3, 3)]


def test_a_subscript_in_curly_brackets_is_no_attribute_list() -> None:
    assert texts(read("The sum \\sum_{i=1}^{k+1}i grows {: .wide}.\n")) == ["The sum \\sum_{i=1}^{k+1}i grows."]


@pytest.mark.parametrize(
    ("path", "opening", "title"),
    [
        ("README.md", '<p align="center"><img src="https://x.test/a.png" alt="Learn Regex"></p>', "Learn Regex"),
        ("docs/index.md", "![The Tidepool logo](logo.svg)", "Tidepool"),
        ("README.md", "![Build status](https://x.test/b.svg)\n\n![Tidepool](logo.svg)", "Tidepool"),
        ("README.md", "![Build status](https://x.test/b.svg)", "README"),
        ("README.md", "Some words.\n\n![Tidepool](logo.svg)", "README"),
        ("README.md", "![Tidepool - a tool for ponds](logo.svg)\n\n![Mugs](mugs.png)", "README"),
        ("docs/design.md", "![Tidepool](logo.svg)", "Design"),
    ],
)
def test_a_front_page_without_a_heading_has_the_name_in_its_logo(path: str, opening: str, title: str) -> None:
    raw = f"{opening}\n\n## Install\n\nRun the program.\n".encode()
    assert read_document(path, raw, {}).title == title


def test_double_brackets_that_touch_the_end_of_a_heading_are_its_anchor() -> None:
    document = read("# What is it?[[what-is-it]]\n\nA.\n\n## See [[Other page]]\n\nB.\n")
    assert [heading[0] for heading in headings(document)] == ["What is it?", "See Other page"]
    assert document.sections[0].anchor == "what-is-it"


def test_a_name_in_brackets_at_the_end_of_a_heading_is_its_anchor() -> None:
    document = read("# The `z.input()` [#input-output]\n\nA.\n\n## See [#1](a.md)\n\nB.\n\n## An [#other] one\n\nC.\n")
    assert [heading[0] for heading in headings(document)] == ["The z.input()", "See #1", "An [#other] one"]
    assert [section.anchor for section in document.sections] == ["input-output", "see-1", "an-other-one"]


def test_a_footnote_is_a_paragraph_under_the_mark_that_refers_to_it() -> None:
    document = read(
        "# A\n\nSaid[^n] so.\n\n[^n]: The note\n    goes on.\n\n    ```sh\n    run\n    ```\n\n## B\n\nMore.\n"
    )
    first, second = document.sections
    assert [(s.text, s.start_line, s.end_line) for block in first.blocks for s in block.sentences] == [
        ("Said\\[n\\] so.", 3, 3),
        ("\\[n\\] The note goes on.", 5, 6),
    ]
    assert first.blocks[-1].code == "run"
    assert [s.text for block in second.blocks for s in block.sentences] == ["More."]


def test_a_footnote_right_below_a_quote_is_no_part_of_it() -> None:
    document = read("> Said[^n] so.\n[^n]: The note.\n")
    assert [(block.kind, *(s.text for s in block.sentences)) for block in document.blocks] == [
        ("quote", "Said\\[n\\] so."),
        ("paragraph", "\\[n\\] The note."),
    ]


def test_code_that_holds_a_brace_keeps_its_title() -> None:
    (code,) = blocks(read('```js title="a.js"\nlet a = {}\n```\n'), "code")
    assert code.title == "a.js"


def test_a_listing_has_its_caption() -> None:
    (code,) = blocks(
        read('<Listing number="1-1" file-name="a.rs" caption="A program">\n\n```rust\nx\n```\n\n</Listing>\n')
    )
    assert [one.title for one in code.within] == ["A program"]


def test_links_that_a_sentence_announces_are_what_it_speaks_of() -> None:
    links = "[One](https://a.org) •\n[Two](https://b.org)\n"
    shown = "[One](https://a.org) • [Two](https://b.org)"
    assert texts(read(f"# A\n\nFollow the steps for yours:\n\n{links}")) == ["Follow the steps for yours:", shown]
    assert texts(read(f"# A\n\nSaid.\n\n{links}")) == ["Said."]


def test_a_list_of_links_to_the_headings_of_the_page_is_its_table_of_contents() -> None:
    contents = "- [One](#one)\n  - [Two *x*](#two)\n* **[Three](#three)**\n"
    text = f"# T\n\nIntro.\n\n{contents}\n## One\n\n- [Two](#two)\n- [Three](#three): of it.\n- [There](other.md)\n"
    kinds = [(block.kind, " ".join(s.text for s in block.sentences)) for block in blocks(read(text))]
    assert kinds == [
        ("paragraph", "Intro."), ("list_item", "[Two](#two)"), ("list_item", "[Three](#three): of it."),
        ("list_item", "[There](other.md)"),
    ]  # fmt: skip


def test_a_table_of_contents_goes_whole_and_with_its_label_or_stays_whole() -> None:
    linked = "- [One](#one)\n- [Two [x]](#two)\n- [Parts](../parts.md)\n- [Three](#three)\n"
    page = "# T\n\n{}\n\n{}\n## One\n\nSaid.\n"
    assert texts(read(page.format("**Contents**", linked))) == ["Said."]
    assert texts(read(page.format("## Table of contents", linked))) == ["Said."]
    assert len(texts(read(page.format("Intro.", linked)))) == 6
    assert len(texts(read(page.format("**Contents**", linked + "- Words of it.\n")))) == 7
    rules = "- [One](#one)\n- [Two](#two)\n- [Three](#three)\n"
    assert len(texts(read(page.format("The rules of the page are:", rules)))) == 5
    assert texts(read(page.format("In this article:", rules))) == ["Said."]


@pytest.mark.parametrize(("inside", "kept"), [(10, 0), (9, 0), (8, 10), (2, 3)])
def test_an_entry_that_names_the_file_of_the_page_belongs_to_its_table_of_contents(inside: int, kept: int) -> None:
    entries = [f"- [Part {at}](#part-{at})" for at in range(inside)]
    entries += [f"- [Version 1.0.{at}](page.md#version-10{at})" for at in range(10 - inside if inside > 2 else 1)]
    document = read("# T\n\n" + "\n".join(entries) + "\n")
    assert len(document.sections[0].blocks) == kept


def test_a_numbered_item_that_begins_with_a_heading_is_a_section() -> None:
    first = "1. ### What is it?\n\n   A thing.\n\n   - one\n\n   2. ### What for?\n\n      For use."
    document = read(f"# T\n\n{first}\n\n- so\n\n  ### And so\n")
    assert headings(document) == [("T", 1, 1), ("What is it?", 3, 3), ("What for?", 3, 9)]
    assert [(block.kind, block.depth, block.sentences[0].text) for block in blocks(document)] == [
        ("paragraph", 0, "A thing."), ("list_item", 0, "one"), ("paragraph", 0, "For use."), ("list_item", 0, "so"),
    ]  # fmt: skip


def test_a_link_to_a_place_of_the_page_that_stands_alone_is_navigation() -> None:
    for back in (
        "**[⬆ back to top](#contents)**",
        "[Back to the top](#)",
        '<p align="right"><a href="#top">Up</a></p>',
    ):
        assert texts(read(f"# T\n\nSaid.\n\n{back}\n\n## One\n\n[The other page](other.md)\n")) == [
            "Said.", "[The other page](other.md)",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("html", "alt", "target", "sort"),
    [
        ('<iframe width=9 src="https://www.youtube.com/embed/a?b&amp;c" title="A talk">\n</iframe>', "A talk",
         "https://www.youtube.com/embed/a?b&c", "Video"),
        ('<video controls>\n  <source src="/films/a-b.mp4">\n  <p>None</p>\n</video>', "", "/films/a-b.mp4", "Video"),
        ('Words <audio src="https://a.org/b.mp3"></audio>', "", "https://a.org/b.mp3", "Audio"),
        ('<div>\n<iframe src="//codepen.io/a"></iframe>\n</div>', "", "https://codepen.io/a", "Page"),
        ('<a href="https://youtu.be/a"><img src="https://b.org/c.png"></a>', "", "https://youtu.be/a", "Video"),
        ('<a href="https://a.org/demo">\n<img src="https://b.org/c.png"/></a>', "", "https://a.org/demo", "Picture"),
        ("[![A talk](a.png)](https://vimeo.com/1)", "A talk", "https://vimeo.com/1", "Video"),
    ],
)  # fmt: skip
def test_what_a_page_embeds_is_kept_as_where_it_stands(html: str, alt: str, target: str, sort: str) -> None:
    image = blocks(read(f"Said.\n\n{html}\n"), "image")[-1].image
    assert image is not None
    assert (image.alt, image.target, image.sort) == (alt, target, sort)
    assert "None" not in texts(read(f"Said.\n\n{html}\n"))


@pytest.mark.parametrize(
    "html",
    [
        '<iframe src="javascript:a()"></iframe>',
        '<video src="data:video/mp4;base64,AA=="></video>',
        '<iframe src="demo/own.html"></iframe>',
        "<iframe hidden name=a>\n</iframe>",
        '<iframe src="https://github.com/sponsors/a/button"></iframe>',
        '<img src="https://a.org/b.png" alt="">',
        '<a href="https://a.org"><img src="https://b.org/logo.png"></a>',
    ],
)
def test_what_says_nothing_or_is_no_address_is_not_kept(html: str) -> None:
    assert [one.kind for one in blocks(read(f"Said.\n\n{html}\n"))] == ["paragraph"]


def test_a_picture_without_words_is_named_in_a_table_and_a_sign_is_not() -> None:
    page = (
        "| A | B |\n|---|---|\n| a | <img src='https://a.org/style-full.png'/> |\n| b | ![](https://a.org/icon.svg) |\n"
    )
    assert blocks(read(page), "table")[0].rows[1:] == (
        ("a", "[style full](https://a.org/style-full.png)"), ("b", ""),
    )  # fmt: skip


_CODE = "```html\n<div x-data='{ n: 0 }'>\n  <p x-text='n'></p>\n</div>\n```\n"


@pytest.mark.parametrize(
    "live",
    [
        "<div class='demo'>\n  <div x-data='{ n: 0 }'>\n    Count:\n\n    <p>Some words.</p>\n  </div>\n</div>",
        "<p\n  x-text='n'>\n  One\n</p>",
        "<button class='a'\n  @click='go'>\n  Send it\n</button>",
        "<form>\n  <label for='a'>Name:</label><input id='a'>\n  <select><option>One</option></select>\n</form>",
    ],
)
def test_the_working_form_of_an_example_leaves_no_words(live: str) -> None:
    assert texts(read(f"Said.\n\n{_CODE}\n{live}\n\nAnd on.\n")) == ["Said.", "And on."]
    assert texts(read(f"Said.\n\n{live}\n\n{_CODE}\nAnd on.\n")) == ["Said.", "And on."]


@pytest.mark.parametrize(
    "html",
    [
        "<div x-data='{ m: 0 }'>\n  Words.\n</div>",  # not in the code
        "<div title='x-data is here'>\n  Words.\n</div>",
        "<a href='b.md'><button>Words.</button></a>",
        "<div>\n<label>Words.</label>\n</div>",
        "Words. <button>Send</button>",
        "<div x-data='{ n: 0 }'>\n\nWords.\n\n## B\n\n</div>",  # what stays open takes no more with it
    ],
)
def test_words_in_html_that_are_no_part_of_an_example_stay(html: str) -> None:
    assert "Words." in " ".join(texts(read(f"Said.\n\n{_CODE}\n{html}\n")))


def test_a_tag_goes_on_over_blank_lines_and_tags_in_its_values() -> None:
    page = (
        "Said.\n\n<div a=\"{ b: '',\n\n    c: 1,\n\n}\" d='<td>x</td>'>\n  Words.\n</div>\n\n```\n<e f=\"\n\n\"\n```\n"
    )
    assert texts(read(page)) == ["Said.", "Words."]
    assert blocks(read(page), "code")[0].code == '<e f="\n\n"'
    assert texts(read('<div a="b\n\nWords.\n'))[-1] == "Words."


def test_keys_around_links_and_pictures_are_a_box_and_no_code() -> None:
    box = '<kbd align="center"><br/><a href="https://a.org"><b>Mugs</b></a><br/></kbd>'
    assert texts(read(f"Press <kbd>x</kbd>.\n\n{box}\n")) == ["Press `x`.", "[Mugs](https://a.org)"]


def test_a_role_that_names_a_page_is_a_link_to_it() -> None:
    document = read("{doc}`overview` tells, and {doc}`the rest <guide/rest>` and {doc}`other:page` too.\n")
    (block,) = document.sections[0].blocks
    assert block.sentences[0].text.startswith("[overview](overview.md) tells, and [the rest](guide/rest.md) and ")
    assert [link.path for link in document.links] == ["docs/overview.md", "docs/guide/rest.md"]


def test_a_cross_reference_of_quarto_is_a_link_in_words() -> None:
    document = read(
        """\
        # Names {#sec-names}

        See @sec-names, (-@fig-a_b), [-@tbl-x] and [see @lst-y].

        @fig-z is there. @sec-b is not. Not me@fig-x.org, `@fig-y`.
        """
    )
    assert [one.text for block in document.sections[0].blocks for one in block.sentences] == [
        (
            "See [section names](ref:sec-names), ([figure a b](ref:fig-a-b)), [table x](ref:tbl-x) "
            "and [see [listing y](ref:lst-y)]."
        ),
        "[Figure z](ref:fig-z) is there.",
        "[Section b](ref:sec-b) is not.",
        "Not me@fig-x.org, `@fig-y`.",
    ]
    assert [link.target for link in document.links][:4] == ["ref:sec-names", "ref:fig-a-b", "ref:tbl-x", "ref:lst-y"]


def test_lines_for_a_type_checker_alone_are_not_shown() -> None:
    (block,) = blocks(read("```js\nlet a;\n// ---cut---\n// @errors: 2304\nb = a;\n```\n"), "code")
    assert (block.code, block.start_line, block.end_line, block.adapted) == ("b = a;", 5, 5, False)


def test_a_cell_of_pictures_alone_says_what_they_show() -> None:
    (table,) = blocks(read("| A | B |\n| - | - |\n| x | ![Yes](y.png) |\n"), "table")
    assert table.rows[1] == ("x", "Yes")


def test_a_backslash_that_ends_a_paragraph_is_a_break_with_nothing_after_it() -> None:
    assert texts(read("# T\n\n* The first word is not a number.\\\n* The next one is.\n")) == [
        "The first word is not a number.", "The next one is.",
    ]  # fmt: skip


def test_a_line_that_ends_with_a_backslash_is_broken_whatever_comes_next() -> None:
    (block,) = blocks(read("> *type* → *name*\\\n> *type* → *name*  \n> *name*\\\n> *name* → **`x`**\n"))
    assert [(one.text, one.start_line, one.after_break) for one in block.sentences] == [
        ("*type* → *name*", 1, False),
        ("*type* → *name* *name*", 2, True),
        ("*name* → **`x`**", 4, True),
    ]


def test_links_of_docc_name_pages_and_show_their_titles() -> None:
    document = read(
        "# T\n\nSee <doc:Types#Array-Type>, <doc://org.a/b/Flow> and [the tour](doc:Tour).\n\n- <doc:Flow>\n"
    )
    assert texts(document) == [
        "See [Array Type](Types#Array-Type), [Flow](/b/Flow) and [the tour](Tour).",
        "[Flow](Flow)",
    ]
    assert [(one.target, one.fragment, one.untitled) for one in document.links] == [
        ("Types#Array-Type", "Array-Type", True), ("/b/Flow", "", True), ("Tour", "", False), ("Flow", "", True),
    ]  # fmt: skip


def test_addresses_of_other_schemes_and_references_of_specifications_stand_without_their_brackets() -> None:
    assert texts(read("# T\n\nSee <app://a/b> and <https://a.example> as [[!DOM]] says.\n\n> \\[!NOTE]\n> So.\n")) == [
        "See `app://a/b` and <https://a.example> as DOM says.", "So.",
    ]  # fmt: skip


def test_three_hyphens_between_words_are_a_dash() -> None:
    text = "# T\n\nIt is --- as `a --- b` ---\nso. Use --- alone, a --- | b | --- c and x---y.\n"
    source = f"{text}\n| a | b |\n|---|---|\n| --- | x |\n"
    assert texts(read(source)) == ["It is — as `a --- b` — so.", "Use — alone, a --- | b | --- c and x---y."]
    assert blocks(read(source), "table")[0].rows[1] == ("---", "x")


def test_brackets_behind_a_name_are_no_link_of_a_wiki() -> None:
    assert texts(read("# T\n\nPhone[[0..1]] is on the [[Home page]] now.\n")) == [
        "Phone[[0..1]] is on the Home page now."
    ]


def test_a_table_between_colons_may_hold_directives_between_colons() -> None:
    (table, note) = blocks(
        read("# T\n\n::: {list-table}\n\n- - A curve\n\n    with words\n\n  - ::: {code-block} python\n    x = 1\n"
             "    :::\n\n:::\n\n::: {note}\nAfter the table.\n:::\n")
    )  # fmt: skip
    assert table.rows == (("A curve with words", "`x = 1`"),)
    assert (note.kind, [one.text for one in note.sentences]) == ("admonition", ["After the table."])


def test_equals_signs_between_names_mark_no_text() -> None:
    text = "# T\n\nIf band==0 and freq==0 it is off. A ==marked text== and 中文==标记==中文 here.\n"
    assert texts(read(text)) == ["If band==0 and freq==0 it is off.", "A marked text and 中文标记中文 here."]


def test_an_address_with_a_part_that_the_site_puts_in_is_one_piece_of_code() -> None:
    text = "# T\n\nSee https://example.org/en/{{ book.version }}/admin/ for it.\n"
    assert texts(read(text)) == ["See `https://example.org/en/{{ book.version }}/admin/` for it."]


def test_a_formula_inside_a_paragraph_parts_it() -> None:
    document = read("# T\n\nThe first way:\n$$\nv^* = \\min_{v}\n$$\nwhere $v_i$ is a number.\n")
    assert [(one.kind, one.code) for one in blocks(document)] == [
        ("paragraph", ""), ("code", "$$\nv^* = \\min_{v}\n$$"), ("paragraph", ""),
    ]  # fmt: skip
    assert texts(document) == ["The first way:", "where `$v_i$` is a number."]


def test_a_sign_that_is_written_by_its_name_ends_an_address() -> None:
    text = "# T\n\nSee https://example.org/a&mdash;or https://example.org/?a=1&amp;b=2 now.\n"
    assert texts(read(text)) == ["See https://example.org/a—or https://example.org/?a=1&amp;b=2 now."]


def test_one_link_with_an_arrow_leads_to_another_page_and_says_nothing() -> None:
    assert texts(read("# T\n\n[<< Day 29](b.md)\n\nWords and [<< Day 29](b.md) stay.\n")) == [
        "Words and [<< Day 29](b.md) stay."
    ]


def test_a_picture_stands_on_all_lines_of_its_words() -> None:
    (picture,) = blocks(read("# T\n\n![A grid of\nnine 9 squares](a.png)\n"), "image")
    assert (picture.start_line, picture.end_line, picture.image and picture.image.alt) == (
        3,
        4,
        "A grid of nine 9 squares",
    )


def test_a_comment_behind_a_heading_is_its_anchor() -> None:
    page = read("# Top\n\n## Use `it` {/*use-it*/}\n\nWords.\n")
    assert [(one.heading, one.anchor) for one in page.sections] == [("Top", "top"), ("Use it", "use-it")]


def test_an_icon_alone_in_a_cell_is_named() -> None:
    icons = '<i class="fas fa-bars fa-2x"></i>', '<i class="bi bi-x" title="Close"></i>', '<i class="clip-button"></i>'
    rows = "".join(f"| {icon} | Says it. |\n" for icon in icons)
    (table,) = blocks(read(f"| Icon | What |\n|--|--|\n{rows}"), "table")
    assert [row[0] for row in table.rows[1:]] == ["bars icon", "Close", ""]


@pytest.mark.parametrize("classes", ["emphasis", "fa fa-lg", "fas fa-spin fa-2x", "mdi mdi-rotate-90", "bi", ""])
def test_a_class_that_names_no_icon_gives_no_words(classes: str) -> None:
    icon = f"<i class='{classes}'></i>"
    page = read(f"Press {icon} to see.\n\n| Icon | What |\n|--|--|\n| {icon} | Says it. |\n")
    assert [" ".join(text.split()) for text in texts(page)][:1] == ["Press to see."]
    assert blocks(page, "table")[0].rows[1] == ("", "Says it.")


@pytest.mark.parametrize(
    "text",
    [
        "Press <i class='x' title='[x](javascript:alert)'></i> to go on.",
        "See `[x](javascript:alert) <https://x.org>`_ now.",
        "| a | b |\n|--|--|\n| <i title='[x](javascript:alert)'></i> | y |",
        "| a | b |\n|--|--|\n| <img src='a.png' alt='\\[x](javascript:alert)'> | y |",
    ],
)
def test_words_of_an_attribute_or_of_another_markup_are_no_markdown(text: str) -> None:
    page = read(f"# T\n\n{text}\n")
    shown = [*texts(page), *(cell for block in blocks(page, "table") for row in block.rows for cell in row)]
    assert "](javascript" not in " ".join(shown)
    assert "]\\(javascript:alert)" in " ".join(shown)


def test_an_icon_among_words_is_named_and_one_beside_them_is_not() -> None:
    icon = '<i class="fa fa-eye"></i>'
    document = read(
        f"Press {icon} to see.\n\nA button ({icon}) hides it.\n\nIt looks like this: {icon}\n\n"
        f"{icon} Docs here.\n\nRead more of it {icon}\n\nSee [the {icon} page](a.md).\n"
    )
    assert [" ".join(text.split()) for text in texts(document)] == [
        "Press (eye icon) to see.", "A button (eye icon) hides it.", "It looks like this: (eye icon)",
        "Docs here.", "Read more of it", "See [the page](a.md).",
    ]  # fmt: skip


def test_an_item_of_signs_stays_and_signs_beside_a_badge_go() -> None:
    badges = "![a](https://img.shields.io/a) | ![b](https://img.shields.io/b)"
    document = read(f"# T\n\nOne of:\n\n- {{ }}\n- $ ;\n\n{badges}\n")
    assert texts(document) == ["One of:", "{ }", "$ ;"]


def test_a_link_to_another_site_is_no_way_between_pages() -> None:
    document = read("# T\n\n[Demo >](https://acme.org/demo)\n\nText.\n\n[Next >](next.md)\n")
    assert texts(document) == ["[Demo >](https://acme.org/demo)", "Text."]


def test_a_component_that_leads_somewhere_is_a_link() -> None:
    document = read(
        """
        # T

        <LessonLink href="https://acme.org/a" title="Free lesson"/>

        <DemoLink href="https://acme.org/b" title="Free">
        Watch it
        </DemoLink>

        See <Go href="/b">that</Go>.
        """
    )
    shown = [" ".join(text.replace("[ ", "[").replace(" ]", "]").split()) for text in texts(document)]
    assert shown == ["[Free lesson](https://acme.org/a)", "[Watch it](https://acme.org/b)", "See [that](/b)."]


def test_a_picture_of_a_page_in_a_chapter_may_stand_beside_the_chapters() -> None:
    document = read_document("guides/intro/up.md", b"# T\n\n![It runs](images/up.png)\n", {"guides/images/up.png": b""})
    (picture,) = (block.image for block in document.blocks if block.image)
    assert picture.path == "guides/images/up.png"


def test_a_cell_of_several_rows_or_columns_stands_in_each_of_them() -> None:
    table = (
        "<table>\n<tr><th>URL</th><th colspan=2>Call</th></tr>\n"
        "<tr><td rowspan=2>/a</td><td>GET</td><td>list</td></tr>\n"
        "<tr><td>POST</td><td>create</td></tr>\n<tr><td colspan=3>Others</td></tr>\n"
        "<tr><td>/b</td><td>PUT</td><td rowspan='2'>set</td></tr>\n<tr><td>/c</td><td>PATCH</td></tr>\n</table>\n"
    )
    rows = (
        ("URL", "Call", "Call"), ("/a", "GET", "list"), ("/a", "POST", "create"), ("Others", "", ""),
        ("/b", "PUT", "set"), ("/c", "PATCH", "set"),
    )  # fmt: skip
    (read_of_markdown,) = blocks(read(f"# T\n\n{table}"), "table")
    assert read_of_markdown.rows == rows
    assert read_of_markdown.row_lines == ((4, 4), (5, 5), (5, 6), (7, 7), (8, 8), (8, 9))
    (read_of_html,) = blocks(read(read_html(f"<h1>T</h1>{table}".encode()).text), "table")
    assert read_of_html.rows == rows


def test_icons_that_rows_of_a_table_repeat_are_what_its_cells_say() -> None:
    document = read(
        "# T\n\n| A | B |\n| - | - |\n| a | :material-circle-half: 1 |\n| b | :material-circle-half: :rocket: |\n"
        "| c | :octicons-x-16: |\n\n- :material-circle-half: means in part\n- :sparkles: New\n"
    )
    (table, *_) = blocks(document, "table")
    assert [row[1] for row in table.rows] == ["B", "(circle half) 1", "(circle half)", "❌"]
    assert texts(document) == ["(circle half) means in part", "New"]


def test_a_link_that_an_included_file_defines_holds_on_the_page() -> None:
    page = "{{#include ../parts/head.md}}\n\nUse a [`Query`], [parts][own] and [more][far].\n\n[own]: here.md\n"
    included = {
        "src/parts/head.md": b"{{#include links.md}}\n",
        "src/parts/links.md": b"[`Query`]: https://example.org/q\n[own]: there.md\n{{#include far.md}}\n",
        "src/parts/far.md": b"[far]: /far.md\n{{#include head.md}}\n",
    }
    document = read_document("src/pages/a.md", page.encode(), included)
    assert [link.target for link in document.links] == ["https://example.org/q", "here.md", "/far.md"]


def test_what_is_included_as_code_defines_no_link() -> None:
    page = "# A\n\n```ini\n{{#include p.ini}}\n```\n\nA value [foo].\n\n{{#include q.md}}\n\nAnd [bar].\n"
    included = {
        "docs/p.ini": b"[foo]: https://example.org/x\n",
        "docs/q.md": b"```\n[bar]: https://example.org/y\n```\n",
    }
    assert read_document("docs/a.md", page.encode(), included).links == ()


def test_cells_that_reach_far_fill_only_so_many_places() -> None:
    cells = "<td colspan=20 rowspan=20>a b</td>" * 400
    table = f"# A\n\n<table>\n<tr>{cells}</tr>\n" + "<tr><td>c</td></tr>\n" * 19 + "</table>\n"
    document = read_document("docs/a.md", table.encode(), {})
    assert sum(section.words for section in document.sections) < 10_000
