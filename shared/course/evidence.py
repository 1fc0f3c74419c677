"""Citations followed into the repository: whether they resolve, what their lines say, what of a sentence they hold."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from shared.course.anchors import Anchor, count_in, find_anchors, found_in, list_anchors
from shared.course.cited_text import read_variants, unescape_json_lines
from shared.course.model import Citation
from shared.course.plain_text import show_plain
from shared.course.spans import Lines, squeeze
from shared.course.wording import stem_content_words
from shared.docs.citations import TERMINAL_CODES, span_bytes, span_sha256, split_lines
from shared.docs.model import VERSION_TITLES
from shared.kernel.errors import CoursewrightError

READING_MARGIN_LINES = 3
LONGEST_CITATION_LINES = 40
LABEL = re.compile(r"^\*\*[^*]+(?::\*\*|\*\*:)\s*")
# A directive that is shown as words: `.. versionadded:: 1.1` says "Added in version 1.1".
_SHOWN_AS = {**VERSION_TITLES, "seealso": "See also"}
_DIRECTIVE = re.compile(rf"(?:\.\. |[`:]{{3}}\{{?)({'|'.join(_SHOWN_AS)})\b")
_VALUE = re.compile(
    r"(?<![\w.])-?\d[\w.]*(?<!\.)|(?<!\w)'[^'\n]*'(?!\w)|\"[^\"\n]*\"|\b(?:True|False|None|true|false|null|nil)\b"
)
_DELIMITER_ROW = re.compile(r"^[\s>]*+(?:\|\s*+)?:?-++:?\s*+\|[\s|:-]*$")


@dataclass(frozen=True)
class CitedLines:
    """A citation that was looked up. `problem` says why it does not resolve; the texts are then empty.

    `text` are the cited lines, `around` also three lines before and after, both decoded leniently.
    """

    citation: Citation
    text: str = ""
    around: str = ""
    problem: str = ""

    @property
    def length(self) -> int:
        """Lines the citation spans."""
        return self.citation.end_line - self.citation.start_line + 1


class Evidence:
    """The citations of a module over the files of its source. Files are read once each."""

    def __init__(self, citations: Iterable[Citation], raw: Callable[[str], bytes], language: str = "en") -> None:
        self.raw = raw
        self._files: dict[str, list[bytes] | None] = {}
        self.language = language
        self.cited: dict[str, CitedLines] = {}
        self.repeated_ids: list[str] = []
        for citation in citations:
            if citation.id in self.cited:
                self.repeated_ids.append(citation.id)
            else:
                self.cited[citation.id] = self.look_up(citation)

    def lines_of(self, path: str) -> list[bytes] | None:
        """The lines of a file as citations count them, or None when the commit has no such file."""
        if path not in self._files:
            try:
                self._files[path] = split_lines(self.raw(path))
            except (CoursewrightError, KeyError, OSError):
                self._files[path] = None
        return self._files[path]

    def texts(self, citation_ids: Iterable[str]) -> list[str]:
        """The cited lines of those citations that resolve."""
        return [self.cited[i].text for i in citation_ids if i in self.cited and not self.cited[i].problem]

    def list_lines(self, citation_ids: Iterable[str]) -> Iterator[Lines]:
        """The places of those citations that resolve."""
        for found in (self.cited[i] for i in citation_ids if i in self.cited):
            if not found.problem:
                yield found.citation.path, found.citation.start_line, found.citation.end_line

    def read_cited_files(self) -> str:
        """Everything that stands in the files the citations name."""
        paths = sorted({lines.citation.path for lines in self.cited.values()})
        return "\n".join(_read(path, lines, 1, len(lines)) for path in paths if (lines := self.lines_of(path)))

    def find_missing(self, sentence: str, citation_ids: Iterable[str], *, row: bool = False) -> tuple[Anchor, ...]:
        """Anchors of a sentence that stand in none of the cited spans; a number has to stand as often as it is named.

        That shows a number put where another one of the same lines belongs. With `row` the sentence is a table's row,
        and where the source is a Markdown table, one line of it has to hold it.
        """
        texts = self.texts(citation_ids)
        if row:
            texts = _find_row(sentence, texts)
        named = Counter(list_anchors(sentence))
        return tuple(
            anchor
            for anchor, times in named.items()
            if not any(found_in(anchor, text) for text in texts)
            or (anchor.kind == "number" and times > 1 and times > sum(count_in(anchor, text) for text in texts))
        )

    def find_missing_names(self, sentence: str, citation_ids: Iterable[str]) -> tuple[Anchor, ...]:
        """As find_missing for a text that may have values of its own: numbers are free, and so is each number, string
        or constant inside of code.
        """
        texts = [_VALUE.sub("0", text) for text in self.texts(citation_ids)]
        named = (anchor for anchor in find_anchors(sentence) if anchor.kind not in ("number", "number_word"))
        plain = (replace(anchor, text=_VALUE.sub("0", anchor.text)) for anchor in named)
        return tuple(
            anchor for anchor in plain if anchor.text != "0" and not any(found_in(anchor, text) for text in texts)
        )

    def holds_letters(self, sentence: str, citation_ids: Iterable[str]) -> bool:
        """Whether the letters and digits of a sentence stand one after the other in the cited lines."""
        wanted = squeeze(show_plain(sentence))
        texts = self.texts(citation_ids)
        return any(wanted in squeeze(variant) for text in texts for variant in read_variants(text))

    def measure_recall(self, sentence: str, citation_ids: Iterable[str], *, margin: bool = True) -> float:
        """Share of a sentence's distinct content words in the cited lines, by default with three lines around them."""
        words = dict.fromkeys(stem_content_words(show_plain(sentence), self.language))
        known = self._stem_source(citation_ids, margin=margin)
        return sum(1 for word in words if word in known) / len(words) if words else 1.0

    def _stem_source(self, citation_ids: Iterable[str], *, margin: bool) -> frozenset[str]:
        found = [self.cited[i] for i in citation_ids if i in self.cited]
        source = "\n".join(lines.around if margin else lines.text for lines in found)
        labels = (_SHOWN_AS[match[1]] for match in _DIRECTIVE.finditer(source))
        return _stem_set("\n".join([source, *dict.fromkeys(labels)]), self.language)

    def look_up(self, citation: Citation) -> CitedLines:
        """A citation's lines, or the problem that keeps it from resolving."""
        lines = self.lines_of(citation.path)
        start, end = citation.start_line, citation.end_line
        if lines is None:
            return CitedLines(citation, problem=f"{citation.path} is not in the repository at this commit")
        if not 1 <= start <= end <= len(lines):
            return CitedLines(citation, problem=f"{citation.path} has no lines {start} to {end}")
        if span_sha256(lines, start, end) != citation.sha256:
            return CitedLines(citation, problem=f"lines {start} to {end} of {citation.path} have another hash")
        above, below = max(1, start - READING_MARGIN_LINES), min(len(lines), end + READING_MARGIN_LINES)
        return CitedLines(citation, _read(citation.path, lines, start, end), _read(citation.path, lines, above, below))


@lru_cache(maxsize=2048)
def _stem_set(text: str, language: str) -> frozenset[str]:
    """The stems of a text; sentences of one paragraph cite the same lines."""
    return frozenset(stem_content_words(text, language))


def _read(path: str, lines: list[bytes], start: int, end: int) -> str:
    text = TERMINAL_CODES.sub("", span_bytes(lines, start, end).decode("utf-8", errors="replace"))
    return unescape_json_lines(text) if path.endswith(".ipynb") else text


def _find_row(row: str, texts: list[str]) -> list[str]:
    """The source's line that has most of a row's anchors; the whole texts where the source is no Markdown table."""
    lines = [line for text in texts for line in text.split("\n") if "|" in line]
    anchors = Counter(list_anchors(row)).items()
    if not anchors or not any(_DELIMITER_ROW.match(line) for line in lines):
        return texts
    return [max(lines, key=lambda line: sum(min(times, count_in(anchor, line)) for anchor, times in anchors))]
