"""How much two pathways differ. Pure."""

from collections.abc import Sequence
from itertools import combinations

from shared.engine.types import Pathway

SectionKey = tuple[str, str]


def section_order(pathway: Pathway) -> tuple[SectionKey, ...]:
    """The sections of a pathway in order, as (document id, section id), each once."""
    refs = ((ref.document_id, ref.section_id) for module in pathway.modules for ref in module.sections)
    return tuple(dict.fromkeys(refs))


def section_distance(left: Sequence[SectionKey], right: Sequence[SectionKey]) -> float:
    """1 − Jaccard of two sets of sections, 0..1; two empty ones do not differ."""
    union = set(left) | set(right)
    return 1.0 - len(set(left) & set(right)) / len(union) if union else 0.0


def order_distance(left: Sequence[SectionKey], right: Sequence[SectionKey]) -> float:
    """1 − Kendall tau of the sections both have, 0 (same order) to 2 (reversed)."""
    place = {key: index for index, key in enumerate(right)}
    ranks = [place[key] for key in left if key in place]
    pairs = len(ranks) * (len(ranks) - 1) // 2
    if not pairs:
        return 0.0
    backwards = _inversions(ranks)
    return 2.0 * backwards / pairs


def pathway_distance(left: Pathway, right: Pathway) -> float:
    """1 − Jaccard of sections; for pathways of nearly the same sections, 1 − Kendall tau of order if that is more."""
    one, other = section_order(left), section_order(right)
    apart = section_distance(one, other)
    return apart if apart >= 0.5 else max(apart, min(1.0, order_distance(one, other)))


def smallest_distance(pathways: Sequence[Pathway]) -> float:
    """The least distance of all pairs; 1.0 when there is no pair."""
    return min((pathway_distance(left, right) for left, right in combinations(pathways, 2)), default=1.0)


def _inversions(ranks: list[int]) -> int:
    """Pairs in the wrong order, by merge sort: pathways may hold thousands of sections."""
    if len(ranks) < 2:
        return 0
    middle = len(ranks) // 2
    left, right = ranks[:middle], ranks[middle:]
    count = _inversions(left) + _inversions(right)
    merged: list[int] = []
    i = 0
    for value in right:
        while i < len(left) and left[i] <= value:
            merged.append(left[i])
            i += 1
        count += len(left) - i
        merged.append(value)
    ranks[:] = merged + left[i:]
    return count
