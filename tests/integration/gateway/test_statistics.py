"""Health with statistics: from the tables, with reasons, for the operator and the one user of a local stack."""

import asyncio
from typing import Any

from pydantic import SecretStr
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.events.gateway import RepoCloneRequested
from shared.events.repo_clone import RepoCloneFailed
from tests.integration.gateway.conftest import OPERATOR_TOKEN, Gateway, client_of, running_gateway

PATH = "/api/health/statistics"
OIDC: dict[str, Any] = {
    "local_token": None, "oidc_issuer": "https://issuer.example.org", "oidc_audience": "courses",
    "oidc_jwks_url": "https://issuer.example.org/keys", "operator_token": SecretStr(OPERATOR_TOKEN),
}  # fmt: skip


async def _fail(gateway: Gateway) -> None:
    course_id = await gateway.create()
    await gateway.post(course_id, "analyze-repository", {"repo_url": "https://github.com/pallets/click"})
    await gateway.workers.start_clone(course_id)
    run_id = (await gateway.workers.request(course_id, RepoCloneRequested)).run_id
    failed = RepoCloneFailed(
        course_id=course_id, run_id=run_id, error="gone", message="Gone", retryable=False, attempt=1
    )
    await gateway.workers.append(failed)
    await gateway.project()


async def test_the_figures_are_those_of_the_courses(engine: AsyncEngine) -> None:
    async with running_gateway(engine, courses_at_work=1) as gateway:
        await gateway.generated()
        await gateway.cloned()
        await _fail(gateway)
        for number in range(3):
            course_id = await gateway.create()
            await gateway.post(course_id, "generate", {"repo_url": f"https://github.com/of/p-{number}"})
            await gateway.project()
        found = (await gateway.api.get(PATH)).json()
    assert found["courses"] == {"active": 1, "waiting": 2, "succeeded": 2, "failed": 1, "canceled": 0}
    assert found["last_hour"] == {"succeeded": 2, "failed": 1, "canceled": 0, "success_rate": 0.6667}
    assert found["last_week"] == found["last_hour"]
    assert [(one["stage"], one["runs"]) for one in found["stages"]] == [
        ("stage1", 2), ("stage2", 1), ("stage3", 1), ("stage4", 1), ("stage5", 0), ("stage6", 0),
    ]  # fmt: skip
    assert all(0 <= one["p50_seconds"] <= one["p95_seconds"] < 60 for one in found["stages"] if one["runs"])
    (worker,) = found["workers"]
    assert (worker["worker"], worker["at_work"]) == ("w", 0)
    assert worker["stages"] == ["stage1", "stage2", "stage3", "stage4"]
    assert 0 <= worker["age_seconds"] < 600


async def test_health_that_is_not_whole_has_reasons(engine: AsyncEngine) -> None:
    async with running_gateway(engine) as gateway:
        healthy = await _become(gateway, "healthy")
        assert gateway.projecting is not None
        gateway.projecting.cancel()
        degraded = await _become(gateway, "degraded")
    assert healthy["reasons"] == []
    assert degraded["reasons"] == [{"part": "projector", "state": "away"}]


async def _become(gateway: Gateway, status: str) -> dict[str, Any]:
    """The answer once it has this status: the projector takes its lock a moment after the start, and leaves it so."""
    async with asyncio.timeout(20):
        while True:
            found: dict[str, Any] = (await gateway.api.get(PATH)).json()
            if found["status"] == status:
                return found


async def test_users_of_a_deployment_do_not_see_figures_of_others(engine: AsyncEngine) -> None:
    async with running_gateway(engine, **OIDC) as gateway, client_of(gateway.app, OPERATOR_TOKEN) as operator:
        refused = await gateway.api.get(PATH)
        assert (refused.status_code, refused.json()["code"]) == (403, "operators_only")
        assert (await operator.get(PATH)).status_code == 200
        assert (await client_of(gateway.app, "nobody").get(PATH)).status_code == 401
