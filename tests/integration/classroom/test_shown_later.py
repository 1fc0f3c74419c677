"""The log has a change, and the tables do not show it within PROJECTION_WAIT_SECONDS."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.readmodels.checkpoint import checkpoints
from tests.integration.classroom.conftest import running_classroom


async def test_an_exam_is_answered_from_the_log(engine: AsyncEngine) -> None:
    async with running_classroom(engine, projection_wait_seconds=0.3) as classroom:
        school = await classroom.school()
        await classroom.services.projected.wait(await classroom.log.end(), 20)
        quiz, exam = school.task_ids["quiz"], school.task_ids["exam"]
        learner, admin = [classroom.as_person(school.people[who]) for who in ("learner", "admin")]
        async with learner, admin, engine.connect() as holding:
            await holding.execute(select(checkpoints).with_for_update())  # no projector comes past this
            right = {"answer": {"chosen": ["a", "c"]}}
            given = await learner.post(f"/tasks/{quiz}/questions/{school.question_id}/attempts", json=right)
            assert (given.json()["is_right"], given.json()["is_complete"]) == (True, True)
            started = await learner.post(f"/tasks/{exam}/start")
            assert started.json()["until"] is not None
            kept = {"messages": [{"role": "user", "content": "Why?"}], "question_id": school.question_id}
            (message,) = (await learner.post("/chat/", json=kept)).json()
            assert (message["content"], message["is_complete"]) == ("Why?", True)
            sent = {"task_id": quiz, "course_id": school.course_id, "milestone_id": school.milestone_ids[0]}
            said = {"title": "Later", "blocks": []}
            for copy in (
                await admin.post("/tasks/duplicate", json=sent),
                await admin.post(f"/tasks/{school.task_ids['material']}/learning_material", json=said),
                await admin.put(f"/users/{school.people['admin']}", params={"first_name": "Ada"}),
            ):
                assert (copy.status_code, copy.json()["code"]) == (503, "tables_behind"), "not what was there before"
