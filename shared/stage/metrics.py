"""Figures for Prometheus that only a stage's own process knows. The projector counts what facts tell."""

from collections import Counter

from prometheus_client import CollectorRegistry, Gauge, Histogram
from prometheus_client import Counter as Total

_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 180.0, 600.0)


class StageMetrics:
    """One per process."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.handling = Histogram(
            "coursewright_stage_handling_seconds", "Time from a request's delivery to its verdict",
            ["stage", "verdict"], registry=self.registry, buckets=_BUCKETS,
        )  # fmt: skip
        self.in_work = Gauge(
            "coursewright_stage_in_work", "Requests at work in this process", ["stage"], registry=self.registry
        )
        self.ended = Total(
            "coursewright_stage_runs_ended", "Runs that this process has ended", ["stage", "outcome"],
            registry=self.registry,
        )  # fmt: skip

    def count(self, stage: str, outcome: str) -> None:
        """Count a run that has ended: complete, canceled, or failed with the code of an error. No run, no count."""
        if outcome:
            self.ended.labels(stage, outcome if outcome in {"complete", "canceled"} else "failed").inc()

    def facts(self) -> dict[str, object]:
        """The requests at work and the runs ended since this process began, canceled ones among the total alone."""
        at_work = sum(int(sample.value) for metric in self.in_work.collect() for sample in metric.samples)
        ended: Counter[str] = Counter()
        for sample in (one for metric in self.ended.collect() for one in metric.samples if one.name.endswith("_total")):
            ended[sample.labels["outcome"]] += int(sample.value)
        stats = {"total": ended.total(), "succeeded": ended["complete"], "failed": ended["failed"]}
        return {"activeJobs": at_work, "stats": stats}
