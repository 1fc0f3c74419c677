"""A simulation that finds nothing proves nothing: each planted defect is found within 200 seeds."""

import pytest

from tests.simulator.plants import PLANTS
from tests.simulator.run import first_broken
from tests.simulator.world import Parts

SEEDS = range(200)


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(parts, id=f"{where}: {what}".replace(" ", "-"))
        for where, plants in PLANTS.items()
        for what, parts in plants.items()
    ],
)
def test_a_planted_defect_is_found(parts: Parts) -> None:
    assert first_broken(parts, SEEDS) is not None
