"""What the API reads of courses. A course that was deleted is in no answer but to those who ask for deleted ones."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, Text, and_, cast, exists, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from services.classroom.rows import Record, every, one_of
from shared.classroom.cohorts import cohort_courses, cohort_members, cohorts
from shared.classroom.contents import (
    content_milestones,
    content_places,
    content_questions,
    content_tasks,
    content_words,
    contents,
)
from shared.classroom.orgs import org_scorecards
from shared.events.classroom import Drip

_COURSE = (contents.c.content_id.label("id"), contents.c.org_id, contents.c.name)


@dataclass(frozen=True)
class Tree:
    """A course with all that stands in it, in order: its milestones, and its tasks with their milestones."""

    course: Record
    milestones: list[Record]
    tasks: list[Record]


async def list_courses(connection: AsyncConnection, org_id: str, *, hidden: bool = False) -> list[Record]:
    """The courses of an organisation, the oldest first."""
    query = select(*_COURSE).where(contents.c.org_id == org_id, contents.c.hidden == hidden)
    return await every(connection, query.order_by(contents.c.created_at, contents.c.content_id))


async def list_all_courses(connection: AsyncConnection, org_id: str) -> list[str]:
    """The ids of the courses of an organisation, deleted ones too."""
    found = await every(connection, select(contents.c.content_id).where(contents.c.org_id == org_id))
    return [row["content_id"] for row in found]


async def find_course(connection: AsyncConnection, course_id: str, *, hidden: bool = False) -> Record | None:
    """A course by its id; with `hidden` one that was deleted, too."""
    query = select(*_COURSE, contents.c.course_key, contents.c.edition, contents.c.generation_status).where(
        contents.c.content_id == course_id
    )
    return await one_of(connection, query if hidden else query.where(contents.c.hidden.is_(False)))


async def list_generating(connection: AsyncConnection) -> list[str]:
    """The courses that are being generated."""
    query = select(contents.c.content_id).where(contents.c.generation_status == "started")
    return [row["content_id"] for row in await every(connection, query.order_by(contents.c.seq))]


async def find_course_of_milestone(connection: AsyncConnection, milestone_id: str) -> str | None:
    """The course in which a milestone stands."""
    query = select(content_milestones.c.content_id).where(content_milestones.c.milestone_id == milestone_id)
    found = await one_of(connection, query)
    return None if found is None else str(found["content_id"])


async def list_milestones(connection: AsyncConnection, course_ids: Collection[str]) -> list[Record]:
    """The milestones of courses, in order."""
    one = content_milestones.c
    query = select(one.content_id, one.milestone_id.label("id"), one.name, one.color, one.position.label("ordering"))
    return await every(connection, query.where(one.content_id.in_(course_ids)).order_by(one.content_id, one.position))


async def find_trees(connection: AsyncConnection, course_ids: Collection[str]) -> list[Tree]:
    """Courses with all that stands in them, by their ids' order."""
    query = select(*_COURSE, contents.c.course_key, contents.c.edition, contents.c.generation_status)
    query = query.where(contents.c.content_id.in_(course_ids), contents.c.hidden.is_(False))
    courses = {row["id"]: row for row in await every(connection, query)}
    milestones = await list_milestones(connection, courses)
    tasks = await every(
        connection, _placed_tasks().where(content_places.c.content_id.in_(courses)).order_by(content_places.c.position)
    )
    return [
        Tree(
            courses[one],
            [row for row in milestones if row["content_id"] == one],
            [row for row in tasks if row["content_id"] == one],
        )
        for one in dict.fromkeys(course_ids)
        if one in courses
    ]


def _placed_tasks() -> Select[Any]:
    """The tasks of courses as they stand there. Of a task that is shared, its home has to be there as well."""
    place, task = content_places.c, content_tasks.c
    home = contents.alias("home")
    return (
        select(
            place.content_id, place.task_id.label("id"), place.milestone_id, place.home_id, place.position, task.type,
            task.title, task.status, task.scheduled_publish_at, task.time_limit_seconds, task.questions,
        )
        .join(content_tasks, and_(task.content_id == place.home_id, task.task_id == place.task_id))
        .join(home, home.c.content_id == place.home_id)
        .where(task.deleted.is_(False), home.c.hidden.is_(False))
    )  # fmt: skip


async def find_task(connection: AsyncConnection, task_id: str, *, deleted: bool = False) -> Record | None:
    """A task without its words, with its home's id and organisation."""
    task = content_tasks.c
    query = (
        select(
            task.task_id.label("id"), task.content_id.label("home_id"), contents.c.org_id, task.type, task.title,
            task.status, task.scheduled_publish_at, task.time_limit_seconds, task.questions,
        )
        .join(contents, contents.c.content_id == task.content_id)
        .where(task.task_id == task_id, task.deleted == deleted, contents.c.hidden.is_(False))
    )  # fmt: skip
    return await one_of(connection, query)


