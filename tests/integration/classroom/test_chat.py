"""Conversations and drafts as they are kept, the API of programs, and what an answer says of what somebody knows."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from shared.classroom.learners import learner_reviews
from shared.classroom.reviews import recall, reviewed
from shared.event_log.port import Recorded
from shared.events.learner import AnswerGiven
from tests.integration.classroom.conftest import Classroom, School
from tests.integration.classroom.test_a_school import ok


def said(*contents: str) -> list[dict[str, Any]]:
    roles = ("user", "assistant")
    return [{"role": roles[number % 2], "content": one, "response_type": "text"} for number, one in enumerate(contents)]


async def test_a_conversation_is_kept_in_order_and_a_mentor_reads_it(classroom: Classroom) -> None:
    school = await classroom.school()
    quiz, learner_id = school.task_ids["quiz"], school.people["learner"]
    async with classroom.as_person(learner_id) as learner:
        sent = {"question_id": school.question_id, "messages": said("Why?", "Think."), "user_id": learner_id}
        kept = await ok(learner, "POST", "/chat/", {**sent, "is_complete": True})
        assert [(one["role"], one["content"]) for one in kept] == [("user", "Why?"), ("assistant", "Think.")]
        completion = await ok(learner, "GET", f"/cohorts/{school.cohort_id}/completion?user_id={learner_id}")
        assert not any(one["is_complete"] for one in completion[quiz]["questions"]), "the client does not decide"
        for about in ({}, {"question_id": school.question_id, "task_id": quiz}):
            refused = await learner.post("/chat/", json={"messages": said("Why?"), **about})
            assert refused.status_code == 422
        locked = await learner.post("/chat/", json={"messages": said("Why?"), "task_id": school.task_ids["locked"]})
        assert locked.status_code == 404
    async with classroom.as_person(school.people["mentor"]) as mentor:
        found = await ok(mentor, "GET", f"/chat/user/{learner_id}/task/{quiz}")
        assert [one["content"] for one in found] == ["marker question", "marker answer", "Why?", "Think."]
    async with classroom.as_person(school.people["fellow"]) as fellow:
        assert (await fellow.get(f"/chat/user/{learner_id}/task/{quiz}")).status_code == 404
    async with classroom.as_person(learner_id) as learner:
        await ok(learner, "DELETE", "/chat/")
        assert await ok(learner, "GET", f"/chat/user/{learner_id}/task/{quiz}") == []


async def test_a_program_reads_all_pages_of_its_school(classroom: Classroom) -> None:
    school, other = await classroom.school(), await classroom.school()
    async with classroom.as_person(school.people["learner"]) as learner:
        for number in range(3):
            sent = {"task_id": school.task_ids["quiz"], "messages": said(f"{number}a", f"{number}b", f"{number}c")}
            await ok(learner, "POST", "/chat/", sent)
    seen: list[str] = []
    async with classroom.client(api_key=school.api_key) as program:
        next_page: str | None = f"/chat_history?org_id={school.org_id}&limit=2"
        while next_page:
            answer = await program.get(next_page)
            assert answer.status_code == 200, answer.text
            assert len(answer.json()) <= 2
            seen += [one["content"] for one in answer.json()]
            assert {one["user_email"] for one in answer.json()} <= {school.email("learner")}
            assert {one["course_id"] for one in answer.json()} <= {school.course_id}
            links = httpx.Response(200, headers=answer.headers).links
            next_page = str(answer.request.url.join(links["next"]["url"])) if "next" in links else None
        assert seen == ["marker question", "marker answer", *(f"{n}{one}" for n in range(3) for one in "abc")]
        for path in (f"/chat_history?org_id={other.org_id}", f"/course/{other.course_id}"):
            assert (await program.get(path)).status_code == 404
        assert (await program.get(f"/chat_history?org_id={school.org_id}&after=x")).status_code == 422
        course = (await program.get(f"/course/{school.course_id}")).json()
    tasks = {one["id"]: one for part in course["milestones"] for one in part["tasks"]}
    assert tasks[school.task_ids["quiz"]]["questions"][0]["key"] == ["a", "c"]
    assert tasks[school.task_ids["draft"]]["blocks"][0]["content"][0]["text"] == "words of draft"
    assert school.task_ids["deleted"] not in tasks


async def test_one_draft_for_a_question(classroom: Classroom) -> None:
    school = await classroom.school()
    path = f"/code/user/{school.people['learner']}/question/{school.question_id}"
    async with classroom.as_person(school.people["learner"]) as learner:
        assert await ok(learner, "GET", path) is None
        for value in ("one", "two"):
            code = [{"language": "python", "value": value}]
            await ok(learner, "POST", "/code/", {"question_id": school.question_id, "code": code})
        assert (await ok(learner, "GET", path))["code"] == [{"language": "python", "value": "two"}]
        many = [{"language": "python", "value": "\N{PILE OF POO}" * 60_000} for _ in range(3)]
        large = await learner.post("/code/", json={"question_id": school.question_id, "code": many})
        assert (large.status_code, large.json()["code"]) == (413, "too_large")
        async with classroom.as_person(school.people["mentor"]) as mentor:
            assert (await ok(mentor, "GET", path))["code"][0]["value"] == "two"
            assert (await mentor.delete(path)).status_code == 403
        await ok(learner, "DELETE", path)
        assert await ok(learner, "GET", path) is None


async def answer(client: httpx.AsyncClient, school: School, *chosen: str) -> None:
    path = f"/tasks/{school.task_ids['quiz']}/questions/{school.question_id}/attempts"
    await ok(client, "POST", path, {"answer": {"chosen": [*chosen]}})


async def test_what_is_known_and_due(classroom: Classroom) -> None:
    school = await classroom.school()
    path = f"/users/{school.people['learner']}/mastery"
    async with classroom.as_person(school.people["learner"]) as learner:
        assert await ok(learner, "GET", path) == []  # nobody judged the essay yet
        await answer(learner, school, "a")
        await answer(learner, school, "a", "c")
        (one,) = await ok(learner, "GET", path)
        assert (one["objective_id"], one["text"]) == (school.question_id, "Marker question")
        assert (one["answers"], one["right_answers"], one["is_due"]) == (2, 1, True)
        now = classroom.services.clock()
        object.__setattr__(classroom.services, "clock", lambda: now + 86_400 * 30)
        (later,) = await ok(learner, "GET", f"{path}?only_due=true")
        assert later["recall"] < one["recall"] <= 1
    async with classroom.as_person(school.people["owner"]) as owner:
        await ok(owner, "DELETE", f"/tasks/{school.task_ids['quiz']}")
        assert await ok(owner, "GET", path) == []


async def test_due_is_a_day_of_the_learner(classroom: Classroom) -> None:
    """Due in the evening of the 28th of February of a leap year in Lisbon, which is the morning of the 29th in
    Auckland.
    """
    school = await classroom.school()
    learner_id = school.people["learner"]
    async with classroom.as_person(learner_id) as learner:
        await answer(learner, school, "a", "c")
        due = datetime(2028, 2, 28, 18, tzinfo=UTC)
        async with classroom.engine.begin() as connection:
            await connection.execute(learner_reviews.update().values(due=due))
        days = (("Europe/Lisbon", 1, True), ("Pacific/Auckland", 10, False), ("Pacific/Auckland", 12, True))
        for zone, hour, is_due in days:
            await ok(learner, "PUT", f"/users/{learner_id}?first_name=L&time_zone={zone}")
            now = datetime(2028, 2, 28, hour, tzinfo=UTC).timestamp()
            object.__setattr__(classroom.services, "clock", lambda now=now: now)
            assert [one["is_due"] for one in await ok(learner, "GET", f"/users/{learner_id}/mastery")] == [is_due]


def test_fsrs_without_chance_and_without_time_that_goes_back() -> None:
    at = datetime(2028, 2, 28, 12, tzinfo=UTC)
    row, days = None, list[float]()
    for is_right in (True, True, True, True, False, True):
        row = reviewed(row, is_right=is_right, at=at)
        again = reviewed(None, is_right=True, at=at) if not days else None
        assert again is None or again == row
        days.append((row["due"] - at).total_seconds() / 86_400)
        at = row["due"]
    assert days[1] < days[2] < days[3] > days[4]
    assert row is not None
    assert recall(row, at) > recall(row, at + timedelta(days=400))
    back = reviewed(row, is_right=True, at=at - timedelta(days=9))
    assert back["at"] == row["at"]


async def test_questions_with_one_objective_are_one_row(classroom: Classroom) -> None:
    school = await classroom.school()
    objective = {"id": "loops", "text": "Write a loop"}
    async with classroom.as_person(school.people["admin"]) as admin:
        asked = {**school.question().model_dump(mode="json"), "objectives": [objective]}
        quiz = {"title": "Q", "questions": [{**asked, "id": one} for one in ("x", "y")]}
        task = await ok(admin, "POST", f"/tasks/{school.task_ids['quiz']}/quiz", quiz)
    ids = [one["id"] for one in task["questions"]]
    async with classroom.as_person(school.people["learner"]) as learner:
        for one in ids:
            sent = {"answer": {"chosen": ["a", "c"]}}
            await ok(learner, "POST", f"/tasks/{school.task_ids['quiz']}/questions/{one}/attempts", sent)
        (known,) = await ok(learner, "GET", f"/users/{school.people['learner']}/mastery")
    assert (known["objective_id"], known["text"], known["answers"]) == ("loops", "Write a loop", 2)
    stored = [
        one.event for one in classroom.log.stored() if isinstance(one, Recorded) and isinstance(one.event, AnswerGiven)
    ]
    assert [one.objectives for one in stored if one.question_id in ids] == [["loops"], ["loops"]]


async def test_a_review_does_not_tell_what_an_answer_was_worth(classroom: Classroom) -> None:
    """An exam that keeps its results from the learner is no review, neither by its key nor by who grades it."""
    school = await classroom.school()
    learner_id, task = school.people["learner"], school.task_ids["quiz"]
    hidden = {"is_feedback_shown": False, "response_type": "exam"}
    choice = {**school.question().model_dump(mode="json"), **hidden, "id": "x"}
    words = {"type": "subjective", "title": "Why?", "id": "y", **hidden}
    async with classroom.as_person(school.people["admin"]) as admin:
        await ok(admin, "POST", f"/tasks/{task}/quiz", {"title": "Q", "questions": [choice, words]})
        ids = [one["id"] for one in (await ok(admin, "GET", f"/tasks/{task}"))["questions"]]
        async with classroom.as_person(learner_id) as learner:
            sent = ({"chosen": ["a", "c"]}, {"text": "So"})
            paths = [f"/tasks/{task}/questions/{one}/attempts" for one in ids]
            given = [
                await ok(learner, "POST", *one) for one in zip(paths, ({"answer": each} for each in sent), strict=True)
            ]
            grade = {"user_id": learner_id, "scores": [{"name": "score", "score": 1}]}
            await ok(admin, "POST", f"{paths[1]}/{given[1]['id']}/grade", grade)
            assert [(one["is_right"], one["is_complete"]) for one in given] == [(None, True)] * 2
            assert await ok(learner, "GET", f"/users/{learner_id}/mastery") == []


@pytest.mark.parametrize("text", ["a\x00b", "\ud800"], ids=["NUL", "half a pair"])
async def test_a_text_that_cannot_be_stored_is_pointed_at_and_not_kept(classroom: Classroom, text: str) -> None:
    school = await classroom.school()
    end, headers = await classroom.log.end(), {"Content-Type": "application/json", "Idempotency-Key": "k"}
    sent: tuple[tuple[str, str, Any, str], ...] = (
        ("POST", "/chat/", {"task_id": school.task_ids["quiz"], "messages": said("a", text)}, "/messages/1/content"),
        ("POST", "/organizations/", {"name": text, "slug": "a"}, "/name"),
        ("POST", "/chat/", {"messages": [], text: 1}, ""),
    )
    async with classroom.as_person(school.people["learner"]) as learner:
        for method, path, body, pointer in sent:
            answer = await learner.request(method, path, content=json.dumps(body), headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), answer.text
            assert [one["pointer"] for one in answer.json().get("errors", [])] == [pointer] * bool(pointer)
        assert (await learner.get("/organizations/slug/a%00b")).status_code == 404
        named = await learner.put(f"/users/{school.people['learner']}?first_name=a%00b")
        assert (named.status_code, named.json()["errors"][0]["pointer"]) == (422, "query/first_name")
    assert await classroom.log.end() == end
