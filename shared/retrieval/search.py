"""The passages that answer a question: by BM25 over stems, and by the likeness of word vectors. A question that no
passage is near in both is refused. Equal questions of equal courses get equal answers.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from shared.course.plain_text import show_plain
from shared.course.wording import list_words, stem_content_words
from shared.language.similarity import Vectors, embed_words, is_common, likeness
from shared.retrieval.passages import Passage

_MOST_PASSAGES = 3
_LEAST = 0.88
_WORDS, _HEADINGS = 0.5, 0.5
_NEAR = 100
_PIECE, _STEP = 60, 40
_K1, _B = 1.2, 0.4
_WORD_BYTES = 50
_SHORTEST_FORM = 4
"""Letters of a word that is cut short, as programs name things: `dict`, `init`, `attr`."""
_OTHER_FORM = 0.7
_WEIGHT = 100
_LONG_WORD = re.compile(r"\b[^\W\d_A-Z]{4,}\b")
"""A word in which a slip can be told from another word."""
_NAME = re.compile(r"(?<!^)(?<![.?!]\s)\b[A-Z]\w+|\b[a-z]+[A-Z]\w*")
_ASKING = frozenset(
    stem_content_words("happen mean way possible explain tell difference instead something begin start")
)
_SAME = {
    word: tuple(other for other in group if other != word)
    for words in (
        "run invoke invocation execute call", "delete remove", "show display print", "change modify",
        "disable off deactivate", "enable on activate", "convert turn transform", "limit restrict",
        "create define build", "immutable frozen freeze", "exit quit", "password hidden", "environment env envvar",
        "argument arg", "parameter param", "allow accept permit", "several multiple", "finish complete done",
        "default preset",
    )
    for group in [stem_content_words(words)]
    for word in group
}  # fmt: skip
"""Words that mean the same in documentation of programs."""


@dataclass(frozen=True)
class _Window:
    """A part of the passage at a place: how often each word stands in it, and how much the headings say of a word."""

    place: int
    counts: Mapping[str, int]
    headed: Mapping[str, float]
    length: int


_Forms = Mapping[str, float]


class Index:
    """The passages of a course, read once: their words, and the vectors of their pieces."""

    def __init__(self, passages: Iterable[Passage], language: str = "en") -> None:
        self._language = language
        self._passages = [*{one.text: one for one in passages}.values()]
        self._windows = [window for place in range(len(self._passages)) for window in self._windows_of(place)]
        self._mean = sum(one.length for one in self._windows) / max(1, len(self._windows)) or 1.0
        self._in = Counter(word for one in self._windows for word in one.counts.keys() | one.headed.keys())
        pieces = [(place, piece) for place, one in enumerate(self._passages) for piece in _pieces_of(one)]
        self._places = [place for place, _ in pieces]
        texts = [list_words(piece) for _, piece in pieces]
        self._having = Counter(word for text in texts for word in set(text))
        # Whole numbers up to 10,000, in a quarter of the memory.
        self._meanings = embed_words(texts, self._weigh).astype(np.int16)
        headings = [list_words(_heading_of(one)) for one in self._passages]
        self._above = embed_words(headings, self._weigh).astype(np.int16)

    @property
    def bytes(self) -> int:
        """About how much memory it takes."""
        words = sum(len(one.counts) + len(one.headed) for one in self._windows) + len(self._having)
        texts = sum(len(one.text) for one in self._passages)
        return words * _WORD_BYTES + 2 * texts + self._meanings.nbytes + self._above.nbytes

    def search(self, question: str) -> tuple[Passage, ...]:
        """The passages that hold the answer, the best first; without any the question is to be refused."""
        question = _LONG_WORD.sub(lambda found: self._respelt(found[0]), question)
        words = tuple(dict.fromkeys(word for word in self._stems(question) if word not in _ASKING))
        names = {word for name in _NAME.findall(question) for word in self._stems(name)}
        if not words or not self._passages or any(name in words and name not in self._in for name in names):
            return ()
        scores, held = self._look(words)
        meant = embed_words([list_words(question)], self._weigh)
        like = np.full(len(self._passages), -1.0)
        np.maximum.at(like, self._places, likeness(self._meanings.astype(np.float64), meant)[:, 0])
        above = likeness(self._above.astype(np.float64), meant)[:, 0]
        total = _WORDS * scores / max(scores.max(), 1e-9) + like + _HEADINGS * above
        best = np.argsort(-total, kind="stable")[:_MOST_PASSAGES]
        is_held = max(held[place] + like[place] for place in best) >= _LEAST
        return tuple(self._passages[place] for place in best) if is_held else ()

    def _look(self, words: Iterable[str]) -> tuple[Vectors, Vectors]:
        """For each passage how well its words fit, and which share of the question's words, weighted by rarity, stands
        near each other in it.
        """
        forms = [self._forms(word) for word in words]
        rarity = [self._rarity(one) for one in forms]
        scores, held = np.zeros(len(self._passages)), np.zeros(len(self._passages))
        for window in self._windows:
            room = _K1 * (1 - _B + _B * window.length / self._mean)
            score = part = 0.0
            for one, weight in zip(forms, rarity, strict=True):
                times = sum(window.counts.get(form, 0) * share for form, share in one.items())
                above = max(window.headed.get(form, 0) * share for form, share in one.items())
                score += weight * (times * (_K1 + 1) / (times + room) + above)
                part += weight if times or above else 0
            part /= sum(rarity)
            if score * part > scores[window.place]:
                scores[window.place], held[window.place] = score * part, part
        return scores, held

    def _weigh(self, word: str) -> int:
        """How much a word tells apart in this course; its own name stands in nearly each passage."""
        return round(_WEIGHT * math.log(1 + (len(self._places) + 0.5) / (self._having[word] + 0.5)))

    def _respelt(self, word: str) -> str:
        """A word that the course does not have as the commonest one that it has and that is a slip away."""
        if word in self._having or any(stem in self._in for stem in self._stems(word)) or is_common(word):
            return word
        near = (one for one in self._having if _is_a_slip_away(word, one))
        return max(near, key=lambda one: (self._having[one], one), default=word)

    def _rarity(self, forms: _Forms) -> float:
        having = max(self._in[one] for one in forms)
        return math.log(1 + (len(self._windows) - having + 0.5) / (having + 0.5))

    def _forms(self, word: str) -> _Forms:
        """The forms in which a word of the question may stand in a passage, and how much each counts."""
        short = (one for one in self._in if _SHORTEST_FORM <= len(one) <= len(word) - 2 and word.startswith(one))
        spelt = (word.replace("our", "or"), word.replace("is", "iz"), f"in{word}", f"un{word}")
        others = (*short, *spelt, *_SAME.get(word, ()))
        return {**{one: _OTHER_FORM for one in others if one in self._in}, word: 1.0}

    def _windows_of(self, place: int) -> Iterator["_Window"]:
        """The parts of a passage in which words count as near each other; they overlap by half."""
        passage = self._passages[place]
        headed: dict[str, float] = defaultdict(float)
        for distance, heading in enumerate(reversed(passage.headings)):
            for word in self._stems(heading):
                headed[word] = max(headed[word], 1 / (1 + distance))
        words = self._stems(passage.text)
        for start in range(0, max(1, len(words) - _NEAR // 2), _NEAR // 2):
            part = words[start : start + _NEAR]
            yield _Window(place, Counter(part), dict(headed), len(part))

    def _stems(self, text: str) -> list[str]:
        return stem_content_words(show_plain(text), self._language)


def _pieces_of(passage: Passage) -> Iterator[str]:
    words = show_plain(passage.text).split()
    for start in range(0, max(1, len(words) - _STEP + _PIECE // 6), _STEP):
        yield f"{_heading_of(passage)}. {' '.join(words[start : start + _PIECE])}"


def _heading_of(passage: Passage) -> str:
    return " ".join(passage.headings[-2:])


def _is_a_slip_away(word: str, other: str) -> bool:
    """Whether one letter is missing, too much or another one, or two beside each other are swapped."""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, other, strict=False)))
    rest, wanted = word[same:], other[same:]
    swapped = rest[:2] == wanted[1::-1] and rest[2:] == wanted[2:]
    return swapped or rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:]
