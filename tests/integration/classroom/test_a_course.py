"""A course from its first milestone to a cohort that learns it, over the routes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from shared.events.classroom import CohortCourseSet, Drip
from tests.integration.classroom.conftest import TASKS, Classroom, School
from tests.integration.classroom.test_a_school import ok

WORDS = [
    {"type": "paragraph", "content": [{"type": "text", "text": "Read."}, {"type": "link", "href": "https://a.b/"}]}
]
CHOICE = {
    "type": "objective", "title": "Which?", "answer_kind": "choice", "key": ["a", "c"],
    "options": [{"id": one, "text": one} for one in "abc"],
}  # fmt: skip


@pytest.fixture
def today(classroom: Classroom) -> list[datetime]:
    """The classroom's clock, which a test sets."""
    now = [datetime.now(UTC)]
    object.__setattr__(classroom.services, "clock", lambda: now[0].timestamp())  # noqa: PLW0108  the test changes it
    return now


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from strings(one)
    elif isinstance(value, str):
        yield value


async def test_a_learner_is_sent_no_draft_nothing_scheduled_or_locked_and_no_solution(
    classroom: Classroom, today: list[datetime]
) -> None:
    school = await classroom.school()
    course, cohort = school.course_id, school.cohort_id
    opened = {"material", "quiz", "assignment", "exam"}
    async with classroom.as_person(school.people["learner"]) as learner:
        for path in (
            f"/courses/{course}", f"/courses/{course}?only_published=false", f"/courses/{course}/tasks",
            f"/cohorts/{cohort}/courses?include_tree=true", f"/tasks/course/{course}/learning_material",
        ):  # fmt: skip
            seen = set(strings(await ok(learner, "GET", path)))
            titles = {one for one in TASKS if f"Marker {one}" in seen}
            assert titles <= opened, path
            assert titles, path
        for name, task_id in school.task_ids.items():
            answer = await learner.get(f"/tasks/{task_id}")
            assert answer.status_code == (200 if name in opened else 404), name
            assert "SOLUTION" not in answer.text, name
        done = await ok(learner, "GET", f"/cohorts/{cohort}/completion?user_id={school.people['learner']}")
        assert done.keys() == {school.task_ids[one] for one in opened}
        quiz = await ok(learner, "GET", f"/tasks/{school.task_ids['quiz']}")
        assert quiz["questions"][0]["options"] == [{"id": one, "text": one} for one in "abc"]
        assert not quiz["questions"][0].keys() & {"key", "answer", "context"}
        (tree,) = await ok(learner, "GET", f"/cohorts/{cohort}/courses?include_tree=true")
        assert [(len(one["tasks"]), one["unlock_at"] is None) for one in tree["milestones"]] == [(4, True), (0, False)]
        today[0] += timedelta(days=1, minutes=1)
        (tree,) = await ok(learner, "GET", f"/cohorts/{cohort}/courses?include_tree=true")
        assert [(len(one["tasks"]), one["unlock_at"]) for one in tree["milestones"]] == [(4, None), (1, None)]
        assert (await learner.get(f"/tasks/{school.task_ids['locked']}")).status_code == 200
        today[0] = datetime(2999, 1, 2, tzinfo=UTC)
        assert (await learner.get(f"/tasks/{school.task_ids['scheduled']}")).status_code == 200, "without a job"


async def test_a_mentor_sees_solutions_and_what_is_locked_and_no_draft(classroom: Classroom) -> None:
    school = await classroom.school()
    async with classroom.as_person(school.people["mentor"]) as mentor:
        answers = {name: await mentor.get(f"/tasks/{one}") for name, one in school.task_ids.items()}
        seen = {name for name, one in answers.items() if one.status_code == 200}
        assert seen == {"material", "quiz", "assignment", "exam", "locked"}
        assert "SOLUTION" in answers["quiz"].text
    async with classroom.as_person(school.people["admin"]) as admin:
        tree = await ok(admin, "GET", f"/courses/{school.course_id}?only_published=false")
        assert [len(one["tasks"]) for one in tree["milestones"]] == [6, 1]
        tree = await ok(admin, "GET", f"/courses/{school.course_id}")
        assert [len(one["tasks"]) for one in tree["milestones"]] == [4, 1]


