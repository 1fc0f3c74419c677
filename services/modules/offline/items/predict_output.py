"""Predict the output: what an example gives, when the code that is shown decides it."""

import ast
import builtins
import re
import sys
from collections.abc import Iterator, Sequence

from services.modules.offline.items.examples import Shown, find_shown, is_value, parse
from services.modules.offline.items.options import ask_choice
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText

_MOST_LINES, _LONGEST_VALUE, _LONGEST_ASKED = 25, 60, 80
_BUILTINS = frozenset(dir(builtins)) | {"__name__", "self"}
_BY_CHANCE = re.compile(
    r"\b(?:random|randint|shuffle|choice|time|sleep|datetime|now|today|uuid\w*|getpid|id|hash|input|urandom|environ"
    r"|platform|version|__version__|getcwd|listdir|open|requests?|urlopen|perf_counter|secrets|set)\b"
)
_PASSING = re.compile(
    r"\b0x[0-9a-f]{4,}|\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|/(?:home|Users|tmp|usr)/|\.{3}|…|<[^>]* at |Error\b|`"
)


def ask_outputs(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each shown value that has siblings of its own kind."""
    shown = [example for example in find_shown(one) if _is_plain(example)]
    for example in shown:
        kin = _rank_kin(example, shown)
        code = _code_of(one, example) if kin else ""
        if code and _squeeze(example.value).strip("'\"") not in _squeeze(code):
            asks = f"What does the last line {example.way.removesuffix('s')}?"
            stem = f"{asks}\n\n```python\n{code}\n```"
            yield from ask_choice("predict_output", one, said, stem, _choice(example), map(_choice, kin))


def _choice(example: Shown) -> Choice:
    return Choice(f"`{example.value}`", f"`{example.asked}` {example.way} this.", example.spans)


def _rank_kin(example: Shown, shown: Sequence[Shown]) -> list[Shown]:
    """Values of the same kind: those that the same function gives first, then the nearest in the text."""
    kin = [other for other in shown if _kind(other.value) == _kind(example.value) and other.asked != example.asked]
    names, given = _names(example.asked), example.asked.partition("(")[2]
    if not any(_names(other.asked) & names or other.asked.partition("(")[2] == given for other in kin):
        return []
    line = example.spans[0].start_line
    return sorted(kin, key=lambda other: (not _names(other.asked) & names, abs(other.spans[0].start_line - line)))


def _names(code: str) -> set[str]:
    return set(re.findall(r"[A-Za-z_]\w*", code)) - _BUILTINS


def _is_plain(example: Shown) -> bool:
    """Whether a value can be an option: short, all that is written, equal on every run."""
    tree = parse(example.asked)
    match tree.body[0] if tree and tree.body else None:
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=args, keywords=keywords)):
            whole = len(args) == 1 and not keywords and not isinstance(args[0], ast.JoinedStr | ast.Constant)
        case ast.Expr():
            whole = True
        case _:
            whole = False
    short = len(example.asked) <= _LONGEST_ASKED and len(example.value) <= _LONGEST_VALUE
    return whole and short and not _PASSING.search(example.value + example.asked)


def _kind(value: str) -> str:
    """The type of a value, of texts also their build."""
    kind = type(ast.literal_eval(value)).__name__ if is_value(value) else "text"
    build = re.sub(r"[a-z]+", "a", re.sub(r"[A-Z]+", "A", re.sub(r"\d+", "0", value)))
    return f"{kind} {build}" if kind in ("str", "text", "bytes") else kind


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _code_of(one: TaughtSection, example: Shown) -> str:
    """The example with all it needs; empty when something is missing, read from outside or left to chance."""
    code = "\n".join((*_needed(example.before, example.asked), example.asked))
    for _ in range(3):
        missing = _free_names(code)
        definition = _find_definition(one, example, min(missing)) if missing else ""
        code = f"{definition}\n\n{code}" if definition else code
    whole = not _free_names(code) and "yield" not in code and code.count("\n") < _MOST_LINES
    return code if whole and not _BY_CHANCE.search(code) and "`" not in code else ""


def _needed(before: str, asked: str) -> list[str]:
    """The statements that make or change what is asked about, and what these need in turn."""
    tree = parse(before)
    wanted = _names(asked)
    kept: set[int] = set()
    for _ in tree.body if tree else ():
        for i, node in enumerate(tree.body if tree else ()):
            names = _names(ast.unparse(node))
            if i not in kept and names & wanted and not _only_shows(node):
                kept.add(i)
                wanted |= names
    return [_source_of(before, node) for i, node in enumerate(tree.body if tree else ()) if i in kept]


def _only_shows(node: ast.stmt) -> bool:
    """Whether a statement changes nothing: an assertion, an expression, a call of a function that only looks."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute())):
            return False
        case ast.Expr(value=ast.Call(func=ast.Name(id=name))):
            return name in _BUILTINS or name.startswith("test_")
    return isinstance(node, ast.Assert | ast.Expr)


def _source_of(code: str, node: ast.stmt) -> str:
    """The lines of a statement, its decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    start = min([node.lineno, *(decorator.lineno for decorator in decorators)])
    return "\n".join(code.split("\n")[start - 1 : node.end_lineno])


def _bound_by(node: ast.AST) -> set[str]:
    """The names that a statement or argument makes; names of what is imported from elsewhere stay unknown."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AsyncFunctionDef(name=name):
            return {name}
        case ast.Import(names=names):
            return {a.asname or a.name.split(".")[0] for a in names if a.name.split(".")[0] in sys.stdlib_module_names}
        case ast.ImportFrom(names=names, module=str(module)) if module.split(".")[0] in sys.stdlib_module_names:
            return {alias.asname or alias.name for alias in names}
        case ast.arg(arg=name) | ast.ExceptHandler(name=str(name)) | ast.Name(id=name, ctx=ast.Store()):
            return {name}
    return set()


def _free_names(code: str) -> set[str]:
    """Names that the code uses and nobody defines; the code itself when it cannot be read."""
    tree = parse(code)
    if tree is None:
        return {code}
    bound = _BUILTINS.union(*(_bound_by(node) for node in ast.walk(tree)))
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} - bound


def _find_definition(one: TaughtSection, example: Shown, name: str) -> str:
    """The nearest statement in the section's blocks before the example that makes a name."""
    found = ""
    for block in one.section.blocks[: one.section.blocks.index(example.block)]:
        tree = parse(block.code) if block.kind == "code" else None
        for node in tree.body if tree else ():
            if name in set().union(*(_bound_by(inner) for inner in (node, *getattr(node, "targets", ())))):
                found = _source_of(block.code, node)
    return found
