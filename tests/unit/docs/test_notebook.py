import json

from tests.unit.docs.pages import blocks, headings, read, said


def notebook(cells: list[dict[str, object]], indent: int | None = 1, **metadata: object) -> str:
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4}, indent=indent)


MARKDOWN: dict[str, object] = {
    "cell_type": "markdown",
    "metadata": {},
    "source": ["# Title\n", "\n", "One two\n", "three. Four.\n", "- item `x`"],
}
CODE: dict[str, object] = {
    "cell_type": "code",
    "metadata": {},
    "outputs": [
        {"output_type": "stream", "name": "stdout", "text": ["42\n"]},
        {"output_type": "execute_result", "data": {"text/plain": ["<Figure>"], "image/png": "AAAA"}},
        {"output_type": "stream", "name": "stdout", "text": ["x\n"] * 40},
    ],
    "source": ["\n", "def f():\n", '    return "a\\n"\n', "f()"],
}


def line_of(text: str, part: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), 1) if part in line)


def test_lines_are_those_of_the_json_file() -> None:
    text = notebook([MARKDOWN, CODE], language_info={"name": "Python"})
    document = read(text, path="a.ipynb")
    assert headings(document) == [("Title", 1, line_of(text, "# Title"))]
    assert document.title_line == line_of(text, "# Title")
    assert said(document) == [
        ("One two three.", line_of(text, "One two"), line_of(text, "three. Four")),
        ("Four.", line_of(text, "three. Four"), line_of(text, "three. Four")),
        ("item `x`", line_of(text, "- item"), line_of(text, "- item")),
    ]
    code, output, long = blocks(document, "code")
    assert long.code.count("x") == 40
    assert (code.code, code.language) == ('def f():\n    return "a\\n"\nf()', "python")
    assert (code.start_line, code.end_line) == (line_of(text, "def f()"), line_of(text, '"f()"'))
    assert (output.code, output.language, output.start_line) == ("42", "text", line_of(text, '"42'))


def test_a_notebook_on_one_line_has_one_line() -> None:
    document = read(notebook([MARKDOWN, CODE], indent=None), path="a.ipynb")
    assert {(start, end) for _, start, end in said(document)} == {(1, 1)}
    assert all((b.start_line, b.end_line) == (1, 1) for b in blocks(document))


def test_a_cell_kept_as_one_string_is_read() -> None:
    document = read(notebook([{"cell_type": "markdown", "source": "# T\n\nHello you. And you."}]), path="a.ipynb")
    assert [text for text, _, _ in said(document)] == ["Hello you.", "And you."]


def test_cells_of_format_3_are_read() -> None:
    cells = [{"cell_type": "markdown", "source": ["Hello."]}, {"cell_type": "code", "input": ["x = 1"], "outputs": []}]
    document = read(json.dumps({"worksheets": [{"cells": cells}], "metadata": {}}, indent=1), path="a.ipynb")
    assert [b.kind for b in blocks(document)] == ["paragraph", "code"]


def test_what_is_no_notebook_is_said() -> None:
    for text in (
        "{",
        "[]",
        '{"cells": 3}',
        '{"a": 1}',
        "[" * 100_000,
        "",
        '{"cells": [3]}',
        "\"'",
        '{"cells": [{"source": {}}]}',
    ):
        document = read(text, path="a.ipynb")
        assert document.sections == ()


def test_links_in_cells_have_lines_of_the_file() -> None:
    text = notebook([MARKDOWN, {"cell_type": "markdown", "source": ["a\n", "[b](c.ipynb)"]}])
    (link,) = read(text, path="nb/a.ipynb").links
    assert (link.path, link.line) == ("nb/c.ipynb", line_of(text, "[b]"))


