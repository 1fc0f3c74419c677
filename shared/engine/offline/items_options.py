"""Options of a choice: distractors of the key's own sort that the cited lines do not hold, in plain order."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from shared.course.anchors import Anchor, found_in
from shared.course.flaws import describe_form
from shared.course.model import Option
from shared.course.plain_text import show_plain
from shared.course.wording import list_words

_CONSIDERED = 9
_LETTERS = "abcdef"


@dataclass(frozen=True)
class Candidate:
    """A possible distractor; `near` is how akin it is to the key, higher is nearer."""

    text: str
    near: int


def choose_options(
    key: str, candidates: Sequence[Candidate], cited: str, wanted_at: int, count: int = 4
) -> tuple[list[Option], str] | None:
    """Options in alphabetical order with the key near place `wanted_at` (from 0), and the key's id.

    None when there are fewer than two fit distractors or the key would be the longest option.
    """
    fit = rank_distractors(key, candidates, cited)[:_CONSIDERED]
    best: tuple[tuple[int, int, int], list[str]] | None = None
    for size in (count - 1, count - 2):
        for chosen in combinations(range(len(fit)), size) if len(fit) >= size else ():
            texts = sorted([key, *(fit[i] for i in chosen)], key=_alphabetical)
            if max(len(show_plain(fit[i])) for i in chosen) < len(show_plain(key)):
                continue
            at = texts.index(key)
            rank = (abs(at - wanted_at % (size + 1)) * 4, sum(chosen), at)
            if best is None or rank < best[0]:
                best = rank, texts
        if best is not None:
            break
    if best is None:
        return None
    return label_options(best[1]), _LETTERS[best[1].index(key)]


def rank_distractors(key: str, candidates: Sequence[Candidate], cited: str) -> list[str]:
    """Texts that could be taken for the key and are not it, the nearest first, each once."""
    form = describe_form(key)
    plain = show_plain(key)
    size = len(plain)
    ranked: dict[str, tuple[int, int, str]] = {}
    for candidate in candidates:
        other = show_plain(candidate.text)
        if describe_form(candidate.text) != form or is_same_name(plain, other) or stands_in(candidate.text, cited):
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
    return a == b or a in b or b in a or set(list_words(a)) == set(list_words(b))


def stands_in(text: str, cited: str) -> bool:
    """Whether a text stands in the lines, letter case aside."""
    return found_in(Anchor("quote", show_plain(text).lower().rstrip(".")), cited.lower())


def shuffle_options(texts: Sequence[str]) -> tuple[list[Option], list[str]]:
    """Steps in an order made from their text, never the right one, and the ids in the right order."""
    mixed = sorted(texts, key=_digest)
    if list(texts) == mixed:
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
