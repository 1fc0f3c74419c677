"""A Markdown field of a module, read: its statements, headings, code, links, and what opens its parts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from shared.course.fences import parse_info
from shared.course.model import Module
from shared.course.sentence_marks import find_marks, is_only_marks, strip_marks
from shared.course.statements import PARSER, Statement, inline_of, read_blocks

FIELDS = ("introduction", "main_content", "conclusion", "summary")


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
    """A link or picture with its target as written. The title of a link to a module says what is meant in it."""

    where: str
    target: str
    text: str
    image: bool
    title: str = ""


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


def read_module(module: Module) -> tuple[FieldText, ...]:
    """The four Markdown fields of a module in reading order."""
    return tuple(read_markdown(name, getattr(module, name)) for name in FIELDS)


@lru_cache(maxsize=4096)  # a large course is read once for its minutes and once for its figures
def read_markdown(where: str, markdown: str) -> FieldText:
    """Read one Markdown text; `where` names it in findings."""
    tokens = PARSER.parse(markdown)
    root = SyntaxTreeNode(tokens)
    inline = [child for token in tokens if token.type == "inline" for child in token.children or ()]
    html = [token.content.strip() for token in tokens if token.type == "html_block"]
    return FieldText(
        where=where,
        statements=tuple(read_blocks(where, root.children)),
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


def _read_code(where: str, token: Token) -> CodeBlock:
    info = parse_info(token.info)
    return CodeBlock(where, info.language, info.citation_id, info.adapted, token.content.rstrip("\n"))


def _read_links(where: str, inline: Sequence[Token]) -> Iterator[Link]:
    opened: Token | None = None
    text: list[str] = []
    for token in inline:
        if token.type == "image":
            yield Link(where, str(token.attrs.get("src", "")), token.content, image=True)
        elif token.type == "link_open":
            opened, text = token, []
        elif token.type == "link_close" and opened is not None:
            href, title = (str(opened.attrs.get(name, "")) for name in ("href", "title"))
            yield Link(where, href, "".join(text), image=False, title=title)
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
        headings.append(Heading(where, level, strip_marks(inline_of(node)), empty))
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
            covered = any(after.type == "paragraph" and is_only_marks(inline_of(after)) for after in below)
            yield Opening(strip_marks(inline_of(inner)), covered or bool(find_marks(inline_of(inner))))
        opens = node.type == "heading"
