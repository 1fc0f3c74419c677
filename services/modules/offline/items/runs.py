"""Sessions at a shell beside the program that they run: the commands, what they print, and the texts that make it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from services.modules.offline.items.question import TaughtSection
from services.modules.offline.items.taught_text import TaughtText, list_lines
from shared.docs.model import Block
from shared.engine.types import Span

_SHELLS = frozenset({"console", "shell", "sh", "bash", "text", "", "shell-session", "terminal"})
_COMMAND = re.compile(r"^(?:\([\w.-]+\) )?\$ (?P<command>\S.*)$")
_REMARK = re.compile(r"^(?://|#|---)")
_ELSEWHERE = re.compile(r"^(?:echo|cd|ls|cat|pip|uv add|npm|git)\b|\[TAB\]|\w::\w")
_RUNS_FILE = re.compile(r"\b[\w-]+\.[a-z]\w*\b|\s-m\s")
_LONGEST_PROGRAM, _MOST_PRINTED = 45, 8
_PRINTS = re.compile(
    r"(?:print|echo|println!|puts|log)[ (]f?[\"'`](?P<text>[^\"'`]+)[\"'`]\)?;?$|^\s*@?echo (?P<bare>[^\"'`|>&;$]+)$"
)
_GAP = re.compile(r"\$?\{+([^{}]*)\}+")
_WORD = re.compile(r"[^\W\d_]+")
_BOX = re.compile(r"^[│|]\s+(?P<inside>\S.*?)\s+[│|]$")
_ERROR = re.compile(
    r"^(?P<error>(?:Error: )?(?:Missing|Invalid|No such|Got unexpected|Unknown|Unexpected)\b[^│]*'?[\w-]+'?\.?)$"
)
_NO_OUTPUT = re.compile(r"[─-╿]|`|^\s*[$>#]|^Usage|\[\w+\]|%|\d{4}-\d\d|<[^>]*>|\x1b\[|(?:\w*Error|error)\b.*:\s")
_FROM_OUTSIDE = re.compile(
    r"```|prompt\s*=|\b(?:prompt|confirm|input|getpass|open|read\w*|exists|is_file|is_dir|now|today)\(|\brandom\b"
)
_ORDERED = re.compile(r"parallel|^\w[\w-]*(?: [^:=\n]*)?:(?: +\(?[\w-]+\)?){2}", re.MULTILINE)
"""Tasks that run at once, and a task that needs several others: which of them ends last is not the program's matter."""


@dataclass(frozen=True)
class Run:
    """A `command` and the `lines` it prints, each with its place. `program` is the code shown before it.

    Of a command that `fails` the one line is its error.
    """

    program: Block
    command: str
    lines: tuple[tuple[str, Span], ...]
    span: Span
    fails: bool = False

    @property
    def given(self) -> tuple[str, str]:
        """The command before and after the file that it runs."""
        before, _, after = self.command.rpartition(next(iter(_RUNS_FILE.findall(self.command)), " "))
        return before, after

    @property
    def words(self) -> set[str]:
        """The words that the program is given."""
        return set(_WORD.findall(self.given[1]))


@dataclass(frozen=True)
class Print:
    """A line of a program that prints a text with gaps, and the line under which it stands."""

    line: str
    text: str
    span: Span
    under: str
    above: Span

    @property
    def names(self) -> list[str]:
        """What stands in the gaps of the text."""
        return [name.strip() for name in _GAP.findall(self.text)]

    @property
    def words(self) -> set[str]:
        """The words of the line under which it stands: the name of a function, or what is asked for."""
        return set(_WORD.findall(self.under))


def find_runs(one: TaughtSection, said: TaughtText) -> Iterator[Run]:
    """The commands of a section that run the program shown before them."""
    del said
    program: Block | None = None
    for block in one.section.blocks:
        if block.kind != "code":
            continue
        lines = list_lines(one, block)
        if block.language in _SHELLS and any(_COMMAND.match(line) for line, _ in lines):
            if program is not None:
                yield from _read(program, lines)
        elif block.language not in _SHELLS:
            program = block


def _read(program: Block, lines: list[tuple[str, Span]]) -> Iterator[Run]:
    command: tuple[str, Span] | None = None
    printed: list[tuple[str, Span]] = []
    for line, span in chain(lines, [("$ end", lines[-1][1])]):
        found = _COMMAND.match(line)
        if found:
            if command and 0 < len(printed) <= _MOST_PRINTED:
                yield from _make(program, command, printed)
            command, printed = (found["command"].strip(), span), []
        elif line.strip() and not _REMARK.match(line):
            printed.append((line.strip(), span))


