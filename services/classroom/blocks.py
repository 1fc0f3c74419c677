"""Markdown of a generated course as blocks of the front ends' editor. Pure.

A citation mark becomes a link to the cited lines, or a number where the host shows no lines; a list of all cited lines
stands at the end of a text.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from markdown_it import MarkdownIt
from markdown_it.token import Token

from shared.course.export.hosts import line_url
from shared.course.in_words import clock
from shared.course.model import AnySource, Citation, LectureCitation, PdfCitation
from shared.events.content import Block, BlockType, Link, Value, Words

_MARKDOWN = MarkdownIt("commonmark").enable("table")
_MARK = re.compile(r"\[\^([A-Za-z0-9_-]+)\]")
_CITED_CODE = re.compile(r"\bcite=([A-Za-z0-9_-]+)")
_HREF = re.compile(r"(https?://|mailto:)\S+")
_LONGEST_HREF = 2048
_STYLES = {"strong": "bold", "em": "italic"}
_Inline = Words | Link


@dataclass(frozen=True)
class Cited:
    """The citations of a text, by id: the place of each in words, where it can be read, and its number."""

    places: Mapping[str, str]
    urls: Mapping[str, str | None]
    numbers: dict[str, int] = field(default_factory=dict)

    def mark(self, citation_id: str) -> _Inline:
        """The number of a citation, as a link where there is one."""
        if citation_id not in self.places:
            return Words(text=f"[^{citation_id}]")
        shown = Words(text=f"[{self.numbers.setdefault(citation_id, len(self.numbers) + 1)}]")
        href = self.urls[citation_id]
        return shown if href is None or len(href) > _LONGEST_HREF else Link(href=href, content=[shown])

    def sources(self) -> list[Block]:
        """The list of the lines that were cited, by number."""
        if not self.numbers:
            return []
        lines = [
            _block("numberedListItem", [Words(text=self.places[one]), *self._elsewhere(one)]) for one in self.numbers
        ]
        return [_block("heading", [Words(text="Sources")], level=2), *lines]

    def _elsewhere(self, citation_id: str) -> list[_Inline]:
        mark = self.mark(citation_id)
        return [Words(text=" "), mark] if isinstance(mark, Link) else []


def cited_by(citations: Sequence[Citation], sources: Sequence[AnySource]) -> Cited:
    """The citations of a module, to be numbered as they come."""
    by_id = {one.id: one for one in sources}
    urls = {
        one.id: line_url(source.url, source.commit, one.path, one.start_line, one.end_line)
        for one in citations
        if (source := by_id.get(one.source_id)) is not None
    }
    commits = {one.id: one.commit for one in sources}
    places = {one.id: _place(one, commits.get(one.source_id, "")) for one in citations}
    return Cited(places, {one.id: urls.get(one.id) for one in citations})


def _place(citation: Citation, commit: str) -> str:
    if isinstance(citation, LectureCitation):
        return f"{citation.path}, {clock(citation.start_second)}–{clock(citation.end_second)}"
    start, end = citation.start_line, citation.end_line
    page = f", page {citation.page}" if isinstance(citation, PdfCitation) else ""
    lines = f"line {start}" if start == end else f"lines {start}–{end}"
    return f"{citation.path}{page}, {lines}" + (f" ({commit[:12]})" if commit else "")


def blocks_of(text: str, cited: Cited) -> list[Block]:
    """The blocks of a Markdown text."""
    return _Reader(text, cited).read(_MARKDOWN.parse(text))


def _block(kind: BlockType, content: Sequence[_Inline], **props: Value) -> Block:
    return Block(type=kind, content=[*content], props=props)


class _Reader:
    """Walks over the tokens of one text."""

    def __init__(self, text: str, cited: Cited) -> None:
        self._lines, self._cited = text.splitlines(), cited

    def read(self, tokens: Sequence[Token]) -> list[Block]:
        found: list[Block] = []
        at = 0
        while at < len(tokens):
            token = tokens[at]
            size = 1 + sum(1 for _ in takewhile(_is_inside(token), tokens[at + 1 :])) if token.nesting == 1 else 1
            found.extend(self._blocks(token, tokens[at + 1 : at + size]))
            at += size
        return found

    def _blocks(self, token: Token, inside: Sequence[Token]) -> Iterator[Block]:
        match token.type:
            case "heading_open":
                yield _block("heading", self._inline(inside[0]), level=min(int(token.tag[1:]), 3))
            case "paragraph_open":
                yield _block("paragraph", self._inline(inside[0]))
            case "bullet_list_open" | "ordered_list_open":
                kind: BlockType = "bulletListItem" if token.type == "bullet_list_open" else "numberedListItem"
                yield from self._items(kind, inside)
            case "fence" | "code_block":
                language = (token.info.split() or ["text"])[0]
                yield _block("codeBlock", [Words(text=token.content.rstrip("\n"))], language=language)
                yield from (_block("paragraph", [self._cited.mark(one)]) for one in _CITED_CODE.findall(token.info))
            case "table_open" | "html_block" if token.map is not None:
                raw = "\n".join(self._lines[token.map[0] : token.map[1]])
                yield _block("codeBlock", [Words(text=raw)], language="markdown")
            case _:
                yield from self.read(inside)

    def _items(self, kind: BlockType, tokens: Sequence[Token]) -> Iterator[Block]:
        """Each item with what it has below its first paragraph as its children."""
        for item in self.read_items(tokens):
            first = item[0] if item and item[0].type == "paragraph" else None
            yield Block(
                type=kind, content=first.content if first is not None else [],
                children=item[1:] if first is not None else item,
            )  # fmt: skip

    def read_items(self, tokens: Sequence[Token]) -> Iterator[list[Block]]:
        """The blocks of each item of a list."""
        at = 0
        while at < len(tokens):
            inside = [*takewhile(_is_inside(tokens[at]), tokens[at + 1 :])]
            yield self.read(inside)
            at += len(inside) + 2

    def _inline(self, token: Token) -> list[_Inline]:
        found: list[_Inline] = []
        styles: dict[str, Value] = {}
        href: str | None = None
        for one in token.children or ():
            name = one.type.partition("_")[0]
            if name in _STYLES:
                styles = {key: value for key, value in styles.items() if key != _STYLES[name]}
                if one.nesting == 1:
                    styles[_STYLES[name]] = True
            elif name == "link":
                href = str(one.attrs.get("href", "")) if one.nesting == 1 else None
            else:
                found.extend(self._words(one, styles, href))
        return found

    def _words(self, token: Token, styles: Mapping[str, Value], href: str | None) -> Iterator[_Inline]:
        match token.type:
            case "text":
                pieces = _MARK.split(token.content)
                for number, piece in enumerate(pieces):
                    if number % 2:
                        yield self._cited.mark(piece)
                    elif piece:
                        yield _linked(Words(text=piece, styles={**styles}), href)
            case "code_inline":
                yield _linked(Words(text=token.content, styles={**styles, "code": True}), href)
            case "softbreak" | "hardbreak":
                yield Words(text=" " if token.type == "softbreak" else "\n")
            case _:
                if token.content:
                    yield Words(text=token.content, styles={**styles})


def _is_inside(token: Token) -> Callable[[Token], bool]:
    """Whether a token stands before the end of this one."""
    end = token.type.replace("_open", "_close")
    return lambda one: not (one.type == end and one.level == token.level)


def _linked(words: Words, href: str | None) -> _Inline:
    """A link, unless it leads to a place of the course itself or to a file."""
    if href is None or len(href) > _LONGEST_HREF or not _HREF.fullmatch(href):
        return words
    return Link(href=href, content=[words])
