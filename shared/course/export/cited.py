"""The lines a course cites with what stands around them, ready to be shown beside the sentence that rests on them."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from shared.course.in_words import clock
from shared.course.model import Citation, Course, DocumentSource, LectureSource, PdfCitation, PdfSource, Source
from shared.docs.citations import as_cited_bytes, split_lines
from shared.docs.pdf.cited import PageBox, picture_name

from .hosts import line_url
from .pictures import measure_picture

# Lines of the text of a document that are not lines of its page: blank ones, and the begin and end of a code block.
_MARKS_A_BLOCK = re.compile(r"\s*(?:```.*|~~~.*)?")

# So many lines before and after the cited ones tell where they stand.
_AROUND = 6

# Shown instead of a control character: a browser would drop it or refuse the page.
_CONTROLS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n\r"} | {0x7F: 0x2421}


class PageView(NamedTuple):
    """A page with cited lines on it: the name that its picture travels under, its size in pixels, and where the lines
    stand.
    """

    number: int
    picture: str
    width: int
    height: int
    boxes: tuple[PageBox, ...]


class Line(NamedTuple):
    """A line of a file: `number` counts it in the file, `shown` as people count it; `is_start` where one is cited."""

    number: int
    shown: int
    text: str
    is_start: bool


@dataclass(frozen=True)
class CitedSpan:
    """A citation with the text of its lines and the headings they stand under. `first` and `last` count the lines of
    the file.

    `url` is None where the host shows no lines at a commit. `page` and `end_page` are those of a document, 0 otherwise;
    its lines are then counted on their pages. `seconds` are those of a lecture. `asset` is the name under which the
    document or the recording travels, if it does; of a document without pages it is that of its text. `pages` are those
    whose pictures travel.
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
    first: int = 0
    last: int = 0
    headings: tuple[str, ...] = ()
    pages: tuple[PageView, ...] = ()

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
        return f"{self.asset}#page={self.page}" if self.page else self.asset

    @property
    def link_text(self) -> str:
        """What the link does."""
        if self.seconds is not None:
            return f"Play the recording from {clock(self.seconds[0])}"
        return f"Open the document at page {self.page}" if self.page else "Open the text that was read"

    @property
    def _lines(self) -> str:
        if self.start_line == self.end_line:
            return f"line {self.start_line}"
        return f"lines {self.start_line}–{self.end_line}"


