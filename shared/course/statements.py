"""The statements of a module: sentences, list items and table rows with the citations that hold for each.

A course is checked from its Markdown as anybody reads it: CommonMark with GFM tables. A mark covers its own sentence,
item or row; at the end of a paragraph, or on a line of its own after a block, it also covers what has no mark there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from shared.course.commonmark import new_parser
from shared.course.model import Module
from shared.course.sentence_marks import (
    Piece,
    find_marks,
    find_trailing_marks,
    is_only_marks,
    split_pieces,
    strip_marks,
)
from shared.course.wording import is_signpost

FIELDS = ("introduction", "main_content", "conclusion", "summary")

StatementKind = Literal["sentence", "list_item", "table_header", "table_row"]
Role = Literal["claim", "question", "signpost"]


@dataclass(frozen=True)
class Statement:
    """A sentence, list item or table row. `source` stands in the Markdown, `text` is it without marks.

    `own` are the marks inside it, `citation_ids` those that hold for it (own, else inherited from its block).
    `parts` are the sentences of an item that has several, each with the marks that hold for it.
    """

    where: str
    kind: StatementKind
    source: str
    text: str
    own: tuple[str, ...]
    citation_ids: tuple[str, ...]
    role: Role
    parts: tuple["Statement", ...] = ()

    @property
    def claims(self) -> tuple["Statement", ...]:
        """The texts that are held to their citations: the parts where there are some, else the statement."""
        return self.parts or (self,)


@dataclass(frozen=True)
class Heading:
    """A heading and whether anything stands below it before the next one of its level or above."""

    where: str
    level: int
    text: str
    empty: bool = False


@dataclass(frozen=True)
class CodeBlock:
    """A code block; `citation_id` and `adapted` come from its info string. An indented block has no info."""

    where: str
    language: str
    citation_id: str | None
    adapted: bool
    text: str


@dataclass(frozen=True)
class Link:
    """A link or picture with its target as written."""

    where: str
    target: str
    text: str
    image: bool


@dataclass(frozen=True)
class Opening:
    """The first paragraph of a field or after a heading; `cited` when a mark holds for it."""

    text: str
    cited: bool


@dataclass(frozen=True)
class FieldText:
    """A Markdown field of a module, read. `openings` are the first paragraphs after a heading or the start.

    `numbered` are the numbers of each ordered list as written.
    """

    where: str
    statements: tuple[Statement, ...]
    headings: tuple[Heading, ...]
    code: tuple[CodeBlock, ...]
    links: tuple[Link, ...]
    html: tuple[str, ...]
    openings: tuple[Opening, ...]
    numbered: tuple[tuple[int, ...], ...]


def _build_parser() -> MarkdownIt:
    """Raw HTML stays visible as HTML and every target is kept as written."""
    parser = new_parser(html=True)
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


_PARSER = _build_parser()


def read_module(module: Module) -> tuple[FieldText, ...]:
    """The four Markdown fields of a module in reading order."""
    return tuple(read_markdown(name, getattr(module, name)) for name in FIELDS)


@lru_cache(maxsize=4096)  # a large course is read once for its minutes and once for its figures
def read_markdown(where: str, markdown: str) -> FieldText:
    """Read one Markdown text; `where` names it in findings."""
    tokens = _PARSER.parse(markdown)
    root = SyntaxTreeNode(tokens)
    inline = [child for token in tokens if token.type == "inline" for child in token.children or ()]
    html = [token.content.strip() for token in tokens if token.type == "html_block"]
    return FieldText(
        where=where,
        statements=tuple(_read_blocks(where, root.children)),
        headings=_read_headings(where, root.children),
        code=tuple(_read_code(where, token) for token in tokens if token.type in ("fence", "code_block")),
        links=tuple(_read_links(where, inline)),
        html=tuple(html + [token.content for token in inline if token.type == "html_inline"]),
        openings=tuple(_find_openings(root.children)),
        numbered=tuple(
            tuple(int(item.info) for item in node.children)
            for node in root.walk()
            if node.type == "ordered_list" and node.children
        ),
    )


def _read_blocks(where: str, nodes: Sequence[SyntaxTreeNode]) -> list[Statement]:
    """Statements of sibling blocks; a block of marks alone covers what is unmarked in the block before it."""
    statements: list[Statement] = []
    previous: list[Statement] = []
    for node in nodes:
        if node.type == "paragraph" and is_only_marks(_inline(node)):
            marks = find_marks(_inline(node))
            statements[len(statements) - len(previous) :] = [_cover(found, marks) for found in previous]
            previous = []
            continue
        previous = _read_block(where, node)
        statements.extend(previous)
    return statements


def _read_block(where: str, node: SyntaxTreeNode) -> list[Statement]:
    match node.type:
        case "paragraph":
            return _read_paragraph(where, _inline(node))
        case "bullet_list" | "ordered_list":
            return [found for item in node.children for found in _read_item(where, item)]
        case "table":
            return _read_table(where, node)
        case "blockquote":
            return _read_blocks(where, node.children)
        case _:
            return []


def _read_paragraph(where: str, text: str) -> list[Statement]:
    if _is_picture(text):
        return []
    inherited = find_trailing_marks(text)
    return [_state(where, "sentence", piece, inherited) for piece in split_pieces(text) if piece.text]


def _read_item(where: str, item: SyntaxTreeNode) -> list[Statement]:
    """An item's own paragraphs are one statement; lists, tables and quotes inside it are read by themselves."""
    own: list[str] = []
    outside: tuple[str, ...] = ()
    nested: list[Statement] = []
    for node in item.children:
        if node.type != "paragraph":
            nested.extend(_read_block(where, node))
        elif is_only_marks(_inline(node)):
            outside += find_marks(_inline(node))
        elif not _is_picture(_inline(node)):
            own.append(_inline(node))
    text = "\n".join(own)
    if not strip_marks(text):
        return nested
    pieces = split_pieces(text)
    whole = _state(where, "list_item", Piece(text.strip(), strip_marks(text), find_marks(text)), outside)
    if len(pieces) > 1:
        fallback = find_trailing_marks(text) or outside or whole.own
        parts = tuple(_state(where, "sentence", piece, fallback) for piece in pieces if piece.text)
        whole = replace(whole, parts=parts)
    return [whole, *nested]


