"""How often a section says which term: for the concept graph, the same for every engine. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from shared.language.terms import STOPWORDS, plain, singular, term_key, words_of

_MOST_TERMS = 240
_LONGEST_NAME = 4
_CLAUSE = re.compile(r"[.,;:!?()\[\]\"“”|]")
_MARKED = re.compile(r"`([^`\n]+)`|\*\*([^*\n]+)\*\*|\*([^*\n]+)\*|\b_([^_\n]+)_\b|\[([^\[\]\n]+)\]\(")


def count_mentions(texts: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Term key → how often inline texts say it; a term in code, bold, italics or a link counts twice."""
    counts: Counter[str] = Counter()
    for text in texts:
        for key in _phrases(plain(text)):
            counts[key] += 1
        for span in _MARKED.finditer(text):
            words = next(group for group in span.groups() if group is not None)
            if len(words.split()) < _LONGEST_NAME:
                counts[term_key(words)] += 1
    counts.pop("", None)
    ranked = sorted(counts, key=lambda key: (-counts[key], key.count(" "), key))[:_MOST_TERMS]
    return tuple((key, counts[key]) for key in sorted(ranked))


def _phrases(text: str) -> Iterable[str]:
    """Content words of a text and the pairs and triples of neighbouring ones, the last word singular."""
    for clause in _CLAUSE.split(text):
        run: list[str] = []
        for word in [*words_of(clause.replace("-", " ")), "the"]:
            if word in STOPWORDS or len(word) < 2:
                for size in (1, 2, 3):
                    for start in range(len(run) - size + 1):
                        yield " ".join([*run[start : start + size - 1], singular(run[start + size - 1])])
                run = []
            else:
                run.append(word)
