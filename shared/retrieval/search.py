"""The passages that answer a question: those near it by the vectors of their pieces, and by those of single words. A
question is refused where its words, its sense and the headings together fit none of them. Equal questions of equal
courses get equal answers.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, takewhile

import numpy as np

from shared.course.plain_text import show_plain
from shared.course.vocabulary import STOP_WORDS
from shared.course.wording import list_words, stem_content_words
from shared.language.similarity import Vectors, embed_words, is_common, likeness
from shared.retrieval.passages import Passage

_MOST_PASSAGES = 5
_MOST_CHARACTERS = 4_800
_LEAST = 2.0
_HEADINGS = 0.25
_HELD = 2.0
_SAME_HEADING = 0.05
_NEAR = 100
_PIECE, _STEP = 60, 40
_WORD_BYTES = 50
_SHORTEST_FORM = 4
"""Letters of a word that is cut short, as programs name things: `dict`, `init`, `attr`."""
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


class Index:
    """The passages of a course, read once: their words, and the vectors of their pieces."""

    def __init__(self, passages: Iterable[Passage], language: str = "en") -> None:
        self._language = language
        self._passages = [*{one.text: one for one in passages}.values()]
        self._windows = [window for place in range(len(self._passages)) for window in self._windows_of(place)]
        self._in = Counter(word for _, words in self._windows for word in words)
        pieces = [(place, piece) for place, one in enumerate(self._passages) for piece in _pieces_of(one)]
        self._places = [place for place, _ in pieces]
        texts = [list_words(piece) for _, piece in pieces]
        self._having = Counter(word for text in texts for word in set(text))
        # Whole numbers up to 10,000, in a quarter of the memory.
        self._meanings = embed_words(texts, self._weigh).astype(np.int16)
        headings = [list_words(_heading_of(one)) for one in self._passages]
        self._above = embed_words(headings, self._weigh).astype(np.int16)
        told = {word: at for at, word in enumerate((one for one in self._having if one not in STOP_WORDS), 1)}
        # The word at 0 is like none, and stands in each passage.
        self._senses = embed_words([[], *([word] for word in told)], lambda _: 1).astype(np.int16)
        standing = [{0} for _ in self._passages]
        for place, text in zip(self._places, texts, strict=True):
            standing[place].update(told[word] for word in text if word in told)
        self._standing = np.array([*chain.from_iterable(standing)], dtype=np.int32)
        self._starts = np.cumsum([0, *map(len, standing)])[:-1]

    @property
    def bytes(self) -> int:
        """About how much memory it takes."""
        words = sum(len(words) for _, words in self._windows) + len(self._having)
        texts = sum(len(one.text) for one in self._passages)
        arrays = (self._meanings, self._above, self._senses, self._standing)
        return words * _WORD_BYTES + 2 * texts + sum(one.nbytes for one in arrays)

    def search(self, question: str) -> tuple[Passage, ...]:
        """The passages that hold the answer, the best first; without any the question is to be refused."""
        question = _LONG_WORD.sub(lambda found: self._respelt(found[0]), question)
        words = tuple(dict.fromkeys(word for word in self._stems(question) if word not in _ASKING))
        names = {word for name in _NAME.findall(question) for word in self._stems(name)}
        if not words or not self._passages or any(name in words and name not in self._in for name in names):
            return ()
        meant = embed_words([list_words(question)], self._weigh)
        like = np.full(len(self._passages), -1.0)
        np.maximum.at(like, self._places, likeness(self._meanings.astype(np.float64), meant)[:, 0])
        above = likeness(self._above.astype(np.float64), meant)[:, 0]
        near = self._near(question)
        best = self._spread(like + near + _HEADINGS * above)
        is_held = max((_HELD * self._held(words) + like + near + above)[best]) >= _LEAST
        return tuple(self._passages[place] for place in best) if is_held else ()

    def _spread(self, fit: Vectors) -> list[int]:
        """The places that fit best and can be read at once; each makes others under its heading fit less."""
        best: list[int] = []
        room = _MOST_CHARACTERS
        while len(best) < min(_MOST_PASSAGES, len(fit)):
            place = int(np.argmax(fit))
            room -= len(self._passages[place].text)
            if best and room < 0:
                break
            best.append(place)
            fit[place] = -np.inf
            fit[[one.headings[-1] == self._passages[place].headings[-1] for one in self._passages]] -= _SAME_HEADING
        return best

    def _near(self, question: str) -> Vectors:
        """For each passage how near the nearest of its words are to the words of a question, weighted by rarity."""
        asked = [one for one in dict.fromkeys(list_words(question)) if not _ASKING.issuperset(self._stems(one))]
        alike = likeness(embed_words([[one] for one in asked], lambda _: 1), self._senses.astype(np.float64))
        weights = [self._weigh(one) for one in asked]
        near = np.zeros(len(self._passages))
        for weight, row in zip(weights, alike, strict=True):
            near += weight * np.maximum.reduceat(row[self._standing], self._starts)
        return near / max(1, sum(weights))

    def _held(self, words: Iterable[str]) -> Vectors:
        """For each passage which share of a question's words, weighted by rarity, stands near each other in it."""
        forms = [self._forms(word) for word in words]
        rarity = [self._rarity(one) for one in forms]
        held = np.zeros(len(self._passages))
        for place, near in self._windows:
            part = sum(weight for one, weight in zip(forms, rarity, strict=True) if not near.isdisjoint(one))
            held[place] = max(held[place], part / sum(rarity))
        return held

    def _weigh(self, word: str) -> int:
        """How much a word tells apart in this course; its own name stands in nearly each passage."""
        return round(_WEIGHT * math.log(1 + (len(self._places) + 0.5) / (self._having[word] + 0.5)))

    def _respelt(self, word: str) -> str:
        """A word that the course does not have as the commonest one that it has and that is a slip away."""
        if word in self._having or any(stem in self._in for stem in self._stems(word)) or is_common(word):
            return word
        near = (one for one in self._having if _is_a_slip_away(word, one))
        return max(near, key=lambda one: (self._having[one], one), default=word)

    def _rarity(self, forms: Iterable[str]) -> float:
        having = max(self._in[one] for one in forms)
        return math.log(1 + (len(self._windows) - having + 0.5) / (having + 0.5))

    def _forms(self, word: str) -> tuple[str, ...]:
        """The forms in which a word of the question may stand in a passage."""
        short = (one for one in self._in if _SHORTEST_FORM <= len(one) <= len(word) - 2 and word.startswith(one))
        spelt = (word.replace("our", "or"), word.replace("is", "iz"), f"in{word}", f"un{word}")
        return word, *short, *spelt, *_SAME.get(word, ())

    def _windows_of(self, place: int) -> Iterator[tuple[int, frozenset[str]]]:
        """The place of a passage with the words near each other in a part of it or above it; parts overlap by half."""
        passage = self._passages[place]
        headed = [word for heading in passage.headings for word in self._stems(heading)]
        words = self._stems(passage.text)
        for start in range(0, max(1, len(words) - _NEAR // 2), _NEAR // 2):
            yield place, frozenset((*headed, *words[start : start + _NEAR]))

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
