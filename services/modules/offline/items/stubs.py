"""Functions without a body: documentation of an API shows such for their signature and their text."""

import ast
from collections.abc import Iterator
from textwrap import dedent
from types import EllipsisType

Stub = ast.FunctionDef | ast.ClassDef


def drop_stubs(code: str) -> str:
    """The code without the functions and classes of Python that have a text and no body."""
    lines = dedent(code).split("\n")
    for node in _list_stubs(code):
        first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
        end = node.end_lineno or first
        lines[first - 1 : end] = [""] * (end - first + 1)
    return "\n".join(line for line in lines if line.strip())


def read_stubs(code: str) -> Iterator[tuple[str, str, int]]:
    """The name of each such function, the first line of its text, and the number of that line, from 0."""
    for node in _list_stubs(code):
        text = (ast.get_docstring(node) or "").partition("\n")[0].strip()
        lines = dedent(code).split("\n")[: node.end_lineno]
        at = next((i for i, line in enumerate(lines) if text and i + 1 >= node.lineno and text in line), None)
        if at is not None:
            yield node.name, text, at


def name_head(code: str) -> str:
    """The name of a function or class whose head is the last of the code, without a text; "" where there is none."""
    stubs = _list_stubs(code) if code.rstrip().endswith(":") else []
    return stubs[-1].name if stubs else ""


def _list_stubs(code: str) -> list[Stub]:
    tree = _parse(dedent(code)) or _parse(f"{dedent(code).rstrip()}\n    ''")  # a head without a body
    return [node for node in (tree.body if tree else ()) if isinstance(node, Stub) and all(map(_is_text, node.body))]


def _parse(code: str) -> ast.Module | None:
    try:
        return ast.parse(code)
    except SyntaxError:
        return None


def _is_text(line: ast.stmt) -> bool:
    """Whether a line does nothing: a text, or three dots."""
    value = line.value.value if isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) else None
    return isinstance(value, str | EllipsisType)