def _read_table(where: str, table: SyntaxTreeNode) -> list[Statement]:
    statements: list[Statement] = []
    below: tuple[str, ...] = ()
    for group in table.children:
        for row in group.children:
            source = " | ".join(_inline(cell) for cell in row.children)
            if is_only_marks(source):
                below += find_marks(source)
                continue
            piece = Piece(source, strip_marks(source), find_marks(source))
            kind: StatementKind = "table_header" if group.type == "thead" else "table_row"
            if piece.text.strip(" |"):
                statements.append(_state(where, kind, piece, ()))
    if not below and statements and not any(found.own for found in statements[:-1]):
        below = statements[-1].own
    return [_cover(found, below) for found in statements]


def _state(where: str, kind: StatementKind, piece: Piece, inherited: tuple[str, ...]) -> Statement:
    text = piece.text
    role: Role = "claim"
    if text.rstrip("\"'”’)*_ ").endswith(("?", "？")):
        role = "question"
    elif not piece.marks and not inherited and is_signpost(text):
        role = "signpost"
    return Statement(where, kind, piece.source, text, piece.marks, piece.marks or inherited, role)


def _cover(statement: Statement, marks: tuple[str, ...]) -> Statement:
    """The statement with inherited marks where it has none of its own."""
    if not marks:
        return statement
    parts = tuple(_cover(part, marks) for part in statement.parts)
    if statement.citation_ids:
        return replace(statement, parts=parts)
    role: Role = "claim" if statement.role == "signpost" else statement.role
    return replace(statement, citation_ids=marks, role=role, parts=parts)


def _inline(node: SyntaxTreeNode) -> str:
    """The raw inline Markdown of a paragraph, heading or cell."""
    return "\n".join(child.content for child in node.children if child.type == "inline")


def _is_picture(text: str) -> bool:
    """A paragraph of pictures and marks states nothing itself."""
    if "![" not in text:
        return False
    parsed = _PARSER.parseInline(strip_marks(text))[0].children or []
    inner = [
        token for token in parsed if (token.type != "softbreak" and token.content.strip()) or token.type == "image"
    ]
    return bool(inner) and all(token.type == "image" for token in inner)


def _read_code(where: str, token: Token) -> CodeBlock:
    words = token.info.split()
    cited = next((word.removeprefix("cite=") for word in words if word.startswith("cite=")), None)
    language = words[0] if words and "=" not in words[0] and words[0] != "adapted" else ""
    return CodeBlock(where, language, cited, "adapted" in words, token.content.rstrip("\n"))


def _read_links(where: str, inline: Sequence[Token]) -> Iterator[Link]:
    opened: str | None = None
    text: list[str] = []
    for token in inline:
        if token.type == "image":
            yield Link(where, str(token.attrs.get("src", "")), token.content, image=True)
        elif token.type == "link_open":
            opened, text = str(token.attrs.get("href", "")), []
        elif token.type == "link_close" and opened is not None:
            yield Link(where, opened, "".join(text), image=False)
            opened = None
        else:
            text.append(token.content)


def _read_headings(where: str, nodes: Sequence[SyntaxTreeNode]) -> tuple[Heading, ...]:
    headings: list[Heading] = []
    for index, node in enumerate(nodes):
        if node.type != "heading":
            continue
        level = int(node.tag[1])
        following = nodes[index + 1] if index + 1 < len(nodes) else None
        empty = following is None or (following.type == "heading" and int(following.tag[1]) <= level)
        headings.append(Heading(where, level, strip_marks(_inline(node)), empty))
    return tuple(headings)


def _find_openings(nodes: Sequence[SyntaxTreeNode]) -> Iterator[Opening]:
    """The paragraph that opens the text and each that follows a heading, quotes included."""
    opens = True
    for place, node in enumerate(nodes):
        inner = node
        while inner.type == "blockquote" and inner.children:
            inner = inner.children[0]
        if opens and inner.type == "paragraph":
            below = nodes[place + 1 : place + 2]
            covered = any(after.type == "paragraph" and is_only_marks(_inline(after)) for after in below)
            yield Opening(strip_marks(_inline(inner)), covered or bool(find_marks(_inline(inner))))
        opens = node.type == "heading"
