"""AsciiDoc: every construct becomes CommonMark with the raw lines it stands on."""

import pytest

from shared.docs.asciidoc.references import find_references
from tests.unit.docs.pages import blocks
from tests.unit.docs.reading import only_block, outline, prose, read, told


def test_titles_have_levels_ids_and_no_author_lines() -> None:
    document = read(
        "a.adoc",
        "= The Guide\nJane Doe <jane@x.example>\nv1.0, 2024-01-01\n:toc:\n\nWords.\n\n[[setup]]\n== Setting up\n\n"
        "=== Deep `code` ===\n",
    )
    assert outline(document) == [(1, "The Guide", 1), (2, "Setting up", 9), (3, "Deep code", 11)]
    assert [section.anchor for section in document.sections] == ["_the_guide", "setup", "_deep_code"]
    assert (document.title, document.title_line, prose(document)) == ("The Guide", 1, "Words.")


def test_what_the_document_says_of_itself_has_the_values_it_names_or_is_left_out() -> None:
    document = read("a.adoc", "= Guide\n:what: for {who}\n:who: readers\n:description: A guide {what}\n:when: {date}\n")
    assert document.front_matter == {"what": "for readers", "who": "readers", "description": "A guide for readers"}


def test_underlined_titles_are_read_and_a_document_without_a_title_is_named_by_its_file() -> None:
    document = read("docs/quick-start.adoc", "Section One\n-----------\n\nWords.\n")
    assert outline(document) == [(2, "Section One", 1)]
    several = "== One\n\nWords.\n\n== Two\n\nWords.\n"
    assert read("docs/quick-start.adoc", several).title == "Quick start"
    assert read("docs/quick-start.adoc", f"Words.\n\n{several}").title == "Quick start"


def test_a_part_of_a_manual_is_named_by_the_heading_that_all_others_stand_under() -> None:
    document = read("tcp.adoc", "== Writing TCP servers\n\nWords.\n\n=== Closing\n\nWords.\n")
    assert (document.title, document.title_line) == ("Writing TCP servers", 1)


def test_sentences_know_the_lines_they_begin_and_end_on() -> None:
    block = only_block(read("a.adoc", "The first one. The second\ngoes on here. The\n// not said\nthird ends.\n"))
    assert told(block) == [
        ("The first one.", 1, 1),
        ("The second goes on here.", 1, 2),
        ("The third ends.", 2, 4),
    ]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Call `run()` and ``x``y now.", "Call `run()` and `x`y now."),
        ("Type `+{id}+` and `*` now.", "Type `{id}` and `*` now."),
        ("A *strong*, _soft_, #marked# and [.path]_a/b_ word.", "A **strong**, *soft*, marked and *a/b* word."),
        ("A part -- `a -- b` -- is --big.", "A part — `a -- b` — is --big."),
        ("snake_case_name and 2 * 3 stay.", r"snake_case_name and 2 \* 3 stay."),
        ("A \"`quoted`\" and '`single`' word.", "A \"quoted\" and 'single' word."),
        ("See https://a.example/x_y[the site] now.", "See [the site](https://a.example/x_y) now."),
        ("See https://a.example. Now.", "See https://a.example. Now."),
        ("See link:img/a.pdf[the *file*^] now.", "See [the **file**](img/a.pdf) now."),
        ("See link:a.html[text,window=_blank] now.", "See [text](a.html) now."),
        ("See <<setup,how to set up>> now.", "See [how to set up](ref:setup) now."),
        ("See <<more-words>> now.", "See [more words](ref:more-words) now."),
        ("See xref:other.adoc#part[the part] now.", "See [the part](other.adoc#part) now."),
        ("See xref:other.adoc[] now.", "See [other](other.adoc) now."),
        (
            "Press kbd:[Ctrl+C], btn:[OK], menu:File[Save > All] now.",
            "Press **Ctrl+C**, **OK**, **File > Save > All** now.",
        ),
        ("A notefootnote:[Not this.] and ((index)) and (((hidden))) here.", "A note (Not this) and index and here."),
        ('Keys ((("P2PKH (pay to a key)", id="x")))last (((a, b))).', "Keys last."),
        ("An icon:tags[] and image:a.png[pic] here.", "An and here."),
        ("Not \\*strong* but pass:[<u>under</u>] and +plain_text+.", r"Not \*strong\* but under and `plain_text`."),
        ("H~2~O and x^2^ {plus} a{nbsp}b.", "H2O and x² + a b."),
        ("The class javadoc:org.example.Thing[] here.", "The class `Thing` here."),
        ("One line +\nand the next.", "One line and the next."),
        ("3.1 &hybull; 3.0 &#8212; and `&copy;` &lt;T&gt;", "3.1 ⁃ 3.0 — and `&copy;` \\<T>"),
    ],
)
def test_inline_markup_becomes_commonmark(written: str, shown: str) -> None:
    assert prose(read("docs/a.adoc", written + "\n")) == shown


