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
        for said in [*words_of(clause), "the"]:
            *first, last = said.split("-")
            for word, ends in [*((one, False) for one in first), (last, True)]:
                if word not in STOPWORDS and len(word) > 1:
                    run.append((word, ends))
                    continue
                for end in (place for place, (_, is_end) in enumerate(run) if is_end):
                    for start in range(max(0, end - 2), end + 1):
                        yield " ".join([*(one for one, _ in run[start:end]), singular(run[end][0])])
                run = []
