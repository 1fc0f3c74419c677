"""Predict what a program or a command prints, where the section shows the program, or the command brings its input."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile, takewhile

from services.modules.offline.items.copied import squeeze
from services.modules.offline.items.examples import Shown
from services.modules.offline.items.needed_code import write_code
from services.modules.offline.items.predict_output import is_lasting, is_worked_out
from services.modules.offline.items.question import Question, TaughtSection
from services.modules.offline.items.reasons import find_reason, tell_reason
from services.modules.offline.items.taught_text import TaughtText, list_lines
from shared.docs.model import Block
from shared.engine.types import Span

_SHELLS = frozenset({"console", "shell", "sh", "bash", "text", "", "shell-session", "terminal", "shellsession"})
_PROGRAMS, _SETTINGS = frozenset({"sh", "bash"}), frozenset({"yaml", "yml", "toml", "json", "ini"})
"""The languages of a shell in which a program may be written; and those of settings, of which a tool says more."""
_COMMAND = re.compile(r"^(?:\([\w.-]+\) )?\$ (?P<command>\S.*)$")
_MOST_LINES, _MOST_PRINTED, _LONGEST = 30, 4, 60
_FROM_OUTSIDE = re.compile(
    r"```|~/|\*\.|\b(?:prompt|confirm|input|getpass|open|read\w*|exists|now|today|date|random|sample|shuffle|parallel|curl|wget|fetch)\b|\d\d:\d\d",
    re.IGNORECASE,
)
_NAME, _WORD = re.compile(r"[^\W\d_]{2,}"), re.compile(r"[^\W\d_]+")
_GIVEN = re.compile(r"(?:echo(?: -[ne]+)?|printf|seq) (?P<given>'[^']*'|\d[\d ]*)\s*\|\s*(?P<tool>\w.*)")
"""A command that is given a text or numbers by the line that runs it."""
_QUOTED = re.compile(r'"([^"]+)"')
_TEXT, _ELSEWHERE = re.compile(r"\$?'[^']*'"), re.compile(r"[$<>\"`]|\w[./]\w")
_BY_CHANCE, _FEWEST_PARTS = re.compile(r"\b(?:shuf|sort -R|xargs -P|file|time)\b|\d\d:\d\d|\d{4}-\d\d|\s{2}|\$$|##"), 3
_SAYS, _MOST_WORDS = re.compile(r"\b(?:prints?|outputs?|results?|produces?)\b", re.IGNORECASE), 8
_IN_ONE = " Write its lines as one, with a space between."
Line = tuple[str, Span]


@dataclass(frozen=True)
class Run:
    """A command, and the lines that it prints as one."""

    block: Block
    command: str
    printed: str
    spans: tuple[Span, ...]


def ask_runs(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each program and each command that prints a few lines, which it or what it is given decides."""
    program: Block | None = None
    for at, block in enumerate(one.section.blocks):
        if block.language in _SHELLS and any(map(_COMMAND.match, block.code.split("\n"))):
            for run in _list_runs(one, block):
                if program and _is_decided(program, run):
                    yield _ask(one, program, run, f"```{program.language}\n{program.code}\n```\n\n")
                elif _has_all(run):
                    yield _ask(one, block, run)
        elif block.kind == "code" and (block.language in _PROGRAMS or block.language not in _SHELLS):
            program = None if block.language in _SETTINGS else block
        elif program and block.kind == "code" and _is_output(one.section.blocks[:at], program):
            yield from _ask_program(one, program, block, said)


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
    for (command, at), *below in groups:
        below = [*dropwhile(_is_remark, below)]
        printed = [*takewhile(lambda line: line[0], below)]
        rest = [line for line in below[len(printed) :] if line[0]]
        is_clear = not any(map(_is_remark, printed)) and all(map(_is_remark, rest))
        # A command that stands twice does not alone decide, and what another one prints can be copied.
        is_clear = is_clear and sum(group[0][0] == command for group in groups) == 1
        is_clear = is_clear and sum(_texts(group[1:]) == _texts(below) for group in groups) <= 1
        if is_clear and 0 < len(printed) <= _MOST_PRINTED and (found := _COMMAND.match(command)):
            yield Run(block, found["command"], _join(printed), (at, _span(printed)))


def _texts(lines: Sequence[Line]) -> list[str]:
    return [text for text, _ in lines if text]


def _is_remark(line: Line) -> bool:
    return line[0].startswith("# ")


