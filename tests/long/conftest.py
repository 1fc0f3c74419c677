"""Tests that are too long for every run: only `make long` collects this folder."""

from pathlib import Path

import pytest

from tests.long.search import Search


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--budget", type=float, default=60.0, help="seconds to search in for each format")
    parser.addoption("--learners", type=int, default=1000, help="learners whose year is made")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Only a run that asks for the mark `long` has the time."""
    return None if config.getoption("markexpr") == "long" else True


@pytest.fixture
def search(request: pytest.FixtureRequest) -> Search:
    return Search(float(request.config.getoption("--budget")))
