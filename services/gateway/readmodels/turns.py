"""Whose turn it is: the courses that are asked for and have not begun, in the order in which they will.

Of two owners that wait, the one with fewer courses at work is next; of two with as many, the one whose turn was longer
ago. The order is a function of the read tables, so every process sees the same, and so does one that starts anew.
"""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Select, Subquery, Text, and_, func, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.course.places import Places
from services.gateway.course.state import CourseState, from_json
from services.gateway.readmodels.courses import courses

WAITING = "generating"  # the status of a course whose first stage was not asked for yet


@dataclass(frozen=True)
class Work:
    """An owner's courses."""

    at_work: int
    waiting: int


def _line() -> Subquery:
    """The courses that wait: `place` counts from 1, `beside` is how many others of the owner come before, those at work
    among them.
    """
    is_at_work = and_(courses.c.task_status == "STARTED", courses.c.status != WAITING)
    owners = (
        select(
            courses.c.user_id,
            func.count().filter(is_at_work).label("at_work"),
            func.max(courses.c.began_seq).label("served"),
        )
        .where(courses.c.user_id.in_(select(courses.c.user_id).where(courses.c.status == WAITING)))
        .group_by(courses.c.user_id)
        .subquery()
    )
    before = func.row_number().over(partition_by=courses.c.user_id, order_by=courses.c.asked_seq) - 1
    waiting = (
        select(
            courses.c.course_id,
            courses.c.asked_seq,
            owners.c.served,
            (owners.c.at_work + before).label("beside"),
        )
        .join(owners, owners.c.user_id == courses.c.user_id)
        .where(courses.c.status == WAITING)
        .subquery()
    )
    order = (waiting.c.beside, waiting.c.served, waiting.c.asked_seq)
    return select(
        waiting.c.course_id, waiting.c.beside, func.row_number().over(order_by=order).label("place")
    ).subquery()


def _has_turn(line: Subquery, places: Places) -> ColumnElement[bool]:
    at_work = select(func.count()).where(courses.c.task_status == "STARTED", courses.c.status != WAITING)
    conditions: list[ColumnElement[bool]] = [true()]
    if places.in_all:
        conditions.append(line.c.place + at_work.scalar_subquery() <= places.in_all)
    if places.per_owner:
        conditions.append(line.c.beside < places.per_owner)
    return and_(*conditions)


def _with_turn(places: Places) -> Select[tuple[str]]:
    """The ids of the waiting courses that may begin."""
    line = _line()
    return select(line.c.course_id).where(_has_turn(line, places))


async def waiting_for_autopilot(connection: AsyncConnection, places: Places) -> list[CourseState]:
    """Courses whose next request is due: those that have begun, and those whose turn it is to begin."""
    return [from_json(state) for state in await connection.scalars(_due(places))]


@cache
def _due(places: Places) -> Select[str]:
    """Made once: this is asked after each batch of events, and to make it takes longer than to answer it."""
    due = courses.c.next_stage.is_not(None) & (
        (courses.c.status != WAITING) | courses.c.course_id.in_(_with_turn(places))
    )
    return select(courses.c.state.cast(Text)).where(due).order_by(courses.c.course_id)


async def find_place(connection: AsyncConnection, course_id: str, places: Places) -> int | None:
    """The place of a course among those that wait; None when it does not wait, or may begin at once."""
    line = _line()
    query = select(line.c.place).where(line.c.course_id == course_id, ~_has_turn(line, places))
    place: int | None = await connection.scalar(query)
    return place


async def count_work(connection: AsyncConnection, owner: str) -> Work:
    """The courses of an owner that are at work, and those that wait."""
    waiting = courses.c.status == WAITING
    query = select(func.count().filter(~waiting), func.count().filter(waiting))
    found = (
        await connection.execute(query.where(courses.c.user_id == owner, courses.c.task_status == "STARTED"))
    ).one()
    return Work(*found)
