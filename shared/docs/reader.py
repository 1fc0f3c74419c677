"""The one way from a documentation file to a `Document`, whatever its format."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from shared.docs import text
from shared.docs.contents import without_contents
from shared.docs.encoding import decode, text_lines
from shared.docs.formats import DocFormat, format_of
from shared.docs.headings import title_from_path
from shared.docs.included import Included
from shared.docs.markdown import document as markdown
from shared.docs.markdown.dialects import is_mdx
from shared.docs.model import Document, Section
from shared.docs.parsed import ParsedDocument
from shared.kernel.errors import UnreadableText
from shared.workers.away import later

if TYPE_CHECKING:
    from shared.docs.asciidoc.document import read as read_asciidoc
    from shared.docs.markdown.mdx import read as read_mdx
    from shared.docs.notebook.document import read as read_notebook
    from shared.docs.rst.document import read as read_rst
else:
    read_asciidoc = later("shared.docs.asciidoc.document:read")
    read_mdx = later("shared.docs.markdown.mdx:read")
    read_notebook = later("shared.docs.notebook.document:read")
    read_rst = later("shared.docs.rst.document:read")


_READERS: dict[DocFormat, Callable[[str, str, Included], ParsedDocument]] = {
    "markdown": lambda path, text, files: (read_mdx if is_mdx(text_lines(text)) else markdown.read)(path, text, files),
    "mdx": read_mdx,
    "rst": read_rst,
    "asciidoc": read_asciidoc,
    "notebook": read_notebook,
    "text": text.read,
}


_FIRST_PAGES = re.compile(r"preface|foreword|prologue|introduction|dedication|copyright", re.IGNORECASE)
_SHEBANG = re.compile(r"\A\ufeff?#![ \t]*/[^\n]*")


def read_document(path: str, raw: bytes, included: Mapping[str, bytes], listed_title: str = "") -> Document:
    """Read a documentation file.

    `path` is repository-relative and decides the format; `included` holds the raw files that this one includes (see
    `references.find_references`), by repository path; `listed_title` is the name that the author's contents give to a
    document which names itself nowhere. Strange content never raises: what could not be read is said in
    `problems`. Raises UnreadableText when the file is no documentation, no text, too large or too deep.
    """
    format_ = format_of(path)
    if format_ is None:
        raise UnreadableText(f"{path} is not a documentation file by its name.", code="unknown_format")
    decoded, encoding = decode(raw)
    if format_ == "text":
        format_ = text.find_markup(path, decoded)
    try:
        parsed = _READERS[format_](path, _SHEBANG.sub("", decoded), Included(included))
    except RecursionError:
        raise UnreadableText(f"{path} has lists that are hundreds deep.", code="too_deep") from None
    sections = without_contents(parsed.sections)
    title = "" if _is_of_a_chapter(parsed.title, sections) else parsed.title
    problems = parsed.problems if encoding == "utf-8" else (f"read as {encoding}", *parsed.problems)
    return Document(
        path, format_, title or listed_title or title_from_path(path), parsed.title_line,
        _named_opening(sections, path, listed_title) if not title else sections, links=parsed.links,
        front_matter=parsed.front_matter, raw_lines=tuple(text_lines(decoded)), problems=problems,
    )  # fmt: skip


def _is_of_a_chapter(title: str, sections: tuple[Section, ...]) -> bool:
    """Whether the title is the heading of a book's first pages, with chapters on the level of that heading."""
    tops = [section.heading for section in sections if section.level == 1]
    return len(tops) > 1 and tops[0] == title and _FIRST_PAGES.fullmatch(title) is not None


def _named_opening(sections: tuple[Section, ...], path: str, listed_title: str) -> tuple[Section, ...]:
    """The sections of a document without a title; text before its first heading stands under the listed title."""
    if not sections or not listed_title or sections[0].heading != title_from_path(path):
        return sections
    return (replace(sections[0], heading=listed_title), *sections[1:])
