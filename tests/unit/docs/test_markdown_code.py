"""Code blocks: verbatim, on exact lines, included ones from the file they stand in."""

import pytest

from shared.course.code_provenance import equals_run
from shared.course.source_units import read_sections
from shared.docs.model import Document, Image, Origin
from shared.docs.reader import read_document
from shared.docs.references import find_references
from tests.unit.docs.pages import blocks, read, said, texts


def code_of(document: Document) -> list[tuple[str, str, int, int]]:
    return [(b.code, b.language, b.start_line, b.end_line) for b in blocks(document, "code")]


@pytest.mark.parametrize(
    ("info", "language"),
    [
        ("python", "python"),
        ("Python hl_lines='1'", "python"),
        ("rust,ignore", "rust"),
        ("js{1,3}", "js"),
        ("{.python .annotate}", "python"),
        ("{python}", "python"),
        ("ts:title=a.ts", "ts"),
        ('title="x"', ""),
        ("c++", "c++"),
        ("language-yaml", "yaml"),
        ("@example 1", "julia"),
        ("jldoctest; setup = :(using A)", "julia"),
        ("", ""),
    ],
)
def test_the_language_is_the_first_word_of_the_info(info: str, language: str) -> None:
    assert code_of(read(f"```{info}\nx\n```\n")) == [("x", language, 2, 2)]


def test_the_name_of_a_file_in_the_info_is_the_title_with_quotes_or_without() -> None:
    for info in (
        'ts filename="app/root.tsx"',
        "ts lines=[1] filename=app/root.tsx",
        "ts filename=app/root.tsx lines=[1]",
    ):
        assert blocks(read(f"```{info}\nx\n```\n"), "code")[0].title == "app/root.tsx"


def test_code_is_verbatim_without_fence_and_common_indentation() -> None:
    document = read("- a\n\n  ~~~py\n\n    if x:\n\n      y  \n\n  ~~~\n\ntext\n\n    indented\n      more\n")
    assert code_of(document) == [("if x:\n\n  y  ", "py", 5, 7), ("indented\n  more", "", 13, 14)]


def test_code_in_tabs_of_white_space_equals_its_lines() -> None:
    assert code_of(read("1. a\n\n\t```go\n\tfunc f() {\n\t\treturn\n\t}\n\t```\n")) == [
        ("func f() {\n\treturn\n}", "go", 4, 6)
    ]


def test_a_fence_that_is_never_closed_runs_to_the_end() -> None:
    assert code_of(read("```sh\na\n\nb\n")) == [("a\n\nb", "sh", 2, 4)]
    assert read("text\n\n```").problems == ()


def test_code_in_a_quote_is_adapted_because_its_lines_carry_the_mark() -> None:
    document = read("> Run:\n> ```sh\n> x\n> ```\n")
    assert code_of(document) == [("x", "sh", 3, 3)]
    assert blocks(document, "code")[0].adapted


def test_code_that_differs_from_its_lines_is_adapted() -> None:
    document = read("```\na\rb\n```\n")
    assert code_of(document) == [("a b", "", 2, 2)]
    assert blocks(document, "code")[0].adapted


def test_preformatted_html_is_code_and_adapted_when_tags_stand_in_it() -> None:
    document = read("<pre>\na = 1\nb\n</pre>\n\n<pre>\na &lt; <b>b</b>\n</pre>\n")
    assert code_of(document) == [("a = 1\nb", "", 2, 3), ("a < b", "", 7, 7)]
    assert [block.adapted for block in blocks(document, "code")] == [False, True]


def test_preformatted_html_keeps_the_lines_that_its_own_tags_stand_on() -> None:
    document = read("<pre>\na = <b>1</b> </pre>\n\n<pre>b = 2</pre>\n\n<pre>\nif a < b:\n</pre>\n")
    assert [code.strip() for code, *_ in code_of(document)] == ["a = 1", "b = 2", "if a < b:"]


def test_empty_code_is_dropped_and_said() -> None:
    document = read("```sh\n\n```\n")
    assert code_of(document) == []
    assert document.problems == ("line 2: an empty code block was left out",)