async def test_two_ways_to_a_course_open_it_by_the_earlier_one(classroom: Classroom) -> None:
    school = await classroom.school()
    drip = Drip(is_drip_enabled=True, frequency_value=1, frequency_unit="year")
    await classroom.append(
        CohortCourseSet(cohort_id=school.cohort_id, content_id=school.course_id, drip=drip, by="")
    )  # fmt: skip
    other = {"name": "Second", "org_id": school.org_id}
    async with classroom.as_person(school.people["owner"]) as owner:
        cohort = (await ok(owner, "POST", "/cohorts/", other))["id"]
        people = {"emails": [school.email("learner")], "roles": ["learner"]}
        await ok(owner, "POST", f"/cohorts/{cohort}/members", people)
        async with classroom.as_person(school.people["learner"]) as learner:
            assert (await learner.get(f"/tasks/{school.task_ids['locked']}")).status_code == 404
            await ok(owner, "POST", f"/courses/{school.course_id}/cohorts", {"cohort_ids": [cohort]})
            assert (await learner.get(f"/tasks/{school.task_ids['locked']}")).status_code == 200
            await ok(owner, "DELETE", f"/courses/{school.course_id}/cohorts", {"cohort_ids": [cohort]})
            assert (await learner.get(f"/tasks/{school.task_ids['locked']}")).status_code == 404


async def make_a_course(classroom: Classroom, school: School) -> dict[str, str]:
    """A course with everything that can happen to it."""
    async with classroom.as_person(school.people["admin"]) as admin:
        course = (await ok(admin, "POST", "/courses/", {"name": "First", "org_id": school.org_id}))["id"]
        await ok(admin, "PUT", f"/courses/{course}", {"name": "Loops"})
        milestone = {"name": "One", "color": "#ff0000"}
        one = (await ok(admin, "POST", f"/courses/{course}/milestones", milestone))["id"]
        two = (await ok(admin, "POST", f"/courses/{course}/milestones", {"name": "Two"}))["id"]
        made = {"course_id": course, "milestone_id": one, "title": "T"}
        read, ask, hand = [
            (await ok(admin, "POST", "/tasks/", made | {"type": kind}))["id"]
            for kind in ("learning_material", "quiz", "assignment")
        ]
        await ok(admin, "POST", f"/tasks/{read}/learning_material", {"title": "Read", "blocks": WORDS})
        card = {"org_id": school.org_id, "title": "Card", "criteria": [{"name": "Clear", "max_score": 5}]}
        card_id = (await ok(admin, "POST", "/scorecards/", card))["id"]
        essay = {"type": "subjective", "title": "Why?", "scorecard_id": card_id}
        quiz = await ok(admin, "POST", f"/tasks/{ask}/quiz", {"title": "Ask", "questions": [CHOICE, essay]})
        rules = {"evaluation_criteria": {"scorecard_id": card_id, "max_score": 5, "pass_score": 3}}
        await ok(admin, "POST", f"/tasks/{hand}/assignment", {"title": "Hand", "blocks": WORDS, "assignment": rules})
        await ok(admin, "PUT", "/courses/tasks/order", {"task_orders": [[ask, 0], [read, 1]]})
        await ok(admin, "PUT", f"/courses/{course}/tasks/swap", {"task_1_id": hand, "task_2_id": ask})
        await ok(admin, "PUT", f"/courses/{course}/milestones/swap", {"milestone_1_id": one, "milestone_2_id": two})
        copy = {"task_id": ask, "course_id": course, "milestone_id": one}
        twin = (await ok(admin, "POST", "/tasks/duplicate", copy))["task"]["id"]
        await ok(admin, "POST", "/courses/tasks", {"course_tasks": [[read, school.course_id, school.milestone_ids[0]]]})
        await ok(admin, "DELETE", "/courses/tasks", {"course_tasks": [[hand, course]]})
        await ok(admin, "DELETE", f"/milestones/{two}")
        await ok(admin, "DELETE", f"/tasks/{twin}")
        await ok(admin, "POST", f"/tasks/{twin}/restore")
        await ok(admin, "DELETE", f"/courses/{course}")
        await ok(admin, "POST", f"/courses/{course}/restore")
        duplicate = (await ok(admin, "POST", f"/courses/{course}/duplicate"))["id"]
        question = quiz["questions"][0]["id"]
    return {
        "course": course, "one": one, "read": read, "ask": ask, "hand": hand, "twin": twin, "copy": duplicate,
        "question": question, "card": card_id,
    }  # fmt: skip


