"""The gateway's figures for Prometheus, in a registry of their own."""

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from services.gateway.project.fact_metrics import FactMetrics
from shared.event_log.consumers import LogPulse
from shared.pipeline import PIPELINE, Pipeline
from shared.web.observe import RequestFigures


class Metrics:
    """One per application, so that two in a process do not share numbers."""

    def __init__(self, pipeline: Pipeline = PIPELINE) -> None:
        self.registry = CollectorRegistry()
        self.http = RequestFigures(self.registry)
        self.streams = Gauge(
            "coursewright_event_streams", "Clients that follow a course in this process", registry=self.registry
        )
        self.facts = FactMetrics(self.registry, pipeline)
        self._lag = Gauge(
            "coursewright_consumer_lag", "Messages no worker has taken up yet", ["consumer"], registry=self.registry
        )  # fmt: skip
        self._in_flight = Gauge(
            "coursewright_consumer_in_flight", "Messages at work or waiting for another attempt", ["consumer"],
            registry=self.registry,
        )  # fmt: skip
        self._pulls = Gauge(
            "coursewright_consumer_idle_workers", "Workers that wait for work", ["consumer"], registry=self.registry
        )
        self._dead_letters = Gauge(
            "coursewright_dead_letters", "Requests in stream DEAD", registry=self.registry
        )  # fmt: skip
        self._behind = Gauge(
            "coursewright_projection_lag", "Events stored and not projected yet; below 0: ahead of the log",
            registry=self.registry,
        )  # fmt: skip
        self._defects = Gauge(
            "coursewright_projection_defects", "Facts without rows, see table projection_defects",
            registry=self.registry,
        )  # fmt: skip

    def show(self, pulse: LogPulse, projected: int, defects: int) -> None:
        """Show the state of the log at this moment."""
        for state in pulse.consumers:
            self._lag.labels(state.name).set(state.lag)
            self._in_flight.labels(state.name).set(state.in_flight)
            self._pulls.labels(state.name).set(state.pulls)
        self._dead_letters.set(pulse.dead_letters)
        self._behind.set(pulse.last_seq - projected)
        self._defects.set(defects)

    def render(self) -> bytes:
        """The exposition text."""
        return generate_latest(self.registry)
