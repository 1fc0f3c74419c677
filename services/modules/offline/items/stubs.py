"""Functions without a body: documentation of an API shows such for their signature and their text."""

import ast
from textwrap import dedent


def drop_stubs(code: str) -> str:
    """The code without the functions and classes of Python that have a text and no body."""
    try:
        tree = ast.parse(dedent(code))
    except SyntaxError:
        return code
    lines = dedent(code).split("\n")
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and all(map(_is_text, node.body)):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            end = node.end_lineno or first
            lines[first - 1 : end] = [""] * (end - first + 1)
    return "\n".join(line for line in lines if line.strip())


def _is_text(line: ast.stmt) -> bool:
    return isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant) and isinstance(line.value.value, str)
