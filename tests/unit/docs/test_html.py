"""Pages, and documents that become pages: what a text of Markdown shows of them, and that it reads as they do."""

import importlib.metadata
from html import escape

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shared.docs.html.docx import read_docx
from shared.docs.html.epub import read_epub
from shared.docs.html.facts import DOCX_READER, HTML_READER
from shared.docs.html.reader import read_html
from shared.docs.model import Document
from shared.docs.plain import plain_text
from shared.docs.reader import read_document
from tests.unit.docs.packed import book_parts, packed, paragraph, word_parts
from tests.unit.docs.pages import blocks, headings, texts

SIGNS = st.text(st.sampled_from([*"*_~`#[]()<>{}|!\\-+=.:;$&^%@/'\"", *"a1 ", "é", "—"]), max_size=14)


def read(body: str, head: str = "") -> tuple[str, Document]:
    """The text of a page, and the document that the text is read as."""
    text = read_html(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode()).text
    return text, read_document("page.html.md", text.encode(), {})


def test_a_paragraph_has_one_sentence_a_line() -> None:
    text, _ = read("<p>Water boils\n at 100 °C. It is <b>hot. Very hot</b>, e.g. for tea. See <code>a.b()</code>.</p>")
    assert text == "Water boils at 100 °C.\nIt is **hot.**\n**Very hot**, e.g. for tea.\nSee `a.b()`.\n"


def test_headings_lists_code_and_tables_are_what_they_were() -> None:
    text, document = read(
        "<h1>Kettles</h1><p>First.</p><h2>Parts</h2><ul><li>Lid<ol start=3><li>Hinge</li><li><p>Pin.</p><pre>x = 1\n"
        "\ty</pre></li></ol></li><li>Base</li></ul><h3>Code</h3><pre><code class='hljs language-rust'>fn a() {\n\n}\n"
        "</code></pre><table><tr><th>Part<th>Job</tr><tr><td>a|b<td><code>x|y</code></tr></table>"
        "<blockquote><p>Said.</p></blockquote><dl><dt>Lid</dt><dd><p>Covers. Always.</p></dd></dl>"
    )
    assert [heading[:2] for heading in headings(document)] == [("Kettles", 1), ("Parts", 2), ("Code", 3)]
    code = [(block.language, block.code) for block in blocks(document) if block.kind == "code"]
    assert code == [("", "x = 1\n\ty"), ("rust", "fn a() {\n\n}")]
    (table,) = [block.rows for block in blocks(document) if block.kind == "table"]
    assert table == (("Part", "Job"), ("a|b", "`x|y`"))
    kinds = [block.kind for block in blocks(document)]
    assert kinds == [
        "paragraph", "list_item", "list_item", "list_item", "code", "list_item", "code", "table", "quote", "definition"
    ]  # fmt: skip
    assert "3. Hinge" in text


def test_what_is_not_about_the_subject_is_left_out() -> None:
    text, _ = read(
        "<header>Logo</header><nav>Home</nav><h1>Kettles<a class=headerlink href='#k'>¶</a></h1><p hidden>No.</p>"
        "<p style='display: none'>No.</p><p>Yes.<img src=a.png alt=No></p>"
        "<script>no()</script><svg><text>No</text></svg>"
        "<ul><li><a href='#a'>One</a></li><li><a href='b.html'>Two</a></li><li><a href='#c'>Three</a></li></ul>"
        "<footer>No</footer>"
    )
    assert text == "# Kettles\n\nYes.\n"
    assert read("<div>No.</div><main><p>Yes.</p></main>")[0] == "Yes.\n"


def test_links_to_the_outside_stay_and_others_are_words() -> None:
    text, _ = read(
        "<p>See <a href='https://x.org/a_(b) c'>the site</a>, <a href='#a'>below</a> or "
        "<a href='javascript:a()'>this</a>.</p>"
    )
    assert text == "See [the site](https://x.org/a_%28b%29%20c), below or this.\n"


