"""Explicit markup (`.. something`): directives are handed on; targets, footnotes and comments say nothing here."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.docs.prose import Line, dedent, trim_blank

DIRECTIVE = re.compile(r"^\.\.\s+(?P<name>[A-Za-z][\w:+.-]*?)\s?::(?:\s+(?P<argument>.*))?$")
_OPTION = re.compile(r"^:(?P<name>\w[\w -]*):(?:\s+(?P<value>.*))?$")


@dataclass(frozen=True)
class Directive:
    """A directive: its name in lower case, the lines of its argument, its options and the lines of its body."""

    name: str
    line: int
    argument: tuple[Line, ...] = ()
    options: dict[str, str] = field(default_factory=dict)
    body: tuple[Line, ...] = ()

    @property
    def argument_text(self) -> str:
        """The argument on one line."""
        return " ".join(line.text.strip() for line in self.argument).strip()

    @property
    def content(self) -> tuple[Line, ...]:
        """Argument and body together, for directives that take no argument."""
        if not self.argument:
            return self.body
        gap = (Line(self.argument[-1].number, ""),) if self.body else ()
        return (*self.argument, *gap, *self.body)


def parse_directive(lines: Sequence[Line]) -> Directive | None:
    """The directive these lines are, or None when they are other explicit markup."""
    match = DIRECTIVE.match(lines[0].text)
    if match is None:
        return None
    rest = dedent(lines[1:])
    argument = [Line(lines[0].number, match["argument"].strip())] if (match["argument"] or "").strip() else []
    index = 0
    while index < len(rest) and rest[index].text.strip() and not _OPTION.match(rest[index].text):
        argument.append(Line(rest[index].number, rest[index].text))
        index += 1
    options: dict[str, str] = {}
    name = ""
    while index < len(rest) and rest[index].text.strip():
        if option := _OPTION.match(rest[index].text):
            name = option["name"].strip().lower()
            options[name] = (option["value"] or "").strip()
        elif name and rest[index].text[0].isspace():
            options[name] = f"{options[name]} {rest[index].text.strip()}".strip()
        else:
            break
        index += 1
    body = trim_blank(rest[index:])
    return Directive(match["name"].lower(), lines[0].number, tuple(argument), options, tuple(body))
