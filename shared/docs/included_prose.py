"""Prose of another file that a document includes: read there, shown here, cited there.

Parts of pages are brought in, and pages of their own by a page that says much itself. A page that is little more than
an include of another page is left to that one, so that nothing is taught twice.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from shared.docs.formats import format_of, is_part
from shared.docs.headings import Heading, Part
from shared.docs.included import Included, NotIncluded
from shared.docs.model import Block, Origin, Sentence
from shared.docs.prose import escape_plain

_LEAST_LINES, _MOST_TIMES_LONGER = 10, 2


def find_part(candidates: Iterable[str], included: Included, own: Sequence[str], *, chosen: bool = False) -> str | None:
    """The included file if it is a part of pages, or hardly longer than `own`, the lines of the page that includes it.

    `chosen`: the include chooses some of its lines. Then the page that includes them would have a gap without them.
    """
    found = next((path for path in candidates if path in included), None)
    if found is None or chosen or is_part(found) or format_of(found) is None:
        return found
    said = sum(1 for line in own if line.strip())
    return found if said >= _LEAST_LINES and included[found].count(b"\n") <= _MOST_TIMES_LONGER * said else None


def prose_lines(included: Included, path: str, reading: Sequence[str]) -> Sequence[str]:
    """The lines of a file, at the cost of showing all of them. Raises NotIncluded.

    `reading` are the files that are being read around it: a file that includes itself brings nothing.
    """
    if path in reading:
        raise NotIncluded("included in itself, and left out")
    lines = included.lines(path)
    included.shown("\n".join(lines))
    return lines


def with_included(
    path: str, lines: Sequence[str], included: Included, find: Callable[[str, Sequence[str]], Iterable[str]]
) -> list[str]:
    """The lines of a file and of all files that it includes, each once. `find` names candidates in a file's lines."""
    every, reached = list(lines), {path}
    new: list[tuple[str, Sequence[str]]] = [(path, lines)]
    while new:
        for other in find(*new.pop()):
            if other in included and other not in reached:
                reached.add(other)
                try:
                    found = included.lines(other)
                except NotIncluded:
                    continue
                every += found
                new.append((other, found))
    return every


def bring_in(parts: Iterable[Part], path: str, line: int, *, titles: bool) -> list[Part]:
    """Parts read from the file `path` as parts of the document that includes it on `line`.

    Headings stand on that line, because sections are runs of lines of the document. Where there can be no heading its
    words are a paragraph.
    """
    return [_brought_in(part, path, line, titles=titles) for part in parts]


def _brought_in(part: Part, path: str, line: int, *, titles: bool) -> Part:
    if isinstance(part, Heading):
        if titles:
            return replace(part, line=line)
        sentence = Sentence(f"**{escape_plain(part.text)}**", part.line, part.line, path)
        return Block("paragraph", part.line, part.line, (sentence,), origin=Origin(path, part.line, part.line))
    return replace(
        part,
        origin=part.origin or Origin(path, part.start_line, part.end_line),
        sentences=tuple(replace(sentence, path=sentence.path or path) for sentence in part.sentences),
        within=tuple(replace(around, path=around.path or path) for around in part.within),
    )
