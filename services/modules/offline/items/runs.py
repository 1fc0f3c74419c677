"""Predict what a command prints, where the section shows the program that it runs, or the command brings its input."""

import re
from collections.abc import Iterator
from itertools import chain

from services.modules.offline.items.predict_output import is_worked_out
from services.modules.offline.items.question import Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText, list_lines
from shared.docs.model import Block
from shared.engine.types import Span

_SHELLS = frozenset({"console", "shell", "sh", "bash", "text", "", "shell-session", "terminal", "shellsession"})
_PROGRAMS = frozenset({"sh", "bash"})
"""The languages of a shell in which a program may be written."""
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
Line = tuple[str, Span]


def ask_runs(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each command that prints one line, which its program or what it is given decides."""
    del said
    program: Block | None = None
    for block in one.section.blocks:
        lines = list_lines(one, block)
        is_session = block.language in _SHELLS and any(_COMMAND.match(line) for line, _ in lines)
        if block.kind == "code" and not is_session and (block.language in _PROGRAMS or block.language not in _SHELLS):
            program = block
        elif is_session:
            for run in _list_runs(lines):
                if program and _is_decided(program, run):
                    yield _ask(one, program, *run)
                elif _has_all(run):
                    yield _ask(one, block, *run)


def _list_runs(lines: list[Line]) -> Iterator[tuple[Line, Line]]:
    """Each command that prints one line, with that line."""
    command: Line | None = None
    printed: list[Line] = []
    for line, span in chain(lines, [("$ end", lines[-1][1])]):
        found = _COMMAND.match(line)
        if found:
            if command and len(printed) == 1:
                yield command, printed[0]
            command, printed = (found["command"].strip(), span), []
        elif line.strip() and not line.startswith("# "):
            printed.append((line.strip(), span))


def _is_decided(program: Block, run: tuple[Line, Line]) -> bool:
    """Whether the program that is shown prints the line on every run, and the line has to be worked out."""
    code, (command, _), (text, _) = program.code, *run
    is_run = command.split()[0] == program.language or bool(_list_names(command) & _list_names(code))
    return (
        is_run
        and code.count("\n") < _MOST_LINES
        and bool(_list_names(text))
        and max(len(command), len(text)) <= _LONGEST
        and not _FROM_OUTSIDE.search(f"{code} {command}")
        and is_worked_out(f"{code}\n{command}", text)
    )


def _has_all(run: tuple[Line, Line]) -> bool:
    """Whether a command is given all that it reads, and prints a part of it that a reader has to find."""
    (command, _), (text, _) = run
    found = _GIVEN.fullmatch(command)
    if not found or max(len(command) - _LONGEST, len(text)) > _LONGEST or _BY_CHANCE.search(command):
        return False
    parts = re.split(r"\\n|\s+", found["given"].strip("'"))
    is_choice = len(parts) >= _FEWEST_PARTS and text not in (found["given"].strip("'"), *_TEXT.findall(found["tool"]))
    is_message = text.startswith(f"{found['tool'].split()[0]}:")
    return (
        is_choice
        and not is_message
        and not _ELSEWHERE.search(_TEXT.sub("", found["tool"]))
        and f"'{text}'" not in found["tool"]
    )


def _list_names(text: str) -> set[str]:
    return set(_NAME.findall(text))


def _ask(one: TaughtSection, block: Block, command: Line, printed: Line) -> Question:
    """The question. `block` is the program, or the session where the command has all."""
    is_program = not any(_COMMAND.match(line) for line in block.code.split("\n"))
    fence = f"```{block.language}\n{block.code}\n```\n\n" * is_program + f"```console\n$ {command[0]}\n```"
    return Question(
        form="predict_output",
        stem=f"What does the command print?\n\n{fence}",
        options=(),
        answers=(printed[0],),
        explanation=f"`{command[0]}` prints `{printed[0]}`.",
        spans=(command[1], printed[1]),
        document_id=one.document_id,
        section_id=one.section.id,
        bloom="apply",
        example=block.start_line,
    )
