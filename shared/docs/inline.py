"""Inline markup of a paragraph as inline CommonMark, line by line: the part that formats with own marks share.

The scan is one regular expression over a whole paragraph, so that markup may run over line ends; every replacement
keeps the line ends it covers, so that line n of the result is still line n of the file.
"""

import re
from abc import ABC, abstractmethod
from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import ClassVar

from shared.docs.links import relative_path
from shared.docs.model import Link
from shared.docs.plain import plain_text
from shared.docs.prose import Line, without_ticks
from shared.docs.sentences import BREAK, GLUE


class InlineMarkup(ABC):
    """Turns the paragraphs of one file into CommonMark and collects the links it meets, in reading order.

    A format gives its `token`, the expression that finds its marks, and says what replaces a match.
    """

    token: ClassVar[re.Pattern[str]]

    def __init__(self, path: str) -> None:
        self.links: list[Link] = []
        self._path = path
        self._lines: Sequence[Line] = ()
        self._ends: list[int] = []

    def clean(self, lines: Sequence[Line]) -> list[tuple[int, str]]:
        """(line number, inline CommonMark) of every line of one paragraph."""
        if not lines:
            return []
        self._lines = lines
        self._ends = [*accumulate(len(line.text) + 1 for line in lines[:-1])]
        cleaned = self._clean("\n".join(line.text for line in lines), 0).split("\n")
        return [(line.number, text.strip()) for line, text in zip(lines, cleaned, strict=True)]

    def one_line(self, lines: Iterable[Line]) -> str:
        """The same, joined to one line: headings, table cells, terms."""
        joined = " ".join(text for _, text in self.clean(tuple(lines)) if text)
        return joined.replace(BREAK, "").replace(f" {GLUE}", "").strip(GLUE)

    def _clean(self, text: str, offset: int) -> str:
        """Clean a piece of the paragraph that begins at `offset`; markup may stand in markup."""
        parts: list[str] = []
        end = 0
        for match in self.token.finditer(text):
            parts.append(self._plain(text[end : match.start()]))
            replacement = self._replace(match, offset + match.start())
            if replacement.startswith("`") and match.start() == end and parts and "".join(parts[-2:]).endswith("`"):
                replacement = f" {replacement}"  # two code spans that touch would not be code spans
            end = match.end()
            lines_left = "\n" * (match.group().count("\n") - replacement.count("\n"))
            goes_on = lines_left and text[end : end + 1].strip()  # a full stop right behind a link over two lines
            parts.append(replacement + lines_left + (GLUE if goes_on else ""))
        parts.append(self._plain(text[end:]))
        return "".join(parts)

    def _plain(self, text: str) -> str:
        """The text between marks."""
        return without_ticks(text)

    @abstractmethod
    def _replace(self, match: re.Match[str], position: int) -> str:
        """The CommonMark for a match that begins at `position` of the paragraph."""

    def _link(self, shown: str, target: str, position: int, *, untitled: bool = False) -> str:
        if not target:
            return shown
        self._note(shown, target, position, untitled=untitled)
        return f"[{shown}]({target})" if shown else f"<{target}>"

    def _url(self, match: re.Match[str], position: int) -> str:
        """An address that stands as it is."""
        self._link("", match["url"].strip("<>"), position)
        return match["url"]

    def _note(self, shown: str, target: str, position: int, *, untitled: bool = False) -> None:
        """Keep a link that the text shows, or hides in a name in code."""
        line = self._lines[0].number + bisect(self._ends, position)
        text = plain_text(shown) or target
        self.links.append(Link(text, target, *relative_path(target, self._path), line, untitled))

    def _line(self, position: int) -> str:
        """The line of the paragraph in which a position stands."""
        return self._lines[bisect(self._ends, position)].text