def test_an_attribute_is_put_in_when_the_line_still_says_it_else_named() -> None:
    document = read(
        "a.adoc",
        ":tool: Maker\n:version: 2.1\n:url-site: https://a.example\n\n"
        "Use {tool} daily. It is {version} now. Run `make-{version}.sh` now. Go {unknown} on. See {url-site}[here].\n",
    )
    named = "It is `{version}` now. Run `make-{version}.sh` now. Go `{unknown}` on."
    assert prose(document) == f"Use Maker daily. {named} See [here](https://a.example)."


def test_a_reference_to_an_id_of_this_document_links_to_its_heading() -> None:
    document = read("a.adoc", "[#setup]\n== Setting up\n\nSee <<setup>> and <<_setting_up,this>>.\n")
    assert prose(document) == "See [setup](ref:setup) and [this](ref:setting-up)."


def test_references_between_pages_of_antora_count_from_the_pages_of_their_module() -> None:
    document = read("docs/modules/ROOT/pages/deep/a.adoc", "See xref:b.adoc[B] and xref:cli:c.adoc[C].\n")
    assert [link.path for link in document.links] == ["docs/modules/ROOT/pages/b.adoc", "docs/modules/cli/pages/c.adoc"]


def test_lists_nest_by_their_marks() -> None:
    items = blocks(read("a.adoc", "* One thing.\n** Inner\nthing.\n* Two.\n\n. First.\n. Second.\n"))
    assert [(b.depth, b.ordered, b.number, b.sentences[0].text) for b in items] == [
        (0, False, 1, "One thing."), (1, False, 1, "Inner thing."), (0, False, 2, "Two."),
        (1, True, 1, "First."), (1, True, 2, "Second."),
    ]  # fmt: skip
    assert told(items[1]) == [("Inner thing.", 2, 3)]
    assert items[0].list_id == items[2].list_id != items[1].list_id


def test_blocks_are_attached_to_items_by_a_plus() -> None:
    item, code, after = blocks(read("a.adoc", ". Do this:\n+\n[source,bash]\n----\nrun\n----\n. Then that.\n"))
    assert (code.kind, code.depth, code.code, code.language, code.start_line) == ("code", 1, "run", "bash", 5)
    assert (item.number, after.number, item.list_id == after.list_id) == (1, 2, True)


def test_description_lists_name_their_terms() -> None:
    found = blocks(read("a.adoc", "`-v`:: Say more.\nOther term::\n  Its meaning\n  goes on.\n"))
    assert [(b.kind, b.term, told(b)) for b in found] == [
        ("definition", "`-v`", [("Say more.", 1, 1)]),
        ("definition", "Other term", [("Its meaning goes on.", 3, 4)]),
    ]


def test_callouts_stay_in_code_and_become_list_items() -> None:
    code, one, two = blocks(
        read("a.adoc", "[source,java]\n----\nrun(); // <1>\nend(); // <2>\n----\n<1> It runs.\n<2> It ends.\n")
    )
    assert code.code == "run(); // <1>\nend(); // <2>"
    assert [(b.kind, b.ordered, b.number, b.sentences[0].text) for b in (one, two)] == [
        ("list_item", True, 1, "It runs."), ("list_item", True, 2, "It ends."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "code", "language", "line"),
    [
        ("----\na\n\n  b\n----\n", "a\n\n  b", "", 2),
        ("....\n= no title\n....\n", "= no title", "", 2),
        ("```js\nlet x\n```\n", "let x", "js", 2),
        ("[,ruby]\n----\nputs 1\n----\n", "puts 1", "ruby", 3),
        (".Name\n[source,java,indent=0]\n----\n    int x;\n----\n", "int x;", "java", 4),
        ("[source,sql]\nSELECT 1\n", "SELECT 1", "sql", 2),
        ("Words.\n\n $ run\n $ stop\n", "$ run\n$ stop", "console", 3),
    ],
)
def test_verbatim_blocks_keep_their_lines(text: str, code: str, language: str, line: int) -> None:
    block = next(b for b in blocks(read("a.adoc", text)) if b.kind == "code")
    assert (block.code, block.language, block.start_line) == (code, language, line)


SOURCE = "a\n// tag::one[]\nb\n// tag::two[]\nc\n// end::two[]\nd\n// end::one[]\ne\n"


