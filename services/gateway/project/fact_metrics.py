"""Figures for Prometheus that count facts. The projector that leads counts each fact once, as it projects the fact."""

from collections.abc import Sequence
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Histogram

from services.gateway.fold.model_use import model_use_of
from shared.event_log.port import Recorded
from shared.events import EventUsage
from shared.events.base import StageEvent
from shared.events.gateway import CourseDeleted
from shared.events.stage import StageCanceled, StageDead, StageRetryScheduled
from shared.pipeline import PIPELINE, Pipeline

_RUN_BUCKETS = (0.5, 1, 2.5, 5, 10, 30, 60, 180, 600, 1800)
_DELAY_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300)


class FactMetrics:
    """`observe` takes what a committed batch held."""

    def __init__(self, registry: CollectorRegistry, pipeline: Pipeline = PIPELINE) -> None:
        self._pipeline = pipeline
        self._events = Counter("coursewright_events_total", "Facts by type", ["type"], registry=registry)
        self._delay = Histogram(
            "coursewright_projection_delay_seconds", "From the writer's clock to the committed rows",
            registry=registry, buckets=_DELAY_BUCKETS,
        )  # fmt: skip
        self._runs = Histogram(
            "coursewright_stage_run_seconds", "From the first start of a run to its end", ["stage", "end"],
            registry=registry, buckets=_RUN_BUCKETS,
        )  # fmt: skip
        self._retries = Counter(
            "coursewright_stage_retries_total", "Attempts that will be made again", ["stage", "error"],
            registry=registry,
        )  # fmt: skip
        self._dead = Counter("coursewright_stage_dead_total", "Runs given up", ["stage"], registry=registry)
        self._calls = Counter("coursewright_model_calls_total", "Calls of a model", ["model"], registry=registry)
        self._tokens = Counter(
            "coursewright_model_tokens_total", "Tokens by kind", ["model", "kind"], registry=registry
        )  # fmt: skip
        self._cost = Counter(
            "coursewright_model_cost_usd_total", "Estimated cost", ["model"], registry=registry
        )  # fmt: skip
        self._began: dict[str, tuple[str, datetime]] = {}  # by run: its course, and when it was started first
        self._since = datetime.now(UTC)

    def observe(self, batch: Sequence[Recorded]) -> None:
        """Count the facts of a batch. The delay of facts older than this process would only tell how long it slept."""
        now = datetime.now(UTC)
        for recorded in batch:
            self._events.labels(type(recorded.event).__name__).inc()
            if recorded.time >= self._since:
                self._delay.observe(max(0.0, (now - recorded.time).total_seconds()))
            self._observe_run(recorded)
            match recorded.event:
                case StageRetryScheduled(stage=stage, error=error):
                    self._retries.labels(stage, error).inc()
                case StageDead(stage=stage):
                    self._dead.labels(stage).inc()
                case event if (usage := model_use_of(event)) is not None:
                    self._observe_usage(usage)
                case _:
                    pass

    def _observe_run(self, recorded: Recorded) -> None:
        event, row = recorded.event, self._pipeline.stage_of(recorded.event)
        match event:
            case CourseDeleted(course_id=course_id):
                self._began = {run: began for run, began in self._began.items() if began[0] != course_id}
            case StageCanceled(stage=stage):
                self._end_run(event, recorded.time, stage, "canceled")
            case StageDead(stage=stage):
                self._end_run(event, recorded.time, stage, "dead")
            case StageEvent() if row is not None and isinstance(event, row.started):
                self._began.setdefault(event.run_id, (event.course_id, recorded.time))
            case StageEvent() if row is not None and isinstance(event, (row.finished, row.failed)):
                end = "failed" if isinstance(event, row.failed) else "finished"
                self._end_run(event, recorded.time, row.name, end)

    def _end_run(self, event: StageEvent, time: datetime, stage: str, end: str) -> None:
        if event.run_id in self._began:
            _, began = self._began.pop(event.run_id)
            self._runs.labels(stage, end).observe(max(0.0, (time - began).total_seconds()))

    def _observe_usage(self, usage: EventUsage) -> None:
        self._calls.labels(usage.model).inc(usage.calls)
        self._cost.labels(usage.model).inc(usage.estimated_cost_usd)
        counts = {"input": usage.input_tokens, "output": usage.output_tokens, "cached": usage.cached_tokens}
        for kind, count in counts.items():
            self._tokens.labels(usage.model, kind).inc(count)