async def find_task_of_question(connection: AsyncConnection, question_id: str) -> str | None:
    """The task that asks a question, or did so."""
    query = select(content_questions.c.task_id).where(content_questions.c.question_id == question_id)
    found = await one_of(connection, query)
    return None if found is None else str(found["task_id"])


async def find_words(connection: AsyncConnection, home_ids: Collection[str], tasks: Collection[str]) -> list[Record]:
    """The texts of tasks."""
    one = content_words.c
    query = select(one.content_id, one.task_id, one.blocks, one.assignment)
    return await every(connection, query.where(one.content_id.in_(home_ids), one.task_id.in_(tasks)))


async def find_versions(
    connection: AsyncConnection, home_ids: Collection[str], tasks: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """What the texts of tasks are now, told apart by a digest."""
    one = content_words.c
    query = select(one.task_id, func.md5(cast(one.blocks, Text)).label("digest"))
    query = query.where(one.content_id.in_(home_ids), one.task_id.in_(tasks)).order_by(one.task_id, one.content_id)
    return tuple((row["task_id"], row["digest"]) for row in await every(connection, query))


async def find_questions(connection: AsyncConnection, tasks: Collection[Record]) -> dict[str, Record]:
    """The questions that these tasks ask now, by id."""
    asked = content_questions.c
    wanted = [(one["home_id"], each["id"], each["version"]) for one in tasks for each in one["questions"]]
    query = select(asked.question_id, asked.version, asked.task_id, asked.says)
    query = query.where(tuple_(asked.content_id, asked.question_id, asked.version).in_(wanted))
    return {row["question_id"]: row for row in await every(connection, query)}


async def list_course_cohorts(connection: AsyncConnection, course_id: str) -> list[Record]:
    """The cohorts that have a course, and how it opens there."""
    query = select(cohorts.c.cohort_id.label("id"), cohorts.c.name, cohort_courses.c.drip)
    query = query.join(cohort_courses, cohort_courses.c.cohort_id == cohorts.c.cohort_id)
    return await every(connection, query.where(cohort_courses.c.content_id == course_id).order_by(cohorts.c.created_at))


async def list_cohort_courses(connection: AsyncConnection, cohort_ids: Collection[str]) -> list[Record]:
    """The courses of cohorts that are there, and how they open."""
    one = cohort_courses.c
    query = select(*_COURSE, one.cohort_id, one.drip).join(contents, contents.c.content_id == one.content_id)
    query = query.where(one.cohort_id.in_(cohort_ids), contents.c.hidden.is_(False))
    return await every(connection, query.order_by(contents.c.created_at, contents.c.content_id))


async def list_ways(
    connection: AsyncConnection, person_id: str, *, course_id: str | None = None, task_id: str | None = None
) -> list[Record]:
    """How a person comes to a course or a task: each cohort of it that has the course, or a course with the task."""
    way, member = cohort_courses.c, cohort_members.c
    query = (
        select(way.cohort_id, way.content_id, way.drip, member.role, member.joined_at)
        .join(cohort_members, and_(member.cohort_id == way.cohort_id, member.person_id == person_id))
        .join(contents, contents.c.content_id == way.content_id)
        .where(contents.c.hidden.is_(False))
    )
    if course_id is not None:
        query = query.where(way.content_id == course_id)
    if task_id is not None:
        place = content_places.c
        query = query.where(exists().where(place.content_id == way.content_id, place.task_id == task_id))
    return [{**row, "drip": Drip(**row["drip"])} for row in await every(connection, query)]


async def list_scorecards(connection: AsyncConnection, org_id: str) -> list[Record]:
    """The scorecards of an organisation. One that a question of a task uses is published."""
    return await every(connection, _scorecards().where(org_scorecards.c.org_id == org_id))


async def find_scorecard(connection: AsyncConnection, scorecard_id: str) -> Record | None:
    """A scorecard by its id."""
    return await one_of(connection, _scorecards().where(org_scorecards.c.scorecard_id == scorecard_id))


async def find_scorecards(connection: AsyncConnection, ids: Collection[str]) -> list[Record]:
    """The scorecards with these ids."""
    return await every(connection, _scorecards().where(org_scorecards.c.scorecard_id.in_(ids)))


def _scorecards() -> Select[Any]:
    one = org_scorecards.c
    is_used = or_(
        exists().where(content_questions.c.scorecard_id == one.scorecard_id),
        exists().where(
            content_words.c.assignment["evaluation_criteria"]["scorecard_id"].astext == one.scorecard_id
        ),
    )  # fmt: skip
    shown = (one.scorecard_id.label("id"), one.org_id, one.title, one.criteria, is_used.label("is_used"))
    return select(*shown).order_by(one.title, one.scorecard_id)


def is_visible(task: Record, now: datetime) -> bool:
    """Whether a task is published and its time has come."""
    due = task["scheduled_publish_at"]
    return task["status"] == "published" and (due is None or due <= now)
