"""How often a section says which term: for the concept graph, the same for every engine. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from shared.language.terms import STOPWORDS, marked, plain, singular, term_key, words_of

_MOST_TERMS = 240
_LONGEST_NAME = 4
_CLAUSE = re.compile(r"[.,;:!?()\[\]\"“”|]")


def count_mentions(texts: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Term key → how often inline texts say it; a term in code, bold, italics or a link counts twice."""
    counts: Counter[str] = Counter()
    for text in texts:
        for key in _phrases(plain(text)):
            counts[key] += 1
        counts.update(term_key(words) for words in marked(text) if len(words.split()) < _LONGEST_NAME)
    counts.pop("", None)
    ranked = sorted(counts, key=lambda key: (-counts[key], key.count(" "), key))[:_MOST_TERMS]
    return tuple((key, counts[key]) for key in sorted(ranked))


def _phrases(text: str) -> Iterable[str]:
    """Content words of a text and the pairs and triples of neighbouring ones, the last word singular.

    Of words with hyphens none ends before the last: "env-var" says no "env".
    """
    for clause in _CLAUSE.split(text):
        run: list[tuple[str, bool]] = []
        parts = ((part, not rest) for word in words_of(clause) for part, *rest in _tails(word.split("-")))
        for word, ends in [*parts, ("the", True)]:
            if word in STOPWORDS or len(word) < 2:
                for last in (place for place, one in enumerate(run) if one[1]):
                    for first in range(max(0, last - 2), last + 1):
                        yield " ".join([*(one for one, _ in run[first:last]), singular(run[last][0])])
                run = []
            else:
                run.append((word, ends))


def _tails(words: Sequence[str]) -> Iterable[Sequence[str]]:
    return (words[place:] for place in range(len(words)))
