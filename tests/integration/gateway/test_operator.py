"""The operator's token: it stops and repeats stages of anybody's course, and reads nothing of any."""

import json

import httpx
import pytest

from services.gateway.openapi import render
from shared.events.doc_analyser import DocsAnalysisFailed
from shared.events.gateway import DocsAnalysisRequested, StageCancelRequested
from tests.integration.gateway.conftest import OPERATOR_TOKEN, Gateway, client_of
from tests.integration.gateway.test_ownership import OPEN, OPERATORS, create_hook, operations, send

REPAIRS = {"cancelStage", "retryStage"}
NOWHERE = "019a5e3c-7b1f-7c2d-8e4f-5a6b7c8d9e0f"


async def fail_analysis(gateway: Gateway, course_id: str) -> str:
    """Ann's analysis fails; its run."""
    asked = await gateway.post(course_id, "analyze-documents", {"complexity_level": "beginner"})
    failed = DocsAnalysisFailed(
        course_id=course_id, run_id=asked["task_id"], error="x", message="The model is away", retryable=True, attempt=1
    )
    await gateway.workers.append(failed)
    await gateway.project()
    return str(asked["task_id"])


async def test_the_operator_stops_anybodys_stage_and_the_log_says_who_it_was(gateway: Gateway) -> None:
    course_id = await gateway.cloned()
    run = (await gateway.post(course_id, "analyze-documents", {"complexity_level": "beginner"}))["task_id"]
    async with client_of(gateway.app, OPERATOR_TOKEN) as operator:
        answer = await operator.post(f"/api/courses/{course_id}/stages/stage2/cancel")
    assert (answer.status_code, answer.json()) == (202, {"task_id": run, "status": "started"})
    *_, asked = await gateway.workers.recorded(course_id)
    assert isinstance(asked.event, StageCancelRequested)
    assert (asked.event.by, asked.event.stage, asked.source) == ("operator", "doc_analyser", "coursewright/operator")


async def test_the_operator_repeats_a_failed_stage_for_its_owner(gateway: Gateway) -> None:
    course_id = await gateway.cloned()
    run = await fail_analysis(gateway, course_id)
    async with client_of(gateway.app, OPERATOR_TOKEN) as operator:
        answer = await operator.post(f"/api/courses/{course_id}/stages/stage2/retry", params={"task_id": run})
        assert (await operator.post(f"/api/courses/{NOWHERE}/stages/stage2/retry")).status_code == 404
    assert answer.status_code == 202
    *_, asked = await gateway.workers.recorded(course_id)
    assert isinstance(asked.event, DocsAnalysisRequested)
    assert (asked.event.retry_of, asked.event.owner, asked.source) == (run, "ann", "coursewright/operator")
    await gateway.workers.analyse(course_id)
    await gateway.project()
    assert (await gateway.course(course_id))["status"] == "stage2_complete", "it goes on as Ann's own"


async def test_a_retry_of_a_run_that_is_not_the_latest_is_refused(gateway: Gateway) -> None:
    course_id = await gateway.cloned()
    first = await fail_analysis(gateway, course_id)
    again = f"/api/courses/{course_id}/stages/stage2/retry"
    assert (await gateway.api.post(again, params={"task_id": first})).status_code == 202
    for run in (first, "no-run"):
        answer = await gateway.api.post(again, params={"task_id": run})
        assert (answer.status_code, answer.json()["code"]) == (409, "not_the_latest_run")
    unasked = await gateway.api.post(f"/api/courses/{course_id}/stages/stage4/retry", params={"task_id": first})
    assert unasked.json()["code"] == "not_the_latest_run"


async def test_one_key_means_one_run_whatever_the_query_says(gateway: Gateway) -> None:
    course_id = await gateway.cloned()
    first, again = await fail_analysis(gateway, course_id), f"/api/courses/{course_id}/stages/stage2/retry"
    key = {"Idempotency-Key": "k"}
    done = await gateway.api.post(again, params={"task_id": first}, headers=key)
    assert (await gateway.api.post(again, params={"task_id": first}, headers=key)).json() == done.json()
    assert (await gateway.api.post(again, headers=key)).status_code == 422, "another request under the same key"


async def test_the_operator_gets_nothing_but_two_repairs(gateway: Gateway) -> None:
    course_id, hook = await gateway.generated(), await create_hook(gateway)
    before = len(await gateway.workers.recorded(course_id))
    async with client_of(gateway.app, OPERATOR_TOKEN) as operator:
        for method, path, name in operations():
            if name in OPEN | OPERATORS:
                continue
            answers = [
                await send(operator, method, path, name, course_id, hook),
                await send(operator, method, path, name, NOWHERE),
            ]
            if name in REPAIRS:
                assert [answer.status_code for answer in answers] == [409, 404], (path, answers[0].text)
                assert set(answers[0].json()) <= {"type", "title", "status", "detail", "code", "course_status"}
            else:
                assert [answer.status_code for answer in answers] == [403, 403], (method, path)
                assert answers[0].json()["detail"] == answers[1].json()["detail"]
            assert not any(word in answer.text for answer in answers for word in ("My Course", "click", "ann"))
        keyed = await operator.post(
            f"/api/courses/{course_id}/stages/stage4/retry", headers={"Idempotency-Key": "of the owner"}
        )  # fmt: skip
    assert keyed.status_code == 422
    assert len(await gateway.workers.recorded(course_id)) == before


def test_every_operation_that_takes_a_token_says_what_the_operators_gets() -> None:
    for methods in json.loads(render())["paths"].values():
        for operation in methods.values():
            assert ("401" in operation["responses"]) == ("403" in operation["responses"]), operation["operationId"]


@pytest.mark.parametrize("wrong", ["operator", OPERATOR_TOKEN[:-1], OPERATOR_TOKEN + "x", OPERATOR_TOKEN.upper(), ""])
async def test_what_is_nearly_the_operators_token_is_nobodys(gateway: Gateway, wrong: str) -> None:
    async with client_of(gateway.app, wrong) as client:
        answer: httpx.Response = await client.post(f"/api/courses/{NOWHERE}/stages/stage2/cancel")
    assert answer.status_code == 401
