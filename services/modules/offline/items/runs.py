"""Predict what a command prints, where the section shows the program that it runs."""

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
Line = tuple[str, Span]


def ask_runs(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each command that prints one line, whose words its program has."""
    del said
    program: Block | None = None
    for block in one.section.blocks:
        lines = list_lines(one, block)
        is_session = block.language in _SHELLS and any(_COMMAND.match(line) for line, _ in lines)
        if block.kind == "code" and not is_session and (block.language in _PROGRAMS or block.language not in _SHELLS):
            program = block
        elif is_session and program is not None:
            yield from (_ask(one, program, *run) for run in _list_runs(lines) if _is_decided(program, run))


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
        elif line.strip():
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


def _list_names(text: str) -> set[str]:
    return set(_NAME.findall(text))


def _ask(one: TaughtSection, program: Block, command: Line, printed: Line) -> Question:
    fence = f"```{program.language}\n{program.code}\n```\n\n```console\n$ {command[0]}\n```"
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
        example=program.start_line,
    )
