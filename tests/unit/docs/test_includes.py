import json

import pytest

from shared.docs import included, references
from shared.docs.link_targets import resolve_link
from shared.docs.problems import shorten
from shared.docs.references import find_references
from tests.unit.docs.pages import blocks, read


def includes(text: str, path: str = "docs/guide/page.md") -> tuple[str, ...]:
    return find_references(path, text).includes


def images(text: str, path: str = "docs/guide/page.md") -> tuple[str, ...]:
    return find_references(path, text).images


def test_includes_of_each_generator_are_found() -> None:
    assert includes("```rust\n{{#include ../a.rs:x}}\n{{#rustdoc_include b.rs:1:5}}\n```") == (
        "docs/a.rs",
        "docs/guide/b.rs",
    )
    assert "docs/a.py" in includes('--8<-- "a.py:2:3;b/c.py"')
    assert "docs/includes/a.md" in includes('{% include-markdown "includes/a.md" heading-offset=1 %}')
    assert includes('{% include-markdown "a.md" start="<!--from-->" %}') == ()
    assert "docs/b/c.py" in includes('--8<-- "a.py:2:3;b/c.py"')
    assert "docs_src/x.py" in includes("{* ../../docs_src/x.py hl[4] *}", "docs/en/docs/tutorial/page.md")
    assert "docs_src/x.py" in includes("{* docs_src/x.py *}")
    assert "docs/snippets/a.ts" in includes("<<< @/snippets/a.ts#part{2}")
    assert includes("<<< ./a.ts") == ("docs/guide/a.ts",)
    assert "src/x.py" in includes("```{literalinclude} ../../src/x.py\n```")
    assert "src/x.py" in includes(".. literalinclude:: ../../src/x.py", "docs/guide/page.rst")
    assert includes("import A from '!!raw-loader!./a.jsx'\nimport b from './b.ts?raw'\n") == (
        "docs/guide/a.jsx",
        "docs/guide/b.ts",
    )


@pytest.mark.parametrize(
    "text",
    [
        "{{#include ../../../secret}}",
        "<<< ../../../../etc/passwd",
        "![x](../../../../y.png)",
        '--8<-- "https://example.org/x.py"',
        "![x](https://example.org/y.png)",
        "![x](data:image/png;base64,AAAA)",
        "```{literalinclude} ../../../x\n```",
        "{* ..\\..\\x *}",
        "```hbs\n\\{{#include shown.rs}}\n```",
    ],
)
def test_nothing_outside_the_repository_and_nothing_that_is_only_shown_is_asked_for(text: str) -> None:
    found = find_references("docs/guide/page.md", text)
    assert (found.includes, found.images) == ((), ())


def test_an_absolute_path_stays_below_the_repository() -> None:
    found = find_references("docs/guide/page.md", "![x](/etc/y.png)\n{{#include /etc/passwd}}")
    assert all(not path.startswith("/") and ".." not in path for path in found.images + found.includes)


def test_pictures_are_found_however_they_are_written() -> None:
    assert images("![a](img/a%20b.png 'T')")[0] == "docs/guide/img/a b.png"
    assert images('<img width=3 src="../x.svg"/>')[0] == "docs/x.svg"
    assert images("<Pic darkSrc={require('../x.svg')}\n alt='a > b' />")[0] == "docs/x.svg"
    assert images("![a][pic]\n\n[pic]: ./p.png\n")[0] == "docs/guide/p.png"
    assert {"static/img/a.png", "docs/guide/static/img/a.png"} <= set(images("![a](/img/a.png)"))


def test_pictures_of_docc_are_named_without_folder_scale_and_ending() -> None:
    page = "a/B.docc/Guide/page.md"
    assert {"a/B.docc/Assets/pic@2x.png", "a/B.docc/Resources/pic.svg"} <= set(images("![](pic)", page))
    assert images("![](../img/pic.png)", page)[0] == "a/B.docc/img/pic.png"
    assert "a/B.docc/Assets/pic@2x.png" in images("![](pic.png)", page)


