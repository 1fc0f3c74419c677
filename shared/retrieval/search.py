"""The passages that answer a question, by BM25 over stems. A question whose rare words no passage has together is
refused. Equal questions of equal courses get equal answers.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shared.course.plain_text import show_plain
from shared.course.wording import stem_content_words
from shared.retrieval.passages import Passage

NOT_HELD = "No passage of the course holds an answer to this question"
_MOST_PASSAGES = 3
_LEAST_HELD = 0.55
_NEAR_BEST = 0.7
_NEAR = 100
_HEADING_WEIGHT = 1.0
_K1, _B = 1.2, 0.4
_SHORTEST_FORM = 4
"""Letters of a word that is cut short, as programs name things: `dict`, `init`, `attr`."""
_OTHER_FORM = 0.7
_NAME = re.compile(r"(?<!^)(?<![.?!]\s)\b[A-Z]\w+")
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
class Found:
    """A passage and how much of the question's words, weighted by rarity, it holds: 0 to 1."""

    passage: Passage
    score: float
    held: float


@dataclass(frozen=True)
class _Window:
    """A part of a passage: how often each word stands in it, and how much the headings above say of a word."""

    passage: Passage
    counts: Mapping[str, int]
    headed: Mapping[str, float]
    length: int


_NOTHING = Found(Passage("", (), "", ()), 0, 0)
_Forms = Mapping[str, float]


@dataclass(frozen=True)
class CourseReading:
    """A course to answer from: its index, and its citations and sources by their ids, as they are stored."""

    index: "Index"
    citations: Mapping[str, Mapping[str, Any]]
    sources: Mapping[str, Mapping[str, Any]]


class Index:
    """The passages of a course, counted once."""

    def __init__(self, passages: Iterable[Passage], language: str = "en") -> None:
        self._language = language
        by_text = {one.text: one for one in reversed([*passages])}
        self._windows = [window for one in reversed(by_text.values()) for window in self._windows_of(one)]
        self._mean = sum(one.length for one in self._windows) / max(1, len(self._windows))
        self._in = Counter(word for one in self._windows for word in one.counts.keys() | one.headed.keys())

    def search(self, question: str) -> tuple[Found, ...]:
        """The passages that hold the answer, the best first; without any the question is to be refused."""
        words = tuple(dict.fromkeys(word for word in self._stems(question) if word not in _ASKING))
        names = {word for name in _NAME.findall(question) for word in self._stems(name)}
        if not words or any(name in words and name not in self._in for name in names):
            return ()
        forms = {word: self._forms(word) for word in words}
        whole = sum(self._rarity(forms[word]) for word in words)
        best: dict[Passage, Found] = {}
        for window in self._windows:
            found = self._look(window, forms, whole)
            if found.held >= _LEAST_HELD and found.score > best.get(window.passage, _NOTHING).score:
                best[window.passage] = found
        held = sorted(best.values(), key=lambda one: -one.score)
        return tuple(one for one in held[:_MOST_PASSAGES] if one.score >= _NEAR_BEST * held[0].score)

    def _look(self, window: "_Window", words: Mapping[str, _Forms], whole: float) -> Found:
        """A part of a passage beside a question."""
        counts, headed = window.counts, window.headed
        room = _K1 * (1 - _B + _B * window.length / self._mean)
        score = held = 0.0
        for forms in words.values():
            times = sum(counts.get(one, 0) * weight for one, weight in forms.items())
            above = max(headed.get(one, 0) * weight for one, weight in forms.items())
            rarity = self._rarity(forms)
            score += rarity * (times * (_K1 + 1) / (times + room) + _HEADING_WEIGHT * above)
            held += rarity if times or above else 0
        return Found(window.passage, score * held / whole, held / whole)

    def _rarity(self, forms: _Forms) -> float:
        having = max(self._in[one] for one in forms)
        return math.log(1 + (len(self._windows) - having + 0.5) / (having + 0.5))

    def _forms(self, word: str) -> _Forms:
        """The forms in which a word of the question may stand in a passage, and how much each counts."""
        short = (one for one in self._in if _SHORTEST_FORM <= len(one) <= len(word) - 2 and word.startswith(one))
        spelt = (word.replace("our", "or"), word.replace("is", "iz"), f"in{word}", f"un{word}")
        others = (*short, *spelt, *_SAME.get(word, ()))
        return {**{one: _OTHER_FORM for one in others if one in self._in}, word: 1.0}

    def _windows_of(self, passage: Passage) -> Iterator["_Window"]:
        """The parts of a passage in which words count as near each other; they overlap by half."""
        headed: dict[str, float] = defaultdict(float)
        for distance, heading in enumerate(reversed(passage.headings)):
            for word in self._stems(heading):
                headed[word] = max(headed[word], 1 / (1 + distance))
        words = self._stems(passage.text)
        for start in range(0, max(1, len(words) - _NEAR // 2), _NEAR // 2):
            part = words[start : start + _NEAR]
            yield _Window(passage, Counter(part), dict(headed), len(part))

    def _stems(self, text: str) -> list[str]:
        return stem_content_words(show_plain(text), self._language)
