"""The lines a course cites, read once, ready to be shown beside the sentence that rests on them."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from shared.course.model import Citation, Course, LectureSource, PdfSource
from shared.docs.citations import as_cited_bytes, split_lines

from .hosts import line_url
from .naming import clock

# Lines of the text of a document that are not lines of its page: blank ones, and the begin and end of a code block.
_MARKS_A_BLOCK = re.compile(r"\s*(?:```.*|~~~.*)?")

# Shown instead of a control character: a browser would drop it or refuse the page.
_CONTROLS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"} | {0x7F: 0x2421}


@dataclass(frozen=True)
class CitedSpan:
    """A citation with the text of its lines. `url` is None where the host shows no lines at a commit. `page` and
    `end_page` are those of a document, 0 otherwise; its lines are then counted on their pages. `seconds` are those of a
    lecture. `asset` is the name under which the document or the recording travels, if it does.
    """

    id: str
    path: str
    start_line: int
    end_line: int
    lines: tuple[str, ...]
    commit: str
    repository: str
    url: str | None
    page: int = 0
    end_page: int = 0
    asset: str = ""
    seconds: tuple[int, int] | None = None

    @property
    def place(self) -> str:
        """The lines in words: "line 3", "lines 3–8", "page 7, lines 3–9", "12:03–12:21"."""
        if self.seconds is not None:
            return "–".join(map(clock, self.seconds))
        if self.page != self.end_page:
            return f"page {self.page}, line {self.start_line} – page {self.end_page}, line {self.end_line}"
        return f"page {self.page}, {self._lines}" if self.page else self._lines

    @property
    def link(self) -> str:
        """The document at its page or the recording at its seconds, from the folder of the course."""
        if self.seconds is not None:
            return f"{self.asset}#t={self.seconds[0]},{self.seconds[1]}"
        return f"{self.asset}#page={self.page}"

    @property
    def link_text(self) -> str:
        """What the link does."""
        if self.seconds is not None:
            return f"Play the recording from {clock(self.seconds[0])}"
        return f"Open the document at page {self.page}"

    @property
    def _lines(self) -> str:
        if self.start_line == self.end_line:
            return f"line {self.start_line}"
        return f"lines {self.start_line}–{self.end_line}"


class SpanReader:
    """Reads cited spans of one course; each file is split and parsed once, however many citations it has.

    `carried` names the files that travel with the course. Not a plain function because hundreds of citations share a
    handful of files.
    """

    def __init__(self, course: Course, raw: Callable[[str], bytes], carried: Collection[str]) -> None:
        self._carried = carried
        self._sources = {source.id: source for source in course.sources}
        self._raw = raw
        self._files: dict[str, list[str]] = {}

    def read(self, citation: Citation) -> CitedSpan:
        """The span of a citation. A source the course does not list is a KeyError: such a course is not valid."""
        source = self._sources[citation.source_id]
        lines = tuple(self._lines(citation.path)[citation.start_line - 1 : citation.end_line])
        if isinstance(source, PdfSource):
            return CitedSpan(
                id=citation.id, path=source.file_name, start_line=self._on_page(source, citation, citation.start_line),
                end_line=self._on_page(source, citation, citation.end_line), lines=lines, commit="", repository="",
                url=None, page=source.page_of(citation.start_line), end_page=source.page_of(citation.end_line),
                asset=source.asset if source.asset in self._carried else "",
            )  # fmt: skip
        if isinstance(source, LectureSource):
            recording = source.recording.asset if source.recording is not None else ""
            return CitedSpan(
                id=citation.id, path=source.file_name, start_line=citation.start_line, end_line=citation.end_line,
                lines=lines, commit="", repository="", url=None, asset=recording if recording in self._carried else "",
                seconds=source.seconds_of(citation.start_line, citation.end_line),
            )  # fmt: skip
        return CitedSpan(
            id=citation.id,
            path=citation.path,
            start_line=citation.start_line,
            end_line=citation.end_line,
            lines=lines,
            commit=source.commit,
            repository=source.url,
            url=line_url(source.url, source.commit, citation.path, citation.start_line, citation.end_line),
        )

    def _on_page(self, source: PdfSource, citation: Citation, line: int) -> int:
        """The number of a line as people count lines on its page: what only marks blocks in the text does not count."""
        first = source.pages[source.page_of(line) - 1]
        return sum(not _MARKS_A_BLOCK.fullmatch(one) for one in self._lines(citation.path)[first - 1 : line])

    def _lines(self, path: str) -> list[str]:
        if path not in self._files:
            raw = self._raw(path)
            encoding = _encoding(as_cited_bytes(raw))
            self._files[path] = [
                line.decode(encoding, errors="replace").lstrip("\ufeff").translate(_CONTROLS)
                for line in split_lines(raw)
            ]
        return self._files[path]


def _encoding(raw: bytes) -> str:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
