"""What the API reads of learners: attempts, what is complete, and on which days of its own somebody did something."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Date, and_, cast, func, or_, select, text, tuple_, union_all
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from services.classroom.rows import Record, every, one_of
from shared.classroom.cohorts import cohort_batch_members, cohort_courses, cohort_members
from shared.classroom.contents import content_places, content_questions, content_tasks, contents
from shared.classroom.learners import (
    learner_attempts,
    learner_chat,
    learner_code,
    learner_exams,
    learner_grades,
    learner_questions,
    learner_reviews,
    learner_tasks,
    learners,
)
from shared.classroom.people import persons


async def is_time_zone(connection: AsyncConnection, name: str) -> bool:
    """Whether the database knows a time zone of this name, by which it makes days."""
    found = text("SELECT EXISTS (SELECT FROM pg_timezone_names WHERE name = :name)")
    return bool(await connection.scalar(found, {"name": name}))


async def list_learners(
    connection: AsyncConnection, *, person_id: str | None = None, org_id: str | None = None
) -> list[str]:
    """The ids of a person's learners, or of an organisation's."""
    which = or_(learners.c.person_id == person_id, learners.c.org_id == org_id)
    return [row["learner_id"] for row in await every(connection, select(learners.c.learner_id).where(which))]


async def find_exams(connection: AsyncConnection, learner_id: str) -> dict[str, datetime]:
    """Until when each task runs that a learner started."""
    exam = learner_exams.c
    found = await every(connection, select(exam.task_id, exam.until).where(exam.learner_id == learner_id))
    return {row["task_id"]: row["until"] for row in found}


async def list_attempts(connection: AsyncConnection, learner_id: str, task_id: str) -> list[Record]:
    """The attempts of a learner at a task, with the questions as they were asked and the grades."""
    one, grade, asked = learner_attempts.c, learner_grades.c, content_questions.c
    query = (
        select(
            one.attempt_id, one.question_id, one.question_version, one.answer, one.is_right, one.at, asked.says,
            grade.scores, grade.feedback, grade.passed,
        )
        .outerjoin(
            content_questions,
            and_(
                asked.question_id == one.question_id, asked.version == one.question_version,
                asked.task_id == one.task_id,
            ),
        )
        .outerjoin(
            learner_grades, and_(grade.learner_id == one.learner_id, grade.attempt_id == one.attempt_id)
        )
        .where(one.learner_id == learner_id, one.task_id == task_id)
        .order_by(one.at, one.attempt_id)
    )  # fmt: skip
    return await every(connection, query)


_CHAT = learner_chat.c
_MESSAGE = (
    _CHAT.message_id.label("id"), _CHAT.at.label("created_at"), learners.c.person_id.label("user_id"),
    _CHAT.question_id, _CHAT.task_id, _CHAT.role, _CHAT.content, _CHAT.response_type,
)  # fmt: skip


async def list_chat(connection: AsyncConnection, learner_id: str, task_id: str) -> list[Record]:
    """What a learner and its tutor said of a task and its questions, in order."""
    query = select(*_MESSAGE).join(learners, learners.c.learner_id == _CHAT.learner_id)
    query = query.where(_CHAT.learner_id == learner_id, _CHAT.task_id == task_id)
    return await every(connection, query.order_by(_CHAT.seq, _CHAT.position))


async def find_messages(connection: AsyncConnection, learner_id: str, ids: Collection[str]) -> dict[str, Record]:
    """Messages of a learner and its tutor, by their ids."""
    query = select(*_MESSAGE).join(learners, learners.c.learner_id == _CHAT.learner_id)
    found = await every(connection, query.where(_CHAT.learner_id == learner_id, _CHAT.message_id.in_(ids)))
    return {row["id"]: row for row in found}


async def list_org_chat(
    connection: AsyncConnection, org_id: str, after: tuple[int, int], limit: int
) -> list[Record]:  # fmt: skip
    """What was said in an organisation after a place in the log, in the log's order, so no page misses a message."""
    query = (
        select(*_MESSAGE, persons.c.email.label("user_email"), content_tasks.c.content_id.label("course_id"),
               _CHAT.seq, _CHAT.position)
        .join(learners, learners.c.learner_id == _CHAT.learner_id)
        .join(persons, persons.c.person_id == learners.c.person_id)
        .outerjoin(content_tasks, content_tasks.c.task_id == _CHAT.task_id)
        .where(learners.c.org_id == org_id, tuple_(_CHAT.seq, _CHAT.position) > after)
        .order_by(_CHAT.seq, _CHAT.position)
        .limit(limit)
    )  # fmt: skip
    return await every(connection, query)


