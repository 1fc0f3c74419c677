"""Predict the output of a command, or find why it fails: sessions at a shell beside the program they run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.modules.offline.items.options import ask_choice
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText, list_code_lines
from shared.course.scales import ItemForm
from shared.docs.model import Block
from shared.engine.types import Span

_SHELLS = frozenset({"console", "shell", "sh", "bash", "text", "", "shell-session", "terminal"})
_COMMAND = re.compile(r"^(?:\([\w.-]+\) )?\$ (?P<command>\S.*)$")
_REMARK = re.compile(r"^(?://|#|---)")
_ELSEWHERE = re.compile(r"(?:echo|cd|ls|cat|pip|uv add|npm|git)\b")
_LONGEST_PROGRAM = 40
_PRINTS = re.compile(r"(?:print|echo|println!|puts)[ (]f?[\"'](?P<text>[^\"'`]+)[\"']\)?;?$")
_GAP = re.compile(r"\{([^{}]*)\}")
_TAG = re.compile(r"<[^>]*>|\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Run:
    """A `command` and the one line it prints, or the line of its error. `program` is the code shown before it."""

    program: Block
    command: str
    output: str
    failed: bool
    spans: tuple[Span, ...]


def ask_runs(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each command whose siblings print something else."""
    runs = list(find_runs(one))
    for run in runs:
        outputs = {other.output for other in runs if other.command == run.command}
        kin = [other for other in runs if other.program is run.program and other.failed == run.failed and other != run]
        if len(outputs) > 1 or run.program.code.count("\n") >= _LONGEST_PROGRAM or _ELSEWHERE.match(run.command):
            continue
        asks = (
            "The command at the end fails. What does it report?"
            if run.failed
            else "What does the command at the end print?"
        )
        stem = f"{asks}\n\n```{run.program.language}\n{run.program.code}\n```\n\n```console\n$ {run.command}\n```"
        if "```" not in run.program.code:
            form: ItemForm = "find_wrong" if run.failed else "predict_output"
            others = [*_list_whole(run), *map(_choice, kin), *_list_branches(one, run)]
            yield from ask_choice(form, one, said, [stem], _choice(run), others, ranked=True)


def _choice(run: Run) -> Choice:
    return Choice(f"`{run.output}`", f"`{run.command}` prints this.", run.spans)


def _list_whole(run: Run) -> Iterator[Choice]:
    """The whole number at the end of an output as a fraction, where the program speaks of such numbers."""
    if re.search(r" -?\d+$", run.output) and "float" in run.program.code:
        yield Choice(f"`{run.output}.0`", f"`{run.command}` prints a whole number.", run.spans)


def _list_branches(one: TaughtSection, run: Run) -> Iterator[Choice]:
    """The other lines that the program can print, filled in as the printed one was, and that line with its gaps."""
    told = [
        (found["text"], span)
        for block, line, span in list_code_lines(one)
        if block is run.program and (found := _PRINTS.search(line))
    ]
    own = next(((text, span, gaps) for text, span in told if (gaps := _read_gaps(text, run.output)) is not None), None)
    if own is None:
        return
    for text, span in told:
        known = _GAP.sub(lambda gap: own[2].get(gap.group(1), gap.group()), text)
        if known != run.output and not _GAP.search(known):
            yield Choice(f"`{known}`", f"`{text}` is printed in another case.", (span,))
    if own[2]:
        yield Choice(f"`{own[0]}`", "the names in braces are replaced by their values.", (own[1],))


def _read_gaps(text: str, output: str) -> dict[str, str] | None:
    """The values of the names in braces with which a text becomes the output; None if it does not."""
    names = _GAP.findall(text)
    pattern = "(.+)".join(re.escape(part) for part in _GAP.split(text)[::2])
    found = re.fullmatch(pattern, output)
    return dict(zip(names, found.groups(), strict=True)) if found else None


def find_runs(one: TaughtSection) -> Iterator[Run]:
    """The commands of a section that run the program shown before them."""
    program: Block | None = None
    for block in one.section.blocks:
        if block.kind != "code":
            continue
        lines = [(line, span) for own, line, span in list_code_lines(one) if own is block]
        if block.language in _SHELLS and any(_COMMAND.match(line) for line, _ in lines):
            if program is not None:
                yield from _read(program, lines)
        elif block.language not in _SHELLS:
            program = block


def _read(program: Block, lines: list[tuple[str, Span]]) -> Iterator[Run]:
    command: tuple[str, Span] | None = None
    printed: list[tuple[str, Span]] = []
    for line, span in [*lines, ("$ end", lines[-1][1])]:
        found = _COMMAND.match(line)
        if found:
            if command:
                yield from _run(program, command, printed)
            command, printed = (found["command"].strip(), span), []
        elif line.strip() and not _REMARK.match(line):
            printed.append((line.strip(), span))


def _run(program: Block, command: tuple[str, Span], printed: list[tuple[str, Span]]) -> Iterator[Run]:
    errors = [(line, span) for line, span in printed if re.match(r"(?:\w*Error|error|Usage error)\b.*:\s", line)]
    told = errors[:1] or (printed if len(printed) == 1 else [])
    for line, span in told:
        if not _TAG.search(line) and "`" not in line + command[0]:
            yield Run(program, command[0], line, bool(errors), (command[1], span))
