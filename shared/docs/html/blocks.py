"""The blocks of a page as lines of Markdown. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from justhtml import Node, Text

from shared.docs.html.facts import MAX_DEPTH
from shared.docs.html.inline import one_line, prose
from shared.docs.html.tree import attribute, below, children, classes, is_block, is_contents, text_of
from shared.docs.plain_lines import as_line
from shared.docs.wide_cells import read_span, spread

_LANGUAGE = re.compile(r"(?:^|\s)(?:language-|lang-|highlight-(?:source-)?|brush:\s*|sourceCode\s+)([\w+#.-]+)")
_NO_LANGUAGE = frozenset({"default", "none", "text", "plain", "plaintext", "notranslate"})
_ALERTS = {
    "note": "NOTE", "info": "NOTE", "seealso": "NOTE", "tip": "TIP", "hint": "TIP", "important": "IMPORTANT",
    "warning": "WARNING", "attention": "WARNING", "caution": "CAUTION", "danger": "CAUTION", "error": "CAUTION",
}  # fmt: skip
_BOXES = frozenset({"div", "aside", "blockquote", "section"})
_MOST_CELLS = 50
_NEVER_IN_CELLS = frozenset({"table", "pre", "ul", "ol", "dl", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"})


class Block(NamedTuple):
    """A block by its lines. `level` is that of a heading, and `marker` that of a list."""

    lines: list[str]
    level: int = 0
    marker: str = ""


def blocks_of(nodes: Iterable[Node | Text], depth: int = 0, *, is_top: bool = True) -> list[Block]:
    """The blocks that stand beside each other. Headings are headings at the top, and bold words in what holds them."""
    found: list[Block] = []
    line: list[Node | Text] = []

    def end_line() -> None:
        if lines := prose(line, depth):
            found.append(Block(lines))
        line.clear()

    for node in nodes:
        if depth > MAX_DEPTH or not is_block(node):
            line.append(node)
            continue
        end_line()
        marker = found[-1].marker if found else ""
        found += _block(node, depth, marker, is_top=is_top)
    end_line()
    return found


def joined(blocks: Sequence[Block]) -> list[str]:
    """The lines of blocks, with a blank one between two."""
    lines: list[str] = []
    for block in blocks:
        lines += ["", *block.lines] if lines else block.lines
    return lines


def _block(node: Node | Text, depth: int, marker: str, *, is_top: bool) -> Iterable[Block]:
    name = node.name
    if re.fullmatch("h[1-6]", name):
        return _heading(node, depth, is_top=is_top)
    if name in _WRITERS:
        return _WRITERS[name](node, depth)
    if name in {"ul", "ol", "menu"}:
        return () if is_contents(node) else _list(node, depth, marker)
    if name == "table":
        return _table(node, depth, is_top=is_top)
    if name in _BOXES and (alerts := [_ALERTS[one] for one in classes(node) if one in _ALERTS]):
        return _alert(node, depth, alerts[0])
    return blocks_of(children(node), depth + 1, is_top=is_top)


def _heading(node: Node | Text, depth: int, *, is_top: bool) -> Iterator[Block]:
    if text := one_line(children(node), depth):
        yield Block([text], level=int(node.name[1])) if is_top else Block([f"**{text.replace('**', '')}**"])


def _code(node: Node | Text, depth: int) -> Iterator[Block]:
    text = text_of(node).rstrip().removeprefix("\n")
    if text.strip():
        longest = max((len(run) for run in re.findall("`+", text)), default=0)
        fence = "`" * max(3, longest + 1)
        yield Block([fence + _language(node), *text.split("\n"), fence])


def _language(node: Node | Text) -> str:
    """The language of code, as the class of an element in or around it names it."""
    parent = node.parent
    around = [node, *(one for one in below(node) if one.name == "code"), *([parent, parent.parent] if parent else [])]
    for one in around:
        if one is None:
            continue
        found = _LANGUAGE.search(attribute(one, "class"))
        language = found[1] if found else attribute(one, "data-lang") or attribute(one, "data-language")
        if re.fullmatch(r"[\w+#.-]{1,30}", language):
            return "" if language.lower() in _NO_LANGUAGE else language
    return ""


def _list(node: Node | Text, depth: int, before: str) -> Iterator[Block]:
    """A list; one that follows another one has another sign, or both would be one."""
    is_ordered = node.name == "ol"
    sign = (")" if before == "." else ".") if is_ordered else ("*" if before == "-" else "-")
    start = attribute(node, "start")
    number = int(start) if re.fullmatch(r"\d{1,8}", start) else 1
    lines: list[str] = []
    for item in children(node):
        inner = blocks_of(children(item) if item.name == "li" else [item], depth + 1, is_top=False)
        if not inner:
            continue
        mark = f"{number}{sign}" if is_ordered else sign
        number += 1
        lines += _hung(f"{mark} ", inner)
    if lines:
        yield Block(lines, marker=sign)


def _hung(mark: str, blocks: Sequence[Block]) -> Iterator[str]:
    """Blocks behind a mark and indented by its width; a list directly below its sentence, where CommonMark sees it."""
    lines: list[str] = []
    for block in blocks:
        is_tight = block.marker and re.match(r"[*-]|1[.)]", block.lines[0])
        lines += ["", *block.lines] if lines and not is_tight else block.lines
    for at, line in enumerate(lines):
        yield (" " * len(mark) if at else mark) + line if line else ""


def _definitions(node: Node | Text, depth: int) -> Iterator[Block]:
    terms: list[str] = []
    for one in _terms_of(node):
        if one.name == "dt":
            terms += [term] if (term := one_line(children(one), depth)) else []
            continue
        inner = blocks_of(children(one), depth + 1, is_top=False)
        if not inner:
            continue
        named = [as_line(", ".join(terms))] if terms else []
        yield Block([*named, *_hung(":   ", inner)]) if named else Block(joined(inner))
        terms = []
    if terms:
        yield Block([as_line(", ".join(terms))])


def _terms_of(node: Node | Text) -> Iterator[Node | Text]:
    for one in children(node):
        if one.name == "div":
            yield from (inner for inner in children(one) if inner.name in {"dt", "dd"})
        elif one.name in {"dt", "dd"}:
            yield one


def _quote(node: Node | Text, depth: int) -> Iterator[Block]:
    if inner := blocks_of(children(node), depth + 1, is_top=False):
        yield Block(_quoted(joined(inner)))


def _alert(node: Node | Text, depth: int, kind: str) -> Iterator[Block]:
    inner = joined(blocks_of(children(node), depth + 1, is_top=False))
    if inner and re.sub(r"\W", "", inner[0]).upper() == kind:  # its title says the same
        inner = inner[1:]
    if any(inner):
        yield Block([f"> [!{kind}]", *_quoted(inner[1:] if inner[0] == "" else inner)])


def _quoted(lines: Iterable[str]) -> list[str]:
    return [f"> {line}".rstrip() for line in lines]


def _summary(node: Node | Text, depth: int) -> Iterator[Block]:
    if text := one_line(children(node), depth):
        yield Block([f"**{text.replace('**', '')}**"])


def _nothing(node: Node | Text, depth: int) -> Iterable[Block]:
    return ()


def _table(node: Node | Text, depth: int, *, is_top: bool) -> Iterable[Block]:
    """A table of texts; what a table of blocks holds, row by row."""
    written = [*_rows(node)]
    cells = [cell for row in written for cell, _, _ in row]
    rows = spread(written, Node("td"))
    width = max((len(row) for row in rows), default=0)
    if attribute(node, "role") == "presentation" or not 1 < width <= _MOST_CELLS or any(map(_holds_blocks, cells)):
        inside = [part for cell in cells for part in children(cell)] if width == 1 else cells
        return [block for cell in inside for block in blocks_of([cell], depth + 1, is_top=is_top)]
    texts = [[_cell(cell, depth) for cell in row] for row in rows]
    texts = [[*row, *[""] * (width - len(row))] for row in texts if any(row)]
    caption = [one for one in children(node) if one.name == "caption"]
    lines = [f"| {' | '.join(row)} |" for row in texts]
    table = [Block([lines[0], "|" + " --- |" * width, *lines[1:]])] if lines else []
    return [*blocks_of([part for one in caption for part in children(one)], depth + 1, is_top=False), *table]


def _rows(node: Node | Text) -> Iterator[list[tuple[Node | Text, int, int]]]:
    """The cells of each row, with the columns and rows that they fill."""
    for one in children(node):
        if one.name in {"thead", "tbody", "tfoot"}:
            yield from _rows(one)
        elif one.name == "tr":
            cells = [cell for cell in children(one) if cell.name in {"td", "th"}]
            if cells:
                spans = [(read_span(attribute(one, "colspan")), read_span(attribute(one, "rowspan"))) for one in cells]
                yield [(one, *span) for one, span in zip(cells, spans, strict=True)]


def _holds_blocks(cell: Node | Text) -> bool:
    return any(one.name in _NEVER_IN_CELLS for one in below(cell))


def _cell(cell: Node | Text, depth: int) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", one_line(children(cell), depth))


_WRITERS: dict[str, Callable[[Node | Text, int], Iterable[Block]]] = {
    "pre": _code, "dl": _definitions, "blockquote": _quote, "summary": _summary, "hr": _nothing,
}  # fmt: skip