async def find_code(connection: AsyncConnection, learner_id: str, question_id: str) -> Record | None:
    """The draft of a learner's answer."""
    one = learner_code.c
    query = select(one.question_id.label("id"), one.code, one.at.label("updated_at"))
    return await one_of(connection, query.where(one.learner_id == learner_id, one.question_id == question_id))


async def list_reviews(
    connection: AsyncConnection, person_id: str, org_ids: Collection[str], today: date
) -> list[Record]:  # fmt: skip
    """What a person was asked for in organisations, by objective, the one that is due first at the beginning. What only
    tasks ask for that are not there any more is left out. `is_due`: until the end of the person's own day.
    """
    one, asked, task = learner_reviews.c, content_questions.c, content_tasks.c
    zone = func.coalesce(persons.c.time_zone, "UTC")
    query = (
        select(learner_reviews, asked.says, (cast(func.timezone(zone, one.due), Date) <= today).label("is_due"))
        .ext(distinct_on(one.learner_id, one.objective))
        .join(learners, learners.c.learner_id == one.learner_id)
        .join(persons, persons.c.person_id == learners.c.person_id)
        .join(content_questions, asked.question_id == one.question_id)
        .join(content_tasks, and_(task.content_id == asked.content_id, task.task_id == asked.task_id))
        .join(contents, contents.c.content_id == task.content_id)
        .where(
            learners.c.person_id == person_id, learners.c.org_id.in_(org_ids), contents.c.hidden.is_(False),
            task.deleted.is_(False), task.status == "published",
        )
        .order_by(one.learner_id, one.objective, asked.version.desc())
    )  # fmt: skip
    return sorted(await every(connection, query), key=lambda row: (row["due"], row["objective"]))


async def list_cohort_tasks(
    connection: AsyncConnection, cohort_id: str, now: datetime, course_id: str | None = None
) -> list[Record]:
    """The tasks of a cohort's courses that are published and due, each once in however many courses it stands."""
    task, place, course = content_tasks.c, content_places.c, contents.alias("course")
    home = contents.alias("home")
    query = (
        select(task.task_id.label("id"), task.type, task.questions)
        .distinct()
        .join(content_places, and_(place.home_id == task.content_id, place.task_id == task.task_id))
        .join(cohort_courses, cohort_courses.c.content_id == place.content_id)
        .join(course, course.c.content_id == place.content_id)
        .join(home, home.c.content_id == task.content_id)
        .where(
            cohort_courses.c.cohort_id == cohort_id, course.c.hidden.is_(False), home.c.hidden.is_(False),
            place.milestone_id.is_not(None), task.deleted.is_(False), task.status == "published",
            or_(task.scheduled_publish_at.is_(None), task.scheduled_publish_at <= now),
        )
    )  # fmt: skip
    if course_id is not None:
        query = query.where(place.content_id == course_id)
    return await every(connection, query)


async def list_cohort_learners(
    connection: AsyncConnection, cohort_id: str, batch_id: str | None = None
) -> list[Record]:  # fmt: skip
    """Who learns in a cohort, or in one of its batches."""
    member, batch = cohort_members.c, cohort_batch_members.c
    query = select(persons.c.person_id.label("id"), persons.c.email, persons.c.first_name, persons.c.last_name)
    query = query.join(cohort_members, member.person_id == persons.c.person_id)
    query = query.where(member.cohort_id == cohort_id, member.role == "learner")
    if batch_id is not None:
        query = query.join(
            cohort_batch_members, and_(batch.person_id == member.person_id, batch.cohort_id == member.cohort_id)
        ).where(batch.batch_id == batch_id)
    return await every(connection, query.order_by(member.joined_at, persons.c.email))


