"""Predict what a command prints, where the section shows the program that it runs, or the command brings its input."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from services.modules.offline.items.copied import squeeze
from services.modules.offline.items.predict_output import is_worked_out
from services.modules.offline.items.question import Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText, list_lines
from shared.docs.model import Block
from shared.engine.types import Span

_SHELLS = frozenset({"console", "shell", "sh", "bash", "text", "", "shell-session", "terminal", "shellsession"})
_PROGRAMS, _SETTINGS = frozenset({"sh", "bash"}), frozenset({"yaml", "yml", "toml", "json", "ini"})
"""The languages of a shell in which a program may be written; and those of settings, of which a tool says more."""
_COMMAND = re.compile(r"^(?:\([\w.-]+\) )?\$ (?P<command>\S.*)$")
_MOST_LINES, _LONGEST = 30, 60
_FROM_OUTSIDE = re.compile(
    r"```|~/|\*\.|\b(?:prompt|confirm|input|getpass|open|read\w*|exists|now|today|date|random|curl|wget|fetch)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"[^\W\d_]{2,}")
_GIVEN = re.compile(r"(?:echo(?: -[ne]+)?|printf|seq) (?P<given>'[^']*'|\d[\d ]*)\s*\|\s*(?P<tool>\w.*)")
"""A command that is given a text or numbers by the line that runs it."""
_TEXT, _ELSEWHERE = re.compile(r"\$?'[^']*'"), re.compile(r"[$<>\"`]|\w[./]\w")
_BY_CHANCE, _FEWEST_PARTS = re.compile(r"\b(?:shuf|sort -R|xargs -P|file|time)\b"), 3
_REASON = re.compile(r"# (?P<text>(?!note\b)[^\W\d][^“”`?:]*[^“”`?:.])\.?$", re.IGNORECASE)
_FEWEST_WORDS = 4
Line = tuple[str, Span]


@dataclass(frozen=True)
class Run:
    """A command, the one line that it prints, and what the author says above it."""

    command: Line
    printed: Line
    reason: Line | None


def ask_runs(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each command that prints one line, which its program or what it is given decides."""
    del said
    program: Block | None = None
    for block in one.section.blocks:
        lines = list_lines(one, block)
        is_session = block.language in _SHELLS and any(_COMMAND.match(line) for line, _ in lines)
        if block.kind == "code" and not is_session and (block.language in _PROGRAMS or block.language not in _SHELLS):
            program = None if block.language in _SETTINGS else block
        elif is_session:
            for run in _list_runs(lines):
                if program and _is_decided(program, run):
                    yield _ask(one, program, run)
                elif _has_all(run):
                    yield _ask(one, block, run)


def _list_runs(lines: list[Line]) -> Iterator[Run]:
    """Each command that prints one line."""
    command: Line | None = None
    printed: list[Line] = []
    reason: Line | None = None
    above: Line | None = None
    for line, span in chain(lines, [("$ end", lines[-1][1])]):
        found = _COMMAND.match(line)
        if found:
            if command and len(printed) == 1:
                yield Run(command, printed[0], reason)
            command, printed, reason = (found["command"].strip(), span), [], above
        elif line.strip() and not line.startswith("# "):
            printed.append((line.strip(), span))
        said = _REASON.match(line)
        above = (said["text"], span) if said and len(said["text"].split()) >= _FEWEST_WORDS else None


def _is_decided(program: Block, run: Run) -> bool:
    """Whether the program that is shown prints the line on every run, and the line has to be worked out."""
    code, (command, _), (text, _) = program.code, run.command, run.printed
    is_run = command.split()[0] == program.language or bool(_list_names(command) & _list_names(code))
    return (
        is_run
        and code.count("\n") < _MOST_LINES
        and bool(_list_names(text))
        and max(len(command), len(text)) <= _LONGEST
        and not _FROM_OUTSIDE.search(f"{code} {command}")
        and is_worked_out(f"{code}\n{command}", text)
    )


def _has_all(run: Run) -> bool:
    """Whether a command is given all that it reads, and prints a part of it that a reader has to find."""
    (command, _), (text, _) = run.command, run.printed
    if max(len(command) - _LONGEST, len(text)) > _LONGEST or _BY_CHANCE.search(command):
        return False
    found = _GIVEN.fullmatch(command)
    if not found:
        return False
    given = found["given"].strip("'")
    is_choice = len(re.split(r"\\n|\s+", given)) >= _FEWEST_PARTS and squeeze(text) != squeeze(given)
    is_message = text.startswith(f"{found['tool'].split()[0]}:")
    return (
        is_choice
        and not is_message
        and not _ELSEWHERE.search(_TEXT.sub("", found["tool"]))
        and f"'{text}'" not in found["tool"]
    )


def _list_names(text: str) -> set[str]:
    return set(_NAME.findall(text))


def _ask(one: TaughtSection, block: Block, run: Run) -> Question:
    """The question. `block` is the program, or the session where the command has all."""
    is_program = not any(_COMMAND.match(line) for line in block.code.split("\n"))
    (command, at), (printed, below) = run.command, run.printed
    fence = f"```{block.language}\n{block.code}\n```\n\n" * is_program + f"```console\n$ {command}\n```"
    return Question(
        form="predict_output",
        stem=f"What does the command print?\n\n{fence}",
        options=(),
        answers=(printed,),
        explanation=f"`{command}` prints `{printed}`{f': “{run.reason[0]}”' if run.reason else ''}.",
        spans=(at, below, run.reason[1]) if run.reason else (at, below),
        document_id=one.document_id,
        section_id=one.section.id,
        bloom="apply",
        example=block.start_line,
    )
