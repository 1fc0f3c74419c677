"""Marks of each format, to be repeated endlessly; and the strings that were slow to read once."""

import json

_COMMON = (
    "a", "a ", "A", "1", ".", "!", "?", "-", "_", "*", "`", ":", "/", "\\", "'", "\"", "(", ")", "[", "]", "<", ">",
    "{", "}", "|", "=", "+", "#", "~", "^", "&", "@", "$", "%", ",", ";", " ", "\t", "http://", "a.", "A. ",
    "e.g. ", "1.", "é", "\r", "\u2060", "…",
)  # fmt: skip
_MARKDOWN = (
    "# ", "- ", "1. ", "> ", "```", "~~~", "![", "](", "]: ", "<div>", "</div>", "**", "__", "``", ":::",
    "::: note", "!!! note ", "    ", "{% ", "%}", "{{", "}}", "<!--", "-->", "&lt;", "{#a", "{.a}", "[^1]",
    "[^1]: ", "===", "---", "|-", "|-|", ": ", "<pre>", "<code>", "<a b='", "<a href=\"", "a@b.", "++", "==", "~~",
    ":a", "<li>", "<ul>", "<table>", "<td>", "<!", "<?", "{a=", "///", "--8<-- ", "<<< ", "{*", "*}", "{!", "!}",
    "$$", "\\[", "<br>", "</a>", "/>", "<A b={", "{{< ", "import a from ", "[a](b)", "[a][b]", "<sup>", "{ref}`",
    " a=\"b\"", "[!NOTE]", "*[a]", "=== \"a\"", "](<", "::: a.", "::: a.b\n", "/// a | ",
    "::: versionadded 1 a\n", "    a: b\n", "```js [", "title=\"", "::: tab a\n",
)  # fmt: skip
_MDX = (
    "import a from 'b'\n", "export const a = ", "{/*", "*/}", "={", "code={", "{a}", "{`", "`}", "<>", "</>",
    "</A>", "<A>", "<A b>", "<A/>", "<Tab title='a'>", "</Tab>",
)  # fmt: skip
_RST = (
    "::", ".. ", "..", ":a:`", "`_", "`__", "``", "**", "|a|", "|_", "[1]_", "]_", "_`", "a_", "a__", "a-", "a:",
    "`a <b>`_", "<b>`", ".. _a: ", ".. |a| replace:: ", ".. a::", ".. code-block:: ", ":a: ", "====", "----", "==",
    "+-", "-+", "+=", "| ", "- ", "* ", "1. ", "#. ", "(a) ", "-a ", "--a ", ">>> ", "    ", "  ", ":ref:`",
    ":math:`", ", -", ".. list-table::", "   * - ", "__ ", "a\n==\n", "a\n--\n", ".. note::\n   ", ".. include:: ",
    "~", "`a`:", "\\ ", "a\n    ", ".. literalinclude:: ", ":lines: ", ".. autofunction:: ", ".. automodule:: a\n",
    ".. currentmodule:: ", ".. code-tab:: a b\n",
)  # fmt: skip
_ASCIIDOC = (
    "= ", "== ", "* ", "** ", "- ", ". ", "1. ", "<1> ", "a:: ", ":: ", "::", "include::", "[]", "[source,",
    "image::", "image:", "[[", "]]", "[#", "<<", ">>", "++", "+++", "pass:[", "+", "\n+\n", "|===", "| ", "2+|",
    "a|", "!===", "----", "....", "====", "____", "--", "``", "''", "\"`", "`\"", "'`", "((", "))", "(((", ")))",
    "footnote:[", "xref:", "link:", "[a]", "stem:[", "kbd:[", "menu:", "{a}", "{a", "a}", "^", "##", "__", ":a: ",
    ":!a:", "ifdef::", "endif::[]", "NOTE: ", "  ", "//", "////", ".a", "{counter:", "set:", "<?http", "a=", "a=\"",
    ",", "~", "'''", "<<<", " +", "{a}[", "\\[",
)  # fmt: skip
_HTML = (
    "<table", "<tr", "</table>", "<h1>", "<p>", "<p ", "</p>", "<script>", "</script>", "<style", "<svg", "<!--",
    "<!", "a='", "a=\"", "<ol>", "<li", "<button>", "<label>", " x-a='b'", "<iframe src='a'",
)  # fmt: skip
_TEXT = ("- ", "1. ", "    ", "===", "a\n==\n")
_FRONT = ("a: ", "- ", "- - ", "&a ", "*a ", "<<: ", "[", "{", "{a: ", "? ", "| ", "'", '"', "#", "!a ", "a.", "a = ")

GRAMMARS = {
    "README": (*_COMMON[:30], *_TEXT, "``", "`_", ".. a::", ".. _", "::\n\n ", "](", "# ", "```"),
    "a.md": (*_COMMON, *_MARKDOWN),
    "a.mdx": (*_COMMON, *_MDX),
    "a.rst": (*_COMMON, *_RST),
    "a.adoc": (*_COMMON, *_ASCIIDOC),
    "a.txt": (*_COMMON, *_TEXT),
    "a.ipynb": (*_COMMON[:20], *_MARKDOWN[:20]),
    "html.md": (*_COMMON[:20], *_HTML),
    "front.md": _FRONT,
}
"""By a path that tells the reader; what is not a whole file of its format is wrapped by `file_of`."""

