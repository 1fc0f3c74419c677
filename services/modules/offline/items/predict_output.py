"""Predict the output: what an example gives, when the code that is shown decides it."""

import ast
import builtins
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import takewhile
from textwrap import dedent

from services.modules.offline.items.examples import Shown, find_shown
from services.modules.offline.items.options import ask_choice, digest
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.stems import is_no_own_name
from services.modules.offline.items.taught_text import TaughtText, list_code_lines
from services.modules.offline.items.variants import list_variants

_MOST_LINES, _LONGEST_VALUE, _LONGEST_ASKED, _LONGEST_KIND = 25, 60, 80, 12
_FEWEST_OTHERS = 2
_BY_CHANCE = re.compile(
    r"\b(?:random|randint|shuffle|choice|time|sleep|datetime|now|today|uuid\w*|getpid|id|hash|input|urandom|environ"
    r"|platform|version|__version__|getcwd|listdir|open|requests?|urlopen|perf_counter|secrets|set|Date)\b"
)
_PASSING = re.compile(
    r"\b0x[0-9a-f]{4,}|\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d|/(?:home|Users|tmp|usr)/|\.{3}|…|<[^>]* at |Error\b|`"
)
_MAKERS = {"[": r"(?:list|sorted)\(|\[", "(": r"tuple\(", "{": r"dict\(|\{"}
_NAME = re.compile(r"(?<![\w.\"'])[A-Za-z_]\w*")
_OTHERS_OWN = "println vec format String Vec Some Ok Err console Math JSON Object Array new"
_GIVEN = sys.stdlib_module_names | frozenset(dir(builtins)) | frozenset(_OTHERS_OWN.split())
_REMARK = re.compile(r"\s*(?:#(?!\[)|//|%)")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_REMARK_BEHIND = re.compile(r"\s+(?:#(?!\[)|//).*$")
_KEYWORD = re.compile(r"[(,]\s*\w+\s*=(?!=)")
_OWN_NAMES = re.compile(
    r"(?:\b(?:def|class|fn|func|function|let|const|var|for|mut|static|struct|enum|lambda|as)\s+)([A-Za-z_][\w, ]*)"
    r"|^[ \t]*([A-Za-z_][\w, ]*?)\s*(?::[^=\n]+)?=(?!=)|\b(?:def|fn|function)\s+\w+\s*\(([^)]*)\)|\(?([\w, ]+)\)?\s*=>"
    r"|\|([\w, ]+)\|",
    re.MULTILINE,
)
_MADE = re.compile(
    r"(?:\b(?:def|class|fn|func|function|let|const|var|for|mut|static|struct|enum|lambda)\s+)([A-Za-z_][\w, ]*)"
    r"|^[ \t]*([A-Za-z_][\w, ]*?)\s*(?::[^=\n]+)?=(?!=)"
    r"|[(,|]\s*(\w+)\s*[:),=|]",
    re.MULTILINE,
)