def test_pictures_of_a_notebook_are_found() -> None:
    found = find_references("nb/a.ipynb", '{"cells": [{"source": ["![a](img/a.png)\\n"]}]}')
    assert found.images[0] == "nb/img/a.png"


KNOWN = frozenset(
    {
        "docs/a.md",
        "docs/guide/page.md",
        "docs/guide/index.md",
        "docs/img.png",
        "README.md",
        "docs/x/README.md",
        "docs/b.mdx",
        "api/c.rst",
    }
)


@pytest.mark.parametrize(
    ("target", "path", "fragment"),
    [
        ("../a.md#part", "docs/a.md", "part"),
        ("../a.html", "docs/a.md", ""),
        ("../a", "docs/a.md", ""),
        ("../b/", "docs/b.mdx", ""),
        ("#here", "docs/guide/page.md", "here"),
        (".", "docs/guide/index.md", ""),
        ("../x/", "docs/x/README.md", ""),
        ("/a", "docs/a.md", ""),
        ("@/a.md#x", "docs/a.md", "x"),
        ("@site/docs/a.md", "docs/a.md", ""),
        ("/api/c.html?x=1#y", "api/c.rst", "y"),
        ("../../README.md", "README.md", ""),
        ("../index/", "docs/guide/index.md", ""),
        ("../img.png", "docs/img.png", ""),
        ("../../../../README.md", None, ""),
        ("https://x.y/a.md", None, ""),
        ("mailto:a@b.c", None, ""),
        ("//x.y/a.md", None, ""),
        ("gone.md#z", None, "z"),
        ("", None, ""),
    ],
)
def test_links_resolve_to_files_that_exist(target: str, path: str | None, fragment: str) -> None:
    assert resolve_link(target, "docs/guide/page.md", KNOWN) == (path, fragment)


def test_a_link_from_the_root_resolves() -> None:
    assert resolve_link("docs/", "README.md", {"docs/index.md"}) == ("docs/index.md", "")
    assert resolve_link("./", "README.md", {"index.md"}) == ("index.md", "")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.md", "```python\n" + "{{#include x.py}}\n" * 2_000 + "```\n"),
        ("a.md", "```python\n" + "{{#include x.py:nowhere}}\n" * 2_000 + "```\n"),
        ("a.mdx", "import x from './x.py?raw'\n\n" + "<Code code={x} />\n\n" * 2_000),
        ("a.rst", ".. literalinclude:: x.py\n\n" * 2_000),
        ("a.rst", ".. literalinclude:: x.py\n   :pyobject: f7\n\n" * 2_000),
        ("a.adoc", "----\ninclude::x.py[]\n----\n\n" * 2_000),
        ("a.adoc", "----\ninclude::x.py[tag=a]\n----\n\n" * 2_000),
        (
            "a.ipynb",
            json.dumps({"cells": [{"cell_type": "markdown", "source": "```\n{{#include x.py}}\n```"}] * 2_000}),
        ),
    ],
)
def test_a_large_file_included_again_and_again_is_left_out_past_a_limit_and_said(
    path: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(included, "MOST_READ_BYTES", 6 * 1024 * 1024)
    large = "".join(f"def f{n}(x):\n    return x\n\n" for n in range(20_000))
    document = read(text, path, {"x.py": large})
    assert sum(len(block.code) for block in blocks(document, "code")) <= 4 * 1024 * 1024
    assert "over the limit of" in document.problems[-1]


def test_problems_are_shown_short_printable_and_once() -> None:
    shown = shorten([f"line {n}: a formula was left out" for n in range(30)] + ["line 0: a formula was left out"])
    assert (shown[0], shown[-1], len(shown)) == ("line 0: a formula was left out", "and 10 more", 21)
    assert shorten(["included file not found: a\0b" + "c" * 300]) == (f"included file not found: a\ufffdb{'c' * 171}…",)
    assert shorten([]) == ()


def test_a_format_that_is_not_known_here_is_not_read_as_markdown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(references, "format_of", lambda _: "typst")
    with pytest.raises(AssertionError, match="typst"):
        references.find_references("a.typ", "![a](b.png)")
