"""The whole taught text of a course, asked whether a question has a second answer somewhere in it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar, cast

from services.modules.offline.items.question import TaughtSection
from services.modules.offline.items.stubs import drop_stubs
from shared.course.anchors import Anchor, found_in, list_anchors
from shared.course.plain_text import show_plain
from shared.course.sentence_marks import split_pieces
from shared.course.wording import stem_content_words
from shared.docs.model import Block
from shared.engine.types import Span

T = TypeVar("T")
Find = Callable[[TaughtSection, "TaughtText"], Iterable[T]]

_IMPORTED = re.compile(
    r"^\s*(?:from\s+\S+\s+import\s+(?P<names>.+)|import\s+(?P<module>[\w.]+)(?:\s+as\s+(?P<alias>\w+))?)"
)
_MAKES = re.compile(
    r"^(?:>>> )?\s*(?:export )?(?:(?:async )?(?:def|class|function|const|let|var|fn|struct|enum)\s+(?P<named>\w+)"
    r"|(?P<bound>\w+)\s*=[^=])"
)
_MOST_OF, _MOST_SIBLINGS = 0.6, 50


@dataclass(frozen=True)
class _Unit:
    """A sentence, list item, definition or row."""

    text: str
    words: frozenset[str]
    span: Span


class TaughtText:
    """An index over all sections a course teaches; built on the first question."""

    def __init__(self, taught: Iterable[TaughtSection]) -> None:
        self._taught = tuple(taught)
        self._gathered: dict[str, tuple[object, ...]] = {}
        self._grouped: dict[str, dict[str, list[object]]] = {}
        self._recalled: dict[tuple[str, str, str], tuple[object, ...]] = {}

    def also_answers(self, option: str, stem: str, apart: Sequence[Span]) -> bool:
        """Whether some unit elsewhere says the option of what the stem says: it holds both, as far as words tell.

        `apart` are the lines that are known to speak of the option otherwise.
        """
        wanted = _word_set(stem) - _word_set(option)
        own = _word_set(option)
        if not own:
            return False
        plain = show_plain(option).lower().rstrip(".")
        for unit in self._holding(own):
            if plain in unit.text and not _overlaps(unit.span, apart):
                shared = len(wanted & unit.words)
                if wanted and shared >= _MOST_OF * len(wanted):
                    return True
        return False

    def find_missing(self, text: str, spans: Iterable[Span]) -> list[Anchor]:
        """What a text names or quotes that none of these places of the documents holds, as a gate will see."""
        lines = [self._raw[span.path][span.start_line - 1 : span.end_line] for span in spans if span.path in self._raw]
        texts = ["\n".join(part) for part in lines]
        named = (anchor for piece in split_pieces(text) for anchor in list_anchors(piece.text))
        return [anchor for anchor in named if not any(found_in(anchor, one) for one in texts)]

    @cached_property
    def _raw(self) -> dict[str, Sequence[str]]:
        return {one.document.path: one.document.raw_lines for one in self._taught}

    def imports(self, name: str) -> bool:
        """Whether some example imports a module or thing by this name."""
        return name in self._imported

    def makes(self, name: str) -> bool:
        """Whether some example makes a thing of this name, and no section is about it: then it is the project's own."""
        return name in self._made

    @cached_property
    def _made(self) -> frozenset[str]:
        codes = (block.code for one in self._taught for block in one.section.blocks if block.kind == "code")
        found = (_MAKES.match(line) for code in codes for line in drop_stubs(code).split("\n"))
        headings = {show_plain(one.section.heading).split("(")[0].split(".")[-1] for one in self._taught}
        return frozenset(match["named"] or match["bound"] for match in found if match) - headings

    @cached_property
    def _imported(self) -> frozenset[str]:
        found = (_IMPORTED.match(line) for one in self._taught for _, line, _ in list_code_lines(one))
        return frozenset(
            name
            for match in found
            if match
            for name in re.findall(r"\w+", match["names"] or match["alias"] or (match["module"] or "").split(".")[0])
        )

    def names(self, code: str) -> bool:
        """Whether the prose has these words as inline code, with or without brackets or a receiver."""
        return code in self._inline_code

    def recall(self, find: Find[T], one: TaughtSection) -> tuple[T, ...]:
        """What a function finds in a section; it is asked once."""
        known = f"{find.__module__}.{find.__qualname__}", one.document_id, one.section.id
        if known not in self._recalled:
            self._recalled[known] = tuple(find(one, self))
        return cast("tuple[T, ...]", self._recalled[known])

    def gather(self, find: Find[T]) -> tuple[T, ...]:
        """What a function finds in all sections."""
        name = f"{find.__module__}.{find.__qualname__}"
        if name not in self._gathered:
            self._gathered[name] = tuple(found for one in self._taught for found in self.recall(find, one))
        return cast("tuple[T, ...]", self._gathered[name])

    def group(self, find: Find[T], key: Callable[[T], str]) -> Mapping[str, Sequence[T]]:
        """What a function finds in all sections, by its key; a function has one key."""
        name = f"{find.__module__}.{find.__qualname__}"
        if name not in self._grouped:
            found = self._grouped.setdefault(name, {})
            for one in self.gather(find):
                found.setdefault(key(one), []).append(one)
        return cast("Mapping[str, Sequence[T]]", self._grouped[name])

    def list_siblings(self, one: TaughtSection) -> tuple[TaughtSection, ...]:
        """The taught sections under the same heading of the same document, at most the first fifty."""
        return tuple(self._siblings[one.document_id, one.section.parent])

    @cached_property
    def _siblings(self) -> dict[tuple[str, str | None], list[TaughtSection]]:
        found: dict[tuple[str, str | None], list[TaughtSection]] = {}
        for one in self._taught:
            known = found.setdefault((one.document_id, one.section.parent), [])
            known += [one] if len(known) < _MOST_SIBLINGS else []
        return found

    def index(self) -> None:
        """Build every index now: processes that are forked afterwards share them."""
        for name, one in vars(type(self)).items():
            if isinstance(one, cached_property):
                getattr(self, name)

    def _holding(self, words: frozenset[str]) -> Iterator[_Unit]:
        lists = sorted((self._index.get(word, ()) for word in sorted(words)), key=len)
        found = set(lists[0]).intersection(*lists[1:])
        return (self._units[i] for i in sorted(found))

    @cached_property
    def _units(self) -> tuple[_Unit, ...]:
        return tuple(
            _Unit(plain.lower(), _word_set(text), span)
            for one in self._taught
            for block in one.section.blocks
            for text, span in list_units(one.path, block)
            if (plain := show_plain(text))
        )

    @cached_property
    def _index(self) -> dict[str, tuple[int, ...]]:
        index: dict[str, list[int]] = {}
        for i, unit in enumerate(self._units):
            for word in unit.words:
                index.setdefault(word, []).append(i)
        return {word: tuple(places) for word, places in index.items()}

    @cached_property
    def _inline_code(self) -> frozenset[str]:
        spans = (
            code
            for one in self._taught
            for block in one.section.blocks
            for text, _ in list_units(one.path, block)
            for code in re.findall(r"`[\"']?([^`]+?)[\"']?`", text)
        )
        return frozenset(
            form for code in spans for form in (code, code.split("(")[0], re.split(r"[.:]", code.split("(")[0])[-1])
        )


