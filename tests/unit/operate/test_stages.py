"""The lines of `coursewright stages` about the tables."""

import pytest

from cli.operate.stages import Overview, Tables


@pytest.mark.parametrize(
    ("tables", "lag", "words"),
    [
        (Tables(problem="the database is away"), None, "unknown: the database is away"),
        (Tables(100, 0, other_log=False), 0, "0 behind"),
        (Tables(90, 2, other_log=False), 10, "10 behind, 2 facts without rows"),
        (Tables(129, 0, other_log=True), -29, "ahead of the log by 29"),
        (Tables(90, 0, other_log=True), 10, "of another log, 10 behind"),
    ],
)
def test_tables_are_behind_or_ahead(tables: Tables, lag: int | None, words: str) -> None:
    overview = Overview(100, 1000, 100, tables, ())
    assert overview.tables_in_words() == words
    assert overview.as_dict()["projection"]["lag"] == lag
