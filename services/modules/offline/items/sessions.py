"""Predict the output of a command, or find why it fails: sessions at a shell beside the program they run."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from services.modules.offline.items.options import ask_choice
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText, list_lines
from shared.course.scales import ItemForm
from shared.docs.model import Block
from shared.engine.types import Span

_SHELLS = frozenset({"console", "shell", "sh", "bash", "text", "", "shell-session", "terminal"})
_COMMAND = re.compile(r"^(?:\([\w.-]+\) )?\$ (?P<command>\S.*)$")
_REMARK = re.compile(r"^(?://|#|---)")
_ELSEWHERE = re.compile(r"^(?:echo|cd|ls|cat|pip|uv add|npm|git)\b|\[TAB\]")
_RUNS_FILE = re.compile(r"\b[\w-]+\.\w+\b|\s-m\s")
_PRINTING = re.compile(r"print|echo|puts|log|write|format|render", re.IGNORECASE)
_LONGEST_PROGRAM = 40
_PRINTS = re.compile(r"(?:print|echo|println!|puts)[ (]f?[\"'](?P<text>[^\"'`]+)[\"']\)?;?$")
_GAP = re.compile(r"\{([^{}]*)\}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_FAILS = re.compile(r"(?:\w*Error|error|Usage error)\b.*:\s")
_ASKS = "What does the command at the end print?"
_ASKS_LAST = "What is the last line that the command at the end prints?"
_BOX, _MOST_PRINTED = re.compile(r"[─-╿]|`|^\s*[$>#]|^Usage|\[\w+\]|%|\d{4}-\d\d"), 8
_FEWEST_OTHERS = 2
_FROM_OUTSIDE = re.compile(
    r"prompt\s*=|\b(?:prompt|confirm|input|getpass|open|read\w*|exists|is_file|is_dir|now|today)\(|\brandom\b"
)
_TAG = re.compile(r"<[^>]*>|\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Run:
    """A `command` and the last line it prints, or the line of its error. `program` is the code shown before it.

    `earlier` are the lines that it prints before.
    """

    program: Block
    command: str
    output: str
    failed: bool
    spans: tuple[Span, ...]
    earlier: tuple[tuple[str, Span], ...] = ()


def ask_runs(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each command for which the program, or another one of the document, can print something else."""
    runs = said.recall(find_runs, one)
    near = [run for run in said.gather(find_runs) if run.spans[0].path == one.path]
    for run in runs:
        outputs = {other.output for other in runs if (other.command, other.program) == (run.command, run.program)}
        known = f"{run.program.code} {run.command}"
        if len(outputs) > 1 or run.program.code.count("\n") >= _LONGEST_PROGRAM or _ELSEWHERE.search(run.command):
            continue
        if not _is_decided(run) or not (run.failed or _can_print(run.output, known)):
            continue
        own = [other for other in runs if other.program is run.program and other != run]
        rest = [other for other in near if other not in own and other != run and other.command != run.command]
        same = [other for other in near if other.command == run.command and other.program is not run.program]
        kin = [other for other in (*own, *same, *_rank(run, rest)) if _can_print(other.output, known)]
        fails = run.failed and sum(other.failed for other in kin) >= _FEWEST_OTHERS
        kin = [other for other in kin if other.failed] if fails else kin
        asks = "The command at the end fails. What does it report?" if fails else _ASKS_LAST if run.earlier else _ASKS
        stem = f"{asks}\n\n```{run.program.language}\n{run.program.code}\n```\n\n```console\n$ {run.command}\n```"
        form: ItemForm = "find_wrong" if fails else "predict_output"
        of_others = [_choice(other, run.program) for other in kin]
        others = [*_list_earlier(run), *_list_whole(run), *_list_branches(one, run), *of_others]
        yield from ask_choice(form, one, said, [stem], _choice(run, run.program), others, ranked=True)


def _is_decided(run: Run) -> bool:
    """Whether the program as it is shown decides what the command prints: it prints something, reads nothing, and the
    command runs it. A command of Python names one file; without a file, or with a second one, other code is at work.
    """
    code, files = run.program.code, _RUNS_FILE.findall(run.command)
    runs_it = len(files) == 1 or (not files and not run.program.language.startswith("py"))
    return runs_it and "```" not in code and not _FROM_OUTSIDE.search(code) and bool(_PRINTING.search(code))


def _rank(run: Run, others: list[Run]) -> list[Run]:
    """The runs whose output has most words in common first."""
    own = set(run.output.lower().split())
    return sorted(others, key=lambda other: -len(own & set(other.output.lower().split())))


def _can_print(output: str, known: str) -> bool:
    """Whether a program and its command have all words and labels of a line; of an error, those that it quotes."""
    if _FAILS.match(output):
        return all(text.strip("'") in known for text in re.findall(r"'[^']*'|--\w[\w-]*", output))
    words, labels = _WORD.findall(output), re.findall(r"\w+:", output)
    return bool(words) and set(words) <= set(_WORD.findall(known)) and all(label in known for label in labels)


def _list_earlier(run: Run) -> Iterator[Choice]:
    """The lines that the command prints before its last one, the nearest first."""
    for text, span in reversed(run.earlier):
        if _WORD.search(text) and text != run.output:
            yield Choice(f"`{text}`", f"`{run.command}` prints this before the last line.", (span,))


def _choice(run: Run, asked: Block) -> Choice:
    """The output of a run, of the program that is asked about or of another one of the page."""
    whose = "" if run.program is asked else " with another program of the page"
    return Choice(f"`{run.output}`", f"`{run.command}` prints this{whose}.", run.spans)


def _list_whole(run: Run) -> Iterator[Choice]:
    """The whole number at the end of an output as a fraction, where the program speaks of such numbers."""
    if re.search(r" -?\d+$", run.output) and "float" in run.program.code:
        yield Choice(f"`{run.output}.0`", f"`{run.command}` prints a whole number.", run.spans)


def _list_branches(one: TaughtSection, run: Run) -> Iterator[Choice]:
    """The other lines that the program can print, filled in as the printed one was, and that line with its gaps."""
    told = [(found["text"], span) for line, span in list_lines(one, run.program) if (found := _PRINTS.search(line))]
    own = next(((text, span, gaps) for text, span in told if (gaps := _read_gaps(text, run.output)) is not None), None)
    if own is None:
        return
    for text, span in told:
        known = _GAP.sub(lambda gap: own[2].get(gap.group(1), gap.group()), text)
        if known != run.output and not _GAP.search(known):
            yield Choice(f"`{known}`", f"`{text}` stands at another place of the program.", (span,))
    if own[2]:
        yield Choice(f"`{own[0]}`", "the names in braces are replaced by their values.", (own[1],))


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
    errors = [(line, span) for line, span in printed if _FAILS.match(line)]
    plain = 0 < len(printed) <= _MOST_PRINTED and not any(_BOX.search(line) for line, _ in printed)
    told = errors[:1] or (printed[-1:] if len(printed) == 1 or plain else [])
    for line, span in told:
        if not _TAG.search(line) and "`" not in line + command[0]:
            earlier = () if errors else tuple(printed[:-1])
            yield Run(program, command[0], line, bool(errors), (command[1], span), earlier)
