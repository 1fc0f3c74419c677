"""Examples that show a value: doctests, assertions, values in comments, cells of a notebook with their output."""

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from services.modules.offline.items.question import TaughtSection
from services.modules.offline.items.taught_text import list_code_lines
from shared.docs.model import Block
from shared.engine.types import Span

_PYTHON = frozenset({"python", "py", "pycon", "python3", "ipython", "doctest", "code-cell", "ipython3"})
_OUTPUT = frozenset({"text", "", "sh", "shell", "console", "output", "bash", "txt", "none", "plaintext"})
_NOTED = re.compile(r"^(?P<code>[^#]*\S)\s+#\s*(?:=>|->|→)?\s*(?P<value>\S.*?)\s*$")
_EQUAL = frozenset({"testeq", "assertequal", "eq"})


@dataclass(frozen=True)
class Shown:
    """`asked` gives `value`, as an example of a block shows. `before` are the lines that ran before it."""

    block: Block
    before: str
    asked: str
    value: str
    spans: tuple[Span, ...]

    @property
    def way(self) -> str:
        """How the value is seen."""
        return "prints" if self.asked.startswith("print(") else "gives"


def find_shown(one: TaughtSection) -> Iterator[Shown]:
    """Every shown value of a section, in reading order."""
    for block, after in pairwise([*one.section.blocks, None]):
        if block is None or block.kind != "code":
            continue
        spans = [span for own, _, span in list_code_lines(one) if own is block]
        if ">>> " in block.code:
            yield from _read_doctest(block, spans)
        elif block.language in _PYTHON:
            yield from _read_comments(block, spans)
            yield from _read_asserts(block, spans)
            if after and after.kind == "code" and after.language in _OUTPUT and "\n" not in after.code:
                yield from _read_cell(block, spans, after, [s for own, _, s in list_code_lines(one) if own is after])


def _read_doctest(block: Block, spans: Sequence[Span]) -> Iterator[Shown]:
    ran: list[str] = []
    statement: list[str] = []
    output: list[int] = []
    lines = [*block.code.split("\n"), ">>> "]
    for i, line in enumerate(lines):
        if line.startswith(">>> "):
            if len(output) == 1 and statement:
                asked = "\n".join(statement)
                at = (spans[output[0] - len(statement)], spans[output[0]])
                yield Shown(block, "\n".join(ran), asked, lines[output[0]].strip(), at)
            ran += statement
            statement, output = [line[4:]], []
        elif line.startswith("...") and not output:
            statement.append(line[4:])
        elif line.strip():
            output.append(i)


def _read_comments(block: Block, spans: Sequence[Span]) -> Iterator[Shown]:
    lines = block.code.split("\n")
    bare = [_NOTED.sub(r"\g<code>", line) for line in lines]
    for i, line in enumerate(lines):
        found = _NOTED.match(line)
        if found and not line[0].isspace() and is_value(found["value"]):
            yield Shown(block, "\n".join(bare[:i]), bare[i], found["value"], (spans[i],))


def _read_asserts(block: Block, spans: Sequence[Span]) -> Iterator[Shown]:
    """`assert call == value`, and calls of a function such as `test_eq` with two arguments: both state a value."""
    tree = parse(block.code)
    for node in tree.body if tree else ():
        match node:
            case ast.Assert(test=ast.Compare(left=ast.Call() as call, ops=[ast.Eq()], comparators=[value])):
                pass
            case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=[ast.Call() as call, value], keywords=[])) if (
                name.lower().replace("_", "") in _EQUAL
            ):
                pass
            case _:
                continue
        at = node.lineno - 1
        asked, given = (ast.get_source_segment(block.code, part) or "" for part in (call, value))
        if node.end_lineno == node.lineno and is_value(given):
            yield Shown(block, "\n".join(block.code.split("\n")[:at]), asked, given, (spans[at],))


def _read_cell(block: Block, spans: Sequence[Span], after: Block, output: Sequence[Span]) -> Iterator[Shown]:
    """A block of code that ends with an expression, and one line of output right after it."""
    tree = parse(block.code)
    last = tree.body[-1] if tree and tree.body else None
    if isinstance(last, ast.Expr) and last.lineno == last.end_lineno and after.code.strip():
        lines = block.code.split("\n")
        before = "\n".join(lines[: last.lineno - 1])
        if "print(" not in before:
            at = (spans[last.lineno - 1], *output)
            yield Shown(block, before, lines[last.lineno - 1].strip(), after.code.strip(), at)


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
