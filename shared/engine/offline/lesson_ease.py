"""Keeping a lesson readable for its level: while it is too hard, the hardest passage that can go goes."""

import re
from collections.abc import Iterable, Sequence
from itertools import chain

from shared.course.model import Level
from shared.course.plain_text import show_plain
from shared.course.readability import grade_sentences
from shared.docs.model import Document
from shared.engine.offline.lesson import Part, Passage, Table, iter_said

HIGHEST_GRADE: dict[Level, float] = {"beginner": 10.0, "intermediate": 13.0, "advanced": 16.0}
_MARGIN = 0.4
_MOST_DROPPED = 40
_FULL_STOP = re.compile(r"(?<=[.!?])\s+")


def ease_parts(parts: Sequence[Part], documents: Iterable[Document], level: Level) -> tuple[Part, ...]:
    """The parts without the passages that make them harder than their level allows, or than their own source is.

    Grades are Flesch-Kincaid's, so this is for English; the first passage of a main section always stays.
    """
    source = (s.text for d in documents for part in d.sections for b in part.blocks for s in b.sentences)
    own = grade_sentences(show_plain(text) for text in source)
    limit = max(HIGHEST_GRADE[level] - _MARGIN, own if own is not None else 0.0)
    eased = list(parts)
    for _ in range(_MOST_DROPPED):
        if _grade(_list_texts(eased)) <= limit:
            break
        hardest = max(
            (i for i, part in enumerate(eased) if len(part.passages) > (part.depth <= 1)),
            key=lambda i: _weight(eased[i].passages[-1], limit),
            default=None,
        )
        if hardest is None or _weight(eased[hardest].passages[-1], limit) <= 0:
            break
        eased[hardest] = eased[hardest].keep(len(eased[hardest].passages) - 1)
    return tuple(eased)


def _list_texts(parts: Iterable[Part]) -> list[str]:
    return list(chain.from_iterable(_texts(passage) for part in parts for passage in part.passages))


def _texts(passage: Passage) -> list[str]:
    texts: list[str] = []
    for chunk in passage.chunks:
        if isinstance(chunk, Table):
            texts += [show_plain(" | ".join(row.cells)) for row in (chunk.header, *chunk.rows)]
        else:
            texts += [show_plain(said.text) for said in iter_said(chunk)]
    return texts


def _grade(texts: Sequence[str]) -> float:
    """The harder of two readings: each text a sentence, and the whole split at full stops."""
    readings = (texts, _FULL_STOP.split(" ".join(texts)))
    return max(grade_sentences(reading) or 0.0 for reading in readings)


def _weight(passage: Passage, limit: float) -> float:
    """How much a passage adds to the difficulty: its grade above the limit, by its words."""
    texts = _texts(passage)
    return (_grade(texts) - limit) * sum(len(text.split()) for text in texts) if texts else 0.0
