"""Courses: what users see in lists, and the state commands are decided on."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    Row,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    cast,
    column,
    func,
    or_,
    select,
    text,
    true,
    tuple_,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.course.product import Product
from services.gateway.course.state import CourseState, Spent, from_json, to_jsonable
from services.gateway.fold.next_stage import next_stage
from services.gateway.fold.statuses import course_status, stage_statuses
from services.gateway.readmodels.reads import Query, Reads
from services.gateway.stages.product import PRODUCT
from shared.readmodels.base import METADATA, Changes, put

courses = Table(
    "courses",
    METADATA,
    Column("course_id", Text, primary_key=True),
    Column("user_id", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("current_stage", Text, nullable=False),
    Column("progress_percentage", Integer, nullable=False),
    Column("dead", Boolean, nullable=False),
    Column("task_status", Text, nullable=False),
    Column("incomplete", Boolean, nullable=False),
    Column("outdated", Boolean, nullable=False),
    Column("error_message", Text),
    Column("estimated_minutes", Integer),
    Column("documents", Integer),
    Column("asked", Text, nullable=False),
    Column("repo_url", Text),
    Column("repo_name", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("next_stage", Text),
    Column("asked_seq", BigInteger, nullable=False),
    Column("began_seq", BigInteger, nullable=False),
    Column("spent", JSONB, nullable=False),
    Column("state", JSONB, nullable=False),
    Index("ix_courses_owner_newest", "user_id", text("created_at DESC"), text("course_id DESC")),
    Index("ix_courses_next_stage", "next_stage", postgresql_where=text("next_stage IS NOT NULL")),
    Index("ix_courses_at_work", "user_id", postgresql_where=text("task_status = 'STARTED'")),
)

_NOT_SHOWN = {"state", "next_stage", "asked_seq", "began_seq"}
SHOWN = [column for column in courses.c if column.name not in _NOT_SHOWN]
# The owner's course, by the parameters `owner` and `course_id`. Statements that every call needs are made once.
IS_MINE = and_(
    courses.c.course_id == bindparam("course_id", type_=Text), courses.c.user_id == bindparam("owner", type_=Text)
)


def mine(table: Table, *columns: Column[Any]) -> Select[Any]:
    """Rows of a table below the owner's course, by the same parameters."""
    return select(*(columns or table.c)).join(courses, courses.c.course_id == table.c.course_id).where(IS_MINE)


_COURSE = Query(select(*SHOWN).where(IS_MINE))
_STATE = Query(select(courses.c.state.cast(Text).label("state")).where(IS_MINE))
_VERSION = Query(select(courses.c.seq).where(IS_MINE))


def row_of(state: CourseState, product: Product = PRODUCT) -> dict[str, Any]:
    """The row a state stands for."""
    status, stages = course_status(state, product), stage_statuses(state, product)
    asked_for = next((run.inputs["repo_url"] for run in state.runs.values() if run.inputs.get("repo_url")), None)
    return {
        "course_id": state.course_id,
        "user_id": state.owner,
        "title": state.title,
        "description": state.description,
        "status": status.status,
        "current_stage": status.current_stage,
        "progress_percentage": status.progress,
        "dead": status.dead,
        "task_status": status.task_status,
        "incomplete": state.generated is not None and state.generated.status == "incomplete",
        "outdated": any(stage.outdated for stage in stages.values()),
        "error_message": None if state.is_waiting_for_first_stage else stages[status.current_stage].error_message,
        "estimated_minutes": _minutes(state),
        "documents": state.analysis.analysed if state.analysis is not None else None,
        "asked": state.asked,
        "repo_url": asked_for or (state.plan.repo_url if state.plan is not None else None),
        "repo_name": state.source.repo_name if state.source is not None else None,
        "created_at": state.created_at,
        "updated_at": state.updated_at,
        "seq": state.seq,
        "next_stage": next_stage(state, product),
        "asked_seq": state.plan.seq if state.plan is not None else 0,
        "began_seq": state.began,
        "spent": {day: {"tokens": one.tokens, "usd": one.usd} for day, one in state.spent.items()},
        "state": to_jsonable(state),
    }


def _minutes(state: CourseState) -> int | None:
    """Minutes of the course, once it is written; before, of the pathway that was chosen."""
    if state.generated is not None and state.generated.minutes:
        return state.generated.minutes
    chosen = state.offer(state.selected_pathway)
    return chosen.minutes if chosen is not None else None


def save(state: CourseState, product: Product = PRODUCT) -> Changes:
    """The row of a course as it is now."""
    return put(courses, row_of(state, product))


async def load_states(connection: AsyncConnection, course_ids: Sequence[str]) -> dict[str, CourseState]:
    """The states of the courses that are there."""
    found = await connection.execute(
        select(courses.c.course_id, courses.c.state.cast(Text)).where(courses.c.course_id.in_(course_ids))
    )
    return {course_id: from_json(state) for course_id, state in found}


async def sum_spent(connection: AsyncConnection, owner: str, since: date) -> Spent:
    """The use of models in the owner's courses since a day."""
    day = func.jsonb_each(courses.c.spent).table_valued(column("key", Text), column("value", JSONB), name="day")
    query = select(
        func.coalesce(func.sum(day.c.value["tokens"].astext.cast(BigInteger)), 0),
        func.coalesce(func.sum(day.c.value["usd"].astext.cast(Float)), 0.0),
    ).select_from(courses.join(day, true()))
    found = await connection.execute(query.where(courses.c.user_id == owner, day.c.key >= since.isoformat()))
    tokens, usd = found.one()
    return Spent(int(tokens), round(float(usd), 6))