def _make(program: Block, command: tuple[str, Span], printed: Sequence[tuple[str, Span]]) -> Iterator[Run]:
    """A run with plain lines, or with one error among what it prints."""
    bare = [(box["inside"] if (box := _BOX.match(text)) else text, span) for text, span in printed]
    errors = [(found["error"], span) for text, span in bare if (found := _ERROR.match(text))]
    if len(errors) == 1 and "`" not in command[0]:
        yield Run(program, command[0], tuple(errors), command[1], fails=True)
    elif not any(_NO_OUTPUT.search(text) for text, _ in [*printed, command]):
        yield Run(program, command[0], tuple(printed), command[1])


def is_decided(run: Run, runs: Sequence[Run]) -> bool:
    """Whether the program as it is shown prints the lines on every run: it has their words, and the command runs it.

    A command of Python names a file, or it runs something that is not shown. What is in a second file is not shown.
    """
    files = _RUNS_FILE.findall(run.command)
    code, known = run.program.code, f"{run.program.code} {run.command}"
    same = {other.lines for other in runs if other.command == run.command}
    return (
        len(same) == 1
        and code.count("\n") < _LONGEST_PROGRAM
        and not _FROM_OUTSIDE.search(code)
        and not _ORDERED.search(code)
        and not _ELSEWHERE.search(run.command)
        and len(files) <= 1
        and bool(files or not run.program.language.startswith("py"))
        and (run.fails or all(can_print(text, known) for text, _ in run.lines))
    )


def can_print(output: str, known: str) -> bool:
    """Whether a program and its command have all words and labels of a line."""
    words, labels = _WORD.findall(output), re.findall(r"\w+:", output)
    return bool(words) and set(words) <= set(_WORD.findall(known)) and all(label in known for label in labels)


def read_gaps(text: str, output: str) -> dict[str, str] | None:
    """The values of the names in braces with which a text becomes the output; None if it does not."""
    names = [name.strip() for name in _GAP.findall(text)]
    pattern = "(.+)".join(re.escape(part) for part in _GAP.split(text)[::2])
    found = re.fullmatch(pattern, output)
    return dict(zip(names, found.groups(), strict=True)) if found else None


def list_prints(one: TaughtSection, program: Block) -> Iterator[Print]:
    """The lines of a program that print a text, each with the line that it is indented under."""
    lines = list_lines(one, program)
    for at, (line, span) in enumerate(lines):
        found = _PRINTS.search(line)
        if found:
            depth = len(line) - len(line.lstrip())
            above = [(text, own) for text, own in lines[:at] if _is_above(text, depth)]
            under, place = above[-1] if above else ("", span)
            yield Print(line.strip(), found["text"] or found["bare"], span, under.strip(), place)


def _is_above(line: str, depth: int) -> bool:
    return bool(line.strip()) and len(line) - len(line.lstrip()) < depth and line.strip()[0] not in ")]}"


def fit_text(text: str, made: Print) -> tuple[Print, Mapping[str, str]] | None:
    """A text of a program with what fills its gaps, if it makes this line."""
    gaps = read_gaps(made.text, text)
    return None if gaps is None else (made, gaps)


def find_gaps(text: str, prints: Sequence[Print]) -> Mapping[str, str]:
    """What fills the gaps of the first text that makes a line."""
    return next((found[1] for made in prints if (found := fit_text(text, made))), {})


def fill_text(text: str, gaps: Mapping[str, str]) -> str:
    """A text with values in its gaps; "" if one has no value."""
    names = [name.strip() for name in _GAP.findall(text)]
    return _GAP.sub(lambda gap: gaps[gap.group(1).strip()], text) if all(name in gaps for name in names) else ""


def is_parameter(line: str, name: str) -> bool:
    """Whether a line of a program is one of a function's parameters, or its head, and has the name."""
    own = re.escape(name)
    return bool(re.search(rf"^\s*{own}\s*:|\b(?:def|function|fn)\b.*\b{own}\s*[:=,)]", line))


def read_default(line: str, name: str) -> str:
    """The text or number that a parameter has if nothing else is given; "" if that is not written out."""
    found = re.search(rf"[(, ]{re.escape(name)}\s*[:=]", f" {line}")
    depth, rest = 0, f" {line}"[found.end() - 1 :] if found else ""
    for at, sign in enumerate(rest):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "=" and not depth:
            value = re.match(r"=\s*(?:\"([^\"]+)\"|'([^']+)'|(-?\d+(?:\.\d+)?))\s*[,)]", rest[at:])
            return next(filter(None, value.groups()), "") if value else ""
        if depth < 0:
            break
    return ""