@pytest.mark.parametrize(
    ("options", "code", "lines"),
    [
        ("tag=two", "c", (5, 5)),
        ("tags=one;!two", "b\nd", (3, 7)),
        ("lines=1", "a", (1, 1)),
        ("lines=7..-1", "d\ne", (7, 9)),
        ('lines="3;5"', "b\nc", (3, 5)),
    ],
)
def test_included_code_is_whole_and_says_where_lines_are_missing_between(
    options: str, code: str, lines: tuple[int, int]
) -> None:
    text = f":dir: ../src\n\n[source,java]\n----\ninclude::{{dir}}/A.java[{options}]\n----\n"
    block = only_block(read("docs/a.adoc", text, {"src/A.java": SOURCE}))
    assert block.origin is not None
    assert (block.code, block.origin.path) == (code, "src/A.java")
    assert (block.origin.start_line, block.origin.end_line) == lines
    assert block.adapted is (lines[1] - lines[0] > code.count("\n"))


def test_what_cannot_be_included_is_said() -> None:
    document = read("a.adoc", "include::b.adoc[]\n\n----\ninclude::no.java[]\n----\n\nWords.\n")
    assert prose(document) == "`no.java` is not shown here. Words."
    assert len(document.problems) == 2


def test_admonitions_as_paragraphs_and_as_blocks() -> None:
    text = "NOTE: Short one.\n\n[WARNING]\n.Title\n====\nLong one.\n\n* An item.\n====\n\n[TIP]\nJust a hint.\n"
    found = blocks(read("a.adoc", text))
    assert [(b.kind, b.label, b.title, b.sentences[0].text) for b in found] == [
        ("admonition", "note", "", "Short one."),
        ("admonition", "warning", "Title", "Long one."),
        ("list_item", "", "", "An item."),
        ("admonition", "tip", "", "Just a hint."),
    ]


def test_conditions_comments_and_macros_leave_their_content_only() -> None:
    text = (
        "ifdef::env-github[]\nFor one host.\nendif::[]\n////\nhidden\n////\ntoc::[]\n\nifndef::x[Or so.]\n\n'''\n\n"
        "<<<\n\n++++\n<b>no</b>\n++++\n\n****\nBeside it.\n****\n\n--\nOpen one.\n--\n"
    )
    assert prose(read("a.adoc", text)) == "For one host. Or so. Beside it. Open one."


def test_what_stands_where_an_attribute_is_not_set_is_left_out_where_it_is() -> None:
    inner = "ifdef::b[]\nNot met.\nendif::[]\nifdef::b[Nor this.]\nNor that.\n"
    text = (
        f":a: 1\n\nBefore.\n\nifndef::a[No.]\nifndef::a[]\n{inner}endif::[]\n\nAfter.\n\nifndef::c[]\nMet.\nendif::[]\n"
    )
    assert prose(read("a.adoc", text)) == "Before. After. Met."


def test_tabs_show_what_they_hold_without_their_names() -> None:
    java, kotlin = "+\n[source,java]\n----\na\n----\n", "+\n[source,kotlin]\n----\nb\n----\n"
    text = f"[tabs]\n======\nJava::\n{java}\nKotlin::\n{kotlin}======\n"
    assert [(b.kind, b.language) for b in blocks(read("a.adoc", text))] == [("code", "java"), ("code", "kotlin")]


@pytest.mark.parametrize(
    ("text", "rows", "lines"),
    [
        ("|===\n|Name |Meaning\n\n|`a` |First\n|b\n|second\none\n|===\n",
         [("Name", "Meaning"), ("`a`", "First"), ("b", "second one")], [(2, 2), (4, 4), (5, 7)]),
        ('[cols="1,2a"]\n|===\n|a\n|\n* one\n* two\n|===\n', [("a", "one two")], [(3, 6)]),
        ("[cols=2*]\n|===\n2+|both\n.2+|tall |x\n|y\n|===\n", [("both", ""), ("tall", "x"), ("", "y")],
         [(3, 3), (4, 4), (5, 5)]),
        (",===\na,\"b, c\"\n1,2\n,===\n", [("a", "b, c"), ("1", "2")], [(2, 2), (3, 3)]),
    ],
)  # fmt: skip
def test_tables_keep_rows_and_their_lines(text: str, rows: list[tuple[str, ...]], lines: list[tuple[int, int]]) -> None:
    block = only_block(read("a.adoc", text))
    assert block.kind == "table"
    assert list(block.rows) == rows
    assert list(block.row_lines) == lines


def test_quotes_and_pictures() -> None:
    text = ":imagesdir: img\n\n____\nSaid so.\n____\n\n.The flow\nimage::a.png[Flow chart,300]\n"
    quote, picture, caption = blocks(read("docs/a.adoc", text))
    assert (quote.kind, told(quote)) == ("quote", [("Said so.", 4, 4)])
    assert picture.image is not None
    assert (picture.image.path, picture.image.alt) == ("docs/img/a.png", "Flow chart")
    assert told(caption) == [("**The flow**", 7, 7)]


