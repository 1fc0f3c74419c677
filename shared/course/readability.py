"""Flesch-Kincaid grade and sentence length of English prose."""

import math
import re
from collections.abc import Iterable
from functools import lru_cache

_WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*")
_GROUP = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^aeiouyl]e|[^aeiouy]re|[^aeioutdy]ed|[^aeiouycgszxh]es)$")
_HIATUS = re.compile(r"ia|ea$|(?<=cr)ea|io(?!n|us)|eo|ua(?!l|r)|uous")
_CLITICS = frozenset({"", "s", "t", "re", "ll", "ve", "d", "m"})


@lru_cache(maxsize=65536)
def count_syllables(word: str) -> int:
    """Syllables of an English word: vowel groups, those of two sounds twice, silent endings not at all."""
    total = 0
    for part in re.split(r"['’-]", word.lower()):
        if part in _CLITICS:
            continue
        groups = len(_GROUP.findall(part)) + len(_HIATUS.findall(part))
        total += max(1, groups - 1 if groups > 1 and _SILENT.search(part) else groups)
    return max(1, total)


def list_english_words(text: str) -> list[str]:
    """Words of letters; numbers and signs are none."""
    return _WORD.findall(text)


def grade_sentences(sentences: Iterable[str]) -> float | None:
    """Flesch-Kincaid grade of sentences, or None when they hold no word."""
    counted = [count for count in map(_count_words, sentences) if count[0]]
    words = sum(count[0] for count in counted)
    if not words:
        return None
    syllables = sum(count[1] for count in counted)
    return 0.39 * words / len(counted) + 11.8 * syllables / words - 15.59


@lru_cache(maxsize=16384)
def _count_words(sentence: str) -> tuple[int, int]:
    """Words and syllables of a sentence."""
    words = list_english_words(sentence)
    return len(words), sum(map(count_syllables, words))


def measure_long_sentence(sentences: Iterable[str]) -> int:
    """Words of the sentence at the ninetieth percentile."""
    lengths = sorted(length for length in (len(list_english_words(s)) for s in sentences) if length)
    return lengths[math.ceil(0.9 * len(lengths)) - 1] if lengths else 0
