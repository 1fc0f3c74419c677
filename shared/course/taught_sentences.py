"""The whole taught text of a course by its words: does another sentence of it give a wrong option as an answer?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shared.course.evidence import Evidence
from shared.course.item_recall import list_asked, list_keys
from shared.course.model import Item
from shared.course.plain_text import show_plain
from shared.course.source_units import Unit
from shared.course.spans import Lines, join_words, overlaps
from shared.course.wording import stem_content_words

_ANSWERED = 0.8
_FEWEST_ASKED = 2


@dataclass(frozen=True)
class Sentence:
    """A sentence, item or row of the source: its words joined, its stems, its lines."""

    words: str
    stems: frozenset[str]
    lines: Lines


class TaughtSentences:
    """The sentences of the documents by their words."""

    def __init__(self, language: str = "en") -> None:
        self._language = language
        self._sentences: list[Sentence] = []
        self._by_word: dict[str, list[int]] = {}

    def add(self, unit: Unit) -> None:
        """Take up a sentence, item or row of the source."""
        words = join_words(unit.text)
        for word in set(words.split()):
            self._by_word.setdefault(word, []).append(len(self._sentences))
        stems = frozenset(stem_content_words(unit.text, self._language))
        self._sentences.append(Sentence(words, stems, (unit.path, unit.start_line, unit.end_line)))

    def find_second_answers(self, item: Item, evidence: Evidence) -> Iterator[str]:
        """Wrong options of a choice that a sentence elsewhere, not in their own lines, gives as the answer."""
        asked = set(list_asked(item))
        if item.kind != "single_choice" or len(asked) < _FEWEST_ASKED:
            return
        keys = [join_words(show_plain(key)) for key in list_keys(item)]
        for option in item.options:
            if option.id not in item.right:
                own = list(evidence.list_lines(option.citation_ids))
                if any(self._answers(s, asked, keys, own) for s in self._holding(join_words(show_plain(option.text)))):
                    yield option.text

    def _holding(self, words: str) -> Iterator[Sentence]:
        """Sentences that hold these words one after the other."""
        listed = words.split()
        if not listed:
            return
        rarest = min(listed, key=lambda word: len(self._by_word.get(word, ())))
        for number in self._by_word.get(rarest, ()):
            if f" {words} " in f" {self._sentences[number].words} ":
                yield self._sentences[number]

    def _answers(self, sentence: Sentence, asked: set[str], keys: Sequence[str], own: Sequence[Lines]) -> bool:
        if any(overlaps(sentence.lines, other) for other in own):
            return False
        if any(f" {key} " in f" {sentence.words} " for key in keys):
            return False
        return len(asked & sentence.stems) >= _ANSWERED * len(asked)
