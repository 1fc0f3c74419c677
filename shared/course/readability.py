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
    counted = [words for words in map(list_english_words, sentences) if words]
    words = sum(len(sentence) for sentence in counted)
    if not words:
        return None
    syllables = sum(count_syllables(word) for sentence in counted for word in sentence)
    return 0.39 * words / len(counted) + 11.8 * syllables / words - 15.59


def measure_long_sentence(sentences: Iterable[str]) -> int:
    """Words of the sentence at the ninetieth percentile."""
    lengths = sorted(length for length in (len(list_english_words(s)) for s in sentences) if length)
    return lengths[math.ceil(0.9 * len(lengths)) - 1] if lengths else 0
