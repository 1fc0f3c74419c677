"""The terms that a heading names: the whole of it, or the things that it does something to, with or about. Pure."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from services.doc_analyser.offline.definitions import is_term
from shared.engine.titles import is_generic
from shared.language.glosses import bare_heading
from shared.language.headings import clean_heading
from shared.language.terms import term_key
from shared.language.word_classes import (
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    PREPOSITIONS,
    PRONOUNS,
    base_of_gerund,
    classes_of,
    is_name,
)

_ASIDE = re.compile(r"\s+\([^()]*\)|\(\)")
_KIND = re.compile(r"^[^:]+:\s+(?=\S)")  # "Interface: Store" names a store
_ASKS = re.compile(
    r"^(?:what(?: is| are|['’]s)|introduc(?:ing|tion to)|about|understanding)\s+(?:an? |the )?", re.IGNORECASE
)


def find_subjects(heading: str) -> tuple[tuple[str, bool], ...]:
    """Names with whether each is the whole heading, the best first: "Connecting to a cluster" names a cluster."""
    text = _ASKS.sub("", _KIND.sub("", _ASIDE.sub("", clean_heading(heading)))).strip(" ?")
    if not text:
        return ()
    found = {text: True} if _names_a_thing(text) and not _acts_on(text) else {}
    pieces = () if found else (one for one in _split(text) if _names_a_thing(one, one.split(" ")[-1]))
    return tuple((found | {one: False for one in pieces if not _acts_on(one)}).items())


@lru_cache(maxsize=20_000)
def heading_keys(heading: str) -> frozenset[str]:
    """The terms that a whole heading may be: of a call, without its arguments, also the name without its owner."""
    bare = bare_heading(heading)
    whole = (name for name, is_whole in find_subjects(heading) if is_whole)
    return frozenset(map(term_key, (bare, bare.rpartition(".")[2], *whole))) - {""}


def heads(name: str, heading: str) -> bool:
    """Whether a section is headed by just this term, as "Strings" is for `z.string`."""
    return not heading_keys(heading).isdisjoint({term_key(name), term_key(name.rpartition(".")[2])})


def _names_a_thing(name: str, noun: str = "") -> bool:
    """Whether a name, or the noun it ends in where a verb was taken from it ("connect timeout"), is a noun phrase."""
    return is_term(name) and not is_generic(name) and _is_thing(_in_sentence_case(noun or name))


def _is_thing(phrase: str) -> bool:
    """Whether a phrase in sentence case is a noun phrase, with what stands behind its head."""
    parts: list[list[str]] = [[]]
    for word in phrase.split():
        lower = word.lower()
        if re.split("['’]", lower)[0] in PRONOUNS or lower in AUXILIARIES:  # "Who's"
            return False
        if lower in PREPOSITIONS or lower in CONJUNCTIONS:
            parts.append([])
        else:
            parts[-1].append(word)
    return all(map(_is_nouns, parts))


def _is_nouns(words: Sequence[str]) -> bool:
    """An optional article, what describes, and a noun: "the last retry", "nested groups"."""
    rest = words[1:] if words and words[0].lower() in DETERMINERS else words
    return bool(rest) and _is_noun(rest[-1]) and all(map(_describes, rest[:-1]))


def _is_noun(word: str) -> bool:
    is_part = "-" in word and word.endswith("ed")  # "class-based"
    return is_name(word) or (not is_part and "NOUN" in classes_of(word)) or base_of_gerund(word) is not None


def _describes(word: str) -> bool:
    return _is_noun(word) or "ADJ" in classes_of(word) or classes_of(word) == {"ADV"} or word.endswith("ed")


def _in_sentence_case(name: str) -> str:
    return " ".join(word if word.isupper() else word[:1].lower() + word[1:] for word in name.split())


def _acts_on(text: str) -> bool:
    """Whether a heading begins with a verb that has an object: "Replying to a message", "Design a cache"."""
    first, *rest = text.lower().split()
    leading = DETERMINERS | PREPOSITIONS if base_of_gerund(first) is not None else DETERMINERS
    return any(word in leading for word in (rest if leading != DETERMINERS else rest[:1]))


def _split(part: str) -> Iterator[str]:
    """The pieces between prepositions, conjunctions and commas, without the verb that leads and without articles."""
    tokens = part.split()
    if tokens and _leads(tokens):
        del tokens[0]
    piece: list[str] = []
    for token in [*tokens, "and"]:
        lower = token.lower()
        if lower in PREPOSITIONS or lower in CONJUNCTIONS or token.endswith(","):
            yield " ".join([*piece, *([token.rstrip(",")] if token.endswith(",") else [])])
            piece = []
        elif piece or lower not in DETERMINERS:
            piece.append(token)


def _leads(tokens: Sequence[str]) -> bool:
    """Whether the first word is a verb: a gerund, or an order such as "Install it" or "Use the thing"."""
    first, following = tokens[0].lower(), [*tokens, "", ""][1].lower()
    if base_of_gerund(first) is not None:
        return True
    kinds = classes_of(first)  # "Third party" names no party
    return "VERB" in kinds and (kinds.isdisjoint({"NOUN", "ADV"}) or following in DETERMINERS | PREPOSITIONS)