def list_units(path: str, block: Block) -> Iterator[tuple[str, Span]]:
    """The sentences of a paragraph, else the whole of an item, definition or row, each with its lines."""
    path = block.file(path)
    if block.kind == "table":
        for row, (start, end) in zip(block.rows, block.row_lines, strict=True):
            yield " ".join(row), Span(path=path, start_line=start, end_line=end)
    elif block.kind in ("list_item", "definition") and block.sentences:
        text = " ".join([block.term, *(sentence.text for sentence in block.sentences)]).strip()
        yield text, Span(path=path, start_line=block.start_line, end_line=block.sentences[-1].end_line)
    else:
        for sentence in block.sentences:
            yield sentence.text, Span(path=path, start_line=sentence.start_line, end_line=sentence.end_line)


def list_code_lines(one: TaughtSection) -> Iterator[tuple[Block, str, Span]]:
    """Each line of code of a section with its block and its place."""
    return ((block, line, span) for block in one.section.blocks for line, span in list_lines(one, block))


def list_lines(one: TaughtSection, block: Block) -> list[tuple[str, Span]]:
    """Each line of a block of code of a section, with its place."""
    path = block.file(one.path)
    places = (min(block.start_line + offset, block.end_line) for offset in range(block.code.count("\n") + 1))
    return [
        (line, Span(path=path, start_line=at, end_line=at))
        for line, at in zip(block.code.split("\n") if block.kind == "code" else (), places, strict=False)
    ]


def _overlaps(span: Span, others: Sequence[Span]) -> bool:
    return any(
        span.path == other.path and span.start_line <= other.end_line and other.start_line <= span.end_line
        for other in others
    )


def _word_set(text: str) -> frozenset[str]:
    return frozenset(stem_content_words(show_plain(text)))
