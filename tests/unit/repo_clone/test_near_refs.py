"""Whoever names a branch or tag that is not there is told which one may have been meant."""

import pytest

from services.repo_clone.near_refs import near_refs

NAMES = ["main", "Release-2.0", "stable", "0.24.0", "0.25.0", "0.25.1", "v1.0.0", "mock-3.1", "releases/v4.0"]


@pytest.mark.parametrize(
    ("wanted", "near"),
    [
        ("v0.25.0", ["0.25.0"]),
        ("V0.25.0", ["0.25.0"]),
        ("1.0.0", ["v1.0.0"]),
        ("release-0.25.0", ["0.25.0"]),
        ("2.0", ["Release-2.0"]),
        ("v3.1", ["mock-3.1"]),
        ("4.0", ["releases/v4.0"]),
        ("0.25", ["0.25.1", "0.25.0"]),
        ("MAIN", ["main"]),
        ("stabel", ["stable"]),
        ("nothing-like-it", []),
        ("", []),
    ],
)
def test_the_best_comes_first(wanted: str, near: list[str]) -> None:
    found = near_refs(wanted, NAMES)
    assert found[: len(near)] == near
    assert bool(found) == bool(near)


def test_there_are_three_at_most() -> None:
    assert near_refs("v1", [f"1.{n}" for n in range(50)]) == ["1.49", "1.48", "1.47"]
