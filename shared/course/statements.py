"""The statements of a module: sentences, list items and table rows with the citations that hold for each.

A course is checked from its Markdown as anybody reads it: CommonMark with GFM tables. A mark covers its own sentence,
item or row; at the end of a paragraph, or on a line of its own after a block, it also covers what has no mark there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from shared.course.basis import Basis, read_basis, strip_label
from shared.course.commonmark import new_parser
from shared.course.sentence_marks import (
    Piece,
    find_marks,
    find_trailing_marks,
    is_only_marks,
    split_pieces,
    strip_marks,
)
from shared.course.wording import is_signpost, leads_on

StatementKind = Literal["sentence", "list_item", "table_header", "table_row"]
Role = Literal["claim", "question", "signpost"]


@dataclass(frozen=True)
class Statement:
    """A sentence, list item or table row. `source` stands in the Markdown, `text` is it without marks.

    `own` are the marks inside it, `citation_ids` those that hold for it (own, else inherited from its block).
    `parts` are the sentences of an item that has several, each with the marks that hold for it.
    `basis`: what the label of its paragraph, item or quote says of where it comes from.
    """

    where: str
    kind: StatementKind
    source: str
    text: str
    own: tuple[str, ...]
    citation_ids: tuple[str, ...]
    role: Role
    parts: tuple["Statement", ...] = ()
    basis: Basis = "source"

    @property
    def claims(self) -> tuple["Statement", ...]:
        """The texts that are held to their citations: the parts where there are some, else the statement."""
        return self.parts or (self,)


def _build_parser() -> MarkdownIt:
    """Raw HTML stays visible as HTML and every target is kept as written."""
    parser = new_parser(html=True)
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


PARSER = _build_parser()


def read_blocks(where: str, nodes: Sequence[SyntaxTreeNode]) -> list[Statement]:
    """Statements of sibling blocks; a block of marks alone covers what is unmarked in the block before it."""
    statements: list[Statement] = []
    previous: list[Statement] = []
    for node in nodes:
        if node.type == "paragraph" and is_only_marks(inline_of(node)):
            marks = find_marks(inline_of(node))
            statements[len(statements) - len(previous) :] = [_cover(found, marks) for found in previous]
            previous = []
            continue
        previous = _read_block(where, node)
        statements.extend(previous)
    return statements


def _read_block(where: str, node: SyntaxTreeNode) -> list[Statement]:
    match node.type:
        case "paragraph":
            return _read_paragraph(where, inline_of(node))
        case "bullet_list" | "ordered_list":
            return [found for item in node.children for found in _read_item(where, item)]
        case "table":
            return _read_table(where, node)
        case "blockquote":
            basis = read_basis(inline_of(node.children[0])) if node.children else "source"
            return [_base(found, basis) for found in read_blocks(where, node.children)]
        case _:
            return []


def _read_paragraph(where: str, text: str) -> list[Statement]:
    if _is_picture(text):
        return []
    inherited = find_trailing_marks(text)
    basis = read_basis(text)
    pieces = [piece for piece in split_pieces(text) if strip_label(piece.text)]
    return [_base(_state(where, "sentence", piece, inherited), basis) for piece in pieces]


def _read_item(where: str, item: SyntaxTreeNode) -> list[Statement]:
    """An item's own paragraphs are one statement; lists, tables and quotes inside it are read by themselves."""
    own: list[str] = []
    outside: tuple[str, ...] = ()
    nested: list[Statement] = []
    previous: list[Statement] = []
    for node in item.children:
        if node.type != "paragraph":
            previous = _read_block(where, node)
            nested.extend(previous)
            continue
        if not is_only_marks(inline_of(node)):
            own += [] if _is_picture(inline_of(node)) else [inline_of(node)]
        elif previous:
            nested[-len(previous) :] = [_cover(found, find_marks(inline_of(node))) for found in previous]
        else:
            outside += find_marks(inline_of(node))
        previous = []
    text = "\n".join(own)
    if not strip_marks(text):
        return nested
    pieces = [(piece, paragraph) for paragraph in own for piece in split_pieces(paragraph) if piece.text]
    whole = _state(where, "list_item", Piece(text.strip(), strip_marks(text), find_marks(text)), outside)
    if len(pieces) > 1:
        last = find_trailing_marks(text) or outside or whole.own
        parts = (_state(where, "sentence", piece, find_trailing_marks(of) or last) for piece, of in pieces)
        whole = replace(whole, parts=tuple(parts))
    return [_base(whole, read_basis(text)), *nested]


def _read_table(where: str, table: SyntaxTreeNode) -> list[Statement]:
    statements: list[Statement] = []
    below: tuple[str, ...] = ()
    for group in table.children:
        for row in group.children:
            source = " | ".join(inline_of(cell) for cell in row.children)
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
    elif not piece.marks and not inherited and (leads_on(text) or is_signpost(text)):
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


def _base(statement: Statement, basis: Basis) -> Statement:
    """The statement of a paragraph, item or quote with this basis; one inside may have another."""
    if basis == "source" or statement.basis != "source":
        return statement
    return replace(statement, basis=basis, parts=tuple(_base(part, basis) for part in statement.parts))


def _is_picture(text: str) -> bool:
    """A paragraph of pictures and marks states nothing itself."""
    if "![" not in text:
        return False
    parsed = PARSER.parseInline(strip_marks(text))[0].children or []
    inner = [
        token for token in parsed if (token.type != "softbreak" and token.content.strip()) or token.type == "image"
    ]
    return bool(inner) and all(token.type == "image" for token in inner)


def inline_of(node: SyntaxTreeNode) -> str:
    """The raw inline Markdown of a paragraph, heading or cell."""
    return "\n".join(child.content for child in node.children if child.type == "inline")
