"""Which command prints this: sibling commands that differ in their flags, each with what the documentation shows."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.modules.offline.items.options import ask_choice
from services.modules.offline.items.question import Choice, Question, TaughtSection
from services.modules.offline.items.taught_text import TaughtText, list_lines
from shared.docs.model import Block
from shared.engine.types import Span

_SHELLS = frozenset({"console", "shell", "sh", "bash", "zsh", "shell-session", "terminal"})
_COMMAND = re.compile(r"^(?:[$%] )?(?P<command>[a-z][\w.-]+(?: .*)?)$")
_PART = re.compile(r"\"[^\"]*\"|'[^']*'|\S+")
_PASSING = re.compile(r"\d{4}-\d\d-\d\d|\d\d:\d\d|```|\.{3}|…|^(?:error|usage)\b", re.IGNORECASE | re.MULTILINE)
_MOST_LINES, _LONGEST_COMMAND, _FEWEST_PARTS, _MOST_KIN = 10, 90, 2, 40


@dataclass(frozen=True)
class Printed:
    """A command, the lines that it prints, and where the command and the first of these lines stand."""

    command: str
    output: str
    spans: tuple[Span, ...]

    @property
    def parts(self) -> list[str]:
        return _PART.findall(self.command)

    @property
    def stem(self) -> tuple[str, ...]:
        """The program and what it is given, up to the first flag."""
        parts = self.parts
        first = next((i for i, part in enumerate(parts) if part.startswith("-")), len(parts))
        return tuple(parts[:first])

    @property
    def first(self) -> str:
        return self.output.split("\n")[0].strip()

    @property
    def choice(self) -> Choice:
        told = f"this command prints other lines, the first is `{self.first}`."
        return Choice(f"`{self.command}`", told, self.spans)


def ask_commands(one: TaughtSection, said: TaughtText) -> Iterator[Question]:
    """A question for each command whose siblings print something else of the same data."""
    printed = said.recall(find_printed, one)
    near = [other for other in said.gather(find_printed) if other.spans[0].path == one.path] if printed else []
    akin: dict[tuple[str, ...], list[Printed]] = {}
    for other in near:
        akin.setdefault(other.stem, []).append(other)
    for own in printed:
        kin = [other for other in akin[own.stem][:_MOST_KIN] if other != own]
        twice = any(own.output == other.output or own.command == other.command for other in kin)
        stem = f"Which of these commands prints this?\n\n```text\n{own.output}\n```"
        key = Choice(f"`{own.command}`", "the documentation shows these lines for this command.", own.spans)
        if not twice and len(own.stem) >= _FEWEST_PARTS and not _PASSING.search(own.output):
            others = [other.choice for other in kin if "`" not in other.first]
            yield from ask_choice("predict_output", one, said, [stem], key, others, ranked=True, lines=True)


def find_printed(one: TaughtSection, said: TaughtText) -> Iterator[Printed]:
    """The commands of a section with what they print: a block of one command before a block of its output."""
    del said
    for block, after in pairwise(one.section.blocks):
        if block.kind == after.kind == "code" and block.language in _SHELLS and _is_output(after):
            lines = [(line, span) for line, span in list_lines(one, block) if line.strip()]
            found = _COMMAND.match(lines[0][0].strip()) if len(lines) == 1 else None
            if found and len(found["command"]) <= _LONGEST_COMMAND and "`" not in found["command"]:
                output = after.code.strip("\n")
                yield Printed(found["command"], output, (lines[0][1], list_lines(one, after)[0][1]))


def _is_output(block: Block) -> bool:
    """Whether a block may be what a command prints."""
    lines: Sequence[str] = block.code.strip("\n").split("\n")
    return (
        block.language not in _SHELLS
        and len(lines) <= _MOST_LINES
        and bool(lines[0].strip())
        and not re.match(r"[$%>] ", lines[0])
    )