async def test_a_copy_is_shown_as_it_stands(classroom: Classroom) -> None:
    school = await classroom.school()
    task, course = school.task_ids["quiz"], school.course_id
    async with classroom.as_person(school.people["admin"]) as admin:
        sent = {"task_id": task, "course_id": course, "milestone_id": school.milestone_ids[0]}
        copy = await ok(admin, "POST", "/tasks/duplicate", sent)
        tree = await ok(admin, "GET", f"/courses/{course}?only_published=false")
        placed = {one["id"]: one for one in tree["milestones"][0]["tasks"]}
        assert copy == {
            "task": await ok(admin, "GET", f"/tasks/{copy['task']['id']}"), "ordering": placed[task]["ordering"] + 1,
        }  # fmt: skip
        assert copy["task"]["status"] == "draft"
        whole = await ok(admin, "POST", f"/courses/{course}/duplicate")
        assert whole == await ok(admin, "GET", f"/courses/{whole['id']}?only_published=false")
        assert [len(one["tasks"]) for one in whole["milestones"]] == [len(one["tasks"]) for one in tree["milestones"]]


async def test_what_a_course_becomes(classroom: Classroom) -> None:
    school = await classroom.school()
    ids = await make_a_course(classroom, school)
    async with classroom.as_person(school.people["owner"]) as owner:
        tree = await ok(owner, "GET", f"/courses/{ids['course']}?only_published=false")
        assert [(one["name"], one["color"]) for one in tree["milestones"]] == [("One", "#ff0000")]
        tasks = tree["milestones"][0]["tasks"]
        assert [(one["id"], one["ordering"]) for one in tasks] == [(ids["read"], 0), (ids["ask"], 1), (ids["twin"], 2)]
        assert [(one["status"], one["num_questions"]) for one in tasks] == [
            ("published", 0),
            ("published", 2),
            ("draft", 2),
        ]
        shared = await ok(owner, "GET", f"/courses/{school.course_id}")
        assert ids["read"] in [one["id"] for one in shared["milestones"][0]["tasks"]], "it stands in two courses"
        copy = await ok(owner, "GET", f"/courses/{ids['copy']}?only_published=false")
        assert (copy["name"], [one["status"] for one in copy["milestones"][0]["tasks"]]) == (
            "Loops (Copy)",
            ["draft"] * 3,
        )
        asked, copied = [
            await ok(owner, "GET", f"/tasks/{one}") for one in (ids["ask"], copy["milestones"][0]["tasks"][1]["id"])
        ]
        assert [one["title"] for one in copied["questions"]] == [one["title"] for one in asked["questions"]]
        assert not {one["id"] for one in copied["questions"]} & {one["id"] for one in asked["questions"]}
        cards = await ok(owner, "GET", f"/scorecards/?org_id={school.org_id}")
        assert {one["id"]: one["status"] for one in cards}[ids["card"]] == "published"
        await ok(owner, "DELETE", f"/courses/{ids['course']}")
        shared = await ok(owner, "GET", f"/courses/{school.course_id}")
        assert ids["read"] not in [one["id"] for one in shared["milestones"][0]["tasks"]], "a task goes with its home"
        assert (await owner.get(f"/tasks/{ids['ask']}")).status_code == 404
        listed = await ok(owner, "GET", f"/courses/?org_id={school.org_id}&deleted=true")
        assert ids["course"] in [one["id"] for one in listed]


