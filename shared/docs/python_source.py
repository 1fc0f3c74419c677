"""The names of Python source: signature and docstring of each. Source is parsed, never imported."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from shared.docs.headings import Part
from shared.docs.model import Block
from shared.docs.python_imports import base_names, flat, imports_of, parse, parse_file

Span = tuple[int, int]
Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
_SURELY = Definition | ast.ImportFrom  # what no other language writes in the same way

COMMENT = "#:"


@dataclass(frozen=True)
class Described:
    """An object of a module: all its lines, and those of its signature and docstring. `members` are named in order;
    `bases` are the classes it inherits others from, as the file names them.

    The docstring of a value is the string below it, or its comment of `#:`, which may stand above it or behind it.
    """

    whole: Span
    signature: Span
    docstring: Span | None
    kind: Literal["class", "function", "value"] = "value"
    members: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()

    @property
    def shown(self) -> Span:
        """The lines of the signature and of the docstring."""
        of_text = self.docstring or self.signature
        return min(self.signature[0], of_text[0]), max(self.signature[1], of_text[1])


@dataclass(frozen=True)
class PythonModule:
    """The objects of a file by dotted name, its docstring's lines, and the names it imports from other files.

    `imported`: name → (leading dots and dotted module, name there); `whole_modules` are those of `from x import *`.
    `exported`: what `__all__` lists; None where a file has no `__all__`, or computes it.
    """

    objects: Mapping[str, Described] = field(default_factory=dict)
    docstring: Span | None = None
    imported: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    whole_modules: tuple[str, ...] = ()
    exported: tuple[str, ...] | None = None

    def members(self, owner: str) -> tuple[str, ...]:
        """The names that an object ("" for the module) defines."""
        return self.objects[owner].members if owner else tuple(name for name in self.objects if "." not in name)

    def public(self, owner: str) -> Iterator[str]:
        """The dotted names of what an object ("" for the module) holds and documents, private names left out."""
        for name in self.members(owner):
            dotted = f"{owner}.{name}" if owner else name
            if not name.startswith("_") and self.objects[dotted].docstring:
                yield dotted


def parse_module(lines: Sequence[str]) -> PythonModule:
    """A file's objects; nothing when it can't be parsed."""
    tree = parse_file(lines)
    if tree is None:
        return PythonModule()
    imported, whole = imports_of(tree)
    return PythonModule(_objects(tree.body, lines), _docstring(tree.body), imported, whole, _exported(tree.body))


def _exported(body: Sequence[ast.stmt]) -> tuple[str, ...] | None:
    """The names of `__all__`, or None."""
    found: list[str] | None = None
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            listed = getattr(node, "value", None)
            if not isinstance(listed, ast.List | ast.Tuple) or not all(
                isinstance(e, ast.Constant) for e in listed.elts
            ):
                return None
            found = [*(found or ()), *(str(e.value) for e in listed.elts if isinstance(e, ast.Constant))]
    return None if found is None else tuple(dict.fromkeys(found))


def is_python(code: str) -> bool:
    """Whether code can be parsed and does something: names and values alone are no program."""
    return _does_something(parse(code))


def _does_something(tree: ast.Module | None) -> bool:
    statements = tree.body if tree else []
    values = [one.value for one in statements if isinstance(one, ast.Expr)]
    calls = any(isinstance(part, ast.Call) for value in values for part in ast.walk(value))
    # `GET /a HTTP/1.1` divides names.
    begins = isinstance(statements[0], ast.Expr) and isinstance(values[0], ast.BinOp) if statements else False
    return (calls or len(values) < len(statements)) and not begins


def name_python(parts: Sequence[Part]) -> Iterator[Part]:
    """The parts of a document with its code without a language as Python, where some of it can be nothing else.

    A block directly below code is the output of that code.
    """
    plain = {
        at: one for at, one in enumerate(parts) if isinstance(one, Block) and one.kind == "code" and not one.language
    }
    trees = {at: tree for at, one in plain.items() if (tree := parse(one.code))}
    is_sure = any(isinstance(node, _SURELY) for tree in trees.values() for node in tree.body)
    for at, (before, one) in enumerate(zip([None, *parts], parts, strict=False)):
        follows = isinstance(before, Block) and before.kind == "code"
        is_own = is_sure and at in trees and not follows and _does_something(trees[at])
        yield replace(plain[at], language="python") if is_own else one


def _docstring(body: Sequence[ast.stmt]) -> Span | None:
    first = body[0] if body else None
    is_text = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    return (first.lineno, first.end_lineno or first.lineno) if first and is_text else None


def _objects(body: Sequence[ast.stmt], lines: Sequence[str]) -> dict[str, Described]:
    """All objects by their dotted names: of equal names the first that has a docstring, else the first.

    What `__init__` sets and says something of belongs to its class.
    """
    found: dict[str, Described] = {}
    waiting: list[tuple[str, Sequence[ast.stmt], bool]] = [("", body, False)]
    while waiting:
        prefix, inner, is_init = waiting.pop()
        statements = list(flat(inner, (ast.If, ast.Try)))
        for index, node in enumerate(statements):
            for name in _set_names(node) if is_init else _names(node):
                described = _described(node, statements[index + 1 : index + 2], lines)
                if is_init and not described.docstring:
                    continue
                if prefix + name not in found or (described.docstring and not found[prefix + name].docstring):
                    found[prefix + name] = described
            if isinstance(node, ast.ClassDef) and not is_init:
                waiting.append((f"{prefix}{node.name}.", node.body, False))
            elif prefix and isinstance(node, ast.FunctionDef) and node.name == "__init__":
                waiting.append((prefix, node.body, True))
    return found


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, Definition):
        return [node.name]
    return [target.id for target in _targets(node) if isinstance(target, ast.Name)]


def _set_names(node: ast.stmt) -> list[str]:
    """The attributes that a statement of a method sets."""
    own = (one for one in _targets(node) if isinstance(one, ast.Attribute))
    return [one.attr for one in own if isinstance(one.value, ast.Name) and one.value.id == "self"]


def _targets(node: ast.stmt) -> list[ast.expr]:
    if isinstance(node, ast.AnnAssign):
        return [node.target]
    return node.targets if isinstance(node, ast.Assign) else []


def _described(node: ast.stmt, following: Sequence[ast.stmt], lines: Sequence[str]) -> Described:
    """A definition, or an assignment with what is said of it."""
    last = node.end_lineno or node.lineno
    if not isinstance(node, Definition):
        text = _docstring(following) or _comment(lines, node.lineno, last)
        return Described((node.lineno, last), (node.lineno, last), text)
    first = min((decorator.lineno for decorator in node.decorator_list), default=node.lineno)
    text = _docstring(node.body)
    begins = min((d.lineno for d in getattr(node.body[0], "decorator_list", ())), default=node.body[0].lineno)
    header = begins - 1 if begins > node.lineno else last
    while header > node.lineno and lines[header - 1].lstrip().startswith("#"):
        header -= 1  # what is said of the first member
    members = (
        [name for inner in flat(node.body, (ast.If, ast.Try)) for name in _names(inner)]
        if isinstance(node, ast.ClassDef)
        else []
    )
    signature = (first, text[0] - 1 if text and text[0] > node.lineno else header)
    kind: Literal["class", "function"] = "class" if isinstance(node, ast.ClassDef) else "function"
    bases = base_names(node) if isinstance(node, ast.ClassDef) else ()
    return Described((first, last), signature, text, kind, tuple(dict.fromkeys(members)), bases)


def _comment(lines: Sequence[str], first: int, last: int) -> Span | None:
    """The comment of `#:` above an assignment, or behind its last line."""
    start = first
    while start > 1 and lines[start - 2].lstrip().startswith(COMMENT):
        start -= 1
    if start < first:
        return start, first - 1
    return (last, last) if first == last and COMMENT in lines[last - 1] else None
