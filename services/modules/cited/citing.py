"""Citations of one module: each span gets one id, made from its module, path, text and which occurrence is meant."""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field

from shared.course.model import Citation
from shared.docs.citations import span_bytes, span_sha256, split_lines
from shared.engine.types import Span
from shared.kernel.errors import CoursewrightError
from shared.kernel.ids import content_id

LONGEST_SPAN = 40
"""Lines of the longest citation of a text; a block of code is cited as long as it is."""


def joined(one: Span, other: Span) -> Span:
    """The smallest span of the file that holds both."""
    start, end = min(one.start_line, other.start_line), max(one.end_line, other.end_line)
    return Span(path=one.path, start_line=start, end_line=end)


def touches(one: Span, other: Span) -> bool:
    """Whether both are in one file and follow each other or overlap."""
    return one.path == other.path and one.start_line <= other.end_line + 1 and other.start_line <= one.end_line + 1


def count_lines(span: Span) -> int:
    """How many lines a span has."""
    return span.end_line - span.start_line + 1


@dataclass
class Citations:
    """Collects the citations of one module while it is written. `raw` gives the bytes of a file, and `source_id` the id
    of the source that has the file.

    The module is part of every id: two modules may cite the same lines, and ids are unique over the whole course.
    """

    module_id: str
    source_id: Callable[[str], str]
    raw: Callable[[str], bytes]
    _lines: dict[str, list[bytes]] = field(default_factory=dict)
    _cited: dict[Span, Citation] = field(default_factory=dict)
    _places: dict[str, dict[bytes, list[int]]] = field(default_factory=dict)
    _runs: dict[tuple[str, tuple[bytes, ...]], list[int]] = field(default_factory=dict)

    def lines(self, path: str) -> list[bytes]:
        """The lines of a file as citations count them; none when the source has no such file."""
        if path not in self._lines:
            try:
                self._lines[path] = split_lines(self.raw(path))
            except (KeyError, CoursewrightError):
                self._lines[path] = []
        return self._lines[path]

    def text(self, span: Span) -> str:
        """The cited lines as text."""
        return span_bytes(self.lines(span.path), span.start_line, span.end_line).decode("utf-8", errors="replace")

    def holds(self, span: Span) -> bool:
        """Whether the span lies in its file."""
        return 1 <= span.start_line <= span.end_line <= len(self.lines(span.path))

    def cite(self, span: Span) -> str:
        """The id of the span's citation."""
        if span not in self._cited:
            lines = self.lines(span.path)
            digest = span_sha256(lines, span.start_line, span.end_line)
            occurrence = self._count_before(span)
            self._cited[span] = Citation(
                id=content_id("c", self.module_id, span.path, digest, str(occurrence)),
                source_id=self.source_id(span.path),
                path=span.path,
                start_line=span.start_line,
                end_line=span.end_line,
                sha256=digest,
            )
        return self._cited[span].id

    def _count_before(self, span: Span) -> int:
        """How many equal runs of lines begin before this one: keeps ids apart without naming a line number."""
        wanted = tuple(self.lines(span.path)[span.start_line - 1 : span.end_line])
        if (span.path, wanted) not in self._runs:
            self._runs[span.path, wanted] = self._find_runs(span.path, wanted)
        return bisect_left(self._runs[span.path, wanted], span.start_line - 1)

    def _find_runs(self, path: str, wanted: tuple[bytes, ...]) -> list[int]:
        """The indices of a file's lines at which such a run begins. Only where its rarest line stands can it be."""
        lines = self.lines(path)
        if path not in self._places:
            places: dict[bytes, list[int]] = {}
            for index, line in enumerate(lines):
                places.setdefault(line, []).append(index)
            self._places[path] = places
        rarest = min(range(len(wanted)), key=lambda at: len(self._places[path][wanted[at]]))
        starts = (index - rarest for index in self._places[path][wanted[rarest]] if index >= rarest)
        return [start for start in starts if tuple(lines[start : start + len(wanted)]) == wanted]

    def mark(self, span: Span) -> str:
        """The footnote mark of the span."""
        return f"[^{self.cite(span)}]"

    def listed(self) -> list[Citation]:
        """All citations made so far, by path and line."""
        return sorted(self._cited.values(), key=lambda c: (c.path, c.start_line, c.end_line))