def ask_outputs(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each shown value that has siblings of its own kind."""
    shown = [example for example in find_shown(one) if _is_plain(example)]
    for example in shown:
        code = _list_code(one, example, said)
        if code and _decides(code, example) and _is_closed(code, said):
            kin = _rank_kin(example, shown)
            others = [*map(_choice, kin), *_recall(one, example, code)]
            others += _vary(example) if len(others) < _FEWEST_OTHERS else ()
            asks = f"What does the last line {example.way.removesuffix('s')}?"
            stem = f"{asks}\n\n```{example.block.language}\n{code}\n```"
            yield from ask_choice("predict_output", one, said, [stem], _choice(example), others, ranked=True)


def _choice(example: Shown) -> Choice:
    return Choice(f"`{example.value}`", f"`{example.asked}` {example.way} this.", example.spans)


def _recall(one: TaughtSection, example: Shown, code: str) -> Iterator[Choice]:
    """The value that a variable was given at first: it has been changed since."""
    name = re.sub(r"^(?:print|console\.log)\((\w+)\)$", r"\1", example.asked)
    given = re.findall(rf"^(?:let |const |var )?{name} = (.+?);?$", code, re.MULTILINE) if name.isidentifier() else []
    for text in dict.fromkeys(given):
        spans = [
            span for _, line, span in list_code_lines(one) if line.strip().rstrip(";").endswith(f"{name} = {text}")
        ]
        if spans and _kind(text) == _kind(example.value):
            yield Choice(f"`{text}`", f"`{name}` is this at first, and is changed afterwards.", (spans[0],))


def _vary(example: Shown) -> Iterator[Choice]:
    asked = re.sub(r"^(?:print|console\.log)\((.*)\)$", r"\1", example.asked)
    if re.fullmatch(r"[\w.]+\.\w+", asked):
        return
    for text, told in list_variants(example.value, int(digest(example.asked), 16)):
        yield Choice(f"`{text}`", f"{told}; `{example.asked}` {example.way} `{example.value}`.", example.spans)


def _rank_kin(example: Shown, shown: Sequence[Shown]) -> list[Shown]:
    """Values of the same kind: those that the same function gives first, then the nearest in the text."""
    kin = [other for other in shown if _kind(other.value) == _kind(example.value) and other.asked != example.asked]
    names, given = _names(example.asked), example.asked.partition("(")[2]
    if not any(_names(other.asked) & names or other.asked.partition("(")[2] == given for other in kin):
        return []
    line = example.spans[0].start_line
    return sorted(kin, key=lambda other: (not _names(other.asked) & names, abs(other.spans[0].start_line - line)))


def _names(code: str) -> set[str]:
    return {name for name in _NAME.findall(_QUOTED.sub("", code)) if not is_no_own_name(name) and name not in _GIVEN}


def _is_plain(example: Shown) -> bool:
    """Whether a value can be an option: short, all that is written, equal on every run."""
    short = len(example.asked) <= _LONGEST_ASKED and len(example.value) <= _LONGEST_VALUE
    calls = re.search(r"[(\[+*/%-]|\.\w", example.asked) and not re.match(r"print\([\"'\d]|print\(.*,", example.asked)
    return bool(short and calls) and not _PASSING.search(example.value + example.asked)


def _kind(value: str) -> str:
    """The build of a value: what is of another build is no alternative."""
    return re.sub(r"[a-z]+", "a", re.sub(r"[A-Z]+", "A", re.sub(r"-?\d+(?:\.\d+)?", "0", value)))[:_LONGEST_KIND]


def _list_code(one: TaughtSection, example: Shown, said: TaughtText) -> str:
    """The example after what it needs; empty where a name is neither made in the section nor told of in the text."""
    lines = [line for line in example.before.split("\n") if line.strip() and not _REMARK.match(line)]
    code = dedent("\n".join((*lines, *(" " * example.indent + line for line in example.asked.split("\n")))))
    before = "\n".join(lines)
    made = {name for found in _MADE.findall(before) for part in found for name in re.findall(r"\w+", part)}
    defined = []
    for name in sorted(_names(example.asked) - made):
        definition = _find_definition(one, example, name)
        if definition == "" or (definition is None and not said.names(name)):
            return ""
        defined += [definition] if definition else []
    return "\n".join(part for part in (*defined, code) if part)


def _find_definition(one: TaughtSection, example: Shown, name: str) -> str | None:
    """The nearest statement before the example's block that makes a name; "" if the name is changed since."""
    makes = re.compile(
        rf"^(?:(?:let|const|var|def|class|fn|function)\s+(?:mut\s+)?)?{name}\s*(?:=[^=]|\(.*[:{{]|:)", re.MULTILINE
    )
    blocks = one.section.blocks
    since = example.before
    for block in reversed(blocks[: blocks.index(example.block)]):
        found = list(makes.finditer(block.code))
        if found:
            first, *rest = block.code[found[-1].start() :].split("\n")
            inside = list(takewhile(lambda line: line[:1] in (" ", "}", "\t"), rest))
            since = "\n".join((*rest[len(inside) :], since))
            changed = re.search(rf"\b{name}(?:\[|\.|\s*[-+*/|&]=)|\bdel {name}|[(,]\s*{name}\s*[,)]", since)
            return "" if changed else "\n".join((first, *inside))
        since = f"{block.code}\n{since}"
    return None


def _decides(code: str, example: Shown) -> bool:
    """Whether the value follows from the code on every run, and cannot be read off."""
    squeezed, value = "".join(code.split()), "".join(example.value.split()).strip("'\"")
    return (
        code.count("\n") < _MOST_LINES
        and "```" not in code
        and not re.search(rf"(?<![\d.]){re.escape(value)}(?!\d)", squeezed)
        and not _BY_CHANCE.search(code)
        and not _is_lazy(code, example)
        and not _has_stub(code)
    )


def _has_stub(code: str) -> bool:
    """Whether some function of Python has no body: its name and docstring give nothing."""
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return False
    made = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return any(all(isinstance(line, ast.Pass | ast.Expr) and not _acts(line) for line in one.body) for one in made)


def _acts(line: ast.stmt) -> bool:
    return isinstance(line, ast.Expr) and not isinstance(line.value, ast.Constant)


def _is_lazy(code: str, example: Shown) -> bool:
    """Whether Python shows something else than the example says: an iterator for a list, a float for a whole number.

    A test that takes an iterator for a list proves a list only for a call that makes one.
    """
    if not example.block.language.startswith("py"):
        return False
    name = re.sub(r"^print\((\w+)\)$", r"\1", example.asked)
    made = re.findall(rf"^\s*{name} = (.+)", code, re.MULTILINE) if name.isidentifier() else [name]
    if re.match(r"-?\d+$", example.value):
        return bool(re.search(r"math\.(?!floor|ceil|gcd|factorial|trunc)|[^/]/[^/]", made[-1] if made else ""))
    if example.is_loose and not re.match(_MAKERS.get(example.value[:1], ""), example.asked):
        return True
    return bool(made and re.match(r"(?:print\()?(?:range|map|filter|zip|reversed|enumerate)\(", made[-1]))


def _is_closed(code: str, said: TaughtText) -> bool:
    """Whether the code makes all that it uses, apart from names of the language and of the project itself.

    A name that the examples of the course make somewhere else belongs to a part that is not shown.
    """
    bare = "\n".join(_REMARK_BEHIND.sub("", _QUOTED.sub("''", line)) for line in code.split("\n"))
    own = {name for found in _OWN_NAMES.findall(bare) for part in found for name in re.findall(r"\w+", part)}
    used = {name for name in _NAME.findall(_KEYWORD.sub("(", bare)) if name not in _GIVEN and not is_no_own_name(name)}
    return not any(said.makes(name) for name in used - own) and not re.search(r"\bthis\.", bare)
