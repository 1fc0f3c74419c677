"""Which braces of a text belong together, strings and templates aside. A brace is looked at once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

LONGEST = 4_000
"""Characters of an expression that is still looked for: further away, a closing brace belongs to something else."""

_TOKEN = re.compile(rf"[{{}}]|\"(?>(?:[^\"\\\n]|\\.){{0,{LONGEST}}})\"|`(?>(?:[^`\\]|\\.){{0,{LONGEST}}})`")


@dataclass
class _Walk:
    """The tokens from one brace on, as far as somebody asked; braces in it that are open, innermost last."""

    tokens: Iterator[re.Match[str]]
    reached: int
    open: list[int] = field(default_factory=list)


class Braces:
    """The braces of one text.

    What is a string depends on where one begins to read, so braces inside a string are walked from on their own. There
    are only as many walks as there are ways to be inside a string.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends: dict[int, int] = {}
        self._walks: dict[int, _Walk] = {}

    def end(self, start: int, limit: int) -> int:
        """The offset after the brace that closes the one at `start`, or -1 when there is none before `limit`."""
        walk = self._walks.get(start)
        if walk is None:
            walk = _Walk(_TOKEN.finditer(self._text, start), start)
        while start not in self._ends and walk.reached < limit:
            self._step(walk)
        end = self._ends.get(start, -1)
        return end if end <= limit else -1

    def _step(self, walk: _Walk) -> None:
        token = next(walk.tokens, None)
        if token is None:
            walk.reached = len(self._text)
            return
        walk.reached = token.end()
        if token.group() == "{":
            walk.open.append(token.start())
            self._walks.setdefault(token.start(), walk)
        elif token.group() == "}" and walk.open:
            self._ends.setdefault(walk.open.pop(), token.end())