def test_what_a_program_of_the_site_makes_of_an_empty_fence_is_said_not_to_be_shown() -> None:
    document = read('# A\n\nIt shows:\n\n```{.picture path="a.py"}\n```\n')
    assert texts(document) == ["It shows:", '`.picture path="a.py"` is not shown here.']


def test_hidden_lines_of_rust_are_not_shown() -> None:
    document = read("```rust\n# fn main() {\nlet x = 1;\n#[derive(Debug)]\nstruct A;\n# }\n```\n")
    assert code_of(document) == [("let x = 1;\n#[derive(Debug)]\nstruct A;", "rust", 3, 5)]
    split = read("```rust\na();\n# hidden();\nb();\nc();\n```\n")
    assert code_of(split) == [("a();\nb();\nc();", "rust", 2, 5)]
    assert blocks(split, "code")[0].adapted


MAIN = """\
fn main() {
    // ANCHOR: here
    let x = 1;
    // ANCHOR: inner
    let y = 2;
    let z = 3;
    // ANCHOR_END: inner
    // ANCHOR_END: here
}
"""


@pytest.mark.parametrize(
    ("include", "code", "lines"),
    [
        ("{{#include ../src/main.rs}}", "fn main() {\n    let x = 1;\n    let y = 2;\n    let z = 3;\n}", (1, 9)),
        ("{{#include ../src/main.rs:3}}", "let x = 1;", (3, 3)),
        ("{{#include ../src/main.rs:5:}}", "let y = 2;\n    let z = 3;\n}", (5, 9)),
        ("{{#rustdoc_include ../src/main.rs::1}}", "fn main() {", (1, 1)),
        ("{{#rustdoc_include ../src/main.rs:inner}}", "let y = 2;\nlet z = 3;", (5, 6)),
        ("{{#playground ../src/main.rs:here editable}}", "let x = 1;\nlet y = 2;\nlet z = 3;", (3, 6)),
    ],
)
def test_mdbook_includes_cite_the_included_lines(include: str, code: str, lines: tuple[int, int]) -> None:
    document = read(f"```rust\n{include}\n```\n", included={"src/main.rs": MAIN})
    (block,) = blocks(document, "code")
    assert (block.code.strip(), block.language) == (code.strip(), "rust")
    assert block.origin == Origin("src/main.rs", *lines)
    assert (block.start_line, block.end_line) == lines


SNIPPET = "import os\n# --8<-- [start:part]\ndef f():\n    return 1\n# --8<-- [end:part]\nf()\n"


@pytest.mark.parametrize(
    ("source", "code", "lines"),
    [
        ('``` py\n--8<-- "code/a.py:part"\n```\n', "def f():\n    return 1", (3, 4)),
        ('``` py\n--8<-- "code/a.py:3:4"\n```\n', "def f():\n    return 1", (3, 4)),
        ('``` py\n--8<-- "in-samples.py"\n```\n', "f()", (1, 1)),
        ("{* ../code/a.py ln[3:4] hl[4] *}\n", "def f():\n    return 1", (3, 4)),
        ("```Python hl_lines='1'\n{!../code/a.py[ln:1]!}\n```\n", "import os", (1, 1)),
        ("{* ../code/a.py ln[0] *}\n", "import os\ndef f():\n    return 1\nf()", (1, 6)),
        ("{* code/a.py *}\n", "import os\ndef f():\n    return 1\nf()", (1, 6)),
    ],
)
def test_snippets_of_mkdocs_cite_the_included_lines(source: str, code: str, lines: tuple[int, int]) -> None:
    included = {"code/a.py": SNIPPET, "code-samples/in-samples.py": "f()\n"}
    (block,) = blocks(read(source, included=included), "code")
    assert (block.code, block.language.startswith("py")) == (code, True)
    assert block.origin in (Origin("code/a.py", *lines), Origin("code-samples/in-samples.py", *lines))