async def test_a_swap_moves_the_two_that_are_named_and_no_other(classroom: Classroom) -> None:
    school = await classroom.school()
    async with classroom.as_person(school.people["owner"]) as owner:
        before = await ok(owner, "GET", f"/courses/{school.course_id}/tasks")
        one, other = before[0]["id"], before[3]["id"]
        await ok(owner, "PUT", f"/courses/{school.course_id}/tasks/swap", {"task_1_id": one, "task_2_id": other})
        after = [each["id"] for each in await ok(owner, "GET", f"/courses/{school.course_id}/tasks")]
    wanted = [each["id"] for each in before]
    wanted[0], wanted[3] = wanted[3], wanted[0]
    assert after == wanted


async def test_a_question_that_is_edited_keeps_its_id_and_what_was_asked_before(classroom: Classroom) -> None:
    school = await classroom.school()
    ids = await make_a_course(classroom, school)
    async with classroom.as_person(school.people["owner"]) as owner:
        quiz = await ok(owner, "GET", f"/tasks/{ids['ask']}")
        first = quiz["questions"][0] | {"title": "Which two?"}
        sent = {"title": "Ask", "questions": [first, quiz["questions"][1]]}
        edited = await ok(owner, "PUT", f"/tasks/{ids['ask']}/quiz", sent)
        assert [one["id"] for one in edited["questions"]] == [one["id"] for one in quiz["questions"]]
        fewer = await owner.put(f"/tasks/{ids['ask']}/quiz", json={"title": "Ask", "questions": [first]})
        assert (fewer.status_code, fewer.json()["code"]) == (422, "other_questions")
        mine = CHOICE | {"id": school.question_id}
        new = await ok(owner, "POST", f"/tasks/{ids['ask']}/quiz", {"title": "Ask", "questions": [first, mine]})
        assert new["questions"][0]["id"] == first["id"]
        assert new["questions"][1]["id"] != school.question_id, "the id of another task's question is not taken over"
    async with classroom.engine.connect() as connection:
        says = text("SELECT version, says->>'title' FROM read_v1.content_questions WHERE question_id = :id ORDER BY 1")
        found = [tuple(row) for row in await connection.execute(says, {"id": first["id"]})]
    assert found == [(1, "Which?"), (2, "Which two?")]


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"key": ["x"]}, "/questions/0/key"), ({"key": []}, "/questions/0/key"),
        ({"key": [["a", "b"]]}, "/questions/0/key"), ({"answer_kind": None}, "/questions/0/key"),
        ({"type": "subjective"}, "/questions/0/type"), ({"answer_kind": "order", "key": [["a"]]}, "/questions/0/key"),
        ({"options": [{"id": "a", "text": ""}] * 2}, "/questions/0/options"),
        ({"answer_kind": "match", "key": [["a", "b", "c"]]}, "/questions/0/key"),
    ],
)  # fmt: skip
async def test_a_question_whose_key_cannot_be_meant_is_refused(
    classroom: Classroom, changed: dict[str, Any], pointer: str
) -> None:
    school = await classroom.school()
    async with classroom.as_person(school.people["owner"]) as owner:
        sent = {"title": "Ask", "questions": [CHOICE | changed]}
        answer = await owner.post(f"/tasks/{school.task_ids['quiz']}/quiz", json=sent)
    assert answer.status_code == 422, answer.text
    assert pointer in answer.text


