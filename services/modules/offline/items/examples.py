"""Examples that show a value: doctests, and values in comments."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from textwrap import dedent

from services.modules.offline.items.question import TaughtSection
from services.modules.offline.items.taught_text import list_lines
from shared.docs.model import Block
from shared.engine.types import Span

_LITERAL = (
    r"(?:-?\d[\d_.]*|(?:[fbru]?\"[^\"]*\"|'[^']*')|True|False|None|true|false|null|nil|undefined"
    r"|(?:vec!)?[\[({][^#]*[\])}]|(?:Some|Ok|Err)\([^#]*\))"
)
_WORDS = r"(?i:results?|outputs?|returns|prints|logs):"
_BEHIND = re.compile(
    rf"^(?P<asked>\S.*?\S);?\s+(?:(?:(?:#|//|--)\s*(?:=>|->|→)|[→⇒])\s*(?!\(\d+\)|\[!)(?P<any>\S.*)"
    rf"|(?:#|//)(?:\s*{_WORDS})?\s*(?!\(\d+\)|\[!)(?P<value>{_LITERAL})\s*)$"
)
_PROMPT = re.compile(r"(?:>>>|>_?|(?:iex|julia|irb|ghci)(?:\([\w-]*\))?[\d:]*>) ")
_BELOW = re.compile(
    rf"^(?:#|//|--(?!-))\s*(?:(?:=>|->|→|>(?!>)|{_WORDS})\s*(?P<value>\S.*)|(?P<alone>{_LITERAL})\s*$"
    r"|(?i:prints|logs) (?P<told>\"[^\"]*\"|'[^']*'|`[^`]*`)\.?\s*$)"
)
_PRINTED = re.compile(r"(?:#|//|--)\s*(?:>|(?i:prints|outputs?|logs)\b)")
PRINTS = re.compile(r"\b(?:print\w*|puts|echo|console\.log)\b")
_MEANT = re.compile(rf"({_LITERAL}) \([^()]*\)\.?$")
_REMARK = re.compile(r"(?:#(?!\[)|//|--)")
_GOES_ON = re.compile(r"\s|[)\]}]|\|>|\.\w|end\b|else\b")
"""The start of a line that is no statement by itself."""
_MAIN = re.compile(r"(?:pub )?(?:async )?(?:fn|func|fun|void|int) main\(\)[^{]*\{$")
_CLAIM = re.compile(rf"^(?:assert |assert_eq!\()(?P<asked>\S.*?)(?: ==|,) (?P<value>{_LITERAL})(?:\);)?$")
_NUMBER = re.compile(r"(?<![^\S\n])[^\S\n]++(?:#|//) ?(\d)$", re.MULTILINE)
_ERROR = re.compile(r"(?:Uncaught |raises |throws )?(?:\w+\.)*(\w+(?:Error|Exception|Warning|Exit))\b")
_MOST_LINES, _MOST_SHOWN, _LONGEST, _LONGEST_LINE = 8, 4, 200, 500
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
    is_told_printed: bool = False

    @property
    def last(self) -> str:
        """The statement that is asked about, its lines joined by blanks."""
        return " ".join(map(str.strip, self.asked.rstrip().split("\n")))

    @property
    def is_session(self) -> bool:
        """Whether it was typed at Python's prompt."""
        return ">>> " in self.block.code

    @property
    def is_long(self) -> bool:
        """Whether several lines show the value."""
        return not self.fails and self.spans[-1].end_line > self.spans[-1].start_line

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
        is_text = self.is_session and self.value[:1] != "<" and not parse(self.value)
        return self.is_told_printed or is_text or bool(re.match(r"p?print\b|p |puts\b|console\.log", self.asked))


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
        fence = one.document.raw_lines[block.start_line - 2 : block.start_line - 1] if block else ()
        if block is None or block.kind != "code" or "should_panic" in "".join(fence):
            continue
        if below and below.kind == "code" and below.language in _OUTPUTS and block.language not in _OUTPUTS:
            yield from _read_output(one, block, below)
        lines = list_lines(one, block)
        prompts = [prompt for line, _ in lines if (prompt := _PROMPT.match(line))]
        if prompts and (_PROMPT.match(lines[0][0]) or any(prompt.group() == ">>> " for prompt in prompts)):
            yield from _read_session(block, lines)
        elif not is_numbered:
            yield from _read_lines(block, _open_main(lines))


def _read_output(one: TaughtSection, block: Block, below: Block) -> Iterator[Shown]:
    """The one line that a block right below some code shows, as a notebook does."""
    *before, (asked, place) = list_lines(one, block)
    if "\n" not in below.code:
        span = list_lines(one, below)[0][1]
        yield Shown(block, "\n".join(line for line, _ in before), asked, below.code.strip(), (place, span))


def _read_session(block: Block, lines: Sequence[tuple[str, Span]]) -> Iterator[Shown]:
    """Each statement that is typed after a prompt, as an example whose value is the few lines printed below it."""
    ran: list[str] = []
    statement: list[tuple[str, Span]] = []
    output: list[tuple[str, Span]] = []
    has_printed = False
    for line, span in (*lines, (">>> ", lines[-1][1])):
        if (prompt := _PROMPT.match(line)) or line.strip() == ">>>":
            error = _ERROR.match(output[-1][0]) if output and output[0][0].startswith("Traceback") else None
            is_one = len(output) == 1 or (0 < len(output) <= _MOST_SHOWN and not has_printed)
            if statement and (is_one or error) and not any("+SKIP" in text for text, _ in statement):
                asked = "\n".join(_REMARK_BEHIND.sub("", text) for text, _ in statement)
                first = output[-1 if error else 0][1]
                at = (*(own for _, own in statement), first.model_copy(update={"end_line": output[-1][1].end_line}))
                value = error.group() if error else " ".join(text.strip() for text, _ in output)
                message = output[-1][0].partition(": ")[2].strip() if error else ""
                yield Shown(block, "\n".join(ran), asked, value, at, fails=bool(error), message=message)
            changes = any(_may_change(text, ran) for text, _ in statement)
            if error and changes:
                return  # how far it came before the error is not shown
            if changes or not output:
                ran += [text for text, _ in statement]
                has_printed = has_printed or any(PRINTS.search(text) for text, _ in statement)
            statement, output = [(line[prompt.end() if prompt else 4 :], span)], []
        elif line.startswith("...") and not output:
            statement.append((line[4:], span))
        elif line.strip() and not line.startswith(("# ", "#=>")):
            output.append((line.removeprefix("=> "), span))


