"""Citations of one module: each span gets one id, made from its module, path, text and which occurrence is meant."""

from collections.abc import Callable
from dataclasses import dataclass, field

from shared.course.evidence import Evidence as CitedEvidence
from shared.course.model import Citation
from shared.docs.citations import span_bytes, span_sha256, split_lines
from shared.errors import CoursewrightError
from shared.ids import content_id

LONGEST_SPAN = 40


@dataclass(frozen=True)
class Span:
    """Lines start..end (1-based, inclusive) of a file of the source."""

    path: str
    start: int
    end: int

    @property
    def lines(self) -> int:
        """How many lines."""
        return self.end - self.start + 1

    def touches(self, other: "Span") -> bool:
        """Whether both are in one file and follow each other or overlap."""
        return self.path == other.path and self.start <= other.end + 1 and other.start <= self.end + 1

    def joined(self, other: "Span") -> "Span":
        """The smallest span of the file that holds both."""
        return Span(self.path, min(self.start, other.start), max(self.end, other.end))


@dataclass
class Evidence:
    """Collects the citations of one module while it is written. `raw` gives the bytes of a file of the source.

    The module is part of every id: two modules may cite the same lines, and ids are unique over the whole course.
    """

    module_id: str
    source_id: str
    raw: Callable[[str], bytes]
    _lines: dict[str, list[bytes]] = field(default_factory=dict)
    _cited: dict[Span, Citation] = field(default_factory=dict)

    def lines(self, path: str) -> list[bytes]:
        """The lines of a file as citations count them."""
        if path not in self._lines:
            self._lines[path] = split_lines(self.raw(path))
        return self._lines[path]

    def apart(self) -> "Evidence":
        """No citations yet, over the files that are read already: for what may not be taken into the module."""
        return Evidence(self.module_id, self.source_id, self.raw, _lines=self._lines)

    def look_up(self, language: str = "en") -> CitedEvidence:
        """The citations made so far as the gates read them, over the files that are read already."""
        return CitedEvidence(self.citations(), self.raw, language, self._lines)

    def has(self, path: str) -> bool:
        """Whether the file is one of the source's that can be read."""
        try:
            self.lines(path)
        except (KeyError, CoursewrightError):
            return False
        return True

    def text(self, span: Span) -> str:
        """The cited lines as text."""
        return span_bytes(self.lines(span.path), span.start, span.end).decode("utf-8", errors="replace")

    def holds(self, span: Span) -> bool:
        """Whether the span lies in the file and is short enough to be cited."""
        return 1 <= span.start <= span.end <= len(self.lines(span.path)) and span.lines <= LONGEST_SPAN

    def cite(self, span: Span) -> str:
        """The id of the span's citation."""
        if span not in self._cited:
            lines = self.lines(span.path)
            digest = span_sha256(lines, span.start, span.end)
            occurrence = _occurrence(lines, span)
            self._cited[span] = Citation(
                id=content_id("c", self.module_id, span.path, digest, str(occurrence)),
                source_id=self.source_id,
                path=span.path,
                start_line=span.start,
                end_line=span.end,
                sha256=digest,
            )
        return self._cited[span].id

    def mark(self, span: Span) -> str:
        """The footnote mark of the span."""
        return f"[^{self.cite(span)}]"

    def citations(self) -> list[Citation]:
        """All citations made so far, by path and line."""
        return sorted(self._cited.values(), key=lambda c: (c.path, c.start_line, c.end_line))


def _occurrence(lines: list[bytes], span: Span) -> int:
    """How many equal runs of lines begin before this one: keeps ids apart without naming a line number."""
    wanted = lines[span.start - 1 : span.end]
    return sum(
        1
        for start in range(span.start - 1)
        if lines[start] == wanted[0] and lines[start : start + len(wanted)] == wanted
    )
