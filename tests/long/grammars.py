"""Marks of the files around documents, and what text may stand in."""

from tests.unit.docs.grammars import GRAMMARS

_YAML = (
    "a: ", "- ", "- a: ", "  ", "a", "'", '"', "[", "{", "]", "}", ",", "&a ", "*a ", "<<: ", "!a ", "? ", "| ", "> ",
    "#", ":", "nav:\n", "- a.md\n", "a.md", "../", "title: ", "children:\n", "url: /a", "\t", "%", "@", "`", "---\n",
    "!ENV ", "!!python/name:a ", "\\",
)  # fmt: skip
_TOML = (
    "a = ",
    "[a]\n",
    "[[a]]\n",
    '"',
    "'",
    '"""',
    "[",
    "]",
    "{",
    "}",
    ",",
    "#",
    "a.",
    "1",
    "-",
    "a",
    "\\",
    " ",
    "\n",
)
_LITERALS = (
    "{", "}", "[", "]", "(", ")", "'", '"', "`", "${", "a", "a.", "a: ", ",", "...", "//", "/*", "*/", "\\", "=>",
    "() => ", "sidebar: ", "sidebar", "export default ", "module.exports = ", "const a = ", "label: 'a', ", "-1", "1.",
    " ", "\t", "/", "path: '", "srcDir: ", "as a ", "satisfies ", "new A(", "a(", "!", "?", ":", "=", "$", "-", ";",
)  # fmt: skip
_LISTS = (
    "* ", "- ", "[", "]", "(", ")", "](", "[a](", "[a](a.md)", "# ", "## ", "#", "1. ", "  ", "\\", "a", " ", "<", ">",
    "a.md", "<a.md", "*", "+", "\t", "%20", "...", "/",
)  # fmt: skip
_ANTORA = (
    "* ",
    "** ",
    "xref:",
    "[",
    "]",
    "a",
    ".",
    ".a",
    " ",
    "*",
    "xref:a.adoc[",
    "{a}",
    "//",
    "\\",
    "`",
    "_",
    ":",
    "::",
)
_TOCTREE = (
    ".. toctree::\n", "   ", ":glob:\n", "   a\n", "a <", ">", "<", "a <b>", "*", "?", "[", "]", "[!", "a*", "/", " ",
    "```{toctree}\n", "```", ":::{toctree}\n", ":::", ":a: ", ":caption: ", "a", "~~~", "\t", "self", "   *\n",
    "   a*b*\n",
)  # fmt: skip
_PARTS = (
    "# --8<-- [start:a]\n", "# --8<-- [end:a]\n", "--8<--", "8<", "-", "-8<", "// tag::a[]\n", "// end::a[]\n",
    "tag::", "ANCHOR: a\n", "ANCHOR_END: a\n", "ANCHOR:", "#region a\n", "#endregion\n", "# ", "//", "a", " ", "\t",
    "[", "]", ":", "# [START a]\n", "# [END a]\n", "def a():\n", "class a:\n", "  ", "\n", "<!--", "-->", "/*", "(",
    "lambda:", "'''", "#", "pragma ", "[start:", "\\", "@a\n",
)  # fmt: skip

NAVIGATION = {
    "mkdocs": ("mkdocs.yml", "nav:\n", "", _YAML),
    "mkdocs bare": ("mkdocs.yml", "", "", _YAML),
    "zensical": ("zensical.toml", "", "", _TOML),
    "antora": ("antora.yml", "", "", _YAML),
    "antora list": ("modules/ROOT/nav.adoc", "", "", _ANTORA),
    "toc": ("_toc.yml", "root: index\nchapters:\n", "", _YAML),
    "jekyll": ("_data/a.yml", "", "", _YAML),
    "summary": ("SUMMARY.md", "# Summary\n\n", "", _LISTS),
    "summary item": ("SUMMARY.md", "* [", "", _LISTS),
    "toctree": ("docs/index.rst", "", "", _TOCTREE),
    "conf": ("docs/conf.py", "", "", ("root_doc", "=", " ", "'", '"', "a", "/", ".", "\n", "root_doc = '")),
    "docusaurus": ("sidebars.js", "module.exports = ", "", _LITERALS),
    "docusaurus list": ("sidebars.js", "module.exports = {a: [", "", _LITERALS),
    "docusaurus bare": ("sidebars.js", "", "", _LITERALS),
    "docusaurus configuration": ("docusaurus.config.js", "", "", _LITERALS),
    "vitepress": ("docs/.vitepress/config.ts", "export default {themeConfig: {sidebar: [", "", _LITERALS),
    "vitepress bare": ("docs/.vitepress/config.ts", "", "", _LITERALS),
    "starlight": ("astro.config.mjs", "export default {sidebar: [", "", _LITERALS),
    "starlight bare": ("astro.config.mjs", "", "", _LITERALS),
}
"""Name → the file, what stands before and after the text in it, marks."""

WRAPPED = {
    "table": ("a.md", "# A\n\n| a | b |\n|---|---|\n| ", " | a |\n"),
    "heading": ("a.md", "# ", "\n\nThe widget says hello to you.\n"),
    "quote": ("a.md", "> [!NOTE]\n> ", "\n"),
    "html table": ("html.md", "<table><tr><td>", "</td></tr></table>\n"),
    "fence": ("a.md", "```{list-table} ", "\n* - a\n```\n"),
    "directive": ("a.md", ":::{note} ", "\na\n:::\n"),
    "rst heading": ("a.rst", "", "\n====\n\nThe widget says hello.\n"),
    "rst table": ("a.rst", "==== ====\na    b\n==== ====\n", "\n==== ====\n"),
    "rst note": ("a.rst", ".. note:: ", "\n"),
    "rst list table": ("a.rst", ".. list-table:: a\n\n   * - ", "\n     - a\n"),
    "asciidoc table": ("a.adoc", '[cols="1,1"]\n|===\n| ', "\n|===\n"),
    "asciidoc attribute": ("a.adoc", "= A\n:a: ", "\n\n{a} {a} {a}\n"),
    "asciidoc heading": ("a.adoc", "== ", "\n\nThe widget says hello.\n"),
    "mdx tag": ("a.mdx", "import a from 'a'\n\n<A b={", "}>\n\na\n\n</A>\n"),
}
"""Name → path, what stands before and after the text."""

INCLUDED = {
    "a whole file": ("a.md", '# A\n\n--8<-- "b.py"\n', "b.py", _PARTS),
    "a part of a file": ("a.md", '# A\n\n--8<-- "b.py:a"\n', "b.py", _PARTS),
    "a page": ("a.md", '# A\n\n--8<-- "b.md"\n', "b.md", GRAMMARS["a.md"]),
    "an anchor": ("a.md", "# A\n\n```rust\n{{#include b.rs:a}}\n```\n", "b.rs", _PARTS),
    "a region": ("a.md", "# A\n\n<<< ./b.ts#a\n", "b.ts", _PARTS),
    "a tag": ("a.adoc", "= A\n\n----\ninclude::b.rb[tag=a]\n----\n", "b.rb", _PARTS),
    "an object": ("a.rst", "A\n=\n\n.. literalinclude:: b.py\n   :pyobject: a\n", "b.py", _PARTS),
    "a run of lines": ("a.rst", "A\n=\n\n.. literalinclude:: b.py\n   :start-after: a\n", "b.py", _PARTS),
    "text of rst": ("a.rst", "A\n=\n\n.. include:: b.rst\n", "b.rst", GRAMMARS["a.rst"]),
}
"""Name → the page's path, the page, the included path, marks of the included file."""
