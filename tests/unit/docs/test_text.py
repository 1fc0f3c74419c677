from shared.docs.formats import format_of
from tests.unit.docs.pages import blocks, headings, read, said, texts


def test_plain_text_has_headings_paragraphs_items_and_examples() -> None:
    document = read(
        """\
        The Tool
        ========

        It does things. It
        does more.

        Usage
        -----
        Run it:

            tool --x *all*

            tool --y

        - one
          more
        - two

        1. first
        """,
        path="README.txt",
    )
    assert document.title == "The Tool"
    assert headings(document) == [("The Tool", 1, 1), ("Usage", 2, 7)]
    assert said(document) == [
        ("It does things.", 4, 4),
        ("It does more.", 4, 5),
        ("Run it:", 9, 9),
        ("one more", 15, 16),
        ("two", 17, 17),
        ("first", 19, 19),
    ]
    assert [(b.ordered, b.number) for b in blocks(document, "list_item")] == [(False, 1), (False, 2), (True, 1)]
    (code,) = blocks(document, "code")
    assert (code.code, code.start_line, code.end_line) == ("tool --x *all*\n\ntool --y", 11, 13)


def test_marks_of_markdown_are_plain_characters_in_plain_text() -> None:
    assert texts(read("Use *args and <b> in `x` here.\n", path="README")) == ["Use \\*args and \\<b> in \\`x\\` here."]


def test_a_text_without_a_heading_is_named_after_its_file() -> None:
    document = read("Hello there.\n", path="docs/getting-started.txt")
    assert headings(document) == [("Getting started", 1, 1)]


def test_the_first_line_of_a_text_without_headings_is_its_title() -> None:
    assert read("README for the Schema\n\nIt says things.\n", path="docs/5.0/README").title == "README for the Schema"
    for text in ("It says things.\n\nAnd others.\n", "See\nthis\n\nIt says.\n", "Contents:\n\nIt says.\n"):
        assert read(text, path="docs/5.0/README").title == "5.0"


def test_lines_of_a_text_that_are_set_in_columns_stay_as_they_are() -> None:
    rows = "README     This file\nrng/       Schemas of one kind\n           and of another\nxsd/       Others"
    document = read(
        f"This holds:\n\n  {rows.replace(chr(10), chr(10) + '  ')}\n\nIt  has   gaps.\nAnd none.\n", path="a.txt"
    )
    assert [block.code for block in blocks(document, "code")] == [rows]
    assert said(document)[-1][0] == "And none."


def test_formats_are_known_by_name() -> None:
    names = {
        "a/b.md": "markdown",
        "A.MARKDOWN": "markdown",
        "a.mdx": "mdx",
        "x.rst": "rst",
        "sheet.cheatmd": "markdown",
        "notes.livemd": "markdown",
        "x.adoc": "asciidoc",
        "x.asc": "asciidoc",
        "n.ipynb": "notebook",
        "n.txt": "text",
        "README": "text",
        "docs/INSTALL": "text",
        "Makefile": None,
        "requirements-dev.txt": None,
        "CMakeLists.txt": None,
        "a.py": None,
        "a.md.bak": None,
    }
    assert {name: format_of(name) for name in names} == names


def test_a_file_without_an_ending_is_read_in_the_markup_it_is_written_in() -> None:
    rst = "Title\n=====\n\nRun ``x`` so:\n\n.. code-block:: bash\n\n    x -y\n"
    assert [(block.kind, block.language) for block in blocks(read(rst, "README"))] == [
        ("paragraph", ""),
        ("code", "bash"),
    ]
    markdown = "# Title\n\nSee [x](y.md).\n\n```sh\nx -y\n```\n"
    assert [block.kind for block in blocks(read(markdown, "docs/INSTALL"))] == ["paragraph", "code"]
    assert [block.kind for block in blocks(read("# one\n\nPlain words.\n", "README"))] == ["paragraph", "paragraph"]


def test_a_text_that_begins_with_a_heading_of_markdown_is_markdown() -> None:
    marked = "# Strings\n\n## Trim a string\n\n```sh\n# remove blanks\ntrim x\n```\n"
    document = read(marked, path="manuscript/chapter1.txt")
    assert document.format == "markdown"
    assert headings(document) == [("Strings", 1, 1), ("Trim a string", 2, 3)]
    assert read("Run:\n\n# not a heading\nmake\n", path="notes.txt").format == "text"


def test_a_text_with_fenced_code_of_a_language_is_markdown() -> None:
    code = "  ```nim\n  echo 1\n  ```\n"
    document = read(f"One\n===\n\nRun ``a*``:\n\n{code}\nOr:\n\n{code}", path="docs/one.txt")
    assert [block.code for block in blocks(document, "code")] == ["echo 1", "echo 1"]
    assert texts(document) == ["Run ``a*``:", "Or:"]
    assert not blocks(read(f"One\n===\n\nRun:\n\n{code}", path="docs/one.txt"), "code")
