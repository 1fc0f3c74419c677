"""Predict what a program or a command prints, where the section shows the program, or the command brings its input."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile, takewhile

from services.modules.offline.items.copied import squeeze
from services.modules.offline.items.examples import Shown
from services.modules.offline.items.needed_code import LEFT_OUT, write_code
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
    r"~/|\*\.|\b(?:prompt|confirm|input|getpass|open|read\w*|exists|now|today|date|random|sample(?!\.)|shuffle|parallel|curl|wget|fetch)\b|\d\d:\d\d",
    re.IGNORECASE,
)
_NAME, _WORD = re.compile(r"[^\W\d_]{2,}"), re.compile(r"[^\W\d_]+")
_GIVEN = re.compile(r"(?:echo(?: -[ne]+)?|printf|seq) (?P<given>'[^']*'|\d[\d ]*)\s*\|\s*(?P<tool>\w.*)")
"""A command that is given a text or numbers by the line that runs it."""
_QUOTED = re.compile(r'"([^"]+)"')
_TEXT, _ELSEWHERE = re.compile(r"\$?'[^']*'"), re.compile(r"[$<>\"`]|\w[./]\w")
_BY_CHANCE, _FEWEST_PARTS = re.compile(r"\b(?:shuf|sort -R|xargs -P|file|time)\b|\d\d:\d\d|\d{4}-\d\d|\s{2}|\$$|##"), 3
_SAYS = re.compile(
    r"(?:^(?:the )?(?:output|result)s?(?: is| will be)?|\b(?:prints?|outputs?|produces?|results? in|render(?:s|ed)(?: to| as)?"
    r"|returns?|gives?|yields?|(?:evaluates?|expands?) to|becomes)(?: (?:this|the following)(?: \w+){0,2})?)\W*$",
    re.IGNORECASE,
)
"""A sentence that leads to what the code above it prints, or the code in it."""
_TEMPLATE, _IN_CODE, _MOST_OF_LEAD = re.compile(r"\{\{|\{%"), re.compile(r"`[^`]*[^`\w][^`]*`"), 30
_PROMPT, _DOES, _MOST_BETWEEN = re.compile(r"[>$] "), re.compile(r"[({|=$<]|^\w+ \S", re.MULTILINE), 2
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
    """A question for each program and each command that prints a few lines, which it or what it is given decides."""
    program: Block | None = None
    for at, block in enumerate(one.section.blocks):
        if block.language in _SHELLS and any(map(_COMMAND.match, block.code.split("\n"))):
            for run in _list_runs(one, block):
                if program and _is_decided(program, run):
                    yield _ask(one, program, run, f"```{program.language}\n{program.code}\n```\n\n")
                elif _has_all(run):
                    yield _ask(one, block, run)
        elif block.kind == "code":
            yield from _ask_led(one, led, block, said) if (led := _list_led(one, at)) else ()
            if block.language in _PROGRAMS or block.language not in _SHELLS:
                program = None if block.language in _SETTINGS else block


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


def _list_led(one: TaughtSection, at: int) -> Sequence[Block]:
    """The blocks that a block is what comes of: a program, and the file that it reads, with the sentence that says so."""
    *before, output = one.section.blocks[: at + 1]
    lead = before[-1] if before else output
    text = lead.sentences[-1].text if lead.sentences else ""
    if not _SAYS.search(text) or len(text.split()) > _MOST_OF_LEAD:
        is_made = output.language == "json" and lead.language in _PROGRAMS
        is_next = lead.language not in _SHELLS | _SETTINGS and output.language in _SHELLS - _PROGRAMS
        return (lead,) if lead.kind == "code" and (is_made or is_next) else ()
    if _IN_CODE.search(text) and "above" not in text:
        return (lead,)
    *before, program = before[:-1] or [lead]
    is_other = program.language != output.language or "{{" in program.code or not output.language
    if program.kind != "code" or not is_other or not (_DOES.search(program.code) and program.language != "text"):
        return ()
    reads = before[-2:] if len(before) > 1 and before[-2].kind == "code" and _count_words(before[-1]) <= _MOST_BETWEEN else ()
    return (*before[-3:-2], *reads, program, lead) if reads else (program, lead)


def _count_words(block: Block) -> int:
    return sum(len(sentence.text.split()) for sentence in block.sentences)


def _ask_led(one: TaughtSection, led: Sequence[Block], output: Block, said: TaughtText) -> Iterator[Question]:
    """The question what comes of the code that leads to a block."""
    printed = [line for line in list_lines(one, output) if line[0].strip()]
    program = next((block for block in reversed(led) if block.kind == "code"), led[-1])
    text, lines = _join(printed), list_lines(one, program)
    is_fit = 0 < len(printed) <= _MOST_PRINTED and len(text) <= _LONGEST and not _PROMPT.match(text) and is_lasting(text)
    if not is_fit or any("```" in block.code or LEFT_OUT.search(block.code) for block in led):
        return
    asked = [block for block in led if block.kind == "code" or block is not led[-1] or led[:-1] == ()]
    code, stem = "\n".join(block.code or _show(block) for block in asked), "\n\n".join(map(_show, asked))
    if lines and not (program.language in _SHELLS or _TEMPLATE.search(program.code)):
        shown = Shown(program, "\n".join(line for line, _ in lines[:-1]), lines[-1][0], text, (lines[-1][1],))
        code = write_code(one, shown, said)
        stem = f"```{program.language}\n{code}\n```"
    if code and _decides(code, text):
        yield _ask(one, program, Run(output, "", text, (*(own for _, own in lines[-1:]), _span(printed))), stem)


def _show(block: Block) -> str:
    return f"```{block.language}\n{block.code}\n```" if block.kind == "code" else block.sentences[-1].text


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
    asks = f"{'What does the command print' if run.command else 'What is the result'}?{in_one}"
    command = f"```console\n$ {run.command}\n```" if run.command else ""
    asked = run.command.partition(" ")[2] or shown.rpartition("\n```")[0].rpartition("\n")[2]
    reason = find_reason(one, run.block, asked, run.spans, block)
    reason = None if reason and reason[0] in shown else reason
    says = f"`{run.command}` prints" if run.command else "The result is"
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
