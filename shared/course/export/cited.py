"""The lines a course cites, read once, ready to be shown beside the sentence that rests on them."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.course.model import Citation, Course
from shared.docs.citations import as_cited_bytes, split_lines

from .hosts import line_url

# Shown instead of a control character: a browser would drop it or refuse the page.
_CONTROLS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"} | {0x7F: 0x2421}


@dataclass(frozen=True)
class CitedSpan:
    """A citation with the text of its lines. `url` is None where the host shows no lines at a commit."""

    id: str
    path: str
    start_line: int
    end_line: int
    lines: tuple[str, ...]
    commit: str
    repository: str
    url: str | None

    @property
    def place(self) -> str:
        """The lines in words: "line 3" or "lines 3–8"."""
        if self.start_line == self.end_line:
            return f"line {self.start_line}"
        return f"lines {self.start_line}–{self.end_line}"


class SpanReader:
    """Reads cited spans of one course; each file is split and parsed once, however many citations it has.

    Not a plain function because hundreds of citations share a handful of files.
    """

    def __init__(self, course: Course, raw: Callable[[str], bytes]) -> None:
        self._sources = {source.id: source for source in course.sources}
        self._raw = raw
        self._files: dict[str, list[str]] = {}

    def read(self, citation: Citation) -> CitedSpan:
        """The span of a citation. A source the course does not list is a KeyError: such a course is not valid."""
        source = self._sources[citation.source_id]
        lines = self._lines(citation.path)[citation.start_line - 1 : citation.end_line]
        return CitedSpan(
            id=citation.id,
            path=citation.path,
            start_line=citation.start_line,
            end_line=citation.end_line,
            lines=tuple(lines),
            commit=source.commit,
            repository=source.url,
            url=line_url(source.url, source.commit, citation.path, citation.start_line, citation.end_line),
        )

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
