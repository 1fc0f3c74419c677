"""Predict what a command prints, where the section shows the program that it runs, or the command brings its input."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile, takewhile

from services.modules.offline.items.copied import squeeze
from services.modules.offline.items.predict_output import is_lasting, is_worked_out
from services.modules.offline.items.question import Question, TaughtSection
from services.modules.offline.items.reasons import find_reason
from services.modules.offline.items.taught_text import TaughtText, list_lines
from shared.docs.model import Block
from shared.engine.types import Span

_SHELLS = frozenset({"console", "shell", "sh", "bash", "text", "", "shell-session", "terminal", "shellsession"})
_PROGRAMS, _SETTINGS = frozenset({"sh", "bash"}), frozenset({"yaml", "yml", "toml", "json", "ini"})
"""The languages of a shell in which a program may be written; and those of settings, of which a tool says more."""
_COMMAND = re.compile(r"^(?:\([\w.-]+\) )?\$ (\S.*)$", re.MULTILINE)
_MOST_LINES, _MOST_PRINTED, _LONGEST = 30, 4, 60
_FROM_OUTSIDE = re.compile(
    r"~/|\*\.|\b(?:prompt|confirm|input|getpass|open|read\w*|exists|now|today|date|random|sample(?!\.)|shuffle|parallel|curl|wget|fetch|make|cc|gcc|scp|ssh|server)\b|\d\d:\d\d",
    re.IGNORECASE,
)
_NAME, _WORD = re.compile(r"[^\W\d_]{2,}"), re.compile(r"[^\W\d]+")
_GIVEN = re.compile(r"(?:echo(?: -[ne]+)?|printf|seq) (?P<given>'[^']*'|\d[\d ]*+)\s*+\|\s*+(?P<tool>\w.*)")
"""A command that is given a text or numbers by the line that runs it."""
_TEXT, _ELSEWHERE = re.compile(r"\$?'[^']*'"), re.compile(r"[$<>\"`]|\w[./]\w")
_BY_CHANCE, _FEWEST_PARTS = re.compile(r"\b(?:shuf|sort -R|xargs -P|file|time)\b|\d\d:\d\d|\d{4}-\d\d|\s{2}|\$$|##"), 3
_LEADS = re.compile(
    r"\b(?:outputs?|prints?|produces?|returns?|gives?|yields?|results? in)(?: \w+){0,3}\W*$", re.IGNORECASE
)
"""A sentence that leads to what the command above it prints."""
_IN_ONE = " Write all lines of it; a space may stand for the end of a line."
Line = tuple[str, Span]


@dataclass(frozen=True)
class Run:
    """A command, and the lines that it prints as one."""

    block: Block
    command: str
    printed: str
    spans: tuple[Span, ...]


def ask_runs(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each command that prints a few lines, which it or what it is given decides."""
    program: Block | None = None
    del said
    for block in one.section.blocks:
        if block.language in _SHELLS and _COMMAND.search(block.code):
            for run in _list_runs(one, block):
                if program and _runs(program, run.command) and _is_decided(program.code, run):
                    yield _ask(one, program, run, f"{_show(program)}\n\n")
                elif _has_all(run):
                    yield _ask(one, block, run)
        elif block.kind == "code" and (block.language in _PROGRAMS or block.language not in _SHELLS):
            program = None if block.language in _SETTINGS else block
    yield from _ask_led(one)


def _ask_led(one: TaughtSection) -> Iterator[Question]:
    """A question for each command that is given a file that is shown, where a sentence leads to what it prints."""
    blocks = one.section.blocks
    for at in range(4, len(blocks)):
        *above, command, lead, output = blocks[max(0, at - 5) : at + 1]
        file = next((own for own in reversed(above[1:]) if own.kind == "code"), None)
        is_led = lead.sentences and _LEADS.search(lead.sentences[-1].text) and output.kind == "code"
        lines = [(line.strip(), span) for line, span in list_lines(one, output) if line.strip()]
        is_command = command.language in _SHELLS - {"", "text"} and "\n" not in command.code
        if file and is_led and is_command and lines:
            run = Run(
                output, command.code.removeprefix("$ "), _join(lines), (_span(list_lines(one, command)), _span(lines))
            )
            shown = above[above.index(file) - 1 :]
            if len(lines) <= _MOST_PRINTED and is_lasting(run.printed) and _is_decided(file.code, run):
                yield _ask(one, command, run, "".join(f"{_show(own)}\n\n" for own in shown))