REGION = "import x\n// #region one\nfirst()\n// #region two\nsecond()\n// #endregion two\n// #endregion one\nthird()\n"


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("<<< @/snippets/a.ts#two\n", "second()"),
        ("<<< ../snippets/a.ts#one{1,3}\n", "first()\nsecond()"),
        ("<<< @./snippets/a.ts#two {2 ts:line-numbers} [Name]\n", "second()"),
    ],
)
def test_regions_of_vitepress_cite_the_included_lines(source: str, code: str) -> None:
    (block,) = blocks(read(source, included={"snippets/a.ts": REGION}), "code")
    assert (block.code, block.language) == (code, "typescript")
    assert block.origin is not None


def test_three_arrows_in_a_fence_are_code() -> None:
    (block,) = blocks(read("```sh\n{\ncat <<< a\n<<< b\n}\n```\n"), "code")
    assert block.code == "{\ncat <<< a\n<<< b\n}"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ('```py hl_lines="1 3-4"\na\nb\nc\nd\n```\n', (1, 3, 4)),
        ("```py {title=\"a.py\" hl_lines='2'}\na\nb\n```\n", (2,)),
        ('```py {linenos=inline hl_lines=[1,"3-9"] style=x}\na\nb\nc\n```\n', (1, 3)),
        ("```py,hl_lines=1 3-4, hide_lines=2\na\nb\nc\nd\n```\n", (1, 3, 4)),
        ("```js{2,4-5} [a.js]\na\nb\nc\nd\n```\n", (2, 4)),
        ('```js {1} title="{2}"\na\nb\n```\n', (1,)),
        ("```js ins={1} mark={2}\na\nb\n```\n", (2,)),
        ("```js ins={1} del={2}\na\nb\n```\n", ()),
        ("```js {0,99,99999999999999-}\na\n```\n", ()),
        ("> ```js {3}\n>\n> a\n> b\n> ```\n", (2,)),
        ("- a\n\n  ```js {2}\n  a\n  b\n  ```\n", (2,)),
        ("```ts {4} twoslash\nx\n// ---cut---\n// @noErrors\na\nb\n```\n", (1,)),
        ("```rust {3}\n# fn main() {\na\nb\n# }\n```\n", (2,)),
        ("```{code-block} python\n:caption: x\n:emphasize-lines: 1, 3-\n\na\nb\nc\nd\n```\n", (1, 3, 4)),
        ("```{code-cell}\n---\nemphasize-lines: 2\n---\na\nb\n```\n", (2,)),
        ("```{literalinclude} /a.py\n:lines: 3-\n:emphasize-lines: 2\n```\n", (2,)),
        ('```py hl_lines="2-3"\n--8<-- "a.py"\n```\n', (2, 3)),
        ("{* ../a.py hl[1,3:4] *}\n", (1, 2, 3)),
        ("{* ../a.py ln[3:6] hl[4,6] *}\n", (2, 3)),
        ("<<< ./b.ts#one{1-2 ts:line-numbers}\n", (1, 2)),
        ("<<< ./b.ts#one{ts}\n", ()),
        ('```py hl_lines="1"\nfirst\n--8<-- "a.py"\n```\n', ()),
    ],
)
def test_the_lines_that_an_author_highlights_count_in_the_code_as_shown(text: str, marked: tuple[int, ...]) -> None:
    included = {"a.py": SNIPPET, "docs/b.ts": REGION}
    assert blocks(read(text, included=included), "code")[0].marked == marked


def test_several_includes_in_a_fence_are_blocks_of_their_own() -> None:
    document = read(
        "```sh\nfirst\n{{#include a.sh}}\n{{#include b.sh}}\n```\n", included={"docs/a.sh": "a", "docs/b.sh": "b"}
    )
    assert [(b.code, b.origin.path if b.origin else "") for b in blocks(document, "code")] == [
        ("first", ""),
        ("a", "docs/a.sh"),
        ("b", "docs/b.sh"),
    ]


def test_an_include_between_lines_of_prose_parts_them() -> None:
    document = read("Before it.\n{* ../a.py *}\nAfter it.\n", included={"a.py": "x"})
    assert [b.kind for b in blocks(document)] == ["paragraph", "code", "paragraph"]


