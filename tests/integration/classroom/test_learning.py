"""Answers, exams and what is complete: as decisions without a server, and over the routes."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text

from services.classroom.decisions import learners
from services.classroom.decisions.learners import Asked, Who, judge
from services.classroom.progress import streak, within, year_of
from shared.classroom.learners import LEARNER_SIDE, learner_of
from shared.event_log.port import Recorded
from shared.events import Event
from shared.events.classroom import Criterion
from shared.events.content import Option, Question
from shared.events.learner import (
    Answer,
    AnswerGiven,
    AnswerGraded,
    ExamStarted,
    LearnerBegan,
    LearnerErased,
    Score,
    TaskCompleted,
)
from shared.kernel.refusals import Refusal, Refused
from tests.integration.classroom.conftest import Classroom, School
from tests.integration.classroom.test_a_course import today  # noqa: F401  a fixture
from tests.integration.classroom.test_a_school import ok

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
WHO = Who("p", "o")
L: Mapping[str, str] = {"learner_id": WHO.id}
BEGAN = LearnerBegan(**L, person_id="p", org_id="o")
OPTIONS = [Option(id=one, text=one) for one in "abc"]
CHOICE = Question(id="q", type="objective", answer_kind="choice", key=["a", "c"], options=OPTIONS)
ESSAY = Question(id="q", type="subjective", scorecard_id="s")
CARD = [Criterion(name="clear", max_score=5, pass_score=3), Criterion(name="short", max_score=1)]
RIGHT, WRONG = Answer(chosen=["c", "a"]), Answer(chosen=["a"])


def asked(question: Question = CHOICE, limit: int | None = None, **changed: Any) -> Asked:
    return Asked("t", ["q", "r"], limit, question.model_copy(update=changed), 3)


def answered(
    answer: Answer, attempt: str = "1", *, is_right: bool | None = None, completes: bool = False, of: str = "q"
) -> AnswerGiven:
    return AnswerGiven(
        **L, task_id="t", question_id=of, question_version=3, attempt_id=attempt, answer=answer, is_right=is_right,
        completes=completes,
    )  # fmt: skip


def graded(*scores: float, passed: bool) -> AnswerGraded:
    said = [Score(name=one.name, score=score) for one, score in zip(CARD, scores, strict=True)]
    return AnswerGraded(**L, task_id="t", question_id="q", attempt_id="1", scores=said, passed=passed, by="m")


give = partial(learners.give, who=WHO, attempt_id="1", now=NOW)
grade = partial(learners.grade, who=WHO, criteria=CARD, attempt_id="1", feedback="", by="m")
EXAM = asked(response_type="exam")
STARTED = ExamStarted(**L, task_id="t", until=NOW + timedelta(seconds=60))
FINISHED = answered(Answer(text="x"), "0", completes=True, of="r")
DONE = TaskCompleted(**L, task_id="t")
YES = [Score(name="score", score=1)]
WAITS = (BEGAN, answered(Answer(text="x")))

SCENARIOS: dict[str, tuple[tuple[Event, ...], Any, tuple[Event, ...] | tuple[int, str]]] = {
    "right": ((), partial(give, asked=asked(), answer=RIGHT), (BEGAN, answered(RIGHT, is_right=True, completes=True))),
    "wrong": ((BEGAN,), partial(give, asked=asked(), answer=WRONG), (answered(WRONG, is_right=False),)),
    "a wrong exam is complete": (
        (BEGAN,), partial(give, asked=EXAM, answer=WRONG), (answered(WRONG, is_right=False, completes=True),),
    ),
    "not judged": (
        (BEGAN,), partial(give, asked=asked(ESSAY), answer=Answer(text="x")), (answered(Answer(text="x")),),
    ),
    "the last question": (
        (BEGAN, FINISHED), partial(give, asked=asked(), answer=RIGHT),
        (answered(RIGHT, is_right=True, completes=True), DONE),
    ),
    "a task is complete once": (
        (BEGAN, FINISHED, DONE), partial(give, asked=asked(), answer=RIGHT),
        (answered(RIGHT, is_right=True, completes=True),),
    ),
    "the same attempt again": ((BEGAN, answered(WRONG)), partial(give, asked=EXAM, answer=WRONG), ()),
    "another answer under the same id": (
        (BEGAN, answered(WRONG)), partial(give, asked=EXAM, answer=RIGHT), (409, "attempt_differs"),
    ),
    "the id of an attempt at another question": (
        (BEGAN, answered(RIGHT, of="r")), partial(give, asked=asked(), answer=RIGHT), (409, "attempt_differs"),
    ),
    "a second attempt at an exam": (
        (BEGAN, answered(WRONG, "0")), partial(give, asked=EXAM, answer=RIGHT), (409, "no_attempts_left"),
    ),
    "one attempt too many": (
        (BEGAN, answered(WRONG, "0"), answered(WRONG, "2")),
        partial(give, asked=asked(max_attempts=2), answer=RIGHT), (409, "no_attempts_left"),
    ),
    "an exam with two attempts": (
        (BEGAN, answered(WRONG, "0")), partial(give, asked=asked(response_type="exam", max_attempts=2), answer=WRONG),
        (answered(WRONG, is_right=False, completes=True),),
    ),
    "before the start": ((), partial(give, asked=asked(limit=60), answer=RIGHT), (409, "not_started")),
    "after the time": (
        (BEGAN, STARTED), partial(give, asked=asked(limit=60), answer=RIGHT, now=NOW + timedelta(seconds=61)),
        (409, "time_over"),
    ),
    "in time, though the limit is shorter now": (
        (BEGAN, STARTED), partial(give, asked=asked(limit=10), answer=RIGHT, now=NOW + timedelta(seconds=60)),
        (answered(RIGHT, is_right=True, completes=True),),
    ),
    "no option": ((), partial(give, asked=asked(), answer=Answer(chosen=["z"])), (422, "invalid_request")),
    "no words": ((), partial(give, asked=asked(ESSAY), answer=Answer(text=" ")), (422, "invalid_request")),
    "start": ((), partial(learners.start, who=WHO, task_id="t", time_limit_seconds=60, now=NOW), (BEGAN, STARTED)),
    "start again": (
        (BEGAN, STARTED), partial(learners.start, who=WHO, task_id="t", time_limit_seconds=600, now=NOW), (),
    ),
    "start what has no limit": (
        (), partial(learners.start, who=WHO, task_id="t", time_limit_seconds=None, now=NOW), (409, "no_time_limit"),
    ),
    "passed": (
        WAITS, partial(grade, asked=asked(ESSAY), scores=graded(3, 1, passed=True).scores),
        (graded(3, 1, passed=True),),
    ),
    "passed the last question": (
        (*WAITS, FINISHED), partial(grade, asked=asked(ESSAY), scores=graded(3, 1, passed=True).scores),
        (graded(3, 1, passed=True), DONE),
    ),
    "failed by one criterion": (
        WAITS, partial(grade, asked=asked(ESSAY), scores=graded(5, 0, passed=False).scores),
        (graded(5, 0, passed=False),),
    ),
    "a score that the card does not have": (
        WAITS, partial(grade, asked=asked(ESSAY), scores=[Score(name="clear", score=3)]), (422, "invalid_request"),
    ),
    "a score too high": (
        WAITS, partial(grade, asked=asked(ESSAY), scores=graded(6, 1, passed=True).scores), (422, "invalid_request"),
    ),
    "passed without a scorecard": (
        WAITS, partial(grade, asked=asked(type="objective", answer_kind=None), criteria=[learners.PASSED], scores=YES),
        (graded(3, 1, passed=True).model_copy(update={"scores": YES}),),
    ),
    "grade what has a key": (WAITS, partial(grade, asked=asked(), scores=[]), (409, "not_graded")),
    "grade an attempt that is not there": ((BEGAN,), partial(grade, asked=asked(ESSAY), scores=[]), (404, "not_found")),
    "read": ((BEGAN,), partial(learners.complete, who=WHO, task_id="t", kind="learning_material"), (DONE,)),
    "read twice": ((BEGAN, DONE), partial(learners.complete, who=WHO, task_id="t", kind="learning_material"), ()),
    "say that a quiz is complete": (
        (BEGAN,), partial(learners.complete, who=WHO, task_id="t", kind="quiz"), (409, "by_answers"),
    ),
    "erase": ((BEGAN, DONE), partial(learners.erase, learner_id=L["learner_id"]), (LearnerErased(**L),)),
    "erase one who has not begun": ((), partial(learners.erase, learner_id=L["learner_id"]), (LearnerErased(**L),)),
    "erase again": ((BEGAN, LearnerErased(**L)), partial(learners.erase, learner_id=L["learner_id"]), ()),
}  # fmt: skip


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_follows(name: str) -> None:
    events, decide, wanted = SCENARIOS[name]
    state = LEARNER_SIDE.begin
    for seq, event in enumerate(events, 1):
        recorded = Recorded(event, f"{seq}", seq, NOW)
        state = LEARNER_SIDE.evolve(state, recorded)
        assert LEARNER_SIDE.evolve(state, recorded) is state
    decision = decide(state)
    if isinstance(decision, Refusal):
        assert (decision.status, decision.code) == wanted
    else:
        assert decision == wanted


@pytest.mark.parametrize(
    ("kind", "key", "right", "wrong"),
    [
        ("choice", ["a", "c"], {"chosen": ["c", "a"]}, {"chosen": ["a", "b", "c"]}),
        ("text", ["for loop"], {"text": " For  LOOP"}, {"text": "forloop"}),
        ("text", ["C(x=1, y='a')"], {"text": 'C(x = 1,y="a")'}, {"text": "C(x=1, y=a)"}),
        ("order", [["a", "b"], ["b", "a"]], {"chosen": ["b", "a"]}, {"chosen": ["a", "a"]}),
        ("match", [["a", "b"], ["c", "d"]], {"pairs": [["c", "d"], ["a", "b"]]}, {"pairs": [["a", "d"], ["c", "b"]]}),
    ],
)
def test_a_key_judges(kind: Any, key: Any, right: Any, wrong: Any) -> None:
    question = Question(id="q", type="objective", answer_kind=kind, key=key)
    assert judge(question, Answer(**right)) is True
    assert judge(question, Answer(**wrong)) is False


def test_streaks_and_years() -> None:
    day = date(2028, 3, 1)
    days = {day - timedelta(days=number) for number in (1, 2, 3, 5)}
    assert streak(days, day) == 3, "today is not over; a leap day counts"
    assert streak(days, day + timedelta(days=1)) == 0
    assert streak({*days, day}, day) == 4
    assert streak(within({*days, day}, "This month", day), day) == 1
    assert within(days, "This week", day) == {date(2028, 2, 28), date(2028, 2, 29)}, "from Monday"
    assert [len(year_of({}, one)) for one in (2024, 2025, 2000, 2100)] == [366, 365, 366, 365]
    assert year_of({day: 7}, 2028)[60] == 7


async def test_a_class_goes_through_a_quiz_and_an_exam(classroom: Classroom, today: list[datetime]) -> None:  # noqa: F811
    school = await classroom.school()
    quiz, exam = school.task_ids["quiz"], school.task_ids["exam"]
    me = school.people["learner"]
    done = f"/cohorts/{school.cohort_id}/completion?user_id={me}"
    async with classroom.as_person(me) as learner, classroom.as_person(school.people["mentor"]) as mentor:
        await ok(learner, "POST", f"/tasks/{school.task_ids['material']}/complete", {"user_id": me})
        answers = f"/tasks/{quiz}/questions/{school.question_id}/attempts"
        wrong = await ok(learner, "POST", answers, {"answer": {"chosen": ["a"]}})
        assert (wrong["is_right"], wrong["is_complete"], wrong["feedback"]) == (False, False, ["SOLUTION a"])
        right = await ok(learner, "POST", answers, {"answer": {"chosen": ["a", "c"]}})
        assert (right["is_right"], right["is_complete"], right["attempts_left"]) == (True, True, None)
        assert (await ok(learner, "GET", done))[quiz]["is_complete"] is False, "the essay is not judged"
        essay = f"/tasks/{quiz}/questions/{school.essay_id}/attempts/{school.attempt_id}/grade"
        said = {"user_id": me, "scores": [{"name": "Marker", "score": 5}], "feedback": "Good"}
        await ok(mentor, "POST", essay, said)
        assert (await ok(learner, "GET", done))[quiz] == {
            "is_complete": True,
            "questions": [
                {"question_id": one, "is_complete": True} for one in (school.question_id, school.essay_id)
            ],
        }  # fmt: skip
        answers = f"/tasks/{exam}/questions/{school.last_id}/attempts"
        shown = await ok(learner, "GET", f"/tasks/{exam}")
        assert (shown["questions"], shown["has_to_be_started"], shown["until"]) == ([], True, None)
        assert (await ok(learner, "GET", done))[exam]["questions"] == []
        assert len((await ok(mentor, "GET", done))[exam]["questions"]) == 1
        early = await learner.post(answers, json={"answer": {"chosen": ["a"]}})
        assert (early.status_code, early.json()["code"]) == (409, "not_started")
        until = (await ok(learner, "POST", f"/tasks/{exam}/start"))["until"]
        today[0] += timedelta(seconds=30)
        assert (await ok(learner, "POST", f"/tasks/{exam}/start"))["until"] == until
        shown = await ok(learner, "GET", f"/tasks/{exam}")
        assert (len(shown["questions"]), shown["has_to_be_started"], shown["until"]) == (1, False, until)
        assert (await ok(mentor, "GET", f"/tasks/{exam}"))["has_to_be_started"] is False
        sent = {"id": "first", "answer": {"chosen": ["b"]}}
        both = await asyncio.gather(*(learner.post(answers, json=sent) for _ in range(4)))
        assert {one.status_code for one in both} == {200}, "doubles of one attempt"
        more = await learner.post(answers, json={"answer": {"chosen": ["a", "c"]}})
        assert (more.status_code, more.json()["code"]) == (409, "no_attempts_left")
        (attempt,) = await ok(mentor, "GET", f"/tasks/{exam}/attempts?user_id={me}")
        assert (attempt["id"], attempt["is_right"]) == ("first", False)
        mine = await learner.get(f"/tasks/{quiz}/attempts")
        assert len(mine.json()) == 3
        assert '"key"' not in mine.text
        board = await ok(learner, "GET", f"/cohorts/{school.cohort_id}/leaderboard")
        assert board["metadata"]["num_tasks"] == 5, "of the cohort, published and due"
        assert [(one["user"]["id"], one["tasks_completed"]) for one in board["stats"]] == [
            (me, 3), (None, 0),
        ]  # fmt: skip
        metrics = await ok(mentor, "GET", f"/cohorts/{school.cohort_id}/courses/{school.course_id}/metrics")
        assert (metrics["num_tasks"], metrics["num_active_learners"]) == (5, 1)
        assert metrics["average_completion"] == pytest.approx(3 / 10)
        assert metrics["task_type_metrics"]["quiz"]["completions"] == {me: 2, school.people["fellow"]: 0}
        assert (await ok(learner, "GET", f"/users/{me}/streak"))["streak_count"] == 1


async def test_after_the_time_nothing_counts(classroom: Classroom, today: list[datetime]) -> None:  # noqa: F811
    school = await classroom.school()
    exam = school.task_ids["exam"]
    async with classroom.as_person(school.people["learner"]) as learner:
        await ok(learner, "POST", f"/tasks/{exam}/start")
        today[0] += timedelta(seconds=601)
        late = await learner.post(
            f"/tasks/{exam}/questions/{school.last_id}/attempts", json={"answer": {"chosen": ["a", "c"]}}
        )
        assert (late.status_code, late.json()["code"]) == (409, "time_over")
        assert await ok(learner, "GET", f"/tasks/{exam}/attempts") == []


async def test_a_course_that_changes_takes_nothing_from_who_learnt_it(classroom: Classroom) -> None:
    school = await classroom.school()
    quiz, me = school.task_ids["quiz"], school.people["learner"]
    async with classroom.as_person(me) as learner, classroom.as_person(school.people["owner"]) as owner:
        path, again = f"/tasks/{quiz}/questions/{school.question_id}/attempts", {"answer": {"chosen": ["a"]}}
        await ok(learner, "POST", path, again)
        edited = school.question().model_dump(mode="json") | {"title": "Another", "key": ["a"]}
        await ok(owner, "POST", f"/tasks/{quiz}/quiz", {"title": "Quiz", "questions": [edited]})
        found = [
            one for one in await ok(owner, "GET", f"/tasks/{quiz}/attempts?user_id={me}") if one["is_right"] is not None
        ]
        assert [(one["question"]["title"], one["is_right"]) for one in found] == [("Marker question", False)]
        right = await ok(learner, "POST", path, again)
        assert right["is_complete"] is True
        new = {"type": "subjective", "title": "More"}
        await ok(owner, "POST", f"/tasks/{quiz}/quiz", {"title": "Quiz", "questions": [edited, new]})
        done = await ok(learner, "GET", f"/cohorts/{school.cohort_id}/completion?user_id={me}")
        assert done[quiz]["is_complete"] is True, "it was complete"
        assert [one["is_complete"] for one in done[quiz]["questions"]] == [True, False]


async def test_an_assignment_is_complete_when_it_is_passed(classroom: Classroom) -> None:
    school = await classroom.school()
    task, me = school.task_ids["assignment"], school.people["learner"]
    async with classroom.as_person(me) as learner, classroom.as_person(school.people["mentor"]) as mentor:
        given = await ok(learner, "POST", f"/tasks/{task}/questions/{task}/attempts", {"answer": {"text": "Done"}})
        grade_it = f"/tasks/{task}/questions/{task}/attempts/{given['id']}/grade"
        done = f"/cohorts/{school.cohort_id}/completion?user_id={me}"
        for score, is_complete in ((2.5, False), (3, True)):
            await ok(mentor, "POST", grade_it, {"user_id": me, "scores": [{"name": "score", "score": score}]})
            assert (await ok(learner, "GET", done))[task]["is_complete"] is is_complete


async def test_days_are_those_of_the_learner(classroom: Classroom, today: list[datetime]) -> None:  # noqa: F811
    """Ten minutes before and after midnight in Auckland, in summer time and over the end of it."""
    school = await classroom.school()
    me = school.people["learner"]
    today[0] = datetime(2026, 4, 5, 12, 10, tzinfo=UTC)  # the 6th in Auckland, where summer time ended on the 5th
    times = [datetime(2026, 4, 3, 11, 10, tzinfo=UTC), datetime(2026, 4, 5, 11, 50, tzinfo=UTC)]
    async with classroom.as_person(me) as learner:
        for name in ("material", "locked"):
            await classroom.append(
                TaskCompleted(learner_id=learner_of(me, school.org_id), task_id=school.task_ids[name])
            )
        await classroom.project()
        async with classroom.engine.begin() as connection:
            await connection.execute(text("DELETE FROM read_v1.learner_attempts"))
            for name, at in zip(("material", "locked"), times, strict=True):
                moved = text("UPDATE read_v1.learner_tasks SET at = :at WHERE task_id = :task")
                await connection.execute(moved, {"at": at, "task": school.task_ids[name]})
        assert await ok(learner, "GET", f"/users/{me}/active_days?days=7") == ["2026-04-05", "2026-04-03"]
        refused = await learner.put(f"/users/{me}?first_name=Lea&time_zone=Mars/Olympus")
        assert refused.status_code == 422
        user = await ok(learner, "PUT", f"/users/{me}?first_name=Lea&time_zone=Pacific/Auckland")
        assert user["time_zone"] == "Pacific/Auckland"
        assert await ok(learner, "GET", f"/users/{me}/active_days?days=7") == ["2026-04-05", "2026-04-04"]
        assert (await ok(learner, "GET", f"/users/{me}/streak"))["streak_count"] == 2, "yesterday and the day before"
        year = await ok(learner, "GET", f"/users/{me}/activity/2026")
        assert (len(year), sum(year), year[93], year[94]) == (365, 2, 1, 1)


async def test_a_task_in_two_courses_of_a_cohort_counts_once(classroom: Classroom) -> None:
    school = await classroom.school()
    async with classroom.as_person(school.people["owner"]) as owner:
        course = (await ok(owner, "POST", "/courses/", {"name": "Second", "org_id": school.org_id}))["id"]
        milestone = (await ok(owner, "POST", f"/courses/{course}/milestones", {"name": "M"}))["id"]
        await ok(owner, "POST", "/courses/tasks", {"course_tasks": [[school.task_ids["material"], course, milestone]]})
        await ok(owner, "POST", f"/cohorts/{school.cohort_id}/courses", {"course_ids": [course]})
        async with classroom.as_person(school.people["learner"]) as learner:
            await ok(learner, "POST", f"/tasks/{school.task_ids['material']}/complete")
        board = await ok(owner, "GET", f"/cohorts/{school.cohort_id}/leaderboard")
        assert (board["metadata"]["num_tasks"], board["stats"][0]["tasks_completed"]) == (5, 1)
        year = await ok(owner, "GET", f"/users/{school.people['learner']}/activity/{datetime.now(UTC).year}")
        assert sum(year) == 2, "a completion, and the attempt of the school"


async def a_class(classroom: Classroom, school: School, size: int) -> list[str]:
    emails = [f"pupil{number}@school.example" for number in range(size)]
    async with classroom.as_person(school.people["owner"]) as owner:
        people = {"emails": emails, "roles": ["learner"] * size}
        await ok(owner, "POST", f"/cohorts/{school.cohort_id}/members", people)
        members = (await ok(owner, "GET", f"/cohorts/{school.cohort_id}"))["members"]
    return [one["id"] for one in members if one["email"] in emails]


async def test_a_class_submits_at_once_and_each_answer_counts_once(classroom: Classroom) -> None:
    school = await classroom.school()
    exam = school.task_ids["exam"]
    path = f"/tasks/{exam}/questions/{school.last_id}/attempts"

    async def take(person: str) -> list[int]:
        async with classroom.as_person(person) as client:
            await ok(client, "POST", f"/tasks/{exam}/start")
            sent = [{"id": f"{person[-12:]}-{number}", "answer": {"chosen": ["a"]}} for number in (0, 0, 1)]
            answers = await asyncio.gather(*(client.post(path, json=one) for one in sent))
            return sorted(one.status_code for one in answers)

    pupils = await a_class(classroom, school, 20)
    codes = await asyncio.gather(*map(take, pupils))
    assert {tuple(one) for one in codes} <= {(200, 200, 409), (200, 409, 409)}, "the first of two attempts counts"
    await classroom.project()
    async with classroom.engine.connect() as connection:
        count = text("SELECT count(*), count(DISTINCT learner_id) FROM read_v1.learner_attempts WHERE task_id = :task")
        assert tuple((await connection.execute(count, {"task": exam})).one()) == (20, 20)


async def test_who_is_deleted_leaves_no_work(classroom: Classroom) -> None:
    school = await classroom.school()
    me = school.people["learner"]
    async with classroom.as_person(me) as learner:
        await ok(learner, "POST", f"/tasks/{school.task_ids['material']}/complete")
        await ok(learner, "DELETE", f"/users/{me}")
    await classroom.project()
    async with classroom.engine.connect() as connection:
        for table in LEARNER_SIDE.tables:
            assert await connection.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table.name


async def test_nobody_sees_the_answers_of_somebody_else_s_learner(classroom: Classroom) -> None:
    school, elsewhere = await classroom.school(), await classroom.school()
    quiz, me, fellow = school.task_ids["quiz"], school.people["learner"], school.people["fellow"]
    async with classroom.as_person(fellow) as client:
        for path in (
            f"/tasks/{quiz}/attempts?user_id={me}", f"/users/{me}/streak",
            f"/cohorts/{school.cohort_id}/completion?user_id={me}",
        ):  # fmt: skip
            assert (await client.get(path)).status_code == 404, path
        board = await ok(client, "GET", f"/cohorts/{school.cohort_id}/streaks?view=This+week")
        assert {one["user"]["id"] for one in board} == {fellow, None}
        assert {*next(one["user"] for one in board if one["user"]["id"] is None).values()} == {None}
    grade_it = f"/tasks/{quiz}/questions/{school.essay_id}/attempts/{school.attempt_id}/grade"
    for who in ("mentor", "owner"):
        async with classroom.as_person(school.people[who]) as client:
            stranger = elsewhere.people["learner"]
            assert (await client.get(f"/tasks/{quiz}/attempts?user_id={stranger}")).status_code == 404
            scores = [{"name": "Marker", "score": 5}]
            answer = await client.post(grade_it, json={"user_id": stranger, "scores": scores})
            assert answer.status_code == 404


@pytest.mark.parametrize("gone", ["person", "school"])
async def test_an_answer_in_the_instant_of_a_deletion_leaves_nothing(classroom: Classroom, gone: str) -> None:
    """It was let in while the person and the school were there, and is appended when one of them is gone."""
    school = await classroom.school()
    fellow = school.people["fellow"]
    async with classroom.as_person(fellow if gone == "person" else school.people["owner"]) as client:
        await ok(client, "DELETE", f"/users/{fellow}" if gone == "person" else f"/organizations/{school.org_id}")
    who = Who(fellow, school.org_id)
    late = partial(learners.complete, who=who, task_id=school.task_ids["material"], kind="learning_material")
    with pytest.raises(Refused) as refused:
        await classroom.services.commands.carry_out(LEARNER_SIDE, who.id, late)
    assert refused.value.refusal.status == 404
    stored = (await classroom.log.of(LEARNER_SIDE.aggregate).load(who.id)).events
    assert [type(one.event) for one in stored] == [LearnerErased]
