"""Which files are documentation by their name, and in which markup they are written."""

import posixpath
import re
from typing import Literal

DocFormat = Literal["markdown", "mdx", "rst", "asciidoc", "notebook", "text"]

_BY_SUFFIX: dict[str, DocFormat] = {
    ".md": "markdown", ".markdown": "markdown", ".mdown": "markdown", ".mkd": "markdown", ".qmd": "markdown",
    ".rmd": "markdown", ".mdx": "mdx", ".rst": "rst", ".rest": "rst", ".adoc": "asciidoc", ".asciidoc": "asciidoc",
    ".asc": "asciidoc", ".ipynb": "notebook", ".txt": "text", ".text": "text", ".cheatmd": "markdown",
    ".livemd": "markdown",
}  # fmt: skip

UNREAD = "not read: written in "
"""The beginning of the reason for leaving out a document without a reader; the format's name follows."""
PART = "part of other pages"

_DOCUMENT_NAMES = frozenset(
    {
        "authors", "building", "changelog", "changes", "code_of_conduct", "contributing", "contributors", "copying",
        "faq", "hacking", "history", "install", "license", "licence", "maintainers", "manual", "news", "notice",
        "quickstart", "readme", "releasing", "roadmap", "security", "support", "testing", "todo", "tutorial",
        "upgrading", "usage",
    }
)  # fmt: skip

_PARTS = frozenset({
    "_includes", "_include", "_snippets", "_partials", "_templates", "_shared", "_common", "includes",
    "snippets", "partials", "docs_src", "generated", ".generated"
})  # fmt: skip

_MADE = re.compile(r"[-_.]generated\.\w+$")  # cli-generated.md, which cli.md takes in

# Text files that programs read, not people: taking them for documentation would teach a list of packages.
_MACHINE_TEXT = ("requirements", "constraints", "cmakelists", "robots", "ads", "humans", "manifest", "top_level")


def is_part(path: str) -> bool:
    """Whether a file is a part of other pages by its name or folder, and not a page of its own."""
    *folders, name = path.split("/")
    hidden = name.startswith("_") and not name.startswith("_index.")
    hidden = hidden or _MADE.search(name.lower()) is not None
    of_antora = folders[-3:][::2] == ["modules", "examples"]
    return hidden or of_antora or not _PARTS.isdisjoint(folder.lower() for folder in folders)


def format_of(path: str) -> DocFormat | None:
    """The format of a documentation file by its path, or None when the name is not one of documentation."""
    name = path.rsplit("/", 1)[-1].lower()
    stem, dot, _ = name.partition(".")
    if not dot:
        return "text" if stem in _DOCUMENT_NAMES else None
    found = _BY_SUFFIX.get(posixpath.splitext(name)[1])
    return None if found == "text" and name.startswith(_MACHINE_TEXT) else found
