"""Courses over REST: create, list, change, delete, and the conditions of writes."""

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import text

from services.gateway.erase import erasures
from services.gateway.fold.statuses import course_statuses
from services.gateway.readmodels.registry import METADATA
from shared.events.courses import COURSE
from shared.events.modules import ModulesFailed
from shared.kernel.blob_stores import BlobsUnavailable
from shared.pipeline import PIPELINE
from shared.web.errors import problem
from tests.integration.gateway.conftest import Gateway


async def test_a_new_course_is_a_draft_with_location_and_version(gateway: Gateway) -> None:
    answer = await gateway.api.post("/api/projects/", json={"title": "My Course", "description": "For us"})
    course = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/api/projects/{course['course_id']}"
    assert answer.headers["ETag"] == '"1"'
    expected = {
        "title": "My Course", "description": "For us", "status": "draft", "user_id": "ann", "repo_url": None,
        "repo_name": None, "current_stage": "stage1", "progress_percentage": 0, "dead": False,
    }  # fmt: skip
    assert expected.items() <= course.items()
    assert course["created_at"] == course["updated_at"]
    assert (await gateway.api.get(answer.headers["Location"])).json() == course


async def test_lists_are_mine_newest_first_in_pages(gateway: Gateway) -> None:
    ids = [await gateway.create(f"Course {n}") for n in range(5)]
    await gateway.bob.post("/api/projects/", json={"title": "Bob's"})
    first = await gateway.api.get("/api/projects/", params={"limit": 2})
    assert [one["course_id"] for one in first.json()] == [ids[4], ids[3]]
    link = first.headers["Link"]
    assert link.endswith('>; rel="next"')
    second = await gateway.api.get(link[1 : link.index(">")])
    third = await gateway.api.get(second.headers["Link"][1 : second.headers["Link"].index(">")])
    assert [one["course_id"] for one in second.json() + third.json()] == [ids[2], ids[1], ids[0]]
    assert "Link" not in third.headers


async def test_lists_can_be_filtered_and_wildcards_are_letters(gateway: Gateway) -> None:
    await gateway.create("100% sure")
    await gateway.create("100 days")
    found = await gateway.api.get("/api/projects/", params={"q": "100%"})
    assert [one["title"] for one in found.json()] == ["100% sure"]
    assert (await gateway.api.get("/api/projects/", params={"status": "stage1_running"})).json() == []
    assert len((await gateway.api.get("/api/projects/", params={"status": "draft"})).json()) == 2


async def test_an_update_changes_only_what_was_given(gateway: Gateway) -> None:
    course_id = await gateway.create("Old")
    changed = await gateway.api.put(f"/api/projects/{course_id}", json={"description": "Better", "title": None})
    assert (changed.json()["title"], changed.json()["description"]) == ("Old", "Better")
    assert changed.headers["ETag"] == '"2"'
    same = await gateway.api.put(f"/api/projects/{course_id}", json={"description": "Better"})
    assert same.headers["ETag"] == '"2"'


async def test_a_write_based_on_an_old_version_is_refused(gateway: Gateway) -> None:
    course_id = await gateway.create()
    path = f"/api/projects/{course_id}"
    assert (await gateway.api.put(path, json={"title": "A"}, headers={"If-Match": '"1"'})).status_code == 200
    late = await gateway.api.put(path, json={"title": "B"}, headers={"If-Match": '"1"'})
    assert (late.status_code, late.json()["code"], late.json()["etag"]) == (412, "precondition_failed", '"2"')
    assert (await gateway.course(course_id))["title"] == "A"


async def test_an_unchanged_course_is_not_sent_again(gateway: Gateway) -> None:
    course_id = await gateway.create()
    answer = await gateway.api.get(f"/api/projects/{course_id}", headers={"If-None-Match": '"1"'})
    assert (answer.status_code, answer.content) == (304, b"")


async def test_a_deleted_course_is_gone_with_rows_and_blobs(gateway: Gateway) -> None:
    course_id = await gateway.generated()
    export = (await gateway.services.write_side._writing.load(course_id)).generated
    assert export is not None
    answer = await gateway.api.delete(f"/api/projects/{course_id}")
    assert (answer.status_code, answer.json()) == (200, {"message": "Course deleted successfully"})
    assert (await gateway.api.get(f"/api/projects/{course_id}")).status_code == 404
    assert (await gateway.api.delete(f"/api/projects/{course_id}")).status_code == 404
    assert (await gateway.api.post(f"/api/courses/{course_id}/generate-course")).status_code == 404
    await gateway.eraser.work()
    tables = sorted(table.name for table in METADATA.sorted_tables if table.name != "checkpoints")
    assert {table: await _count(gateway, table) for table in tables} == dict.fromkeys(tables, 0)
    assert await gateway.blobs.delete_all(course_id) == 0


