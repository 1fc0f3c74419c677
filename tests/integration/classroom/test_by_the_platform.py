"""A class by a client that knows the platform's description alone: its paths, its fields, nothing that is new here.

Identity is the one thing that the description leaves open: the client sends what `POST /auth/login` gave it.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.integration.classroom.conftest import Classroom
from tests.integration.classroom.test_a_school import sign_in


async def call(client: httpx.AsyncClient, method: str, path: str, body: Any = None) -> Any:
    answer = await client.request(method, path, json=body)
    assert answer.is_success, (method, path, answer.text)
    return answer.json()


def block(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "props": {}, "content": [{"type": "text", "text": text, "styles": {}}], "children": []}


def question(text: str, kind: str = "subjective") -> dict[str, Any]:
    return {
        "type": kind, "blocks": [block(text)], "answer": [block("Because of the queue.")], "input_type": "text",
        "response_type": "exam", "coding_languages": [], "max_attempts": 1, "is_feedback_shown": False,
        "context": {"blocks": [block("For the tutor alone.")], "linkedMaterialIds": []}, "title": text,
        "settings": {"allowCopyPaste": False},
    }  # fmt: skip


async def test_a_class_from_its_school_to_its_leaderboard(classroom: Classroom) -> None:
    owner_id, owner = await sign_in(classroom, "olga")
    org = (await call(owner, "POST", "/organizations/", {"name": "School", "slug": "seed", "user_id": owner_id}))["id"]
    assert (await call(owner, "GET", "/organizations/slug/seed"))["id"] == org
    cohort = (await call(owner, "POST", "/cohorts/", {"name": "Spring", "org_id": org}))["id"]
    emails = ["mia@school.example", "leo@school.example", "lia@school.example"]
    members = {"org_slug": "seed", "emails": emails, "roles": ["mentor", "learner", "learner"]}
    await call(owner, "POST", f"/cohorts/{cohort}/members", members)
    course = (await call(owner, "POST", "/courses/", {"name": "Queues", "org_id": org}))["id"]
    first, second = [
        (await call(owner, "POST", f"/courses/{course}/milestones", {"name": name, "color": "#2d3748"}))["id"]
        for name in ("Begin", "Later")
    ]

    async def task(milestone: str, kind: str, title: str) -> str:
        made = {"course_id": course, "milestone_id": milestone, "type": kind, "title": title}
        return str((await call(owner, "POST", "/tasks/", made))["id"])

    lesson, exam, later = (
        await task(first, "learning_material", "Read"),
        await task(first, "quiz", "Exam"),
        await task(second, "learning_material", "More"),
    )
    for one in (lesson, later):
        await call(owner, "POST", f"/tasks/{one}/learning_material", {"title": "Read", "blocks": [block("A queue.")]})
    quiz = {"title": "Exam", "questions": [question("Why?"), question("What for?")], "status": "published"}
    await call(owner, "POST", f"/tasks/{exam}/quiz", quiz)
    begun = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    drip = {"is_drip_enabled": True, "frequency_value": 1, "frequency_unit": "week", "publish_at": begun}
    await call(owner, "POST", f"/cohorts/{cohort}/courses", {"course_ids": [course], "drip_config": drip})

    leo_id, leo = await sign_in(classroom, "leo")
    lia_id, lia = await sign_in(classroom, "lia")
    assert [one["id"] for one in await call(leo, "GET", f"/users/{leo_id}/cohorts")] == [cohort]
    (tree,) = await call(leo, "GET", f"/cohorts/{cohort}/courses?include_tree=true")
    opened, locked = tree["milestones"]
    assert (opened["unlock_at"], [one["title"] for one in opened["tasks"]]) == (None, ["Read", "Exam"])
    assert (locked["unlock_at"] is not None, locked["tasks"]) == (True, [])
    assert (await leo.get(f"/tasks/{later}")).status_code == 404, "locked on every route"
    shown = await call(leo, "GET", f"/tasks/{exam}")
    assert "Because of the queue." not in str(shown)
    assert "For the tutor alone." not in str(shown)
    await call(leo, "POST", f"/tasks/{lesson}/complete", {"user_id": leo_id})

    def handed_in(one: dict[str, Any], who: str, text: str) -> dict[str, Any]:
        said = [("user", text), ("assistant", '{"is_correct": true}')]
        messages = [
            {"role": role, "content": content, "response_type": "text", "created_at": begun} for role, content in said
        ]
        return {"messages": messages, "user_id": who, "question_id": one["id"], "is_complete": True}

    for one in shown["questions"]:
        await call(leo, "POST", "/chat/", handed_in(one, leo_id, "Because."))
        again = await leo.post("/chat/", json=handed_in(one, leo_id, "Something else."))
        assert (again.status_code, again.json()["code"]) == (409, "no_attempts_left"), "an exam is not sent twice"
    await call(lia, "POST", "/chat/", handed_in(shown["questions"][0], lia_id, "I think so."))

    done = await call(leo, "GET", f"/cohorts/{cohort}/completion?user_id={leo_id}")
    assert (done[lesson]["is_complete"], done[exam]["is_complete"]) == (True, True)
    half = await call(lia, "GET", f"/cohorts/{cohort}/completion?user_id={lia_id}")
    assert [half[exam]["is_complete"], *(one["is_complete"] for one in half[exam]["questions"])] == [False, True, False]
    _, mia = await sign_in(classroom, "mia")
    board = await call(mia, "GET", f"/cohorts/{cohort}/leaderboard")
    assert [(one["user"]["id"], one["streak_count"], one["tasks_completed"]) for one in board["stats"]] == [
        (leo_id, 1, 2), (lia_id, 1, 0),
    ]  # fmt: skip
    metrics = await call(mia, "GET", f"/cohorts/{cohort}/courses/{course}/metrics")
    assert (metrics["num_tasks"], metrics["num_active_learners"]) == (3, 2)
    chats = await call(mia, "GET", f"/chat/user/{leo_id}/task/{exam}")
    assert [one["content"] for one in chats if one["role"] == "user"] == ["Because.", "Because."]
    assert (await call(leo, "GET", f"/users/{leo_id}/streak?cohort_id={cohort}"))["streak_count"] == 1
    assert sum(await call(leo, "GET", f"/users/{leo_id}/activity/{datetime.now(UTC).year}")) == 4


async def test_a_quiz_to_practise_is_done_by_what_the_platform_sends(classroom: Classroom) -> None:
    """A question without a key waits for who teaches, and the word of the client that it is complete counts nowhere."""
    school = await classroom.school()
    me, quiz = school.people["learner"], school.task_ids["quiz"]
    plain = {**question("Why?", "objective"), "response_type": "chat", "max_attempts": None}
    keyed = {**plain, "answer_kind": "choice", "options": [{"id": one, "text": one * 3} for one in "ab"], "key": ["b"]}
    async with (
        classroom.as_person(school.people["owner"]) as owner, classroom.as_person(me) as learner,
        classroom.as_person(school.people["mentor"]) as mentor,
    ):  # fmt: skip
        written = await call(owner, "POST", f"/tasks/{quiz}/quiz", {"title": "Quiz", "questions": [plain, keyed]})
        assert [one.split(" has ")[0] for one in written["warnings"]] == ["Question 1"]
        open_id, keyed_id = [one["id"] for one in written["questions"]]
        assert (await call(learner, "GET", f"/tasks/{quiz}"))["warnings"] == []

        async def send(one: str, content: str) -> list[bool]:
            said = [{"role": "user", "content": content, "response_type": "text"}]
            kept = await call(learner, "POST", "/chat/", {"messages": said, "question_id": one, "is_complete": True})
            return [each["is_complete"] for each in kept]

        assert [await send(keyed_id, one) for one in ("A hint?", "aaa", "bbb")] == [[False], [False], [True]]
        assert await send(open_id, "Because of the queue.") == [False]
        found = await call(mentor, "GET", f"/tasks/{quiz}/attempts?user_id={me}")
        assert [one["is_right"] for one in found if one["question_id"] == keyed_id] == [False, True], "no hint"
        attempt = next(one["id"] for one in found if one["question_id"] == open_id)
        grade_it = f"/tasks/{quiz}/questions/{open_id}/attempts/{attempt}/grade"
        for score in (0, 1):
            await call(mentor, "POST", grade_it, {"user_id": me, "scores": [{"name": "score", "score": score}]})
            done = (await call(learner, "GET", f"/cohorts/{school.cohort_id}/completion?user_id={me}"))[quiz]
            assert done["is_complete"] is bool(score)