class SpanReader:
    """Reads cited spans of one course; each file is split and parsed once, however many citations it has.

    `carried`: the files that travel with the course, by name. Not a plain function because hundreds of citations share
    a handful of files.
    """

    def __init__(self, course: Course, raw: Callable[[str], bytes], carried: Mapping[str, bytes]) -> None:
        self._carried = carried
        self._sources = {source.id: source for source in course.sources}
        self._raw = raw
        self._files: dict[str, list[str]] = {}
        self._documents = {(entry.source_id, entry.path): entry for entry in course.documents}
        self._names: dict[str, dict[str, str]] = {}
        homes = [concept.home for concept in course.concepts if concept.home]
        for section in (*(part for way in course.pathways for entry in way.modules for part in entry.sections), *homes):
            names = self._names.setdefault(section.document_id, {})
            names.setdefault(_plain_heading(section.heading), section.heading)
        self._found: dict[str, list[tuple[int, int, str]]] = {}

    def read(self, citation: Citation) -> CitedSpan:
        """The span of a citation. A source the course does not list is a KeyError: such a course is not valid."""
        source, first, last = self._sources[citation.source_id], citation.start_line, citation.end_line
        span = CitedSpan(
            id=citation.id, path=citation.path if isinstance(source, Source) else source.file_name, start_line=first,
            end_line=last, lines=tuple(self._lines(citation.path)[first - 1 : last]), commit=source.commit,
            repository=source.url, url=None, first=first, last=last,
        )  # fmt: skip
        if isinstance(source, PdfSource):
            start, end = (self._on_page(source, citation.path, line) for line in (first, last))
            return replace(
                span, start_line=start, end_line=end, page=source.page_of(first), end_page=source.page_of(last),
                asset=self._carried_name(source.asset), pages=tuple(self._pages(source, citation)),
            )  # fmt: skip
        if isinstance(source, LectureSource):
            recording = source.recording.asset if source.recording is not None else ""
            return replace(span, asset=self._carried_name(recording), seconds=source.seconds_of(first, last))
        headings = self._headings(citation)
        if isinstance(source, DocumentSource):
            text = f"assets/{self._documents[source.id, citation.path].sha256}.md"
            return replace(span, asset=text, headings=headings)
        return replace(span, url=line_url(source.url, source.commit, citation.path, first, last), headings=headings)

    def _carried_name(self, asset: str) -> str:
        return asset if asset in self._carried else ""

    def read_around(self, citations: Sequence[Citation]) -> tuple[Line, ...]:
        """The lines that some citations of one file cite, and a few around each; a line is there once."""
        path, source = citations[0].path, self._sources[citations[0].source_id]
        every = self._lines(path)
        wanted = {
            number
            for one in citations
            for number in range(max(1, one.start_line - _AROUND), min(len(every), one.end_line + _AROUND) + 1)
        }
        starts = {one.start_line for one in citations}
        return tuple(
            Line(
                number,
                self._on_page(source, path, number) if isinstance(source, PdfSource) else number,
                every[number - 1],
                number in starts,
            )
            for number in sorted(wanted)
        )

    def _headings(self, citation: Citation) -> tuple[str, ...]:
        """The title of the document, and the headings above the cited lines as far as their marks tell levels."""
        document = self._documents.get((citation.source_id, citation.path))
        if document is None:
            return ()
        path = citation.path
        if path not in self._found:
            names = self._names.get(document.id, {})
            lines = enumerate(self._lines(path), start=1)
            self._found[path] = [
                (number, len(line) - len(line.lstrip("#=")), names[name])
                for number, line in lines
                if (name := _plain_heading(line)) in names
            ]
        open_: list[tuple[int, str]] = []
        for number, level, heading in self._found[path]:
            if number > citation.start_line:
                break
            open_ = [(other, text) for other, text in open_ if other < level]
            open_.append((level, heading))
        return tuple(dict.fromkeys([document.title, *(text for _, text in open_)]))

    def _pages(self, source: PdfSource, citation: Citation) -> Iterator[PageView]:
        boxes = citation.boxes if isinstance(citation, PdfCitation) else []
        for page in dict.fromkeys(box.page for box in boxes):
            name = picture_name(source.sha256, page)
            if name in self._carried and (size := measure_picture(name, self._carried[name])):
                yield PageView(page, name, *size, tuple(box for box in boxes if box.page == page))

    def _on_page(self, source: PdfSource, path: str, line: int) -> int:
        """The number of a line as people count lines on its page: what only marks blocks in the text does not count."""
        first = source.pages[source.page_of(line) - 1]
        return sum(not _MARKS_A_BLOCK.fullmatch(one) for one in self._lines(path)[first - 1 : line])

    def _lines(self, path: str) -> list[str]:
        if path not in self._files:
            raw = self._raw(path)
            encoding = _encoding(as_cited_bytes(raw))
            self._files[path] = [
                line.decode(encoding, errors="replace").lstrip("\ufeff").translate(_CONTROLS)
                for line in split_lines(raw)
            ]
        return self._files[path]


def cited_pages(course: Course, pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    """The pictures of the pages that a course cites, by the names they travel under."""
    documents = {one.id: one.sha256 for one in course.sources if isinstance(one, PdfSource)}
    names = {
        picture_name(documents[one.source_id], box.page)
        for module in course.modules
        for one in module.citations
        if isinstance(one, PdfCitation)
        for box in one.boxes
    }
    return {name: pictures[name] for name in sorted(names) if name in pictures}


def _plain_heading(text: str) -> str:
    """A heading without what its format writes around and into it."""
    return re.sub(r"^[#=]+|[`*_\\]|\{[^{}]*\}$", "", text).strip().casefold()


def _encoding(raw: bytes) -> str:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
