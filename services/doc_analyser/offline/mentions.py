"""How often a section says which term: for the concept graph, the same for every engine. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from shared.language.terms import STOPWORDS, marked, plain, singular, term_key, words_of

_MOST_TERMS = 240
_LONGEST_NAME = 4
_NAME_IN_CODE = re.compile(r"[A-Za-z_]\w*(?:(?:\.|::|-)[A-Za-z_]\w*)*")
_LAST = re.compile(r"\w+\Z")
_OF_SEVERAL_WORDS = re.compile(r"[a-z][A-Z]|[A-Za-z\d][-.:_]+[A-Za-z]")
_CLAUSE = re.compile(r"[.,;:!?()\[\]\"“”|]")


def count_mentions(texts: Sequence[str], code: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Term key → how often inline texts say it, and how many blocks of code use it if it is a name of several words.

    A term in code, bold, italics or a link counts twice.
    """
    said: Counter[str] = Counter()
    for text in texts:
        said.update(_phrases(plain(text)))
        said.update(term_key(words) for words in marked(text) if len(words.split()) < _LONGEST_NAME)
    used = Counter(key for one in code for key in set(_names_in(one)))
    return tuple((key, said[key] + used[key]) for key in sorted({*_most_frequent(said), *_most_frequent(used)} - {""}))


def _most_frequent(counts: Counter[str]) -> list[str]:
    return sorted(counts, key=lambda key: (-counts[key], key.count(" "), key))[:_MOST_TERMS]


def _names_in(code: str) -> Iterable[str]:
    """The keys of the names that have several words: of `z.fromJSONSchema` the whole and the last part."""
    for name in _NAME_IN_CODE.findall(code):
        yield from (term_key(one) for one in (name, *_LAST.findall(name)) if _OF_SEVERAL_WORDS.search(one))


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