@dataclass(frozen=True)
class Complete:
    """Tasks and questions that people completed in one organisation, by person."""

    tasks: Mapping[str, set[str]]
    questions: Mapping[str, set[str]]

    def is_task(self, person_id: str, task: Record) -> bool:
        """Whether a task is complete: it was once, or all questions that it asks now are."""
        asked = {one["id"] for one in task["questions"]}
        return task["id"] in self.tasks.get(person_id, ()) or (bool(asked) and asked <= self.of(person_id))

    def of(self, person_id: str) -> set[str]:
        """The questions that a person completed."""
        return self.questions.get(person_id, set())


async def find_complete(connection: AsyncConnection, org_id: str, people: Collection[str]) -> Complete:
    """What people completed in one organisation."""
    found = []
    for table, column in ((learner_tasks, "task_id"), (learner_questions, "question_id")):
        query = select(learners.c.person_id, table.c[column].label("id"))
        query = query.join(learners, learners.c.learner_id == table.c.learner_id)
        query = query.where(learners.c.org_id == org_id, learners.c.person_id.in_(people))
        by_person: dict[str, set[str]] = {}
        for row in await every(connection, query):
            by_person.setdefault(row["person_id"], set()).add(row["id"])
        found.append(by_person)
    return Complete(*found)


@dataclass(frozen=True)
class Days:
    """The days of a person in its own time zone: how much it did on each, and which day it is there."""

    counts: Mapping[date, int]
    today: date


async def find_days(
    connection: AsyncConnection, people: Collection[str], now: datetime, cohort_ids: Collection[str] | None = None,
    org_ids: Collection[str] = (),
) -> dict[str, Days]:  # fmt: skip
    """The days of people: those on which they did something in courses of these cohorts and organisations, or anywhere
    where no cohorts are named. What was done counts once, whatever courses its task stands in.
    """
    zone = func.coalesce(persons.c.time_zone, "UTC")
    today = select(persons.c.person_id, cast(func.timezone(zone, now), Date).label("day"))
    todays = {
        row["person_id"]: row["day"] for row in await every(connection, today.where(persons.c.person_id.in_(people)))
    }
    done = union_all(
        *(select(one.c.learner_id, one.c.task_id, one.c.at) for one in (learner_attempts, learner_tasks))
    ).subquery()
    day = cast(func.timezone(zone, done.c.at), Date).label("day")
    query = (
        select(learners.c.person_id, day, func.count().label("count"))
        .join(learners, learners.c.learner_id == done.c.learner_id)
        .join(persons, persons.c.person_id == learners.c.person_id)
        .where(learners.c.person_id.in_(people))
        .group_by(learners.c.person_id, day)
    )
    if cohort_ids is not None:
        theirs = select(content_places.c.task_id).join(
            cohort_courses, cohort_courses.c.content_id == content_places.c.content_id
        )
        theirs = theirs.where(cohort_courses.c.cohort_id.in_(cohort_ids))
        query = query.where(or_(done.c.task_id.in_(theirs), learners.c.org_id.in_(org_ids)))
    counts: dict[str, dict[date, int]] = {}
    for row in await every(connection, query):
        counts.setdefault(row["person_id"], {})[row["day"]] = row["count"]
    return {one: Days(counts.get(one, {}), todays[one]) for one in todays}


async def is_handed_in(connection: AsyncConnection, person_id: str, file_id: str, org_ids: Collection[str]) -> bool:
    """Whether a file is an answer, or stands in a conversation, of a person as a learner of these organisations."""
    one, chat = learner_attempts.c, learner_chat.c
    answered = select(one.learner_id).where(one.answer["file_id"].astext == file_id)
    said = select(chat.learner_id).where(chat.content.contains(file_id, autoescape=True))
    own = select(learners.c.learner_id).where(
        learners.c.person_id == person_id, learners.c.org_id.in_(org_ids),
        or_(learners.c.learner_id.in_(answered), learners.c.learner_id.in_(said)),
    )  # fmt: skip
    return bool(await connection.scalar(select(own.exists())))