@pytest.mark.parametrize(
    ("body", "head", "expected"),
    [
        ("<h1>A</h1><p>x</p>", "<title>A - site</title>", ["A"]),
        ("<h1>A</h1><p>x</p><h1>B</h1><p>y</p>", "<title>Both</title>", ["Both", "A", "B"]),
        ("<p>x</p><h2>A</h2><p>y</p><h2>B</h2><p>z</p>", "<title>Both</title>", ["Both", "A", "B"]),
        ("<h2>A</h2><p>x</p><h2>B</h2><p>y</p>", "<title>a</title>", ["A", "B"]),
        ("<h3>A</h3><p>x</p><h4>B</h4><p>y</p>", "", ["A", "B"]),
    ],
)
def test_a_document_has_one_title(body: str, head: str, expected: list[str]) -> None:
    _, document = read(body, head)
    assert [section.heading for section in document.sections] == expected
    assert (document.title, document.sections[0].level) == (expected[0], 1)


def test_notes_are_admonitions() -> None:
    text, document = read("<div class='admonition warning'><p class=admonition-title>Warning</p><p>Hot.</p></div>")
    assert text == "> [!WARNING]\n> Hot.\n"
    assert [block.kind for block in blocks(document)] == ["admonition"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("<p>Größe</p>".encode(), "Größe"),
        ("<meta charset=latin1><p>Größe</p>".encode("latin1"), "Größe"),
        ("<p>Größe</p>".encode("cp1252"), "Größe"),
        ("\ufeff<p>Größe</p>".encode("utf-16-le"), "Größe"),
        ("<meta charset='shift_jis'><p>日本</p>".encode("shift_jis"), "日本"),
    ],
)
def test_a_page_says_its_encoding(data: bytes, said: str) -> None:
    assert read_html(data).text == f"{said}\n"


@settings(max_examples=200)
@given(SIGNS)
@example(". . 1")
def test_prose_reads_as_it_is_shown_whatever_signs_it_has(signs: str) -> None:
    said = " ".join(f"Words {signs} more words.".split()).replace("`", "‘")
    _, document = read(f"<p>{escape(said)}</p>")
    assert "".join(plain_text(" ".join(texts(document))).split()) == "".join(said.split())


@settings(max_examples=200)
@given(SIGNS, SIGNS)
@example("{", "<<<;")
def test_code_is_letter_for_letter_what_it_was(first: str, second: str) -> None:
    code = f"a = 1 {first}\n  {second};\nend"
    _, document = read(f"<p>Before.</p><pre>{escape(code)}</pre><p>After.</p>")
    assert [block.code for block in blocks(document) if block.kind == "code"] == [code]


@pytest.mark.parametrize(
    "body",
    ["a<b>b</b>c", "<b>a </b>b", "<i>a<b>b</b></i> c", "<b></b>a", "<code>a</code><code>b</code>", "(<em>a</em>)"],
)
def test_emphasis_never_leaves_its_signs_in_the_text(body: str) -> None:
    _, document = read(f"<p>x {body} y</p>")
    assert "*" not in plain_text(" ".join(texts(document)))


def test_a_docx_has_its_title_headings_lists_and_code() -> None:
    body = "".join(
        [
            paragraph("Kettles", "Title"), paragraph("Parts", "heading 1"), paragraph("A lid covers. It hinges."),
            paragraph("Use", "heading 1"), paragraph("x = 1", "Source Code"), paragraph("  y = 2", "Source Code"),
        ]
    )  # fmt: skip
    text = read_docx(packed(word_parts(body, ["Title", "heading 1", "Source Code"])))
    assert text.text == "# Kettles\n\n## Parts\n\nA lid covers.\nIt hinges.\n\n## Use\n\n```\nx = 1\n  y = 2\n```\n"
    assert (text.title, text.reader, text.pages) == ("Kettles", DOCX_READER, 0)


def test_an_epub_is_its_pages_in_their_order() -> None:
    pages = {"b": "<h1>Second<a id='x'/></h1><p>Two.<br/>More.</p>", "a": "<h1>First</h1><td/><p>One.</p>"}
    text = read_epub(packed(book_parts(pages, "Kettles & pots")))
    assert text.text == "# Kettles & pots\n\n## Second\n\nTwo.\\\nMore.\n\n## First\n\nOne.\n"
    assert text.title == "Kettles & pots"


def test_a_reader_names_its_libraries() -> None:
    assert HTML_READER.endswith(f"justhtml-{importlib.metadata.version('justhtml')}")
    assert f"mammoth-{importlib.metadata.version('mammoth')}" in DOCX_READER
