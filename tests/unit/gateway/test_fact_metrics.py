"""Figures from facts: every run that began ends in one of them, and none is kept for ever."""

from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import CollectorRegistry

from services.gateway.project.fact_metrics import FactMetrics
from shared.event_log.port import Recorded
from shared.events import Event
from shared.events.gateway import CourseDeleted
from shared.events.repo_clone import RepoCloneFailed, RepoCloneStarted
from shared.events.stage import StageCanceled, StageDead

BEGAN = datetime(2026, 1, 15, tzinfo=UTC)
STARTED = RepoCloneStarted(course_id="c", run_id="r", attempt=1, worker="w")


def recorded(event: Event, seconds: float) -> Recorded:
    return Recorded(event, "id", 1, BEGAN + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("ending", "end"),
    [
        (StageCanceled(course_id="c", run_id="r", stage="repo_clone", reason="asked"), "canceled"),
        (StageDead(course_id="c", run_id="r", stage="repo_clone", reason="attempts"), "dead"),
        (
            RepoCloneFailed(course_id="c", run_id="r", error="x", message="x", retryable=False, attempt=1),
            "failed",
        ),
    ],
)
def test_a_run_that_ends_is_counted_and_forgotten(ending: Event, end: str) -> None:
    metrics = FactMetrics(registry := CollectorRegistry())
    metrics.observe([recorded(STARTED, 0), recorded(ending, 7)])
    labels = {"stage": "repo_clone", "end": end}
    assert registry.get_sample_value("coursewright_stage_run_seconds_sum", labels) == 7
    assert metrics._began == {}


def test_the_runs_of_a_deleted_course_are_forgotten_and_no_others() -> None:
    metrics = FactMetrics(CollectorRegistry())
    other = STARTED.model_copy(update={"course_id": "d", "run_id": "s"})
    metrics.observe([recorded(STARTED, 0), recorded(other, 0), recorded(CourseDeleted(course_id="c", by="ann"), 1)])
    assert list(metrics._began) == ["s"]