@pytest.mark.parametrize(
    ("path", "sent", "status", "code"),
    [
        ("/tasks/{material}/quiz", {"title": "T", "questions": []}, 400, "other_type"),
        ("/tasks/{quiz}/quiz", {"title": "T", "questions": [{"type": "subjective", "scorecard_id": "x"}]}, 400,
         "no_scorecard"),
        ("/tasks/{material}/learning_material", {"title": "T", "blocks": [{"type": "iframe"}]}, 422, "invalid_request"),
        ("/tasks/{material}/learning_material",
         {"title": "T", "blocks": [{"type": "paragraph", "content": [{"type": "link", "href": "javascript:x"}]}]}, 422,
         "invalid_request"),
        ("/tasks/{material}/learning_material",
         {"title": "T", "blocks": [{"type": "image", "props": {"url": "javascript:x"}}]}, 422, "invalid_request"),
        ("/tasks/{material}/learning_material",
         {"title": "T", "blocks": [], "scheduled_publish_at": "2020-01-01T00:00:00Z"}, 422, "invalid_request"),
        ("/tasks/{material}/learning_material",
         {"title": "T", "blocks": [{"type": "paragraph", "content": [{"type": "text", "text": "x" * 600_000}]}]}, 413,
         "task_too_large"),
        ("/courses/{course}/cohorts", {"cohort_ids": ["x"], "drip_config": {"is_drip_enabled": True}}, 422,
         "invalid_request"),
        ("/courses/{course}/duplicate", {"org_id": "elsewhere"}, 400, "other_organization"),
    ],
)  # fmt: skip
async def test_what_is_refused(classroom: Classroom, path: str, sent: Any, status: int, code: str) -> None:
    school = await classroom.school()
    async with classroom.as_person(school.people["owner"]) as owner:
        before = await classroom.log.end()
        answer = await owner.post(path.format(**school.task_ids, course=school.course_id), json=sent)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
        assert await classroom.log.end() == before


async def test_a_course_does_not_come_to_a_cohort_of_another_school(classroom: Classroom) -> None:
    school, elsewhere = await classroom.school(), await classroom.school()
    async with classroom.as_person(school.people["owner"]) as owner:
        members = {"emails": [elsewhere.email("owner")]}
        await ok(owner, "POST", f"/organizations/{school.org_id}/members", members)
    async with classroom.as_person(elsewhere.people["owner"]) as both:
        for path, sent in (
            (f"/cohorts/{elsewhere.cohort_id}/courses", {"course_ids": [school.course_id]}),
            ("/courses/tasks", {"course_tasks": [[school.task_ids["quiz"], elsewhere.course_id, None]]}),
            ("/tasks/duplicate", {"task_id": school.task_ids["quiz"], "course_id": elsewhere.course_id}),
        ):
            answer = await both.post(path, json=sent)
            assert (answer.status_code, answer.json()["code"]) == (400, "other_organization"), path


async def test_the_courses_of_a_person(classroom: Classroom) -> None:
    school = await classroom.school()
    for who, role, cohort in (("admin", "admin", None), ("mentor", "mentor", school.cohort_id)):
        async with classroom.as_person(school.people[who]) as client:
            (found,) = await ok(client, "GET", f"/users/{school.people[who]}/courses")
            assert (found["id"], found["role"], found["cohort_id"]) == (school.course_id, role, cohort)
            assert found["org"]["name"] == "Marker school"


async def test_a_school_that_is_deleted_takes_its_courses_along(classroom: Classroom) -> None:
    school = await classroom.school()
    async with classroom.as_person(school.people["owner"]) as owner:
        await ok(owner, "DELETE", f"/organizations/{school.org_id}")
    await classroom.project()
    async with classroom.engine.connect() as connection:
        for table in ("contents", "content_words", "content_questions", "org_scorecards", "cohort_courses"):
            assert await connection.scalar(text(f"SELECT count(*) FROM read_v1.{table}")) == 0, table
