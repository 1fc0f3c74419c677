"""Options of a choice: distractors of the key's own sort that the cited lines do not hold, in plain order."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from shared.course.anchors import Anchor, found_in
from shared.course.flaws import describe_form
from shared.course.model import Option
from shared.course.plain_text import show_plain
from shared.course.wording import list_words

_SIGNS = re.compile(r"[^\w\s.-]")
_LETTERS = "abcdef"


@dataclass(frozen=True)
class Candidate:
    """A possible distractor; `near` is how akin it is to the key, higher is nearer."""

    text: str
    near: int


def choose_options(
    key: str, candidates: Sequence[Candidate], cited: str, count: int = 4
) -> tuple[list[Option], str] | None:
    """Options in alphabetical order, and the key's id.

    The nearest distractors, one of them at least as long as the key. None when fewer than two fit.
    """
    fit = rank_distractors(key, candidates, cited)
    long = next((text for text in fit if len(show_plain(text)) >= len(show_plain(key))), None)
    if long is None or len(fit) < 2 or not re.search(r"[^\W_]", show_plain(key)):
        return None
    chosen = [long, *(text for text in fit if text != long)][: count - 1]
    texts = sorted([key, *chosen], key=_alphabetical)
    return label_options(texts), _LETTERS[texts.index(key)]


def place_key(options: Sequence[Option], key: str, at: int) -> tuple[list[Option], str]:
    """The options with the key at place `at` (from 0, counted round), the others in their order; the key's new id."""
    own = next(option.text for option in options if option.id == key)
    others = [option.text for option in options if option.id != key]
    at %= len(options)
    return label_options([*others[:at], own, *others[at:]]), _LETTERS[at]


def rank_distractors(key: str, candidates: Sequence[Candidate], cited: str) -> list[str]:
    """Texts that could be taken for the key and are not it, the nearest first, each once."""
    form = describe_form(key)
    plain = show_plain(key)
    size = len(plain)
    ranked: dict[str, tuple[int, int, str]] = {}
    for candidate in candidates:
        other = show_plain(candidate.text)
        if (
            not re.search(r"[^\W_]", other)
            or describe_form(candidate.text) != form
            or is_same_name(plain, other)
            or stands_in(candidate.text, cited)
        ):
            continue
        if candidate.text.startswith("`") != key.startswith("`") or not 0.3 <= len(other) / max(1, size) <= 3.2:
            continue
        rank = (-candidate.near, abs(len(other) - size), _digest(other))
        ranked[other.lower()] = min(rank, ranked.get(other.lower(), rank))
    by_name = {show_plain(c.text).lower(): c.text for c in reversed(candidates)}
    return [by_name[name] for name in sorted(ranked, key=lambda n: (ranked[n], n))]


def is_same_name(one: str, other: str) -> bool:
    """Whether two names may stand for the same thing: equal, plural, or one a part of the other."""
    a, b = one.lower().strip("`()@-. "), other.lower().strip("`()@-. ")
    if a == b or a in b or b in a:
        return True
    return not _SIGNS.search(a + b) and set(list_words(a)) == set(list_words(b))


def stands_in(text: str, cited: str) -> bool:
    """Whether a text stands in the lines, letter case aside."""
    return found_in(Anchor("quote", show_plain(text).lower().rstrip(".")), cited.lower())


def shuffle_options(texts: Sequence[str]) -> tuple[list[Option], list[str]]:
    """Steps in an order made from their text, never the right one or its reverse, and the ids in the right order."""
    mixed = sorted(texts, key=_digest)
    if mixed in (list(texts), list(reversed(texts))):
        mixed = [*mixed[1:], mixed[0]]
    options = label_options(mixed)
    return options, [options[mixed.index(text)].id for text in texts]


def label_options(texts: Sequence[str]) -> list[Option]:
    """Options with letters for ids, in the given order."""
    return [Option(id=_LETTERS[i], text=text) for i, text in enumerate(texts)]


def _alphabetical(text: str) -> tuple[str, str]:
    plain = show_plain(text)
    return plain.lower().lstrip("`-@.$_("), plain


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
