"""Figures for Prometheus that only a stage's own process knows. The projector counts what facts tell."""

from prometheus_client import CollectorRegistry, Gauge, Histogram

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