def _show(block: Block) -> str:
    return (
        f"```{block.language}\n{block.code}\n```"
        if block.kind == "code"
        else " ".join(s.text for s in block.sentences[-1:])
    )


def _name_tool(command: str) -> str:
    """The program that a command runs, or hands a text to: the one of a block that is another one is a comparison."""
    found = _GIVEN.fullmatch(command)
    return (found["tool"] if found else command).split()[0]


def _list_runs(one: TaughtSection, block: Block) -> Iterator[Run]:
    """Each command with what it prints: up to a blank line, after which only remarks may stand. Right below a command
    or above the next one a line may be a remark, too; between two lines that are printed it may be either.
    """
    groups: list[list[Line]] = []
    for line, span in list_lines(one, block):
        if _COMMAND.match(line):
            while groups and _is_remark(groups[-1][-1]):
                groups[-1].pop()
            groups.append([])
        if groups:
            groups[-1].append((line.strip(), span))
    tools = Counter(map(_name_tool, _COMMAND.findall(block.code)))
    for (command, at), *below in groups:
        below = [*dropwhile(_is_remark, below)]
        printed = [*takewhile(lambda line: line[0], below)]
        rest = [line for line in below[len(printed) :] if line[0]]
        is_clear = not any(map(_is_remark, printed)) and all(map(_is_remark, rest))
        # A command that stands twice does not alone decide, and what another one prints can be copied.
        is_clear = is_clear and sum(group[0][0] == command for group in groups) == 1
        is_clear = is_clear and sum(_join(group[1:]).split() == _join(below).split() for group in groups) <= 1
        found = _COMMAND.match(command)
        is_own = found and (tools[_name_tool(found[1])] > 1 or max(tools.values()) == 1)
        if found and is_own and is_clear and 0 < len(printed) <= _MOST_PRINTED:
            yield Run(block, found[1], _join(printed), (at, _span(printed)))


def _is_remark(line: Line) -> bool:
    return line[0].startswith("# ")


def _join(lines: Iterable[Line]) -> str:
    """Some lines as one."""
    return " ".join(line.strip() for line, _ in lines)


def _span(lines: Sequence[Line]) -> Span:
    """The lines as one place: an answer stands in it whole."""
    first, last = lines[0][1], lines[-1][1]
    return Span(path=first.path, start_line=first.start_line, end_line=last.end_line)


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
        and is_worked_out(f"{code}\n{command}", printed)
    )


def _has_all(run: Run) -> bool:
    """Whether a command is given all that it reads, and prints a part of it that a reader has to find."""
    command, text = run.command, run.printed
    found = _GIVEN.fullmatch(command)
    if not found or max(len(command) - _LONGEST, len(text)) > _LONGEST or _BY_CHANCE.search(f"{command} {text}"):
        return False
    given = found["given"].strip("'").replace(r"\n", " ")
    is_choice = len(given.split()) >= _FEWEST_PARTS and squeeze(text) != squeeze(given)
    is_message = text.startswith(f"{found['tool'].split()[0]}:")
    return (
        is_choice
        and not is_message
        and not _ELSEWHERE.search(_TEXT.sub("", found["tool"]))
        and f"'{text}'" not in found["tool"]
    )


def _ask(one: TaughtSection, block: Block, run: Run, shown: str = "") -> Question:
    """The question about a command, after the program that is shown, if there is one."""
    in_one = _IN_ONE if run.spans[-1].end_line > run.spans[-1].start_line else ""
    given = run.command.partition(" ")[2]
    reason = find_reason(one, run.block, f"{given}\n{shown}", run.spans, block)
    reason = None if reason and reason[0] in shown else reason
    stem = f"What does the command print?{in_one}\n\n{shown}```console\n$ {run.command}\n```"
    says = f"`{run.command}` prints `{run.printed}`"
    return Question(one, block, "predict_output", stem, says, run.spans, reason, answers=(run.printed,))
