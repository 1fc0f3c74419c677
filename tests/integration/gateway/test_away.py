"""Servers behind the gateway away: refused clearly and soon, and nothing half done."""

import asyncio

import httpx
import pytest
from obstore.store import MemoryStore
from sqlalchemy.ext.asyncio import create_async_engine

from services.gateway.api.metrics import Metrics
from services.gateway.api.progress import ProgressHub
from services.gateway.app import build
from shared.kernel.blob_stores import ObjectBackend
from shared.kernel.blobs import Blobs
from shared.kernel.errors import LogUnavailable
from shared.readmodels.projected import Projected
from shared.web.idempotency import IdempotencyKeys
from tests.integration.gateway.conftest import Gateway, TwoUsers, all_well, settings
from tests.support.memory_log import MemoryLog


async def test_the_log_away_is_503_with_a_time_to_come_back(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: object) -> int:
        raise LogUnavailable("The event log does not answer; nothing was accepted")

    monkeypatch.setattr(gateway.log, "append", away)
    answer = await gateway.api.post("/api/projects/", json={"title": "x"})
    assert (answer.status_code, answer.json()["code"]) == (503, "log_unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert (await gateway.api.get("/api/projects/")).json() == []


async def test_a_key_whose_first_request_failed_succeeds_later(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    append, headers = gateway.log.append, {"Idempotency-Key": "k"}

    async def lost_answer(*arguments: object) -> int:
        await append(*arguments)  # type: ignore[arg-type]
        raise LogUnavailable("It was stored, and nobody heard so")

    monkeypatch.setattr(gateway.log, "append", lost_answer)
    assert (await gateway.api.post("/api/projects/", json={"title": "x"}, headers=headers)).status_code == 503
    monkeypatch.undo()
    again = await gateway.api.post("/api/projects/", json={"title": "x"}, headers=headers)
    assert again.status_code == 201
    assert len((await gateway.api.get("/api/projects/")).json()) == 1


async def test_what_the_log_has_is_accepted_although_the_database_went_away_meanwhile(
    hasty_gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = hasty_gateway
    append, look, headers = gateway.log.append, Projected.look, {"Idempotency-Key": "k"}

    async def away(*_: object) -> int:
        raise ConnectionRefusedError

    async def stored(*arguments: object) -> int:
        seq = await append(*arguments)  # type: ignore[arg-type]
        monkeypatch.setattr(Projected, "look", away)
        monkeypatch.setattr(IdempotencyKeys, "keep", away)
        return seq

    monkeypatch.setattr(gateway.log, "append", stored)
    answer = await gateway.api.post("/api/projects/", json={"title": "x"}, headers=headers)
    assert answer.status_code == 202
    monkeypatch.setattr(Projected, "look", look)
    monkeypatch.undo()
    await gateway.project()
    again = await gateway.api.post("/api/projects/", json={"title": "x"}, headers=headers)
    assert again.status_code == 201
    assert answer.json()["course_id"] == again.json()["course_id"]
    assert len((await gateway.api.get("/api/projects/")).json()) == 1


async def test_a_key_repeated_after_a_lost_answer_is_not_decided_again(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    course_id = await gateway.offered()
    append, headers = gateway.log.append, {"Idempotency-Key": "k"}

    async def lost_answer(*arguments: object) -> int:
        await append(*arguments)  # type: ignore[arg-type]
        raise LogUnavailable("It was stored, and nobody heard so")

    path = f"/api/courses/{course_id}/pathways/p-complete/modules"
    document_id = (await gateway.get(course_id, "analyzed-documents"))["documents"][0]["id"]
    body = {"title": "One more", "document_ids": [document_id]}
    monkeypatch.setattr(gateway.log, "append", lost_answer)
    assert (await gateway.api.post(path, json=body, headers=headers)).status_code == 503
    monkeypatch.undo()
    await gateway.project()
    again = await gateway.api.post(path, json=body, headers=headers)
    assert again.status_code == 201, again.text
    assert (await gateway.api.post(path, json=body)).json()["code"] == "module_exists"


async def test_many_writers_at_once_all_get_an_answer_and_one_course(gateway: Gateway) -> None:
    course_id = await gateway.create()
    body = {"repo_url": "pallets/click"}
    path = f"/api/courses/{course_id}/analyze-repository"
    answers = await asyncio.gather(*(gateway.api.post(path, json=body) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["task_id"] for answer in answers}) == 1


async def test_the_database_away_is_503() -> None:
    engine = create_async_engine("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    blobs = Blobs(ObjectBackend(MemoryStore()))
    app = build(
        settings(),
        log=MemoryLog(),
        engine=engine,
        blobs=blobs,
        progress=ProgressHub(),
        authenticator=TwoUsers(),
        pulse=all_well(MemoryLog()),
        metrics=Metrics(),
    )
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    headers = {"Authorization": "Bearer ann"}
    async with httpx.AsyncClient(transport=transport, base_url="http://testserver", headers=headers) as client:
        for method, path in (("GET", "/api/projects/"), ("POST", "/api/projects/"), ("GET", "/api/projects/x")):
            answer = await client.request(method, path, json={"title": "x"} if method == "POST" else None)
            assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable"), answer.text
            assert "Retry-After" in answer.headers
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["checks"]["database"]) == (503, "away")
        assert (await client.get("/healthz")).status_code == 200


async def test_a_gateway_with_all_its_servers_is_ready(gateway: Gateway) -> None:
    await gateway.create()
    answer = await gateway.api.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ready"
    assert {name: word for name, word in answer.json()["checks"].items() if word != "ok"} == {"projector": "active"}


async def test_metrics_count_routes_not_paths(gateway: Gateway) -> None:
    course_id = await gateway.create()
    await gateway.course(course_id)
    text = (await gateway.api.get("/metrics")).text
    assert 'coursewright_http_requests_total{method="GET",route="/api/projects/{course_id}",status="200"} 1.0' in text
    assert course_id not in text


async def test_version_and_headers(gateway: Gateway) -> None:
    answer = await gateway.api.get("/version")
    assert answer.json()["course_format"] == "coursewright.course/1"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "server" not in answer.headers


async def test_a_lost_content_is_named_without_its_place(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    await gateway.blobs.delete_all(course_id)
    export = await gateway.get(course_id, "exports/site", 404)
    refused = await gateway.post(course_id, "analyze-documents", {"complexity_level": "beginner"}, 409)
    assert refused["code"] == "content_missing"
    assert "courses/" not in export["detail"] + refused["detail"]


async def test_a_lost_content_stops_an_unattended_course_in_sight_and_no_other(gateway: Gateway) -> None:
    lost, other = await gateway.create(), await gateway.create()
    for course_id, repo_url in ((lost, "pallets/click"), (other, "pallets/flask")):  # the same would be one run
        await gateway.post(course_id, "generate", {"repo_url": repo_url})
    await gateway.project()
    await gateway.workers.clone(lost, lose_listing=True)
    await gateway.workers.clone(other)
    await gateway.project()
    assert (await gateway.course(lost))["status"] == "stage2_failed"
    assert (await gateway.course(other))["status"] == "stage2_running"
