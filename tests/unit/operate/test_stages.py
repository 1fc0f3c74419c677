"""What `coursewright stages` says of the tables."""

import pytest

from cli.operate.stages import Overview


@pytest.mark.parametrize(
    ("projected", "defects", "lag", "words"),
    [
        (None, None, None, "unknown"),
        (100, 0, 0, "0 behind"),
        (90, 2, 10, "10 behind, 2 facts without rows"),
        (129, 0, -29, "ahead of the log by 29"),
    ],
)
def test_tables_are_behind_or_ahead(projected: int | None, defects: int | None, lag: int | None, words: str) -> None:
    overview = Overview(100, 1000, 100, projected, defects, ())
    assert overview.tables_in_words() == words
    assert overview.as_dict()["projection"]["lag"] == lag
