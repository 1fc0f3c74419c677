"""Whether words make a phrase: a noun phrase that names a thing, or what can stand after a verb. Pure.

Precision before recall: a phrase nobody can parse makes an objective nobody can read.
"""

import re
from collections.abc import Sequence

from shared.language.phrases import is_countable
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

_TOKEN = re.compile(r"`[^`]+`[^\s`]*|\S+")
_RELATIVE = frozenset({"that", "which", "who"})
_CLAUSES = _RELATIVE | {"if", "when", "while"}
_SEVERAL = frozenset({"multiple", "several", "many", "various", "few", "different", "other", "all"})
_LOOSE = frozenset(
    {"also", "just", "only", "even", "still", "again", "yet", "too", "more", "less", "about", "not", "very"}
)


def tokens_of(phrase: str) -> list[str]:
    """The words of a phrase, a code span with its blanks as one."""
    return _TOKEN.findall(phrase)


def is_thing(phrase: str) -> bool:
    """Whether a phrase in sentence case is a noun phrase, with what stands behind its head."""
    parts = _parts(tokens_of(phrase))
    if parts is None or not parts or parts[0][0]:
        return False
    for joiner, words in parts:
        if joiner in _RELATIVE:
            return len(words) >= 2
        if joiner == "to" and words and "VERB" in classes_of(words[0].lower()):
            return len(words) >= 2
        gerund = joiner in PREPOSITIONS and words and base_of_gerund(words[0]) is not None
        if not (_is_nouns(words) or (gerund and (len(words) == 1 or _is_nouns(words[1:])))):
            return False
    return True


def _parts(tokens: Sequence[str]) -> list[tuple[str, list[str]]] | None:
    """The words between prepositions and conjunctions, each with what joins it; None for what is no plain phrase."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    for place, token in enumerate(tokens):
        lower = token.lower().rstrip(",")
        if (
            lower in PRONOUNS
            or _is_contraction(lower)
            or (lower in AUXILIARIES and not any(joiner in _CLAUSES for joiner, _ in parts))
            or re.search(r"[?!;…]|\.\.\.", token)
        ):
            return None
        if lower in _RELATIVE and place:
            parts.append((lower, []))
            continue
        if (lower in PREPOSITIONS or lower in CONJUNCTIONS) and not token.startswith("`"):
            parts.append((lower, []))
            continue
        parts[-1][1].append(token.rstrip(","))
        if token.endswith(",") and place < len(tokens) - 1:
            parts.append((",", []))
    # ", and" joins once; a phrase that begins with a preposition has no first part.
    return [part for place, part in enumerate(parts) if part[1] or not (part[0] == "," or (place == 0 and not part[0]))]


def _is_contraction(word: str) -> bool:
    """Whether a word is a pronoun or an auxiliary drawn together: "I'm", "you'll", "doesn't"."""
    before, mark, after = word.replace("’", "'").partition("'")
    return bool(mark) and (after in {"m", "re", "ll", "ve", "d", "t"} or (before in PRONOUNS and after == "s"))


def _is_nouns(words: Sequence[str]) -> bool:
    """An optional article, what describes, and a noun: "the last retry", "nested groups", "`open` flag"."""
    rest = list(words[1:]) if words and words[0].lower() in DETERMINERS else list(words)
    if not rest or rest[0].lower() in DETERMINERS:
        return False
    if any(word.lower() in _LOOSE for word in rest):
        return False
    last = rest[-1]
    if rest[0].lower() in _SEVERAL and not is_name(last) and is_countable(last):
        return False
    if not is_name(last) and "NOUN" not in classes_of(last) and base_of_gerund(last) is None:
        return False
    for place, word in enumerate(rest[:-1]):
        if is_name(word):
            continue
        kinds = classes_of(word)
        if "NOUN" in kinds or "ADJ" in kinds or base_of_gerund(word) is not None or word.endswith("ed"):
            following = rest[place + 1]
            adjective = not is_name(following) and classes_of(following) == {"ADJ"}
            if adjective and "ADJ" not in kinds and not word.endswith(("ed", "ing")):
                return False
            continue
        if kinds == {"ADV"} or word.endswith("ly"):
            continue
        return False
    return True