async def find_course(reads: Reads, owner: str, course_id: str) -> SimpleNamespace | None:
    """The owner's course, or None: one that is somebody else's is not there."""
    return await reads.one(_COURSE, owner=owner, course_id=course_id)


async def find_version(reads: Reads, owner: str, course_id: str) -> int | None:
    """The sequence of the last event of the owner's course."""
    found = await reads.one(_VERSION, owner=owner, course_id=course_id)
    return None if found is None else int(found.seq)


async def find_changed(
    connection: AsyncConnection, seen: Mapping[tuple[str, str], int]
) -> dict[tuple[str, str], Row[Any] | None]:
    """Of these courses, by owner and id, those that are not at the sequence they were seen at; None when one is not
    there, or somebody else's.
    """
    asked = (
        func.unnest(
            cast([owner for owner, _ in seen], ARRAY(Text)),
            cast([course_id for _, course_id in seen], ARRAY(Text)),
            cast(list(seen.values()), ARRAY(BigInteger)),
        )
        .table_valued(column("owner", Text), column("asked_id", Text), column("seen", BigInteger), name="asked")
        .render_derived()
    )
    is_asked = and_(courses.c.course_id == asked.c.asked_id, courses.c.user_id == asked.c.owner)
    query = select(asked.c.owner, asked.c.asked_id, *SHOWN).select_from(asked.outerjoin(courses, is_asked))
    rows = await connection.execute(query.where(courses.c.seq.is_distinct_from(asked.c.seen)))
    return {(row.owner, row.asked_id): None if row.course_id is None else row for row in rows}


async def find_changed_of(connection: AsyncConnection, seen: Mapping[str, int]) -> dict[str, list[Row[Any]]]:
    """The courses of these owners that have facts after a sequence, by owner."""
    if not seen:
        return {}
    asked = (
        func.unnest(cast(list(seen), ARRAY(Text)), cast(list(seen.values()), ARRAY(BigInteger)))
        .table_valued(column("owner", Text), column("seen", BigInteger), name="asked")
        .render_derived()
    )
    is_new = and_(courses.c.user_id == asked.c.owner, courses.c.seq > asked.c.seen)
    found: dict[str, list[Row[Any]]] = {}
    for row in await connection.execute(select(*SHOWN).select_from(asked.join(courses, is_new))):
        found.setdefault(row.user_id, []).append(row)
    return found


async def count_of(connection: AsyncConnection, owners: Sequence[str]) -> dict[str, int]:
    """How many courses these owners have, by owner."""
    if not owners:
        return {}
    counts = select(courses.c.user_id, func.count()).where(courses.c.user_id.in_(owners))
    return {row[0]: row[1] for row in await connection.execute(counts.group_by(courses.c.user_id))}


async def list_ids(connection: AsyncConnection, owners: Sequence[str]) -> dict[str, set[str]]:
    """The ids of all courses of these owners, by owner."""
    if not owners:
        return {}
    ids = select(courses.c.user_id, func.array_agg(courses.c.course_id)).where(courses.c.user_id.in_(owners))
    return {owner: set(found) for owner, found in await connection.execute(ids.group_by(courses.c.user_id))}


async def find_state(reads: Reads, owner: str, course_id: str) -> CourseState | None:
    """The state of the owner's course."""
    found = await reads.one(_STATE, owner=owner, course_id=course_id)
    return None if found is None else from_json(found.state)


async def list_courses(
    reads: Reads, owner: str, *, limit: int, cursor: str | None, status: str | None, words: str | None
) -> tuple[Sequence[SimpleNamespace], str | None]:
    """A page of the owner's courses, newest first, and the cursor of the next page. Raises ValueError for a cursor
    that is none of ours.
    """
    words = words or None
    after = None if cursor is None else _position(cursor)
    statement = _list_of(status is not None, words is not None, after is not None)
    created_at, course_id = after or (None, None)
    rows = await reads.all(
        statement, owner=owner, status=status, words=words, limit=limit + 1, created_at=created_at, course_id=course_id
    )
    page = rows[:limit]
    return page, (_cursor_of(page[-1]) if len(rows) > limit else None)


@cache
def _list_of(has_status: bool, has_words: bool, has_cursor: bool) -> Query:
    query = select(*SHOWN).where(courses.c.user_id == bindparam("owner"))
    if has_status:
        query = query.where(courses.c.status == bindparam("status"))
    if has_words:
        words = bindparam("words", type_=Text)
        found = [
            func.strpos(func.lower(one), func.lower(words)) > 0 for one in (courses.c.title, courses.c.description)
        ]
        query = query.where(or_(*found))
    if has_cursor:
        position = tuple_(bindparam("created_at", type_=DateTime(timezone=True)), bindparam("course_id", type_=Text))
        query = query.where(tuple_(courses.c.created_at, courses.c.course_id) < position)
    query = query.order_by(courses.c.created_at.desc(), courses.c.course_id.desc())
    return Query(query.limit(bindparam("limit", type_=Integer)))


def _position(cursor: str) -> tuple[datetime, str]:
    try:
        created_at, course_id = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        moment = datetime.fromisoformat(created_at)
        if moment.tzinfo is None or not course_id.isascii() or not course_id.isprintable():
            raise ValueError("cursor")
        return moment.astimezone(UTC), course_id
    except (AttributeError, binascii.Error, OverflowError, RecursionError, TypeError, ValueError) as error:
        raise ValueError("cursor") from error


def _cursor_of(row: SimpleNamespace) -> str:
    position = json.dumps([row.created_at.isoformat(), row.course_id])
    return base64.urlsafe_b64encode(position.encode()).decode()
