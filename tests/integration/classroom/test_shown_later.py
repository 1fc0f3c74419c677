"""The log has a change, and the tables do not show it within PROJECTION_WAIT_SECONDS."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.readmodels.checkpoint import checkpoints
from tests.integration.classroom.conftest import running_classroom


async def test_what_the_tables_do_not_show_yet_is_answered_with_202(engine: AsyncEngine) -> None:
    async with running_classroom(engine, projection_wait_seconds=0.3) as classroom:
        school = await classroom.school()
        await classroom.services.projected.wait(await classroom.log.end(), 20)
        org, task = f"/organizations/{school.org_id}", school.task_ids["quiz"]
        learner, admin = [classroom.as_person(school.people[who]) for who in ("learner", "admin")]
        async with learner, admin:
            async with engine.connect() as holding:
                await holding.execute(select(checkpoints).with_for_update())  # no projector comes past this
                named = await admin.put(org, json={"name": "Later"})
                assert (named.status_code, named.json()) == (202, {"success": True})
                assert (await admin.get(org)).json()["name"] != "Later"
                right = {"answer": {"chosen": ["a", "c"]}}
                given = await learner.post(f"/tasks/{task}/questions/{school.question_id}/attempts", json=right)
                assert (given.status_code, given.json()["is_right"], given.json()["is_complete"]) == (202, True, True)
                sent = {"task_id": task, "course_id": school.course_id, "milestone_id": school.milestone_ids[0]}
                copy = await admin.post("/tasks/duplicate", json=sent)
                assert (copy.status_code, copy.json()["code"], copy.headers["retry-after"]) == (
                    503,
                    "tables_behind",
                    "1",
                )
                assert (await admin.get("/tasks/nowhere")).status_code == 404
            await classroom.services.projected.wait(await classroom.log.end(), 20)
            assert (await admin.get(org)).json()["name"] == "Later"
            titles = [one["title"] for one in (await admin.get(f"/courses/{school.course_id}/tasks")).json()]
            assert len(titles) - len({*titles}) == 1, "the copy"
