"""Predict the output: what an example gives, when the code that is shown decides it."""

import ast
import builtins
import re
import sys
from collections.abc import Iterator, Sequence

from services.modules.offline.items.examples import Shown, find_shown, is_value, parse, source_of
from services.modules.offline.items.options import choose_options
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText, list_units

_LONGEST_CODE_LINES, _LONGEST_VALUE, _LONGEST_ASKED = 25, 60, 80
_BUILTINS = frozenset(dir(builtins)) | {"__name__", "self"}
_BY_CHANCE = re.compile(
    r"\b(?:random|randint|shuffle|choice|time|sleep|datetime|now|today|uuid\w*|getpid|id|hash|input|urandom|environ|platform"
    r"|version|__version__|getcwd|listdir|open|requests?|urlopen|perf_counter|secrets)\b"
)
_ADDRESS = re.compile(r"\b0x[0-9a-f]{4,}|\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|/(?:home|Users|tmp|usr)/|\.{3}|…|<[^>]* at ")


def ask_outputs(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each shown value that has siblings of its own kind."""
    shown = [example for example in find_shown(one) if _is_plain(example)]
    for example in shown:
        code = _code_of(one, example)
        if code is None or _stands_verbatim(example.value, code):
            continue
        asks = "What does the last line print?" if example.way == "prints" else "What does the last line give?"
        stem = f"{asks}\n\n```{example.language}\n{code}\n```"
        kin = _rank_kin(example, shown)
        options = choose_options(one, stem, _choice(example, is_key=True), [_choice(other) for other in kin], said)
        if options:
            yield Question(
                form="predict_output",
                kind="single_choice",
                stem=stem,
                options=options,
                explanation=f"The example shows that `{example.asked}` {example.way} `{example.value}`.",
                spans=example.spans,
                document_id=one.document_id,
                section_id=one.section.id,
                bloom="apply",
            )


def _rank_kin(example: Shown, shown: Sequence[Shown]) -> list[Shown]:
    """Values of the same kind: those that the same function gives first, then the nearest in the text."""
    kin = [other for other in shown if _kind(other.value) == _kind(example.value) and other.asked != example.asked]
    called, line = _called(example), example.spans[0].start_line
    if not any(_names(other) & _names(example) or _given(other) == _given(example) for other in kin):
        return []
    return sorted(kin, key=lambda other: (_called(other) != called, abs(other.spans[0].start_line - line)))


def _called(example: Shown) -> str:
    """The innermost name that is called, without `print`."""
    names = [name for name in re.findall(r"(\w+)\(", example.asked) if name != "print"]
    return names[0] if names else ""


def _names(example: Shown) -> set[str]:
    return set(re.findall(r"[A-Za-z_]\w*", example.asked)) - _BUILTINS


def _given(example: Shown) -> str:
    """What is passed, as it is written."""
    return example.asked.partition("(")[2]


def _choice(example: Shown, *, is_key: bool = False) -> Choice:
    lead = "Right: " if is_key else "No: "
    feedback = f"{lead}`{example.asked}` {example.way} this."
    return Choice(f"`{example.value}`", feedback, example.spans, is_key)


def _is_plain(example: Shown) -> bool:
    """Whether a value can be an option: short, equal on every run."""
    text = example.asked + example.value
    return (
        "`" not in text
        and _shows_all(example.asked)
        and "\n" not in example.asked
        and len(example.asked) <= _LONGEST_ASKED
        and len(example.value) <= _LONGEST_VALUE
        and not _BY_CHANCE.search(example.before + "\n" + example.asked)
        and not _ADDRESS.search(example.value)
        and not re.search(r"Traceback|Error\b", example.value)
    )


def _shows_all(asked: str) -> bool:
    """Whether the value is all that is written: no text is printed before it."""
    tree = parse(asked)
    match tree.body[0] if tree and tree.body else None:
        case ast.Expr(value=ast.Call(func=ast.Name(id="print"), args=args, keywords=keywords)):
            return len(args) == 1 and not keywords and not isinstance(args[0], ast.JoinedStr | ast.Constant)
    return True


def _kind(value: str) -> str:
    kind = type(ast.literal_eval(value)).__name__ if is_value(value) else "text"
    shape = re.sub(r"[a-z]+", "a", re.sub(r"[A-Z]+", "A", re.sub(r"\d+", "0", value)))
    return f"{kind} {shape}" if kind in ("str", "text", "bytes") else kind


def _stands_verbatim(value: str, code: str) -> bool:
    """Whether a value only has to be read off."""
    return _squeeze(value).strip("'\"") in _squeeze(code)


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _code_of(one: TaughtSection, example: Shown) -> str | None:
    """The example with all it needs, and nothing it leaves to guess; None when something is missing."""
    code = "\n".join(line for line in (*_needed(example), example.asked) if line)
    for _ in range(3):
        missing = _free_names(code)
        if missing is None:
            return None
        if not missing:
            break
        definition = _find_definition(one, example, min(missing))
        if definition is None:
            return None
        code = f"{definition}\n\n{code}"
    if (
        _free_names(code)
        or not _knows_imports(one, code)
        or code.count("\n") >= _LONGEST_CODE_LINES
        or "`" in code
        or _BY_CHANCE.search(code)
    ):
        return None
    return code


def _needed(example: Shown) -> Sequence[str]:
    """The statements before that bind or change what is asked about, the others left out."""
    tree = parse(example.before)
    asked = parse(example.asked)
    if tree is None or asked is None:
        return (example.before,)
    wanted = {node.id for node in ast.walk(asked) if isinstance(node, ast.Name)}
    kept: list[str] = []
    for node in reversed(tree.body):
        names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
        bound = _bound_by(node)
        changes = isinstance(node, ast.Expr) and _changes(node, wanted)
        if bound & wanted or changes or (not isinstance(node, ast.Expr | ast.Assert) and names & wanted):
            kept.append(source_of(example.before, node))
            wanted |= names
    return tuple(reversed(kept))


def _changes(node: ast.Expr, wanted: set[str]) -> bool:
    """A call of a method of what is asked about, which may change it; printing does not."""
    match node.value:
        case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
            return name in wanted
    return False


def _bound_by(node: ast.stmt) -> set[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.AsyncFunctionDef(name=name):
            return {name}
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return {(alias.asname or alias.name).split(".")[0] for alias in names}
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and not isinstance(inner.ctx, ast.Load)}


def _free_names(code: str) -> set[str] | None:
    """Names that the code uses and nobody defines; None when it cannot be read."""
    tree = parse(code)
    if tree is None:
        return None
    bound = set(_BUILTINS)
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            bound |= _bound_by(node)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            bound.add(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return used - bound


def _find_definition(one: TaughtSection, example: Shown, name: str) -> str | None:
    """The nearest statement before the example, in the same section, that binds a name."""
    found: str | None = None
    for block in one.section.blocks:
        if block is example.block:
            break
        tree = parse(block.code) if block.kind == "code" else None
        for node in tree.body if tree else ():
            if name in _bound_by(node):
                found = source_of(block.code, node)
    return found


def _knows_imports(one: TaughtSection, code: str) -> bool:
    """Whether what the code imports is Python's own, or named by the section's prose."""
    tree = parse(code)
    for node in ast.walk(tree) if tree else ():
        modules: dict[str, str] = {}
        if isinstance(node, ast.Import):
            modules = {alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules = {alias.name: node.module or "" for alias in node.names}
        for name, module in modules.items():
            if module.split(".")[0] not in sys.stdlib_module_names and not _is_told(one, name):
                return False
    return True


def _is_told(one: TaughtSection, name: str) -> bool:
    said = (one.section.heading, *(text for block in one.section.blocks for text, _ in list_units(one.path, block)))
    return any(re.search(rf"`[^`]*\b{re.escape(name)}\b[^`]*`", text) for text in said)
