"""Predict what a command prints, where the section shows the program that it runs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.modules.offline.items.predict_output import WRITE_ALL, is_worked_out
from services.modules.offline.items.question import Question, TaughtSection
from services.modules.offline.items.reasons import find_reason
from services.modules.offline.items.taught_text import list_lines
from shared.docs.model import Block
from shared.engine.types import Span

_SESSIONS = frozenset({"console", "shell", "text", "", "shell-session", "terminal", "shellsession"})
_SCRIPTS = frozenset({"sh", "bash"})
_START = r"^(?:\([\w.-]+\) )?\$ "
_COMMAND = re.compile(_START, re.MULTILINE)
_RUN = re.compile(
    rf"{_START}(?P<command>\S.*)\n(?:# .*\n)*(?P<printed>(?:(?!# |{_START})[^\S\n]*+\S.*+(?:\n|\Z)){{1,4}})"
    rf"(?=(?:[ \t]*\n(?:(?:# .*|[ \t]*)(?:\n|\Z))*?)?(?:{_START}|\Z))",
    re.MULTILINE,
)
"""A command and the few lines that it prints: only a blank line and remarks stand before the next one."""
_MOST_LINES, _LONGEST = 30, 60
_FROM_OUTSIDE = re.compile(
    r"~/|\*\.|\b(?:prompt|confirm|input|getpass|open|read\w*|exists|now|today|date|random|sample(?!\.)|shuffle|parallel|curl|wget|fetch|make|cc|gcc|scp|ssh|server)\b|\d\d:\d\d|\d\.\d+\.\d|\[tab\]",
    re.IGNORECASE,
)
_NAME, _WORD = re.compile(r"[^\W\d_]{2,}"), re.compile(r"[^\W\d]+")


@dataclass(frozen=True)
class Run:
    """A command, and the lines that it prints as one."""

    block: Block
    command: str
    printed: str
    spans: tuple[Span, ...]


def ask_runs(one: TaughtSection) -> Iterator[Question]:
    """A question for each command that prints a few lines, which the program above it decides."""
    program: Block | None = None
    for block in one.section.blocks:
        is_code = block.kind == "code"
        is_session = is_code and block.language in _SESSIONS | _SCRIPTS and bool(_COMMAND.search(block.code))
        for run in _list_runs(one, block) if is_session else ():
            if program and _runs(program, run.command) and _is_decided(program.code, run):
                yield _ask(one, run, program)
        if is_code and not is_session and block.language not in _SESSIONS:
            program = block


def _list_runs(one: TaughtSection, block: Block) -> Iterator[Run]:
    """Each command with what it prints. A command that stands twice does not alone decide, and what is printed twice
    can be copied.
    """
    places = [span for _, span in list_lines(one, block)]
    for found in _RUN.finditer(block.code):
        command, printed = found["command"], found["printed"].rstrip("\n")
        if block.code.count(f"$ {command}\n") == 1 and block.code.count(f"\n{printed}") == 1:
            start = found.start("printed")
            at, first, last = (
                places[block.code.count("\n", 0, place)] for place in (found.start(), start, start + len(printed))
            )
            spans = at, first.model_copy(update={"end_line": last.end_line})
            yield Run(block, command, " ".join(map(str.strip, printed.split("\n"))), spans)


def _runs(program: Block, command: str) -> bool:
    return command.split(maxsplit=1)[0] == program.language or bool(
        {*_NAME.findall(command)} & {*_NAME.findall(program.code)}
    )


def _is_decided(code: str, run: Run) -> bool:
    """Whether what is shown decides the lines on every run, and they have to be worked out."""
    command, printed = run.command, run.printed
    is_short = max(len(command), len(printed)) <= _LONGEST and code.count("\n") < _MOST_LINES
    words, known = _WORD.findall(printed), {*_WORD.findall(f"{code} {command}")}
    as_well = {word.lower() for word in known if len(word) > 1}
    return (
        is_short
        and bool(words)
        and all(word in known or word.lower() in as_well for word in words)
        and not _FROM_OUTSIDE.search(f"{code} {command} {printed}")
        and not (re.search(r"[\"'(\s@-]\.{1,2}/\w", code) or re.search(r"\d{6,}", printed))
        and is_worked_out(f"{code}\n{command}", printed)
    )


def _ask(one: TaughtSection, run: Run, program: Block) -> Question:
    """The question about a command, after the program that it runs."""
    in_one = WRITE_ALL if run.spans[1].end_line > run.spans[1].start_line else ""
    shown = f"```{program.language}\n{program.code}\n```\n\n"
    given = run.command.partition(" ")[2]
    reason = find_reason(one, run.block, f"{given}\n{shown}", run.spans, program)
    stem = f"What does the command print?{in_one}\n\n{shown}```console\n$ {run.command}\n```"
    says = f"`{run.command}` prints `{run.printed}`"
    return Question(one, program, "predict_output", stem, says, run.spans, reason, answers=(run.printed,))