async def test_what_a_late_worker_leaves_is_found_and_removed(gateway: Gateway) -> None:
    course_id, living = await gateway.create(), await gateway.create()
    await gateway.blobs.put(living, b"kept", "text/plain")
    await gateway.api.delete(f"/api/projects/{course_id}")
    for _ in range(2):
        await gateway.eraser.work()
    assert await _count(gateway, "erasures", "app") == 0
    await gateway.blobs.put(course_id, b"late", "text/plain")
    await gateway.blobs.put_answer("ann", course_id, "k", b"late as well")
    await gateway.eraser.work()
    assert await gateway.blobs.ids() == [living]
    assert await gateway.blobs.get_answer("ann", living, "k") is None
    assert await _count(gateway, "erasures", "app") == 1, "it is looked at once more"
    await gateway.eraser.work()
    assert await _count(gateway, "erasures", "app") == 0


async def test_blobs_without_a_deleted_course_are_left_alone(gateway: Gateway) -> None:
    await gateway.blobs.put("nobody", b"x", "text/plain")
    await gateway.eraser.work()
    assert await gateway.blobs.ids() == ["nobody"]


async def test_a_living_course_with_a_row_of_work_keeps_its_blobs(gateway: Gateway) -> None:
    living = await gateway.create()
    await gateway.blobs.put(living, b"kept", "text/plain")
    async with gateway.engine.begin() as connection:
        await connection.execute(erasures.request(COURSE.prefix, [living]))
    await gateway.eraser.work()
    assert await gateway.blobs.ids() == [living]
    assert await _count(gateway, "erasures", "app") == 0
    assert (await gateway.course(living))["course_id"] == living


