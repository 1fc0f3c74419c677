"""Predict the last line of what a command prints: sessions at a shell beside the program that they run."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.modules.offline.items.options import ask_choice
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText, list_lines
from shared.docs.model import Block
from shared.engine.types import Span

SHELLS = frozenset({"console", "shell", "sh", "bash", "text", "", "shell-session", "terminal"})
_COMMAND = re.compile(r"^(?:\([\w.-]+\) )?\$ (?P<command>\S.*)$")
_REMARK = re.compile(r"^(?://|#|---)")
_ELSEWHERE = re.compile(r"^(?:echo|cd|ls|cat|pip|uv add|npm|git)\b|\[TAB\]|\w::\w")
_RUNS_FILE = re.compile(r"\b[\w-]+\.\w+\b|\s-m\s")
_BRANCHES = re.compile(r"\bif\b|callback|@\w+\.before")
_ASKS = "What does the command at the end print?"
_LONGEST_PROGRAM, _MOST_PRINTED = 40, 8
_MADE = re.compile(r"^(?:async )?(?:def|function|fn) (?P<name>\w+)")
_PRINTS = re.compile(r"(?:print|echo|println!|puts)[ (]f?[\"'](?P<text>[^\"'`]+)[\"']\)?;?$")
_PRINTED = re.compile(r"(?:f|\becho )([\"']?)(?P<text>[^\"'\n]+)\1")
_LITERAL = re.compile(r"(?<!\w)[\"']([A-Za-z0-9][\w.@-]*(?: [\w.@-]+)?)[\"']")
_GAP = re.compile(r"\{([^{}]*)\}")
_WORD = re.compile(r"[^\W\d_]+")
_NO_OUTPUT = re.compile(r"[─-╿]|`|^\s*[$>#]|^Usage|\[\w+\]|%|\d{4}-\d\d|<[^>]*>|\x1b\[|(?:\w*Error|error)\b.*:\s")
_FROM_OUTSIDE = re.compile(
    r"```|prompt\s*=|\b(?:prompt|confirm|input|getpass|open|read\w*|exists|is_file|is_dir|now|today)\(|\brandom\b"
)


@dataclass(frozen=True)
class Run:
    """A `command` and the `lines` it prints, each with its place. `program` is the code shown before it."""

    program: Block
    command: str
    lines: tuple[tuple[str, Span], ...]
    span: Span


def ask_runs(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each command that prints several lines, all of which its program has."""
    runs = said.recall(find_runs, one)
    for run in runs:
        same = {other.lines[-1][0] for other in runs if (other.command, other.program) == (run.command, run.program)}
        if len(same) == 1 and _is_decided(run):
            shown, output = run.program, run.lines[-1]
            asks = "What is the last line that the command at the end prints?" if run.lines[1:] else _ASKS
            stem = f"{asks}\n\n```{shown.language}\n{shown.code}\n```\n\n```console\n$ {run.command}\n```"
            after = f" after `{run.lines[-2][0]}`" if run.lines[1:] else ""
            key = Choice(f"`{output[0]}`", f"`{run.command}` prints this{after}.", (run.span, output[1]))
            branches = [*_list_branches(one, run)] if run.lines[1:] or _BRANCHES.search(shown.code) else []
            others = [*_list_earlier(run), *branches, *_list_others(run, runs)]
            others += _list_swapped(one, run)
            yield from ask_choice("predict_output", one, said, [stem], key, others, ranked=True)


def _is_decided(run: Run) -> bool:
    """Whether the program as it is shown prints the lines on every run: it has their words, and the command runs it.

    A command of Python names a file, or it runs something that is not shown. What is in a second file is not shown.
    """
    files = _RUNS_FILE.findall(run.command)
    code, known = run.program.code, f"{run.program.code} {run.command}"
    return (
        code.count("\n") < _LONGEST_PROGRAM
        and not _FROM_OUTSIDE.search(code)
        and not _ELSEWHERE.search(run.command)
        and len(files) <= 1
        and bool(files or not run.program.language.startswith("py"))
        and all(_can_print(text, known) for text, _ in run.lines)
    )


def _can_print(output: str, known: str) -> bool:
    """Whether a program and its command have all words and labels of a line."""
    words, labels = _WORD.findall(output), re.findall(r"\w+:", output)
    return bool(words) and set(words) <= set(_WORD.findall(known)) and all(label in known for label in labels)


def _list_earlier(run: Run) -> Iterator[Choice]:
    """The lines that the command prints before its last one, the nearest first."""
    for text, span in reversed(run.lines[:-1]):
        if text != run.lines[-1][0]:
            yield Choice(f"`{text}`", f"`{run.command}` prints this before the last line.", (span,))


