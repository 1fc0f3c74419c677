"""How far learners are: completion, streaks, the leaderboard, and figures of a course. A day is the learner's own."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncConnection

from services.classroom.api.calls import Anybody, Parts, Services, SignedIn
from services.classroom.api.cohorts import require_batch, seen_cohort
from services.classroom.api.learner_shapes import (
    CourseMetricsView,
    LeaderboardView,
    LeaderView,
    MasteryView,
    QuestionDoneView,
    RankedView,
    StreakView,
    TaskDoneView,
    TypeMetricsView,
)
from services.classroom.api.seen_courses import has_to_be_started, seen_trees
from services.classroom.api.shapes import Id
from services.classroom.course_queries import list_cohort_courses
from services.classroom.learner_queries import (
    Days,
    find_complete,
    find_days,
    find_exams,
    list_cohort_learners,
    list_cohort_tasks,
    list_reviews,
)
from services.classroom.progress import View, streak, within, year_of
from services.classroom.queries import find_places
from services.classroom.rights import Caller, may_read_batches, seen_places, sees_all_members
from services.classroom.rows import Record
from shared.classroom.learners import learner_of
from shared.classroom.reviews import recall
from shared.kernel.errors import NotFound
from shared.web.strict_json import StrictBodies

router = APIRouter(tags=["progress"], route_class=StrictBodies)
_LAST_DAYS = 3
_Batch = Annotated[Id | None, Query()]
_Cohort = Annotated[Id | None, Query()]


@router.get("/cohorts/{cohort_id}/completion")
async def show_completion(
    cohort_id: Id, user_id: Annotated[Id, Query()], caller: SignedIn, services: Parts
) -> dict[str, TaskDoneView]:
    """What a learner completed of the tasks that its cohort has now, as far as the caller sees them."""
    async with services.reading() as connection:
        found = await seen_cohort(connection, caller, cohort_id)
        places = seen_places(caller, user_id, await find_places(connection, user_id))
        if cohort_id not in places.is_in:
            raise NotFound("User not found")
        courses = [one["id"] for one in await list_cohort_courses(connection, [cohort_id])]
        trees = await seen_trees(connection, services, caller, courses)
        complete = await find_complete(connection, found["org_id"], [user_id])
        started = await find_exams(connection, learner_of(user_id, found["org_id"]))
    done, now = complete.of(user_id), services.now()
    tasks = {one["id"]: (one, seen.role) for seen in trees for one in seen.tasks(now) if one["milestone_id"]}
    return {
        one["id"]: TaskDoneView(
            is_complete=complete.is_task(user_id, one),
            questions=[
                QuestionDoneView(question_id=each["id"], is_complete=each["id"] in done)
                for each in (() if has_to_be_started(one, role, started.get(one["id"])) else one["questions"])
            ] if one["type"] == "quiz" else None,
        )
        for one, role in tasks.values()
    }  # fmt: skip


@router.get("/cohorts/{cohort_id}/leaderboard")
async def show_leaderboard(
    cohort_id: Id, caller: Anybody, services: Parts, batch_id: _Batch = None
) -> LeaderboardView:  # fmt: skip
    """The learners of a cohort by streak, then by tasks. A learner sees who itself is."""
    async with services.reading() as connection:
        found, people, days = await _learners(connection, services, caller, cohort_id, batch_id)
        tasks = await list_cohort_tasks(connection, cohort_id, services.now())
        complete = await find_complete(connection, found["org_id"], [one["id"] for one in people])
    stats = [
        LeaderView(
            user=_user(one, caller, cohort_id, found["org_id"]), streak_count=_streak(days[one["id"]]),
            tasks_completed=sum(complete.is_task(one["id"], task) for task in tasks),
        )
        for one in people
    ]  # fmt: skip
    stats.sort(key=lambda one: (-one.streak_count, -one.tasks_completed))
    return LeaderboardView(stats=stats, metadata={"num_tasks": len(tasks)})


@router.get("/cohorts/{cohort_id}/streaks")
async def list_streaks(
    cohort_id: Id, caller: Anybody, services: Parts, view: Annotated[View, Query()] = "All time"
) -> list[RankedView]:
    """The streaks of a cohort's learners, the longest first: all of it, or the part of this week or month."""
    async with services.reading() as connection:
        found, people, days = await _learners(connection, services, caller, cohort_id, None)
    ranked = [
        RankedView(
            user=_user(one, caller, cohort_id, found["org_id"]),
            streak_count=streak(within(days[one["id"]].counts, view, days[one["id"]].today), days[one["id"]].today),
        )
        for one in people
    ]  # fmt: skip
    return sorted(ranked, key=lambda one: -one.streak_count)