async def test_a_course_that_cannot_be_erased_keeps_no_other_waiting(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, other = sorted([await gateway.create(), await gateway.create()])
    for course_id in (stuck, other):
        await gateway.blobs.put(course_id, b"x", "text/plain")
        await gateway.api.delete(f"/api/projects/{course_id}")
    delete = gateway.blobs.delete_all

    async def refuse_one(course_id: str) -> int:
        if course_id == stuck:
            raise BlobsUnavailable("The blob store refused a deletion")
        return await delete(course_id)

    monkeypatch.setattr(gateway.blobs, "delete_all", refuse_one)
    for _ in range(3):
        await gateway.eraser.work()
    assert await gateway.blobs.ids() == [stuck]
    monkeypatch.undo()
    for _ in range(2):
        await gateway.eraser.work()
    assert await gateway.blobs.ids() == []
    assert await _count(gateway, "erasures", "app") == 0


async def test_rows_in_tables_beside_the_live_ones_go_too(gateway: Gateway) -> None:
    course_id = await gateway.create()
    async with gateway.engine.begin() as connection:
        await connection.execute(text("CREATE SCHEMA read_v1_before"))
        for table in METADATA.sorted_tables:
            await connection.execute(text(f"CREATE TABLE read_v1_before.{table.name} AS TABLE read_v1.{table.name}"))
    try:
        await gateway.api.delete(f"/api/projects/{course_id}")
        await gateway.eraser.work()
        assert await _count(gateway, "courses", "read_v1_before") == 0
    finally:
        async with gateway.engine.begin() as connection:
            await connection.execute(text("DROP SCHEMA read_v1_before CASCADE"))


async def _count(gateway: Gateway, table: str, schema: str = "read_v1") -> int:
    async with gateway.engine.connect() as connection:
        return int(await connection.scalar(text(f"SELECT count(*) FROM {schema}.{table}")) or 0)


async def test_one_key_and_body_make_one_course(gateway: Gateway) -> None:
    headers = {"Idempotency-Key": "k-1"}
    answers = await asyncio.gather(
        *(gateway.api.post("/api/projects/", json={"title": "Once"}, headers=headers) for _ in range(10))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    later = await gateway.api.post("/api/projects/", json={"title": "Once"}, headers=headers)
    assert (later.text, later.headers["Location"]) == (answers[0].text, answers[0].headers["Location"])
    assert len((await gateway.api.get("/api/projects/")).json()) == 1


async def test_a_key_used_for_another_body_is_refused(gateway: Gateway) -> None:
    headers = {"Idempotency-Key": "k-2"}
    await gateway.api.post("/api/projects/", json={"title": "One"}, headers=headers)
    other = await gateway.api.post("/api/projects/", json={"title": "Two"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_keys_of_two_users_do_not_meet(gateway: Gateway) -> None:
    headers = {"Idempotency-Key": "k-3"}
    mine = await gateway.api.post("/api/projects/", json={"title": "One"}, headers=headers)
    theirs = await gateway.bob.post("/api/projects/", json={"title": "One"}, headers=headers)
    assert mine.json()["course_id"] != theirs.json()["course_id"]


async def test_a_refusal_does_not_use_up_its_key(gateway: Gateway) -> None:
    course_id = await gateway.create()
    path, headers = f"/api/courses/{course_id}/analyze-documents", {"Idempotency-Key": "k-4"}
    body = {"complexity_level": "beginner"}
    assert (await gateway.api.post(path, json=body, headers=headers)).status_code == 409
    await gateway.post(course_id, "analyze-repository", {"repo_url": "pallets/click"})
    await gateway.workers.clone(course_id)
    await gateway.project()
    assert (await gateway.api.post(path, json=body, headers=headers)).status_code == 202


async def test_a_deleted_course_leaves_no_answer_under_its_keys(gateway: Gateway) -> None:
    answer = await gateway.api.post("/api/projects/", json={"title": "Secret"}, headers={"Idempotency-Key": "k-5"})
    await gateway.api.delete(f"/api/projects/{answer.json()['course_id']}")
    await gateway.eraser.work()
    async with gateway.engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM app.idempotency_keys")) == 0


async def test_a_status_that_no_course_has_is_refused_with_those_there_are(gateway: Gateway) -> None:
    answer = await gateway.api.get("/api/projects/", params={"status": "bogus"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "query/status")
    assert "draft, generating, stage1_running" in answer.json()["detail"]
    for status in course_statuses(PIPELINE):
        assert (await gateway.api.get("/api/projects/", params={"status": status})).status_code == 200


async def test_the_status_of_a_problem_is_always_that_of_http(gateway: Gateway) -> None:
    await gateway.create()
    course_id = await gateway.create()
    for path in ("generate-course", "stages/stage1/cancel", "stages/stage1/retry", "cancel", "resume"):
        problem = await gateway.post(course_id, path, status=409)
        assert (problem["status"], problem["course_status"]) == (409, "draft"), path


def test_a_further_member_takes_no_other_ones_place() -> None:
    said = problem(409, "conflict", "No", extra={"status": "draft", "more": 1})
    assert json.loads(bytes(said.body)) == {
        "type": "about:blank", "title": "Conflict", "status": 409, "code": "conflict", "detail": "No", "more": 1,
    }  # fmt: skip


async def test_the_list_shows_what_else_each_course_would_be_asked_for(gateway: Gateway) -> None:
    course_id = await gateway.offered()

    async def listed() -> tuple[Any, ...]:
        (shown,) = (await gateway.api.get("/api/projects/")).json()
        assert shown == await gateway.course(course_id)
        return tuple(shown[name] for name in ("documents", "estimated_minutes", "outdated", "error_message"))

    analysed = len((await gateway.get(course_id, "analyzed-documents"))["documents"])
    assert await listed() == (analysed, None, False, None)
    await gateway.post(course_id, "stage3-selections", {"selected_pathway_id": "p-complete", "start_next": True}, 200)
    await gateway.project()
    pathways = (await gateway.get(course_id, "pathways"))["pathways"]
    minutes = next(one["estimated_minutes"] for one in pathways if one["id"] == "p-complete")
    task = (await gateway.get(course_id, "stage4/status"))["task_id"]
    failed = ModulesFailed(
        course_id=course_id,
        run_id=task,
        error="engine_refused",
        message="The model says no",
        retryable=False,
        attempt=1,
    )
    await gateway.workers.append(failed)
    await gateway.project()
    assert await listed() == (analysed, minutes, False, "The model says no")
    document = (await gateway.get(course_id, "analyzed-documents"))["documents"][0]["id"]
    corrected = await gateway.api.patch(
        f"/api/courses/{course_id}/analyzed-documents/{document}", json={"summary": "Something else"}
    )
    assert corrected.status_code == 200
    assert await listed() == (analysed, minutes, True, "The model says no")
