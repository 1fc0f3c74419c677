"""How measurements are named and judged; that they measure is seen by running them."""

from typing import Any

import pytest

from bench.run import judge_course, judge_start, named


@pytest.mark.parametrize(
    ("argument", "name", "repository"),
    [
        ("click=/srv/click.git", "click", "/srv/click.git"),
        ("nats.docs=nats-io/nats.docs", "nats.docs", "nats-io/nats.docs"),
        ("pallets/flask", "flask", "pallets/flask"),
        ("https://example.org/a.git?x=1", "a.git?x=1", "https://example.org/a.git?x=1"),
    ],
)
def test_a_repository_has_the_name_that_is_given_or_its_last_part(argument: str, name: str, repository: str) -> None:
    assert named(argument) == (name, repository)


def course(seconds: float, peak: int, rate: float) -> dict[str, Any]:
    return {"seconds": seconds, "peak_mib": peak, "analysis": {"stage": rate}}


def test_each_target_says_what_was_measured_and_whether_it_was_met() -> None:
    assert judge_start({"again": [4.0, 5.5]}) == ["MISSED second start and later: 5.5 s, target at most 5"]
    assert [line[:6] for line in judge_course("click", course(15.0, 1024, 30.0))] == ["met   "] * 3
    assert [line[:6] for line in judge_course("click", course(15.1, 1025, 29.9))] == ["MISSED"] * 3
    assert judge_course("nats.docs", course(45.5, 1, 30))[0].endswith("45.5 s, target at most 45")


def test_another_repository_is_measured_not_judged() -> None:
    assert judge_course("flask", course(1e6, 10**6, 0.1)) == []
