"""Which command printed this: commands of one program that the documentation shows with what each prints."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.modules.offline.items.options import ask_choice, list_short
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.runs import find_runs
from services.modules.offline.items.taught_text import TaughtText, list_lines
from shared.course.plain_text import drop_targets
from shared.docs.model import Block
from shared.engine.types import Span

_ASKS = "Which command printed this?"
_SHELLS = frozenset(["sh", "bash", "console", "shell", "shell-session", "zsh", "terminal"])
_OUTPUTS = frozenset(("", "text", "txt", "console", "output", "none"))
_TYPED = re.compile(r"[$%❯] +(?=\S)")
_LONGEST, _MOST_LINES, _WIDEST, _REACH, _FEWEST = 76, 10, 120, 120, 2
_RUNS_A_FILE = re.compile(
    r"(?:cat|less|cd|echo|node|deno|ruby|perl|bash|sh|go|cargo|make|ls|\.?/|sudo|docker|uv)\b|.*(?:python|\./)"
)
"""Programs whose output is that of a file, or of another program."""
_CUT = re.compile(r"\.{3}|…|`|\bhelp\b|\[TAB\]|[<>|;&]|\\$|-h$|-V$|version$|\b(?=\w*\d)[0-9a-f]{7,}\b")
"""What is no command as it is typed, and what only those who were there know."""
_OF_SHELL = re.compile(r"(?:[^'$]|'[^']*'|\$(?![{A-Za-z_]))*\$")
"""A variable of the shell, whose value is not shown; between single quotes a dollar is a plain sign."""
_FAILS = re.compile(r"(?:[\w./-]+: )?(?:\w+ )*error\b", re.IGNORECASE)
_NAMES_FILE = re.compile(r"[\w./-]*(?:\w/\w|\w\.[a-z]\w*)[\w./-]*")
_PROGRAM = re.compile(r"[a-z][\w-]+(?= -)|[a-z][\w-]+(?= [a-z][\w-]+(?: |$))")
"""The name of a program before an option or the name of a task."""
_REMARK = re.compile(r"\s*(?://|# |```|\W*(?:\.{3}|…)|[$%❯] )")
_CODE = re.compile(r"`([^`]+)`")
_WORD = re.compile(r"[\w@/~^*%+-]{2,}")
_KINDS = (
    (re.compile(r"\b[0-9a-f]{30,}\b"), "H"),
    (re.compile(r"\b(?=\w*\d)[0-9a-f]{7,12}\b"), "h"),
    (re.compile(r"\d+(?:[.,:-]\d+)*"), "0"),
    (re.compile(r"[^\W\d]+(?:[./_-][^\W\d]+)*"), "a"),
    (re.compile(r"(?<=\S) +"), " "),
    (re.compile(r"a(?: a)+"), "a"),
)
"""What a line is built of: a line of the same build may be another command's in another state."""


@dataclass(frozen=True)
class Printed:
    """A command and what it printed. `lead` is the sentence before it, if that ends in a colon."""

    command: str
    lines: tuple[str, ...]
    spans: tuple[Span, ...]
    document_id: str
    lead: tuple[str, Span] | None = None

    @property
    def family(self) -> tuple[str, str]:
        """The document, and the program with the task that it is given."""
        words = self.command.split()
        return self.document_id, " ".join(words[: 2 if len(words) > 1 and words[1].isalpha() else 1])

    @property
    def files(self) -> set[str]:
        """The files that the command reads: what is in another file is not shown."""
        return {word for word in self.command.split()[1:] if _NAMES_FILE.fullmatch(word)}

    @property
    def fails(self) -> bool:
        """Whether an error is printed: which of two errors comes first is the program's matter."""
        return any(_FAILS.match(line) for line in self.lines)

    @property
    def flags(self) -> tuple[str, ...]:
        """The command without the values that it is given: which of two values it was nobody can tell."""
        words = self.command.removeprefix(self.family[1]).split()
        return (
            *(word.partition("=")[0] for word in words if word.startswith("-")),
            "value" * any(not word.startswith("-") for word in words),
        )