SLOW_ONCE = (
    ("a.md", "!"), ("a.md", "."), ("a.md", "?!"), ("a.md", "*a*. "), ("a.md", "`"), ("a.md", "``\u201c"),
    ("a.md", "?\u00ab"), ("a.md", "'a''"), ("a.md", "{% "), ("a.md", "a)))). "), ("html.md", "<table>"),
    ("a.txt", "."), ("a.txt", "?"), ("a.rst", "!"), ("a.rst", "a."), ("a.rst", "1."), ("a.rst", "a-"), ("a.rst", "a:"),
    ("a.rst", "a:a-"), ("a.adoc", "!"), ("a.adoc", "image:"), ("a.adoc", "image::"), ("a.adoc", "set:"),
    ("a.adoc", "link:"), ("a.adoc", "xref:"), ("a.adoc", "a-"), ("a.adoc", "\\["), ("a.adoc", "link:++++++ ["),
    ("a.mdx", "!"), ("a.mdx", "{ "), ("a.mdx", "{a "), ("a.mdx", "{\"{\""), ("a.mdx", "{`"), ("a.mdx", "<a b={"),
    ("a.mdx", "{a} "), ("a.ipynb", "!"), ("a.ipynb", "."),
)  # fmt: skip

SLOW_FILES_ONCE = {
    "options of which nothing is said": ("a.rst", "--a \n\n" * 5_000),
    "directives between fences": ("a.md", "```{seealso} a\n```\n" * 4_000 + "```{a}\nb\n```\n" * 3_000),
    "tables that are never closed": ("a.md", "<div>\n" + "<table>\n" * 12_000),
    "blanks in a heading": ("a.md", ("# a" + " " * 19_000 + "b\n\n") * 5),
    "a container's title that is never closed": ("a.md", ("::: note " + "[" * 19_000 + "\na\n:::\n\n") * 5),
    "underscores in a table": ("a.adoc", "|===\n| a\n" + ("_" * 19_000 + "!\n") * 5 + "|===\n"),
    "brackets of a macro": ("a.adoc", ("a::" + "[]" * 9_500 + "x\n\n") * 5),
    "long names of resources": ("a.adoc", ("xref:" + "a" * 19_000 + ".adoc[a]\n\n") * 5),
    "digits of lines": ("a.rst", "A\n=\n\n" + (".. literalinclude:: b.py\n   :lines: " + "1" * 19_000 + "x\n\n") * 5),
    "a rule that a letter ends": ("a.md", ("-" * 19_000 + "x. Widgets\n\n") * 5),
    "rules without end": ("a.md", ("--- . " * 3_000 + "\n\n") * 5),
    "a value that names itself": (
        "a.adoc",
        ":a: " + "{a}[\u2060" * 1_900 + ("\n\nWidgets " + "{a}[\u2060" * 1_900) * 9,
    ),
    "attributes on many lines": ("a.adoc", "The widget says\n" + ("{a}" * 23 + "\n") * 1_430),
    "macros that are never closed": ("a.adoc", ":a: " + "\\[xref:" * 2_700 + "\n\n" + "{a} " * 9),
    "quotes in footnotes": ("a.md", "# A\n" + (">[^1]: " * 10 + "\n") * 1_000),
    "braces in strings": ("a.mdx", ('"{`' * 23 + "\n") * 1_430),
    "marks of strings that are escaped": ("a.mdx", ("{" + "\\`" * 9_900 + "}\n\n") * 5),
    "blanks before the name of a file": ("a.md", "```js\n/// file:" + " " * 6_000 + "a" * 300 + "\n```\n"),
    "paragraphs of stops": ("a.md", ("The widget says " + "!" * 19_900 + "\n\n") * 16),
}
"""By what was slow in them: a path and a whole file."""


def file_of(path: str, text: str) -> bytes:
    """A file that its reader reads to the end, with `text` where the format has text."""
    match path:
        case "a.mdx":
            text = f"import a from 'b'\n\n{text}"
        case "html.md":
            text = f"<div>\n{text}"
        case "front.md":
            text = f"---\n{text}\n---\n"
        case "a.ipynb":
            text = json.dumps({"cells": [{"cell_type": "markdown", "source": text}]})
    return text.encode()


_TAGGED = "= A\n\n----\ninclude::b.rb[tag=a]\n----\n"
SLOW_INCLUDES_ONCE = {
    "tags without brackets": (_TAGGED, "tag::" * 20_000),
    "tags that are never ended": (_TAGGED, "# tag::b[]\n" * 6_000 + "b\n" * 17_000),
    "all lines again and again": (
        '= A\n\n----\ninclude::b.rb[lines="' + "1..-1;" * 3_000 + '"]\n----\n',
        "b\n" * 50_000,
    ),
}
"""By what was slow in them: a page of AsciiDoc and the file b.rb that it includes."""

SLOW_NAVIGATION_ONCE = {
    "comments that are never closed": ("sidebars.js", "module.exports = " + "/*\n" * 33_000),
    "exports in a comment": ("sidebars.js", "/*export default " * 6_000),
    "keys without a sidebar": ("docs/.vitepress/config.ts", "sidebar: \n" * 10_000),
    "names without a sidebar": ("docs/.vitepress/config.ts", "sidebar, \n" * 10_000),
    "lines of blanks": ("docs/.vitepress/config.ts", " \n" * 50_000),
    "a semicolon in a list": ("sidebars.js", "module.exports = [;]"),
    "a word before a value, again and again": ("sidebars.js", "module.exports = " + "new " * 5_000),
    "calls in calls": ("sidebars.js", "module.exports = {a: [" + ",a('" * 25_000),
    "functions that return functions": ("sidebars.js", "module.exports = " + "() => " * 5_000),
}
"""By what was slow in them: the path and the text of a file that orders documents."""
