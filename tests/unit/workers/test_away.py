"""Names of functions that only worker processes have."""

import pickle
import sys
from functools import partial

import pytest

from shared.workers.away import away
from shared.workers.limits import Limits
from shared.workers.pool import WorkerPool

# Not imported here, except where it is unpickled.
colorsys = away("colorsys")


def test_a_named_function_is_found_where_it_is_unpickled() -> None:
    sent = pickle.dumps(partial(colorsys.rgb_to_hsv, 1.0, 0.0, b=0.0))
    sys.modules.pop("colorsys", None)
    got = pickle.loads(sent)
    assert got() == (0.0, 1.0, 1.0)
    assert got.func is sys.modules["colorsys"].rgb_to_hsv


def test_a_host_cannot_do_the_work_itself() -> None:
    with pytest.raises(TypeError, match=r"colorsys\.rgb_to_hsv is for worker processes"):
        colorsys.rgb_to_hsv(1.0, 0.0, 0.0)


async def test_a_worker_does_it_and_the_host_imports_nothing() -> None:
    sys.modules.pop("colorsys", None)
    pool = WorkerPool(1, Limits())
    async with pool.session() as workers:
        assert await workers.run(partial(colorsys.rgb_to_hsv, 0.5, 0.5, 0.5)) == (0.0, 0.0, 0.5)
    await pool.close()
    assert "colorsys" not in sys.modules
