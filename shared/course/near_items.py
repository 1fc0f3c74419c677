"""Items that nearly equal each other, found by the words they share: a course asks a thing once."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from shared.course.model import Item
from shared.course.plain_text import show_plain
from shared.course.wording import list_words

NEAR_EQUAL = 0.8

Views = tuple[frozenset[str], frozenset[str], frozenset[str]]
"""The words of the stem, of the stem and the key, and of everything a learner sees."""


def find_near_equal(items: Sequence[Item]) -> Iterator[tuple[Item, Item]]:
    """Each item that nearly equals an earlier one, with that one.

    Two sets of which four fifths are shared have a word in common among the rarest fifth and one of each, so only
    items that share a rare word are compared.
    """
    views = [list_views(item) for item in items]
    for view in range(3):
        counts: dict[str, int] = {}
        for found in views:
            for word in found[view]:
                counts[word] = counts.get(word, 0) + 1
        by_word: dict[str, list[int]] = {}
        for number, found in enumerate(views):
            words = sorted(found[view], key=lambda word: (counts[word], word))
            rare = words[: len(words) - int(NEAR_EQUAL * len(words)) + 1]
            near = {other for word in rare for other in by_word.get(word, ())}
            for other in sorted(near):
                alike = (i for i in range(3) if _share(views[number][i], views[other][i]) > NEAR_EQUAL)
                if next(alike, None) == view:  # said once, in the first way of looking
                    yield items[number], items[other]
            for word in rare:
                by_word.setdefault(word, []).append(number)


def compare_items(one: Item, other: Item) -> float:
    """How alike two items are, 0 to 1: the largest Jaccard share over the ways to look at them."""
    return max(_share(a, b) for a, b in zip(list_views(one), list_views(other), strict=True))


def list_views(item: Item) -> Views:
    """The words of an item by the ways to look at it."""
    return _list_views(item.stem, tuple((option.id, option.text) for option in item.options), tuple(item.right))


@lru_cache(maxsize=8192)
def _list_views(stem: str, options: tuple[tuple[str, str], ...], right: tuple[str, ...]) -> Views:
    asked = list_words(show_plain(stem))
    texts = {name: list_words(show_plain(text)) for name, text in options}
    key = [word for name in right for word in texts.get(name, list_words(name))]
    everything = asked + [word for words in texts.values() for word in words]
    alone = asked if right else everything  # the options of an ordering are what is asked about
    return frozenset(alone), frozenset(alone) | frozenset(key), frozenset(everything)


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    union = len(one | other)
    return len(one & other) / union if union else 0.0
