"""A simulation that finds nothing proves nothing: each planted defect is found within 300 seeds."""

import pytest

from tests.simulator.plants import PLANTS
from tests.simulator.run import first_broken
from tests.simulator.world import Parts

SEEDS = range(300)
pytestmark = pytest.mark.timeout(300)  # the rarest is found after some 150 schedules


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