@pytest.mark.parametrize(
    ("include", "problem"),
    [
        ("{{#include gone.rs}}", "included file not found: gone.rs"),
        ("{{#include a.rs:nowhere}}", "included part not found: a.rs:nowhere"),
        ("{{#include empty.rs}}", "included part is empty: empty.rs"),
        ("{{#include ../../../etc/passwd}}", "included file not found: ../../../etc/passwd"),
    ],
)
def test_what_cannot_be_included_is_said(include: str, problem: str) -> None:
    document = read(f"```rust\n{include}\n```\n", included={"docs/a.rs": "x", "docs/empty.rs": "\n\n"})
    assert code_of(document) == []
    assert document.problems == (f"line 2: {problem}",)
    assert texts(document) == [f"`{problem.rpartition(': ')[2]}` is not shown here."]


def test_an_included_binary_file_is_said() -> None:
    document = read("{* ../a.bin *}\n", included={"a.bin": "a\0b"})
    assert document.problems == ("line 1: included file is not text: ../a.bin",)


def test_included_prose_is_not_shown_as_code() -> None:
    document = read('Text.\n\n--8<-- "part.md"\n', included={"docs/part.md": "Prose."})
    assert texts(document) == ["Text.", "`part.md` is not shown here."]
    assert document.problems == ("line 3: included text is not shown here: part.md",)


@pytest.mark.parametrize(
    "text",
    [
        "```mermaid\na --> b\n```\n",
        "```{mermaid}\na --> b\n```\n",
        "::: mermaid\na --> b\n:::\n",
        '<pre class="mermaid">\na --> b\n</pre>\n',
        '<div class="mermaid">\na --> b\n</div>\n',
        "{{< mermaid >}}\na --> b\n{{< /mermaid >}}\n",
    ],
)
def test_a_diagram_stays_one(text: str) -> None:
    (block,) = blocks(read(f"# A\n\n{text}"))
    assert (block.kind, block.language, block.code, block.start_line) == ("code", "mermaid", "a --> b", 4)


def test_options_of_code_that_a_site_runs_are_not_shown_nor_is_code_that_readers_do_not_see() -> None:
    text = (
        "# T\n\n```{r}\n#| label: setup\n# | message: false\nlibrary(x)\n```\n\n"
        "```{python}\n#| echo: false\n#| fig-alt: |\n#|   A plot of all points that were seen.\nplot()\n```\n\n"
        "```{r, include = FALSE}\nset() # This sets all that the book needs.\n```\n\nDone here.\n\n"
        "1. Say it.\n\n   ```{r}\n   #| echo: false\n   #| fig-alt: Another plot of all points.\n   plot()\n   ```\n"
    )
    document = read_document("docs/a.qmd", text.encode(), {})
    (section,) = document.sections
    assert not any(unit.kind == "unread" for one in read_sections(document) for unit in one.units)
    assert [(block.kind, block.code) for block in section.blocks] == [
        ("code", "library(x)"), ("paragraph", ""), ("list_item", "")
    ]  # fmt: skip
    assert (section.blocks[0].start_line, section.blocks[0].end_line) == (6, 6)


def test_a_picture_that_hidden_code_shows_from_a_file_is_a_picture() -> None:
    text = (
        "# T\n\n```{r}\n#| label: fig-a\n#| echo: false\n#| fig-cap: |\n#|   All the commands\n#|   of the palette.\n"
        '#| out-width: null\nknitr::include_graphics("shots/a.png")\n```\n\nDone here.\n'
    )
    (section,) = read_document("docs/a.qmd", text.encode(), {"docs/shots/a.png": b""}).sections
    picture = section.blocks[0]
    assert (picture.kind, picture.start_line) == ("image", 10)
    assert picture.image == Image("All the commands of the palette.", "shots/a.png", "docs/shots/a.png")
    assert "docs/shots/a.png" in find_references("docs/a.qmd", text).images