def cell(source: str, *tags: str, output: str = "") -> dict[str, object]:
    outputs = [{"output_type": "stream", "name": "stdout", "text": [output]}] if output else []
    lines = source.splitlines(keepends=True)
    return {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": lines, "outputs": outputs}


def shown(*cells: dict[str, object]) -> list[str]:
    return [block.code for block in blocks(read(notebook([MARKDOWN, *cells]), path="a.ipynb"), "code")]


def test_cells_that_a_site_hides_are_hidden_and_directives_are_no_code() -> None:
    assert shown(cell("#| hide\nx = 1", output="1")) == []
    assert shown(cell("x = 1", "remove-cell", output="1")) == []
    assert shown(cell("#|default_exp core")) == []
    assert shown(cell("#| echo: false\nx = 1", output="1")) == ["1"]
    assert shown(cell("x = 1", "remove-output", output="1")) == ["x = 1"]
    assert shown(cell("#| label: fig\n#| eval: false\n\nx = 1\n#| not a directive")) == ["x = 1\n#| not a directive"]


def test_an_exported_cell_is_shown_as_the_documentation_of_its_module() -> None:
    code = '#|export\nimport a\n\ndef f(x, # a word\n     y):\n    "Does it."\n    return 1\n\ndef _g(): return 2'
    (block,) = blocks(read(notebook([MARKDOWN, cell(code)]), path="a.ipynb"), "code")
    assert block.code == 'def f(x, # a word\n     y):\n    "Does it."'
    text = notebook([MARKDOWN, cell(code)])
    assert (block.start_line, block.end_line) == (line_of(text, "def f(x"), line_of(text, "Does it"))


def test_settings_below_the_title_of_the_first_cell_are_no_list() -> None:
    first = {**MARKDOWN, "source": ["# Title\n", "\n", "> Words.\n", "\n", "- order: 1\n", "- skip_exec: true"]}
    assert [block.kind for block in blocks(read(notebook([first]), path="a.ipynb"))] == ["quote"]


def show_doc(source: str, markdown: list[str] | None = None) -> dict[str, object]:
    outputs = [{"output_type": "execute_result", "data": {"text/markdown": markdown, "text/plain": markdown}}]
    return {**cell(source), "outputs": outputs if markdown else []}


def test_a_described_name_is_shown_as_nbdev_showed_it() -> None:
    markdown = [
        "---\n",
        "\n",
        '[source](https://x.example/a.py#L1){target="_blank"}\n',
        "\n",
        "### Bag.take\n",
        "\n",
        ">      Bag.take (n=1)\n",
        "\n",
        "*Takes some out.*",
    ]
    text = notebook([MARKDOWN, show_doc("#| echo: false\nshow_doc(Bag.take, title_level=3);", markdown)])
    document = read(text, path="a.ipynb")
    assert headings(document)[1:] == [("Bag.take", 3, line_of(text, "### Bag.take"))]
    code, said_of = document.sections[1].blocks
    assert (code.code, code.language, code.start_line) == ("Bag.take (n=1)", "python", line_of(text, "(n=1)"))
    assert [sentence.text for sentence in said_of.sentences] == ["*Takes some out.*"]
    assert document.sections[1].blocks == (code, said_of)


def test_a_described_name_without_output_is_that_of_an_exported_cell_or_said_to_be_missing() -> None:
    bag = cell('#| export\nclass Bag:\n    def take(self, n=1):\n        "Takes some out."\n        return n')
    text = notebook([MARKDOWN, show_doc("show_doc(Bag.take)"), show_doc("show_doc(Gone)"), bag])
    document = read(text, path="a.ipynb")
    (code,) = blocks(document, "code")
    assert (code.code, code.start_line) == ('def take(self, n=1):\n    "Takes some out."', line_of(text, "def take"))
    assert said(document)[-1] == ("`Gone` is not shown here.", line_of(text, "Gone"), line_of(text, "Gone"))


def test_a_cell_that_does_more_than_describe_a_name_is_code() -> None:
    assert shown(cell("x = 1\nshow_doc(x)")) == ["x = 1\nshow_doc(x)"]
    assert shown(cell("show_doc(x)\ny")) == ["show_doc(x)\ny"]


def test_markdown_and_tables_that_a_cell_shows_are_kept_and_what_stands_in_for_objects_is_not() -> None:
    def showing(**data: str) -> dict[str, object]:
        kinds = {f"text/{kind}": value for kind, value in data.items()}
        return {**cell("x"), "outputs": [{"output_type": "display_data", "data": kinds}]}

    document = read(notebook([showing(markdown="Some *words*.", plain="<Markdown object>")]), path="a.ipynb")
    assert [text for text, _, _ in said(document)] == ["Some *words*."]
    assert shown(showing(html="<table>…</table>", plain="   a\n0  1")) == ["x", "   a\n0  1"]
    assert shown(showing(html="<b>a</b>", plain="<IPython.core.display.HTML object>")) == ["x"]
