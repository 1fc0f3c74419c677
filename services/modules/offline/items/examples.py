"""Examples that show a value: doctests, and values in comments."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from services.modules.offline.items.question import TaughtSection
from services.modules.offline.items.taught_text import list_lines
from shared.docs.model import Block
from shared.engine.types import Span

_LITERAL = (
    r"(?:-?\d[\d_.]*|(?:[fbru]?\"[^\"]*\"|'[^']*')|True|False|None|true|false|null|nil|undefined"
    r"|(?:vec!)?[\[({][^#]*[\])}]|(?:Some|Ok|Err)\([^#]*\))"
)
_SIGN = r"(?:#|//)\s*(?:=>|->|→|(?i:result|output|returns|prints|logs):)"
_NOTED = re.compile(rf"^(?P<asked>\S.*?\S);?\s+(?:{_SIGN}|#|//)\s*(?!\(\d+\)|\[!)(?P<value>{_LITERAL})\s*$")
_NUMBER = re.compile(r"(?<![^\S\n])[^\S\n]++(?:#|//) ?(\d)$", re.MULTILINE)
_ERROR = re.compile(r"(?:\w+\.)*(\w+(?:Error|Exception|Warning|Exit))\b")
_OUTPUTS = frozenset({"text", "console", "output", ""})


@dataclass(frozen=True)
class Shown:
    """`asked` gives `value`, as an example of a block shows. `before` are the lines that ran before it.

    Of an example that `fails` the value is the name of its error, and `message` what that says.
    """

    block: Block
    before: str
    asked: str
    value: str
    spans: tuple[Span, ...]
    fails: bool = False
    message: str = ""

    @property
    def last(self) -> str:
        """The last line of what is asked."""
        return self.asked.rstrip().rpartition("\n")[2].strip()

    @property
    def is_session(self) -> bool:
        """Whether it was typed at Python's prompt."""
        return ">>> " in self.block.code

    @property
    def is_python(self) -> bool:
        return self.is_session or self.block.language.startswith(("py", "ipy"))

    @property
    def name(self) -> str:
        """The value, or the name of an error without its module."""
        return self.value.rpartition(".")[2] if self.fails else self.value

    @property
    def way(self) -> str:
        """How the value is seen."""
        return "raises" if self.fails else "prints" if self.prints else "gives"

    @property
    def prints(self) -> bool:
        """Whether it is seen because it is printed: by its call, or as what is neither code nor in angle brackets."""
        is_text = self.is_session and self.value[:1] != "<" and not can_parse(self.value)
        return is_text or bool(re.match(r"p?print\b|p |puts\b|console\.log", self.asked))


def can_parse(code: str) -> bool:
    """Whether some text is Python."""
    return parse(code) is not None


@lru_cache(maxsize=4096)
def parse(code: str) -> ast.Module | None:
    """The tree of some Python. A text that is not Python gives None."""
    try:
        compile(code, "", "exec")
        return ast.parse(code)
    except (SyntaxError, ValueError):
        return None


def find_shown(one: TaughtSection) -> Iterator[Shown]:
    """Every shown value of a section, in reading order. Numbers from 1 on behind lines are marks of a text."""
    marks = [mark for block in one.section.blocks if block.kind == "code" for mark in _NUMBER.findall(block.code)]
    is_numbered = marks[:2] == ["1", "2"]
    for block, below in pairwise((*one.section.blocks, None)):
        if block is None or block.kind != "code":
            continue
        if below and below.kind == "code" and below.language in _OUTPUTS and block.language not in _OUTPUTS:
            yield from _read_output(one, block, below)
        lines = list_lines(one, block)
        if any(line.startswith(">>> ") for line, _ in lines):
            yield from _read_doctest(block, lines)
        elif not is_numbered:
            yield from _read_lines(block, lines)


def _read_output(one: TaughtSection, block: Block, below: Block) -> Iterator[Shown]:
    """The one line that a block right below some code shows, as a notebook does."""
    *before, (asked, place) = list_lines(one, block)
    if "\n" not in below.code:
        span = list_lines(one, below)[0][1]
        yield Shown(block, "\n".join(line for line, _ in before), asked, below.code.strip(), (place, span))


def _read_doctest(block: Block, lines: Sequence[tuple[str, Span]]) -> Iterator[Shown]:
    ran: list[str] = []
    statement: list[tuple[str, Span]] = []
    output: list[tuple[str, Span]] = []
    for line, span in (*lines, (">>> ", lines[-1][1])):
        if line.startswith(">>> ") or line.strip() == ">>>":
            error = _ERROR.match(output[-1][0]) if output and output[0][0].startswith("Traceback") else None
            if statement and (len(output) == 1 or error):
                asked = "\n".join(_REMARK_BEHIND.sub("", text) for text, _ in statement)
                at = (*(own for _, own in statement), output[-1][1])
                value = error.group() if error else output[0][0].strip()
                message = output[-1][0].partition(": ")[2].strip() if error else ""
                yield Shown(block, "\n".join(ran), asked, value, at, fails=bool(error), message=message)
            changes = any(_may_change(text, ran) for text, _ in statement)
            if error and changes:
                return  # how far it came before the error is not shown
            ran += [text for text, _ in statement] if changes or not output else []
            statement, output = [(line[4:], span)], []
        elif line.startswith("...") and not output:
            statement.append((line[4:], span))
        elif line.strip() and not line.startswith(("# ", "#=>")):
            output.append((line, span))


def _read_lines(block: Block, lines: Sequence[tuple[str, Span]]) -> Iterator[Shown]:
    """Values in comments; the lines that only show another value are left out of what ran before."""
    ran: list[str] = []
    for line, span in lines:
        if found := _read_line(line, block):
            asked, value = found
            yield Shown(block, "\n".join(ran), asked, value, (span,))
            ran += [asked] if _may_change(asked, ran) else []
        else:
            ran.append(line)


_DOES = re.compile(
    r"(?:^|\.)(?:set|bind|unbind|add|append|clear|configure|register|insert|update|upsert|remove|delete|drop|push|pop|load"
    r"|create|extend|enable|disable|reset|patch|dispatch|put|write|save|store|init|start|stop|connect|open|close"
    r"|next|send|read|seek|relative|take|recv|fetch|consume|advance|skip)\w*\("
    r"|\b(?:next|list|tuple|dict|set|sum|sorted|max|min)\(\w+[,)]"
)
"""Calls that do something, or that use up what an iterator has."""
_REMARK_BEHIND = re.compile(r"(?<!\s)(?:\s{2,}+# .*|\s++# [^'\"]*+)$")


def _may_change(asked: str, ran: Sequence[str]) -> bool:
    """Whether a line whose value is shown may change what comes after: it sets something, or does more than to tell."""
    called = re.match(r"(?:await )?(\w+)(?:\.call)?\(", asked)  # what a call has made may remember what it is given
    if called and any(re.search(rf"\b{called.group(1)}\s*=[^=].*\(", line) for line in ran):
        return True
    return bool(re.match(r"\w[\w, ]*=[^=]", asked) or _DOES.search(asked))


def _read_line(line: str, block: Block) -> tuple[str, str] | None:
    """What is asked, and its value."""
    found = _NOTED.match(line)
    if not found:
        return None
    divides = block.language.startswith(("py", "ipy")) and "//" in line[found.end("asked") : found.start("value")]
    return None if divides else (found["asked"].rstrip(";"), found["value"])