def _read_lines(block: Block, lines: Sequence[tuple[str, Span]]) -> Iterator[Shown]:
    """Values in remarks behind lines or below them; the lines that only show another value are left out of what ran."""
    ran: list[tuple[str, Span]] = []
    at = 0
    while at < len(lines):
        line, span = lines[at]
        at += 1
        spans: tuple[Span, ...] = (span,)
        if found := _read_line(line, block):
            asked, value = found
            own = [(asked, span)]
        elif _BELOW.match(line) and (own := _find_statement(ran)) and (notes := _read_notes(lines, at - 1)):
            del ran[-len(own) :]
            own = [text for text in own if text[0].strip()]
            at += len(notes) - 1
            is_whole = len(notes) <= _MOST_SHOWN and (at == len(lines) or not _REMARK.match(lines[at][0]))
            is_whole &= len(notes) == 1 or bool(PRINTS.search(_join(own)) and not PRINTS.search(_join(ran)))
            value = " ".join(notes) if is_whole else ""
            span = span.model_copy(update={"end_line": lines[at - 1][1].end_line})
            asked, spans = _join(own).rstrip(";"), (*(place for _, place in own), span)
        else:
            ran.append((line, span))
            continue
        value = _MEANT.sub(r"\1", value) if len(value) <= _LONGEST else ""
        if (error := _ERROR.match(value)) or value:
            name, says = (error.group(1), value[error.end() :].lstrip(": ")) if error else (value, "")
            is_printed = bool(_PRINTED.search(lines[at - 1][0]))
            yield Shown(block, _join(ran), asked, name, spans, bool(error), says, is_printed)
        ran += own if not error and _may_change(asked, [text for text, _ in ran]) else []


def _read_notes(lines: Sequence[tuple[str, Span]], start: int) -> list[str]:
    """The values of the remarks from a line on. One without a sign stands alone, with nothing below it."""
    notes: list[str] = []
    for at in range(start, len(lines)):
        found = _BELOW.match(lines[at][0])
        is_last = at + 1 == len(lines) or not lines[at + 1][0].strip()
        if not found or (found["alone"] and (notes or not is_last)):
            break
        notes.append((found["value"] or found["alone"] or found["told"][1:-1]).strip())
    return notes


def _find_statement(ran: list[tuple[str, Span]]) -> list[tuple[str, Span]]:
    """The statement that ends what ran so far, with the blank lines in it: its first line is not set in."""
    for first in reversed(range(max(0, len(ran) - _MOST_LINES), len(ran))):
        text = _join(ran[first:])
        if not text.strip() and len(ran) - first == 1:
            continue  # one blank line may stand between
        if not ran[first][0].strip() or _REMARK.match(ran[first][0]):
            return []
        if not _GOES_ON.match(ran[first][0]) and all(text.count(a) == text.count(b) for a, b in ("()", "[]", "{}")):
            return ran[first:]
    return []


def _join(lines: Sequence[tuple[str, Span]]) -> str:
    return "\n".join(line for line, _ in lines)


_DOES = re.compile(
    r"(?:^|\.|->)(?:set|bind|unbind|add|append|clear|configure|register|insert|update|upsert|remove|delete|drop|push|pop|load"
    r"|create|extend|enable|disable|reset|patch|dispatch|put|write|save|store|init|start|stop|connect|open|close"
    r"|next|send|read|seek|relative|take|recv|fetch|consume|advance|skip|pull|forget|shift|unshift"
    r"|splice|swap|transform|replace|fill|sort|reverse|prepend|merge|increment|decrement)\w*\(|\w!(?:\(|$)"
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


def _open_main(lines: Sequence[tuple[str, Span]]) -> Sequence[tuple[str, Span]]:
    """The lines of a program without the function that all of it runs in."""
    first = next((at for at, (line, _) in enumerate(lines) if _MAIN.match(line)), len(lines))
    last = next((at for at in range(first, len(lines)) if lines[at][0] == "}"), -1)
    if last < 0:
        return lines
    inside = dedent(_join(lines[first + 1 : last])).split("\n")
    return *lines[:first], *lines[last + 1 :], *zip(inside, (span for _, span in lines[first + 1 : last]), strict=True)


def _read_line(line: str, block: Block) -> tuple[str, str] | None:
    """The code of a line and the value that the line shows for it; None where a line shows none or is too long."""
    if len(line) > _LONGEST_LINE:
        return None
    if claim := _CLAIM.match(line):
        return claim["asked"], claim["value"]
    found = _BEHIND.match(line)
    if not found or _REMARK.match(found["asked"]):
        return None
    value = found["any"] or found["value"]
    divides = block.language.startswith(("py", "ipy")) and "//" in line[found.end("asked") : -len(value)]
    return None if divides else (found["asked"].rstrip(";"), value.strip())