def test_blocks_of_documenter_show_names_or_nothing_and_its_references_their_words() -> None:
    document = read(
        "# A\n\nSee [types](@ref the types (old)).\n\n```@contents\nPages = []\n```\n\n```@docs\n"
        "A.read\nA.write\n```\n\n## [Types](@id the types)\n\nText of it.\n"
    )
    names = "`A.read` and `A.write` are not shown here."
    assert texts(document) == ["See [types](ref:the-types-old).", names, "Text of it."]
    assert (names, 10, 11) in said(document)
    assert not code_of(document)
    assert document.problems[-1] == "line 11: A.write is put in when the site is built"
    assert [section.heading for section in document.sections] == ["A", "Types"]


def test_indented_code_keeps_the_tags_and_imports_that_a_site_would_take_for_its_own() -> None:
    template = "{% load forms %}\n\n<div>\n    {% render form %}\n</div>"
    module = "import React from 'react'\n\n[TOC]"
    indented = ["\n".join(f"    {line}".rstrip() for line in code.split("\n")) for code in (template, module)]
    document = read(
        f"# A\n\nThe template:\n\n{indented[0]}\n\nThe module:\n\n{indented[1]}\n\n* An item:\n\n    {{% raw %}}\n"
    )
    blocks = [block for section in document.sections for block in section.blocks]
    assert [block.code for block in blocks if block.kind == "code"] == [template, module]
    assert not any(block.adapted for block in blocks)


def test_an_example_of_markup_in_a_directive_nobody_knows_is_code_from_its_first_line() -> None:
    document = read(":::::{my-example}\n:::{table} Title\n:align: left\n\n| a |\n| - |\n:::\n:::::\n\nWords.\n")
    assert blocks(document, "code")[0].code == ":::{table} Title\n:align: left\n\n| a |\n| - |\n:::"


def test_what_an_example_adds_is_shown_without_its_marks_and_what_it_removes_with_them() -> None:
    lines = "---old();---\nimport { a, +++b+++ } from 'c';\n+++\tone();+++\n\ttwo();\n<p {...+++d(e)+++}>"
    (block,) = blocks(read(f"```js\n{lines}\n```\n"), "code")
    assert block.code == "---old();---\nimport { a, b } from 'c';\n\tone();\n\ttwo();\n<p {...d(e)}>"
    assert not block.adapted
    assert equals_run(block.code, lines)


@pytest.mark.parametrize(
    ("code", "path"),
    [
        ("--- a/x.py\n+++ b/x.py\n+++\ntitle = 1\n+++", "a.md"),
        ("a+++b;\nlet (+++) = f\nx +++ y", "a.md"),
        ("+++<u>x</u>+++", "a.adoc"),
    ],
)
def test_plus_signs_of_code_itself_stay(code: str, path: str) -> None:
    fence = "----" if path.endswith("adoc") else "```"
    assert [block.code for block in blocks(read(f"{fence}\n{code}\n{fence}\n", path), "code")] == [code]


def test_fences_that_are_tabs_have_their_label_title_or_language() -> None:
    document = read(
        """\
        # T

        ```js tab
        a
        ```

        ```ts tab title="b.ts"
        b
        ```

        ```toml tab="File (TOML)"
        c
        ```

        ```php tab=Pest
        d
        ```

        ```js
        e
        ```
        """
    )
    assert [[one.title for one in block.within] for block in blocks(document)] == [
        ["js"], ["b.ts"], ["File (TOML)"], ["Pest"], [],
    ]  # fmt: skip
    assert [block.title for block in blocks(document)] == [""] * 5


def test_code_without_a_language_is_python_where_some_of_it_can_be_nothing_else() -> None:
    calls = "Call it:\n\n    run(1)\n\nIt says:\n\n    GET /a HTTP/1.1\n    Host: a\n\nOr:\n\n    a, b\n"
    text = f"# T\n\n{calls}\nDefine it:\n\n```\ndef run(x):\n    return x\n```\n\n```\nB(1)\n```\n"
    assert [block.language for block in blocks(read(text), "code")] == ["python", "", "", "python", ""]
    assert [block.language for block in blocks(read(f"# T\n\n{calls}"), "code")] == ["", "", ""]