def _list_others(run: Run, runs: Sequence[Run]) -> Iterator[Choice]:
    """What other commands print with the same program, as far as this command has all its words."""
    known = f"{run.program.code} {run.command}"
    own = {text for text, _ in run.lines}
    for other in runs:
        text, span = other.lines[-1]
        if other.program is run.program and text not in own and _can_print(text, known):
            yield Choice(f"`{text}`", f"`{other.command}` prints this.", (other.span, span))


def _list_swapped(one: TaughtSection, run: Run) -> Iterator[Choice]:
    """The last line with another value at the place of one that the program fills in: a default for what is given,
    what is given for another place, and no value.
    """
    output, span = run.lines[-1]
    given = _list_given(run.command)
    written = {text: at for line, at in list_lines(one, run.program) for text in _LITERAL.findall(line)}
    code = re.sub(r"\{\{ ?(\w+) ?\}\}", r"{\1}", run.program.code)
    printed = [found["text"] for found in _PRINTED.finditer(code)]
    filled = next((gaps for text in printed if (gaps := _read_gaps(text, output))), {})
    values = filled or {"": next((value for value in given if _holds(output, value)), "")}
    for name, value in values.items():
        if not value or not (value in given or value in written):
            continue
        others = {text: (at, f"`{text}` stands in the program") for text, at in written.items()}
        others |= {text: (run.span, f"`{text}` stands in the command") for text in given}
        for text, (place, told) in others.items():
            if not _holds(output, text) and not _holds(text, value):
                yield _swap(run, value, text, told, (place, span))
        if name and run.program.language.startswith("py"):
            yield _swap(run, value, "None", f"`{name}` has a value", (run.span, span))


def _swap(run: Run, value: str, text: str, told: str, spans: tuple[Span, ...]) -> Choice:
    output, _ = run.lines[-1]
    wrong = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", lambda _: text, output)
    return Choice(f"`{wrong}`", f"{told}, but `{run.command}` prints `{output}`.", spans)


def _list_given(command: str) -> list[str]:
    """The values in a command: its words without quotes, those of variables and options without their names."""
    words = [word.strip("\"'") for word in re.findall(r"\"[^\"]*\"|'[^']*'|\S+", command)]
    begun = max([1, *(at + 1 for at, word in enumerate(words) if _RUNS_FILE.search(word))])
    values = [word.partition("=")[2] or word for word in words[begun:]]
    return [*(word.partition("=")[2] for word in words[:begun] if re.match(r"\w+=", word)), *values]


def _holds(text: str, part: str) -> bool:
    return bool(re.search(rf"(?<!\w){re.escape(part)}(?!\w)", text))


def _list_branches(one: TaughtSection, run: Run) -> Iterator[Choice]:
    """The lines that other functions of the program print, filled in as the last line was."""
    made, told = "", list[tuple[str, str, Span]]()
    for line, span in list_lines(one, run.program):
        made = found["name"] if (found := _MADE.match(line)) else made
        told += [(found["text"], made, span)] if (found := _PRINTS.search(line)) else []
    own = next((gaps for text, _, _ in told if (gaps := _read_gaps(text, run.lines[-1][0])) is not None), {})
    printed = {text for text, _ in run.lines}
    for text, name, span in told:
        known = _GAP.sub(lambda gap: own.get(gap.group(1), gap.group()), text)
        if name and known not in printed and not _GAP.search(known):
            yield Choice(f"`{known}`", f"`{name}` prints this, and `{run.command}` does not.", (span,))


def _read_gaps(text: str, output: str) -> dict[str, str] | None:
    """The values of the names in braces with which a text becomes the output; None if it does not."""
    names = _GAP.findall(text)
    pattern = "(.+)".join(re.escape(part) for part in _GAP.split(text)[::2])
    found = re.fullmatch(pattern, output)
    return dict(zip(names, found.groups(), strict=True)) if found else None


def find_runs(one: TaughtSection, said: TaughtText) -> Iterator[Run]:
    """The commands of a section that run the program shown before them."""
    del said
    program: Block | None = None
    for block in one.section.blocks:
        if block.kind != "code":
            continue
        lines = list_lines(one, block)
        if block.language in SHELLS and any(_COMMAND.match(line) for line, _ in lines):
            if program is not None:
                yield from _read(program, lines)
        elif block.language not in SHELLS:
            program = block


def _read(program: Block, lines: list[tuple[str, Span]]) -> Iterator[Run]:
    command: tuple[str, Span] | None = None
    printed: list[tuple[str, Span]] = []
    for line, span in [*lines, ("$ end", lines[-1][1])]:
        found = _COMMAND.match(line)
        if found:
            if (
                command
                and 0 < len(printed) <= _MOST_PRINTED
                and not any(_NO_OUTPUT.search(text) for text, _ in [*printed, command])
            ):
                yield Run(program, command[0], tuple(printed), command[1])
            command, printed = (found["command"].strip(), span), []
        elif line.strip() and not _REMARK.match(line):
            printed.append((line.strip(), span))