@pytest.mark.parametrize(
    "block",
    [
        "* Words.",
        "====\nWords.\n====",
        "[%collapsible]\n====\nWords.\n====",
        "Words.",
        "----\nWords.\n----",
        "****\nWords.\n****",
    ],
)
def test_the_title_of_a_block_is_kept(block: str) -> None:
    found = blocks(read("a.adoc", f"= A\n\n.The `x` of *it*\n{block}\n"))
    titled = [f"**{one.title}**" for one in found if one.title] or [s.text for s in found[0].sentences]
    assert (titled, len(found)) == (["**The x of it**"], 1 if found[0].title else 2)


def test_a_quotation_names_its_source() -> None:
    said, source = blocks(read("a.adoc", "= A\n\n[quote, Ann, The *Book*]\n____\nWords.\n____\n"))
    assert [told(said), told(source)] == [[("Words.", 5, 5)], [("— Ann, The **Book**", 3, 3)]]
    assert said.within == source.within


def test_references_name_included_files_and_pictures_inside_the_repository() -> None:
    text = ":dir: ../src\n\ninclude::{dir}/A.java[]\ninclude::../../../x[]\nimage::a.png[]\nSee image:b.png[].\n"
    found = find_references("docs/a.adoc", text)
    assert found.includes[0] == "src/A.java"
    assert not any(path.startswith(("/", "..")) for path in found.includes)
    assert {"docs/a.png", "docs/b.png"} <= set(found.images)
    antora = find_references("docs/modules/ROOT/pages/a.adoc", "include::example$x.rb[]\nimage::c.png[]\n")
    assert antora.includes[0] == "docs/modules/ROOT/examples/x.rb"
    assert antora.images[0] == "docs/modules/ROOT/images/c.png"


def test_strange_content_never_raises_and_never_hangs() -> None:
    for text in (
        "`" * 15_000, "*" * 15_000, "pass:[" * 3_000, "[[" * 8_000, "{a}" * 5_000, "* " * 8_000, "a::" * 5_000,
        "|===\n|", "----\n", "====\n====\n====\n", "= \n", "[source\n", "include::[]\n", ",===\n\"a\n,===\n",
        "\n".join("*" * (n % 9) + " a" for n in range(500)), "+\n+\n+\n", "[]\n[[]]\n[\n",
        ".\n.a\n", ":a: {a}\n\n{a}\n",
    ):  # fmt: skip
        assert read("a.adoc", text).path == "a.adoc"


def test_links_to_files_are_shown_as_code_unless_they_have_words() -> None:
    text = "= A\n\nlink:src/a.py[a.py] link:pom.xml[] link:b.adoc[the page] link:https://x.example[]\n"
    assert prose(read("docs/a.adoc", text)) == (
        "[`a.py`](src/a.py) [`pom.xml`](pom.xml) [the page](b.adoc) [https://x.example](https://x.example)"
    )


def test_diagrams_have_the_language_they_are_drawn_from() -> None:
    text = "= A\n\n[mermaid]\n----\na --> b\n----\n\n[plantuml,target=x]\n....\na -> b\n....\n"
    assert [(block.kind, block.language) for block in blocks(read("a.adoc", text))] == [
        ("code", "mermaid"), ("code", "plantuml")
    ]  # fmt: skip


def test_an_include_of_a_sites_own_that_is_not_resolved_is_said_to_be_missing() -> None:
    document = read("a.adoc", "= A\n\ninclude-code::./Sample[tag=x]\n")
    assert prose(document) == "`./Sample` is not shown here."
    assert len(document.problems) == 1


def test_a_sentence_right_below_the_title_is_no_author() -> None:
    document = read("a.adoc", "= Modules\nIt has these modules:\n\n* one of them\n")
    assert prose(document) == "It has these modules: one of them"


def test_what_its_author_calls_source_is_code_between_any_lines() -> None:
    block = only_block(read("a.adoc", "[source,java]\n====\n@Bean\nvoid run() {\n}\n====\n"))
    assert (block.kind, block.language, block.code, block.start_line) == ("code", "java", "@Bean\nvoid run() {\n}", 3)


@pytest.mark.parametrize("target", ["example$a.js", "{examplesdir}/a.js", "{moduledir}/examples/a.js"])
def test_attributes_that_antora_sets_lead_to_the_files_of_the_module(target: str) -> None:
    path, file = "docs/modules/ROOT/pages/a.adoc", "docs/modules/ROOT/examples/a.js"
    text = f"[source,js]\n----\ninclude::{target}[]\n----\n"
    assert file in find_references(path, text).includes
    assert [block.code for block in blocks(read(path, text, {file: "run()\n"}), "code")] == ["run()"]
