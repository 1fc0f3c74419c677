"""An operator's view of a course that is made: one trace, figures, and log lines that belong together."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from cli.local.ports import free_port
from cli.local.stack import LocalStack
from shared.event_log.connection import connect
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.port import Recorded
from shared.pipeline import PIPELINE
from tests.e2e.conftest import StartStack
from tests.e2e.test_generate import request
from tests.support.collector import Collector
from tests.support.follow import follow_facts
from tests.support.servers import admit_breaker

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
STAGES = {"RepoCloneRequested", "DocsAnalysisRequested", "PathwaysRequested", "ModulesRequested"}


async def read_events(stack: LocalStack, course_id: str) -> list[Recorded]:
    nc = await connect(stack.subscriber_url, "test")
    try:
        return await JetStreamLog(nc).read(course_id)
    finally:
        await nc.close()


def test_one_trace_goes_from_the_http_request_to_the_last_event(
    sample_repository: Path, start_stack: StartStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Collector().running() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
        stack, client = start_stack()
        course_id = client.create_course("Jobs", "")
        answer = httpx.post(
            f"{stack.url}/api/courses/{course_id}/generate",
            json={"repo_url": str(sample_repository)},
            headers={"Authorization": f"Bearer {stack.token}", "traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"},
        )
        assert answer.status_code == 202
        assert list(follow_facts(stack, course_id))[-1] == "CourseGenerated"
        events = asyncio.run(read_events(stack, course_id))
        stack.stop()
    spans = [one for one in collector.spans if one.trace_id == TRACE]
    created, *others = events
    assert created.traceparent.split("-")[1] != TRACE, "another request, another trace"
    assert {event.traceparent.split("-")[1] for event in others} == {TRACE}
    assert type(events[-1].event).__name__ == "CourseGenerated"
    ours = {"POST /api/courses/{course_id}/generate"} | {f"process {name}" for name in STAGES}
    assert ours <= {one.name for one in spans}
    known = {one.span_id for one in spans} | {"00f067aa0ba902b7"}
    assert {one.parent_id for one in spans} <= known, "no span hangs in the air"
    assert {event.traceparent.split("-")[2] for event in others} <= known


def test_figures_and_log_lines_tell_of_a_course(
    sample_repository: Path, start_stack: StartStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setenv("METRICS_PORT", str(port))
    stack, client = start_stack()
    course_id = request(client, sample_repository)
    facts = list(follow_facts(stack, course_id))
    figures = dict(
        line.rsplit(" ", 1) for line in httpx.get(f"{stack.url}/metrics").text.splitlines() if not line.startswith("#")
    )
    assert float(figures['coursewright_events_total{type="DocumentAnalysed"}']) == facts.count("DocumentAnalysed")
    assert float(figures['coursewright_stage_run_seconds_count{end="finished",stage="modules"}']) == 1
    assert float(figures["coursewright_projection_delay_seconds_count"]) == len(facts)
    assert float(figures["coursewright_projection_lag"]) == 0
    assert float(figures["coursewright_dead_letters"]) == 0
    for stage in (*PIPELINE.by_name, "webhooks"):
        assert float(figures[f'coursewright_consumer_lag{{consumer="{stage}"}}']) == 0
        assert float(figures[f'coursewright_consumer_idle_workers{{consumer="{stage}"}}']) >= 1
    ready = httpx.get(f"{stack.url}/readyz").json()
    assert (ready["status"], ready["checks"]["consumer modules"]) == ("ready", "ok")
    worker = httpx.get(f"http://127.0.0.1:{port}/health").json()
    assert worker == {"status": "healthy", "activeJobs": 0, "stats": {"total": 4, "succeeded": 4, "failed": 0}}
    lines = [json.loads(line) for line in (stack.data_dir / "logs" / "gateway.log").read_text().splitlines()]
    asked = next(line for line in lines if line.get("route") == "/api/courses/{course_id}/generate")
    assert len(asked["trace_id"]) == 32


def test_a_stage_whose_durable_is_gone_makes_the_gateway_and_the_stage_not_ready(
    start_stack: StartStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    monkeypatch.setenv("METRICS_PORT", str(port))
    breaker = admit_breaker(monkeypatch)
    stack, _ = start_stack()
    assert httpx.get(f"http://127.0.0.1:{port}/readyz").json()["status"] == "ready"
    assert "coursewright_stage_in_work" in httpx.get(f"http://127.0.0.1:{port}/metrics").text

    async def remove() -> None:
        nc = await connect(stack.nats_url(breaker), "test")
        try:
            await nc.jetstream().delete_consumer("COURSES", "pathway")
        finally:
            await nc.close()

    asyncio.run(remove())
    for url, check in ((stack.url, "consumer pathway"), (f"http://127.0.0.1:{port}", "pathway")):
        answer = httpx.get(f"{url}/readyz")
        assert (answer.status_code, answer.json()["checks"][check]) == (503, "missing")
    answer = httpx.get(f"http://127.0.0.1:{port}/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "unhealthy")