def _join(lines: Iterable[Line]) -> str:
    return " ".join(line.strip() for line, _ in lines)


def _span(lines: Sequence[Line]) -> Span:
    """The lines as one place: an answer stands in it whole."""
    first, last = lines[0][1], lines[-1][1]
    return Span(path=first.path, start_line=first.start_line, end_line=last.end_line)


def _is_decided(program: Block, run: Run) -> bool:
    """Whether the program that is shown prints the lines on every run, and they have to be worked out."""
    code, command = program.code, run.command
    is_run = command.split()[0] == program.language or bool(_list_names(command) & _list_names(code))
    is_short = max(len(command), len(run.printed)) <= _LONGEST
    return is_run and is_short and bool(_WORD.search(run.printed)) and _decides(f"{code}\n{command}", run.printed)


def _decides(code: str, printed: str) -> bool:
    """Whether what is printed has to be worked out, of words that stand in the code: a letter alone as it is."""
    known = {*_WORD.findall(code)}
    as_well = {word.lower() for word in known}
    return (
        code.count("\n") <= _MOST_LINES
        and all(word in known or (len(word) > 1 and word.lower() in as_well) for word in _WORD.findall(printed))
        and not _FROM_OUTSIDE.search(f"{code} {printed}")
        and is_worked_out(code, printed)
    )


def _is_output(before: Sequence[Block], program: Block) -> bool:
    """Whether a block below these is what the program prints: it is the last of them, or a line that says so is."""
    lead = [s.text for s in before[-1].sentences]
    says = len(lead) == 1 and len(lead[0].split()) <= _MOST_WORDS and _SAYS.search(lead[0])
    return before[-1] is program or bool(says and before[-2:-1] == (program,))


def _ask_program(one: TaughtSection, program: Block, output: Block, said: TaughtText) -> Iterator[Question]:
    (*before, (last, at)), printed = list_lines(one, program), list_lines(one, output)
    text, spans = _join(printed), (at, _span(printed))
    shown = Shown(program, "\n".join(line for line, _ in before), last, text, spans)
    is_short = len(printed) <= _MOST_PRINTED and len(text) <= _LONGEST
    if is_short and is_lasting(text) and (code := write_code(one, shown, said)) and _decides(code, text):
        yield _ask(one, program, Run(output, "", text, spans), f"```{program.language}\n{code}\n```")


def _has_all(run: Run) -> bool:
    """Whether a command is given all that it reads, and prints a part of it that a reader has to find."""
    command, text = run.command, run.printed
    found = _GIVEN.fullmatch(command)
    if not found or max(len(command) - _LONGEST, len(text)) > _LONGEST or _BY_CHANCE.search(f"{command} {text}"):
        return False
    given = found["given"].strip("'").replace(r"\n", " ")
    is_choice = len(given.split()) >= _FEWEST_PARTS and squeeze(text) != squeeze(given)
    is_quoted = any(squeeze(quoted) in squeeze(text) for quoted in _QUOTED.findall(given))
    is_message = text.startswith(f"{found['tool'].split()[0]}:")
    return (
        is_choice
        and not (is_message or is_quoted)
        and not _ELSEWHERE.search(_TEXT.sub("", found["tool"]))
        and f"'{text}'" not in found["tool"]
    )


def _list_names(text: str) -> set[str]:
    return set(_NAME.findall(text))


def _ask(one: TaughtSection, block: Block, run: Run, shown: str = "") -> Question:
    """The question about a command, if there is one, after what is shown; else about the program that is."""
    in_one = _IN_ONE if run.spans[-1].end_line > run.spans[-1].start_line else ""
    asks = f"What does the {'command print' if run.command else 'program show'}?{in_one}"
    command = f"```console\n$ {run.command}\n```" if run.command else ""
    asked = run.command.partition(" ")[2] or shown.rpartition("\n```")[0].rpartition("\n")[2]
    reason = find_reason(one, run.block, asked, run.spans, block)
    says = f"`{run.command}` prints" if run.command else "The program shows"
    return Question(
        form="predict_output",
        stem=f"{asks}\n\n{shown}{command}",
        options=(),
        answers=(run.printed,),
        explanation=f"{says} `{run.printed}`{tell_reason(reason)}.",
        spans=(*run.spans, reason[1]) if reason else run.spans,
        document_id=one.document_id,
        section_id=one.section.id,
        bloom="apply",
        example=block.start_line,
    )
