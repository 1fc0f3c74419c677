"""The words of a notice, from the tables as they are when it is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.store import Due
from shared.classroom.cohorts import cohorts
from shared.classroom.contents import contents
from shared.classroom.learners import learner_attempts, learner_chat, learners
from shared.classroom.orgs import orgs
from shared.classroom.people import persons

SHOWN_SCHOOLS = 5
_LONGEST_NAME = 200
_MIB = 2**20


@dataclass(frozen=True)
class School:
    """What learners of one school answered and asked: on the day, in the 30 and in the 365 days that end with it."""

    name: str
    day: int
    month: int
    year: int


async def words_of(connection: AsyncConnection, due: Due) -> str | None:
    """One line or several, without marks; None when what it is about is gone, or when there is nothing to tell."""
    about = due.about
    match due.kind:
        case "PersonAdded":
            who = await _person(connection, about["person_id"])
            how = "was added to a school" if about["by"] else "signed in for the first time"
            return who and f"New user: {who} {how}"
        case "OrgMemberAdded":
            who, org = await _person(connection, about["person_id"]), await _org(connection, about["org_id"])
            return f"New member: {who} is {about['role']} of {org}" if who and org else None
        case "CohortMemberAdded":
            who = await _person(connection, about["person_id"])
            where = await _cohort(connection, about["cohort_id"])
            return f"New member: {who} is {about['role']} in {where}" if who and where else None
        case "OrgFounded":
            org, who = await _org(connection, about["org_id"]), await _person(connection, about["by"])
            return org and f"New school: {org}" + (f", by {who}" if who else "")
        case "ContentCreated":
            return await _course(connection, about["content_id"])
        case "DayClosed":
            day = date.fromisoformat(about["day_id"])
            return usage_in_words(day, await _usage(connection, day), about["model_calls"])
        case "DiskLow":
            return f"Little room: {int(about['free_bytes']) // _MIB} MiB are free at {about['folder']}"
        case kind:
            raise ValueError(f"There are no words for {kind}")


def usage_in_words(day: date, schools: Sequence[School], model_calls: Mapping[str, int]) -> str | None:
    """The busiest schools by name, and the rest together; None when nobody answered or asked anything in a year, and
    no model was asked on the day.
    """
    asked = [f"Calls of {model}: {calls}" for model, calls in sorted(model_calls.items())]
    if not schools:
        return "\n".join((f"Calls of models on {day}", *asked)) if asked else None
    ranked = sorted(schools, key=lambda one: (-one.day, -one.month, -one.year, one.name))
    shown, rest = ranked[:SHOWN_SCHOOLS], ranked[SHOWN_SCHOOLS:]
    if rest:
        sums = (sum(figures) for figures in zip(*((one.day, one.month, one.year) for one in rest), strict=True))
        shown = [*shown, School(f"{len(rest)} others", *sums)]
    lines = (f"{one.name}: {one.day} / {one.month} / {one.year}" for one in shown)
    return "\n".join((f"Answers and messages of learners up to {day} (that day / 30 days / 365 days)", *lines, *asked))


async def _person(connection: AsyncConnection, person_id: str) -> str | None:
    one = persons.c
    row = (
        await connection.execute(select(one.first_name, one.last_name, one.email).filter_by(person_id=person_id))
    ).first()
    if row is None:
        return None
    name = " ".join(filter(None, row[:2]))[:_LONGEST_NAME]
    return f"{name} ({row.email})" if name else str(row.email)


async def _org(connection: AsyncConnection, org_id: str) -> str | None:
    name = await connection.scalar(select(orgs.c.name).where(orgs.c.org_id == org_id))
    return name and str(name)[:_LONGEST_NAME]


async def _cohort(connection: AsyncConnection, cohort_id: str) -> str | None:
    both = select(cohorts.c.name, orgs.c.name).join(orgs, orgs.c.org_id == cohorts.c.org_id)
    row = (await connection.execute(both.where(cohorts.c.cohort_id == cohort_id))).first()
    return None if row is None else f"cohort {row[0][:_LONGEST_NAME]} of {row[1][:_LONGEST_NAME]}"


async def _course(connection: AsyncConnection, content_id: str) -> str | None:
    both = select(contents.c.name, orgs.c.name).join(orgs, orgs.c.org_id == contents.c.org_id)
    row = (await connection.execute(both.where(contents.c.content_id == content_id))).first()
    return None if row is None else f"New course: {row[0][:_LONGEST_NAME]} of {row[1][:_LONGEST_NAME]}"


async def _usage(connection: AsyncConnection, day: date) -> list[School]:
    """Of each school with an answer or a message in the year. The figures of a day are the same whenever they are
    asked for.
    """
    end = datetime.combine(day, time(), UTC) + timedelta(days=1)
    begin = end - timedelta(days=365)
    said = union_all(
        *(
            select(table.c.learner_id, table.c.at).where(table.c.at < end, table.c.at >= begin, *only)
            for table, only in ((learner_attempts, ()), (learner_chat, (learner_chat.c.role == "user",)))
        )
    ).subquery()

    def since(days: int) -> ColumnElement[int]:
        return func.count().filter(said.c.at >= end - timedelta(days=days))

    counted = (
        select(orgs.c.name, since(1), since(30), func.count())
        .select_from(said)
        .join(learners, learners.c.learner_id == said.c.learner_id)
        .join(orgs, orgs.c.org_id == learners.c.org_id)
        .group_by(orgs.c.org_id, orgs.c.name)
    )
    return [School(name[:_LONGEST_NAME], *figures) for name, *figures in await connection.execute(counted)]
