"""The losses of a lesson from its sections, seen from the raw lines: it knows nothing of readers or renderers.

A unit is a line of the source that says something. It is kept when its words stand in the lesson's text, in order.
"""

import html
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.docs.model import Document, Section

_STRUCTURE = re.compile(
    r"^\s*(?:"
    r"[`~]{3,}.*|:{3,}.*|\+{4,}|-{2,}|_{4,}|\*{4,}|={2,}|\.{4,}|/{4,}|\|={3,}|[=\-~^\"'#*+.:<>_`]{3,}"
    r"|\.\.\s.*|\.\.$|:[\w-]+:.*|:?(?:param|type|returns?|rtype)\b.*"
    r"|\[\[.*\]\]|\[[^\]]*\]:\s.*|\[\^[^\]]+\]:.*|\[(?:source|NOTE|TIP|%|\.|#|,|[a-z]+[,=]).*\]|\[tabs\]"
    r"|<!--.*|.*-->|import\s.*|export\s.*|\{%.*%\}|\{\{.*\}\}|\{!.*|\{\*.*\*\}|.*--8<--.*|local: true"
    r"|\|?[\s:|+=-]+\|?|(?:</?[\w.]+(?:\s[^<>]*)?/?>\s*)+|(?:>\s*)?\[!\w+\]|\{:.*\}"
    r"|(?:include(?:-code)?|ifn?def|endif|image|toc)::.*|[\w.]+::\s*"
    r"|!!!\s+[\w-]+\s*|===\s.*|\?\?\?\+?\s+[\w-]+\s*|//.*|\(\w[\w-]*\)=|[-+*]\s*|\+"
    r")\s*$"
)
_LINKS = re.compile(
    r"!\[(?:[^\[\]]|\[[^\[\]]*\])*\]\([^()]*(?:\([^()]*\)[^()]*)*\)|\]\([^()]*(?:\([^()]*\)[^()]*)*\)|\]\[[^\]]*\]"
    r"|<https?://[^>]*>|(?<=\S)\s*<[^<>`]*>(?=`)|~[\w.]+\.(?=\w+`)|:[a-z][\w.:+-]*:(?=`)|\{[a-z][\w.:+-]*\}(?=`\S)|`__?|</?[A-Za-z][^<>\n]*>|\{[#.:][^{}]*\}"
    r"|(?:xref|link|https?|javadoc|image|apiref|gh-\w+|github\w*):[^\s\[]*\[|https?://[^\s)>\]]+|\[\^[^\]]*\]"
)
_WORD = re.compile(r"[^\W_]+")
_ENOUGH = 0.8


@dataclass(frozen=True)
class Units:
    """The units of a section: how many, and those the lesson does not hold as (line, text)."""

    count: int
    lost: tuple[tuple[int, str], ...]

    @property
    def kept(self) -> float:
        """Share of the units that the lesson holds."""
        return 1 - len(self.lost) / self.count if self.count else 1.0


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, markup and targets aside."""
    text = re.sub(r"\\(?=[^\w\s])", "", text)
    return [word.lower() for word in _WORD.findall(html.unescape(_LINKS.sub(" ", text)))]


def lesson_words(markdown: str) -> str:
    """A lesson's words joined by blanks, marks and citations left out."""
    text = re.sub(r"\[\^[^\]\s]+\]|\bcite=\S+", " ", markdown)
    return f" {' '.join(words_of(text))} "


def find_lost(document: Document, section: Section, said: str) -> Units:
    """The units of a section's own lines that `said` (see `lesson_words`) does not hold."""
    listed = _list_strings if document.format == "notebook" else list_units
    units = list(listed(document.raw_lines, section.start_line, section.end_line))
    lost = tuple((number, text) for number, text in units if not is_kept(text, said))
    return Units(len(units), lost)


def is_kept(text: str, said: str) -> bool:
    """Whether the words of a unit stand in the lesson, most of them in their order."""
    words = words_of(text)
    if not words or f" {' '.join(words)} " in said:
        return True
    size = min(3, len(words))
    runs = [" ".join(words[i : i + size]) for i in range(len(words) - size + 1)]
    return sum(f" {run} " in said for run in runs) >= _ENOUGH * len(runs)


def list_units(lines: Sequence[str], start: int, end: int) -> Iterator[tuple[int, str]]:
    """Lines that say something, with their numbers; the section's heading is none."""
    comment = False
    for number in range(start, min(end, len(lines)) + 1):
        line = lines[number - 1]
        if comment or "<!--" in line:
            comment = "-->" not in line
            continue
        if not _STRUCTURE.match(line) and _WORD.search(line) and number > start:
            yield number, line


def _list_strings(lines: Sequence[str], start: int, end: int) -> Iterator[tuple[int, str]]:
    """The strings of a notebook's JSON that stand on lines of their own."""
    for number in range(start + 1, min(end, len(lines)) + 1):
        line = lines[number - 1].strip().rstrip(",")
        if line.startswith('"') and line.endswith('"') and '": ' not in line:
            text = str(json.loads(line))
            if not _STRUCTURE.match(text) and _WORD.search(text):
                yield number, text