def ask_commands(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """For each output the choice between commands with other options, which print something of another build."""
    for printed in said.recall(list_printed, one):
        shown = "\n".join(printed.lines)
        near = said.list_near(list_printed, _name_family, printed, _REACH)
        builds = _list_builds(printed)
        found = [other for other in near if isinstance(other, Printed) and other.flags != printed.flags]
        alike = {other.command for other in found if _list_builds(other) <= builds or _list_builds(other) >= builds}
        others = [other for other in found if other.command not in alike and not (printed.fails and other.fails)]
        own, key = _list_own(printed, shown), _tell(printed, said)
        others = [other for other in others if printed.files == other.files]
        fit = [_tell_other(other) for other in others if own <= _list_own(other, shown)]
        likely = {other.text for other in fit}
        if len(likely) >= _FEWEST:
            short = list_short(key, fit, map(_tell_other, others))
            yield from ask_choice("fill_call", one, said, f"{_ASKS}\n\n```\n{shown}\n```", key, [*fit, *short], likely)


def list_printed(one: TaughtSection, said: TaughtText) -> Iterator[Printed]:
    """The commands of a section with what each printed. Those that run a program which is shown are asked otherwise."""
    if said.recall(find_runs, one):
        return
    for (before, block), (_, after) in pairwise(pairwise([None, *one.section.blocks, None])):
        if block is None or block.kind != "code" or block.language.lower() not in {*_SHELLS, *_OUTPUTS}:
            continue
        lines = list_lines(one, block)
        starts = [at for at, (line, _) in enumerate(lines) if _TYPED.match(line)]
        lead = _read_lead(one, before)
        if starts:
            for start, end in pairwise([*starts, len(lines)]):
                yield from _read_printed(one, lines[start:end], lead if start == starts[0] else None)
        elif _is_typed(lines, block, said) and after and after.kind == "code" and after.language in _OUTPUTS:
            yield from _read_printed(one, [*lines, *list_lines(one, after)], lead)


def _is_typed(lines: Sequence[tuple[str, Span]], block: Block, said: TaughtText) -> bool:
    """Whether a block is a command: one line of a shell, or of no known language for a program that the text names."""
    program = _PROGRAM.match(lines[0][0])
    return len(lines) == 1 and (block.language in _SHELLS or bool(program and said.names(program.group())))


def _read_printed(
    one: TaughtSection, lines: list[tuple[str, Span]], lead: tuple[str, Span] | None
) -> Iterator[Printed]:
    (typed, _), *rest = lines
    command, output = _TYPED.sub("", typed, count=1).strip(), [(line.rstrip(), span) for line, span in rest]
    filled = [at for at, (line, _) in enumerate(output) if line]
    output = output[filled[0] : filled[-1] + 1] if filled else []
    fits = 0 < len(output) <= _MOST_LINES and max(len(line) for line, _ in output) <= _WIDEST
    whole = not any(_REMARK.match(line) or command in line for line, _ in output)
    cut = _RUNS_A_FILE.match(command) or _CUT.search(command) or _OF_SHELL.match(command)
    if fits and whole and len(command) <= _LONGEST and not cut:
        spans = (lines[0][1], *(span for _, span in output))
        yield Printed(command, tuple(line for line, _ in output), spans, one.document_id, lead)


def _read_lead(one: TaughtSection, before: Block | None) -> tuple[str, Span] | None:
    if before is None or before.kind == "code" or not before.sentences:
        return None
    last = before.sentences[-1]
    span = Span(path=last.path or one.path, start_line=last.start_line, end_line=last.end_line)
    told = drop_targets(last.text).strip()
    return (told.rstrip(":"), span) if told.endswith(":") and "\n" not in told else None


def _name_family(printed: Printed) -> tuple[str, str]:
    return printed.family


def _list_builds(printed: Printed) -> frozenset[str]:
    """How the lines of an output are built, without their words."""
    found = []
    for line in printed.lines:
        text = line
        for pattern, sign in _KINDS:
            text = pattern.sub(sign, text)
        found.append(text)
    return frozenset(text for text in found if text.strip())


def _list_own(printed: Printed, shown: str) -> set[str]:
    """The words of a command that an output has: by them alone nobody should find the command."""
    return {word for word in _WORD.findall(printed.command.lower()) if word.strip("-") in shown.lower()}


def _tell(printed: Printed, said: TaughtText) -> Choice:
    says, lead = f"`{printed.command}` printed this", printed.lead
    codes = _CODE.findall(lead[0]) if lead else []
    about = codes and all(code in printed.command and (" " in code or code.startswith("-")) for code in codes)
    if lead and about and not said.find_missing(f"“{lead[0]}”", [lead[1]]):
        return Choice(f"`{printed.command}`", f"{says}: “{lead[0]}”.", (*printed.spans, lead[1]))
    return Choice(f"`{printed.command}`", f"{says}.", printed.spans)


def _tell_other(printed: Printed) -> Choice:
    first = next(line for line in printed.lines if line.strip()).strip()
    return Choice(f"`{printed.command}`", f"`{printed.command}` printed something else: `{first}`.", printed.spans)