@router.get("/cohorts/{cohort_id}/courses/{course_id}/metrics")
async def show_course_metrics(
    cohort_id: Id, course_id: Id, caller: Anybody, services: Parts, batch_id: _Batch = None
) -> CourseMetricsView:
    """How far the learners of a cohort are in a course of it."""
    async with services.reading() as connection:
        found = await seen_cohort(connection, caller, cohort_id)
        may_read_batches(caller, cohort_id, found["org_id"])
        if course_id not in {one["id"] for one in await list_cohort_courses(connection, [cohort_id])}:
            raise NotFound("Course not found")
        if batch_id is not None:
            await require_batch(connection, batch_id, cohort_id)
        people = [one["id"] for one in await list_cohort_learners(connection, cohort_id, batch_id)]
        tasks = await list_cohort_tasks(connection, cohort_id, services.now(), course_id)
        complete = await find_complete(connection, found["org_id"], people)
        days = await find_days(connection, people, services.now(), [cohort_id])
    done = {one: {task["id"] for task in tasks if complete.is_task(one, task)} for one in people}
    by_type: dict[str, set[str]] = {}
    for task in tasks:
        by_type.setdefault(task["type"], set()).add(task["id"])
    return CourseMetricsView(
        average_completion=_rate(sum(map(len, done.values())), len(people) * len(tasks)),
        num_tasks=len(tasks),
        num_active_learners=sum(bool(days[one].counts) for one in people),
        task_type_metrics={
            kind: TypeMetricsView(
                completion_rate=_rate(sum(len(own & ids) for own in done.values()), len(people) * len(ids)),
                count=len(ids),
                completions={one: len(own & ids) for one, own in done.items()},
            )
            for kind, ids in by_type.items()
        },
    )


@router.get("/users/{user_id}/streak")
async def show_streak(user_id: Id, caller: SignedIn, services: Parts, cohort_id: _Cohort = None) -> StreakView:
    """Days in a row on which a person did something, in one cohort or anywhere."""
    days = await _days_of(services, caller, user_id, cohort_id)
    last = [days.today - timedelta(days=number) for number in range(_LAST_DAYS)]
    return StreakView(streak_count=_streak(days), active_days=[one for one in last if one in days.counts])


@router.get("/users/{user_id}/active_days")
async def list_active_days(
    user_id: Id, caller: SignedIn, services: Parts,
    days: Annotated[int, Query(ge=1, le=366)] = 7, cohort_id: _Cohort = None,
) -> list[str]:  # fmt: skip
    """The days of the last ones on which a person did something, the newest first."""
    found = await _days_of(services, caller, user_id, cohort_id)
    last = (found.today - timedelta(days=number) for number in range(days))
    return [one.isoformat() for one in last if one in found.counts]


@router.get("/users/{user_id}/activity/{year}")
async def show_year(user_id: Id, year: int, caller: SignedIn, services: Parts) -> list[int]:
    """How much a person did on each day of a year."""
    found = await _days_of(services, caller, user_id, None)
    if not 1970 <= year <= 9000:
        raise NotFound("Year not found")
    return year_of(found.counts, year)


@router.get("/users/{user_id}/mastery")
async def list_mastery(
    user_id: Id, caller: SignedIn, services: Parts, only_due: Annotated[bool, Query()] = False
) -> list[MasteryView]:
    """What a person was asked for, by objective: how well it knows it, and when it should be asked again. What is due
    on the person's own day comes first.
    """
    days = await _days_of(services, caller, user_id, None)
    async with services.reading() as connection:
        seen = seen_places(caller, user_id, await find_places(connection, user_id))
        found = await list_reviews(connection, user_id, {*seen.runs, *seen.is_in.values()}, days.today)
    return [
        MasteryView(
            objective_id=one["objective"], text=_objective(one), recall=recall(one, services.now()),
            due_at=one["due"],
            **{name: one[name] for name in ("is_due", "answers", "right_answers", "task_id", "question_id")},
        )
        for one in found
        if one["is_due"] or not only_due
    ]  # fmt: skip


def _objective(row: Record) -> str:
    """A question that names no objective is one itself."""
    texts = {one["id"]: one["text"] for one in row["says"].get("objectives", ())}
    return str(texts.get(row["objective"], row["says"]["title"]))


async def _days_of(services: Services, caller: Caller, user_id: str, cohort_id: str | None) -> Days:
    async with services.reading() as connection:
        places = seen_places(caller, user_id, await find_places(connection, user_id))
        if cohort_id is not None and cohort_id not in places.is_in:
            raise NotFound("Cohort not found")
        own = None if caller.person_id == user_id else [*places.is_in]
        cohort_ids, org_ids = (own, caller.runs) if cohort_id is None else ([cohort_id], ())
        found = await find_days(connection, [user_id], services.now(), cohort_ids, org_ids)
    if user_id not in found:
        raise NotFound("User not found")
    return found[user_id]


async def _learners(
    connection: AsyncConnection, services: Services, caller: Caller, cohort_id: str, batch_id: str | None
) -> tuple[Record, list[Record], dict[str, Days]]:
    """A cohort that the caller sees, its learners, and their days."""
    found = await seen_cohort(connection, caller, cohort_id)
    if batch_id is not None:
        may_read_batches(caller, cohort_id, found["org_id"])
        await require_batch(connection, batch_id, cohort_id)
    people = await list_cohort_learners(connection, cohort_id, batch_id)
    return found, people, await find_days(connection, [one["id"] for one in people], services.now(), [cohort_id])


def _user(person: Record, caller: Caller, cohort_id: str, org_id: str) -> dict[str, str | None]:
    is_seen = person["id"] == caller.person_id or sees_all_members(caller, cohort_id, org_id)
    return dict(person) if is_seen else dict.fromkeys(person)


def _streak(days: Days) -> int:
    return streak(set(days.counts), days.today)


def _rate(done: int, of: int) -> float:
    return done / of if of else 0.0
