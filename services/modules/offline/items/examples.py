"""Examples that show what they give: doctests, asserted values, values in comments, cells with outputs, sessions."""

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from services.modules.offline.items.question import TaughtSection
from shared.docs.model import Block
from shared.engine.types import Span

_PYTHON = frozenset({"python", "py", "pycon", "python3", "ipython", "doctest", "code-cell", "ipython3"})
_OUTPUT = frozenset({"text", "", "sh", "shell", "console", "output", "bash", "txt", "none", "plaintext"})
_SHOWN = re.compile(
    r"^(?P<code>[^#]*\S)\s+#\s*(?:=>|->|→|output:|prints:?|returns:?)?\s*(?P<value>\S.*?)\s*$", re.IGNORECASE
)
_PRINTED = re.compile(r"^print\((?P<expression>.+)\)$")


@dataclass(frozen=True)
class Shown:
    """`asked` gives `value`, as an example shows. `before` is the code it needs, in the order it ran.

    `way` says how: "gives" for an expression, "prints" for what a statement or command writes.
    """

    before: str
    asked: str
    value: str
    way: str
    language: str
    spans: tuple[Span, ...]
    block: Block


def find_shown(one: TaughtSection) -> Iterator[Shown]:
    """Every shown value of a section whose code can be read, in reading order."""
    blocks = one.section.blocks
    for i, block in enumerate(blocks):
        if block.kind != "code":
            continue
        if ">>> " in block.code:
            yield from _read_doctest(one, block)
        elif block.language in _PYTHON:
            yield from _read_comments(one, block)
            yield from _read_asserts(one, block)
            if i + 1 < len(blocks) and blocks[i + 1].kind == "code":
                yield from _read_cell(one, block, blocks[i + 1])


def _read_doctest(one: TaughtSection, block: Block) -> Iterator[Shown]:
    lines = block.code.split("\n")
    ran: list[str] = []
    i = 0
    while i < len(lines):
        if not lines[i].startswith(">>> "):
            i += 1
            continue
        start = i
        source = [lines[i][4:]]
        i += 1
        while i < len(lines) and (lines[i].startswith("... ") or lines[i] == "..."):
            source.append(lines[i][4:])
            i += 1
        output: list[str] = []
        while i < len(lines) and lines[i].strip() and not lines[i].startswith(">>>"):
            output.append(lines[i])
            i += 1
        statement = "\n".join(source)
        if len(output) == 1:
            yield _show(one, block, ran, statement, output[0], (start, i - 1))
        ran.append(statement)


def _read_comments(one: TaughtSection, block: Block) -> Iterator[Shown]:
    lines = block.code.split("\n")
    for i, line in enumerate(lines):
        found = _SHOWN.match(line)
        if found and not line.startswith((" ", "\t")) and is_value(found["value"]):
            before = [_SHOWN.sub(r"\g<code>", other) for other in lines[:i]]
            yield _show(one, block, before, found["code"], found["value"], (i, i))


def _read_asserts(one: TaughtSection, block: Block) -> Iterator[Shown]:
    """`assert call == value` and calls of a function named test_eq with two arguments: they state a value."""
    tree = parse(block.code)
    for node in tree.body if tree else ():
        pair: tuple[ast.expr, ast.expr] | None = None
        match node:
            case ast.Assert(test=ast.Compare(left=left, ops=[ast.Eq()], comparators=[right])):
                pair = left, right
            case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=[left, right], keywords=[])) if (
                name.lower().replace("_", "") in ("testeq", "assertequal", "eq")
            ):
                pair = left, right
        if pair and node.end_lineno == node.lineno and isinstance(pair[0], ast.Call):
            value = ast.get_source_segment(block.code, pair[1]) or ""
            asked = ast.get_source_segment(block.code, pair[0]) or ""
            before = block.code.split("\n")[: node.lineno - 1]
            if is_value(value) and asked:
                yield _show(one, block, before, asked, value, (node.lineno - 1, node.lineno - 1))


def _read_cell(one: TaughtSection, block: Block, after: Block) -> Iterator[Shown]:
    """A block of code, and a block with its output of one line right after it."""
    tree = parse(block.code)
    if tree is None or not tree.body or after.language not in _OUTPUT or "\n" in after.code:
        return
    last = tree.body[-1]
    if not isinstance(last, ast.Expr) or last.end_lineno is None or not after.code.strip():
        return
    lines = block.code.split("\n")
    asked = "\n".join(lines[last.lineno - 1 : last.end_lineno])
    before = lines[: last.lineno - 1]
    if any("print(" in line for line in before):
        return
    shown = _show(one, block, before, asked, after.code.strip(), (last.lineno - 1, last.end_lineno - 1))
    path = after.origin.path if after.origin else one.path
    output = Span(path=path, start_line=after.start_line, end_line=after.end_line)
    yield replace(shown, spans=(*shown.spans, output))


def _show(
    one: TaughtSection, block: Block, before: Sequence[str], asked: str, value: str, at: tuple[int, int]
) -> Shown:
    path = block.origin.path if block.origin else one.path
    printed = _PRINTED.match(asked.strip())
    start, end = (min(block.start_line + offset, block.end_line) for offset in at)
    return Shown(
        before="\n".join(line for line in before if line.strip() and not line.lstrip().startswith("#")),
        asked=asked.strip(),
        value=value.strip(),
        way="prints" if printed else "gives",
        language="python",
        spans=(Span(path=path, start_line=start, end_line=end),),
        block=block,
    )


@lru_cache(maxsize=1024)
def parse(code: str) -> ast.Module | None:
    """The syntax of Python code; None when the text is something else."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def is_value(text: str) -> bool:
    """Whether a text is a value as Python writes it: a literal, not a name or an expression."""
    try:
        ast.literal_eval(text.strip())
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return False
    return True


def source_of(code: str, node: ast.stmt) -> str:
    """The lines of a statement, its decorators included."""
    decorators = getattr(node, "decorator_list", [])
    start = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return "\n".join(code.split("\n")[start - 1 : node.end_lineno])
