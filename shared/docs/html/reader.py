"""From the bytes of a page to its text. For a worker process: strangers wrote the page."""

import codecs
import re
from collections.abc import Iterable, Sequence
from contextlib import suppress

from justhtml import JustHTML, Node, Text

from shared.docs.document_text import DocumentText
from shared.docs.html.blocks import Block, blocks_of, joined
from shared.docs.html.facts import HTML_READER, MAX_CHARACTERS, MAX_HTML_BYTES, UnreadableMarkup
from shared.docs.html.tree import attribute, below, children, text_of
from shared.docs.plain import plain_text
from shared.docs.plain_lines import escape
from shared.docs.problems import shorten

_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_HEAD_BYTES = 4096
_FRAMED = {"script": "scripts", "iframe": "other pages", "object": "embedded files", "embed": "embedded files"}


def read_html(data: bytes) -> DocumentText:
    """The text of a page. Raises UnreadableMarkup."""
    return written([page_of(data)], "", HTML_READER)


def page_of(data: bytes) -> Node:
    """The elements of a page. Raises UnreadableMarkup."""
    if len(data) > MAX_HTML_BYTES:
        message = f"The page has {len(data)} bytes; a page is read up to {MAX_HTML_BYTES}."
        raise UnreadableMarkup(message, code="document_too_large")
    return JustHTML(_decoded(data), sanitize=False, scripting_enabled=False).root


def _decoded(data: bytes) -> str:
    """The text of a page: by the mark at its beginning, as UTF-8, as the page says, or as browsers take it."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"), (b"", "utf-8-sig")):
        if data.startswith(mark):
            with suppress(UnicodeDecodeError):
                return data.decode(encoding)
    said = _CHARSET.search(data[:_HEAD_BYTES])
    with suppress(LookupError, UnicodeError):
        return data.decode(said[1].decode() if said else "cp1252", errors="replace")
    return data.decode("cp1252", errors="replace")


def written(pages: Sequence[Node], title: str, reader: str, problems: Sequence[str] = ()) -> DocumentText:
    """One text of pages that follow each other. Without a `title`, the first page gives it."""
    blocks: list[Block] = []
    for page in pages:
        blocks += blocks_of(children(_body_of(page)))
    title = title or _title_of(pages[:1])
    lines = joined(list(_headed(blocks, title)))
    if not any(char.isalnum() for block in blocks for line in block.lines for char in line):
        raise UnreadableMarkup("The document has no text.", code="document_without_text")
    text = "\n".join(lines) + "\n"
    if len(text) > MAX_CHARACTERS:
        message = f"The document has more than {MAX_CHARACTERS} characters of text; more are not read."
        raise UnreadableMarkup(message, code="document_too_large")
    names = [one.name for page in pages for one in below(page)]
    pictures = names.count("img")
    problems = [*problems, *([f"pictures that are not in the text: {pictures}"] if pictures else [])]
    return DocumentText(
        text=text,
        title=plain_text(next((line for line in lines if line.startswith("# ")), "").removeprefix("# ")) or title,
        reader=reader,
        ignored=tuple(dict.fromkeys(what for name, what in _FRAMED.items() if name in names)),
        problems=shorten(problems),
    )


def _headed(blocks: Sequence[Block], title: str) -> Iterable[Block]:
    """The blocks with the marks of headings, below the title; the first heading is the title if it stands above the
    others or says the same.
    """
    headings = [block for block in blocks if block.level]
    top = min((block.level for block in headings), default=1)
    is_above = [block.level for block in headings].count(top) == 1 and headings[0].level == top
    is_same = bool(headings) and plain_text(headings[0].lines[0]).casefold() == title.casefold()
    first = headings[0] if headings and (is_above or is_same) else None
    down = 1 - top if not title or (is_above and first) else 2 - top
    if title and first is None:
        yield Block([f"# {escape(title)}"])
    for block in blocks:
        level = 1 if block is first else min(block.level + down, 6)
        yield Block([f"{'#' * level} {block.lines[0]}"]) if block.level else block


def _title_of(pages: Iterable[Node]) -> str:
    found = (one for page in pages for one in below(page) if one.name == "title")
    return " ".join("".join(text_of(part) for part in (next(found, Text("")).children or ())).split())


def _body_of(page: Node) -> Node | Text:
    """What a page is about: the element that says so, or all of it."""
    every = list(below(page))
    for wanted in ("main", "article"):
        found = [one for one in every if one.name == wanted or attribute(one, "role") == wanted]
        if len(found) == 1:
            return found[0]
    return next((one for one in every if one.name == "body"), page)
