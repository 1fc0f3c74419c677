"""Keeping a lesson readable for its level: while it is too hard, the hardest passage that can go goes."""

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from shared.course.model import Level
from shared.course.plain_text import show_plain, show_prose
from shared.course.readability import grade_sentences
from shared.docs.model import Document
from shared.engine.offline.lesson import Part, Passage, Table, iter_said

HIGHEST_GRADE: dict[Level, float] = {"beginner": 10.0, "intermediate": 13.0, "advanced": 16.0}
_MARGIN = 0.4
_MOST_DROPPED = 40
_FULL_STOP = re.compile(r"(?<=[.!?])\s+")

Reading = Callable[[Sequence[str]], list[str]]


def _read_whole(texts: Sequence[str]) -> list[str]:
    return [show_plain(text) for text in texts]


def _read_prose(texts: Sequence[str]) -> list[str]:
    return [show_prose(text) for text in texts]


def _read_running(texts: Sequence[str]) -> list[str]:
    return _FULL_STOP.split(" ".join(show_plain(text) for text in texts))


_READINGS: tuple[Reading, ...] = (_read_whole, _read_prose, _read_running)
"""Ways to take a text apart before it is graded; a lesson is to be easy enough by each."""


def ease_parts(parts: Sequence[Part], documents: Iterable[Document], level: Level) -> tuple[Part, ...]:
    """The parts without the passages that make them harder than their level allows, or than their own source is.

    Grades are Flesch-Kincaid's, so this is for English; the first passage of a main section always stays.
    """
    source = [s.text for d in documents for part in d.sections for b in part.blocks for s in b.sentences]
    limits = [max(HIGHEST_GRADE[level], grade_sentences(read(source)) or 0.0) - _MARGIN for read in _READINGS]
    eased = list(parts)
    for _ in range(_MOST_DROPPED):
        excess = _find_excess(_list_texts(eased), limits)
        droppable = [i for i, part in enumerate(eased) if len(part.passages) > (part.depth <= 1)]
        if excess is None or not droppable:
            break
        read, limit = excess
        hardest = max(droppable, key=lambda i: _weigh(eased[i].passages[-1], read, limit))
        if _weigh(eased[hardest].passages[-1], read, limit) <= 0:
            break
        eased[hardest] = eased[hardest].keep(len(eased[hardest].passages) - 1)
    return tuple(eased)


def _find_excess(texts: Sequence[str], limits: Sequence[float]) -> tuple[Reading, float] | None:
    """The reading by which the texts are furthest above their limit, with that limit; None when all are below."""
    over = [((grade_sentences(read(texts)) or 0.0) - limit, i) for i, (read, limit) in enumerate(_pair(limits))]
    worst, i = max(over)
    return (_READINGS[i], limits[i]) if worst > 0 else None


def _pair(limits: Sequence[float]) -> Iterable[tuple[Reading, float]]:
    return zip(_READINGS, limits, strict=True)


def _list_texts(parts: Iterable[Part]) -> list[str]:
    return list(chain.from_iterable(_texts(passage) for part in parts for passage in part.passages))


def _texts(passage: Passage) -> list[str]:
    texts: list[str] = []
    for chunk in passage.chunks:
        if isinstance(chunk, Table):
            texts += [" | ".join(row.cells) for row in (chunk.header, *chunk.rows)]
        else:
            texts += [said.text for said in iter_said(chunk)]
    return texts


def _weigh(passage: Passage, read: Reading, limit: float) -> float:
    """How much a passage adds to the difficulty: its grade above the limit, by its words."""
    texts = _texts(passage)
    return ((grade_sentences(read(texts)) or 0.0) - limit) * sum(len(text.split()) for text in texts)
