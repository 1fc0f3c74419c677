import random

import pytest

from shared.engine.distance import order_distance, section_distance, smallest_distance
from tests.unit.pathway.build import page, propose

KEYS = [("d", str(number)) for number in range(30)]


def test_equal_sections_do_not_differ_and_disjoint_ones_differ_wholly() -> None:
    assert section_distance(KEYS, KEYS) == 0.0
    assert section_distance(KEYS[:10], KEYS[10:]) == 1.0
    assert section_distance(KEYS[:10], KEYS[5:15]) == pytest.approx(1 - 5 / 15)
    assert section_distance([], []) == 0.0


def test_order_distance_is_one_minus_kendall_tau() -> None:
    assert order_distance(KEYS, KEYS) == 0.0
    assert order_distance(KEYS, KEYS[::-1]) == 2.0
    shuffled = KEYS[:]
    random.Random(7).shuffle(shuffled)
    backwards = sum(
        shuffled.index(KEYS[i]) > shuffled.index(KEYS[j]) for i in range(len(KEYS)) for j in range(i + 1, len(KEYS))
    )
    pairs = len(KEYS) * (len(KEYS) - 1) / 2
    assert order_distance(KEYS, shuffled) == pytest.approx(1 - (pairs - 2 * backwards) / pairs)


def test_one_pathway_has_no_neighbour() -> None:
    assert smallest_distance(propose([page("docs/a.md")])[:1]) == 1.0
