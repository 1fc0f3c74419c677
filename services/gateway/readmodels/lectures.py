"""The lectures of courses, and what became of each. Column names are those of the API."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Column, DateTime, Index, Integer, Table, Text, bindparam, select
from sqlalchemy.dialects.postgresql import JSONB

from services.gateway.course.state import Lecture
from services.gateway.readmodels.below_course import belongs_to_course, course_key
from services.gateway.readmodels.courses import courses, mine
from services.gateway.readmodels.reads import Reads
from shared.events.gateway import LectureAdded, LectureRemoved, LecturesRequested
from shared.events.lectures import LectureRefused, LectureTranscribed
from shared.readmodels.base import METADATA, Changes, Fact, Remove, put

lectures = Table(
    "lectures",
    METADATA,
    course_key(),
    Column("id", Text, primary_key=True),
    Column("panopto_session_id", Text, nullable=False),
    Column("filename", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("duration_seconds", Integer),
    Column("status", Text, nullable=False),
    Column("error_code", Text),
    Column("error_message", Text),
    Column("notes", JSONB, nullable=False),
    Column("licence", JSONB),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    belongs_to_course(),
    Index("ix_lectures_id", "id"),
)


def project(fact: Fact) -> Changes:
    """The lectures of a fact as the state has them."""
    match fact.recorded.event:
        case LectureRemoved() as event:
            return (Remove(lectures, ((fact.aggregate_id, event.lecture_id),)),)
        case LectureAdded() | LectureTranscribed() | LectureRefused() as event:
            changed = [event.lecture_id]
        case LecturesRequested() as event:
            changed = [one.lecture_id for one in event.lectures]
        case _:
            return ()
    found = (fact.state.lecture(one) for one in changed)
    return tuple(change for one in found if one is not None for change in put(lectures, _row(fact.aggregate_id, one)))


def _row(course_id: str, lecture: Lecture) -> dict[str, Any]:
    return {
        "course_id": course_id,
        "id": lecture.lecture_id,
        "panopto_session_id": lecture.session_id,
        "filename": lecture.file_name,
        "title": lecture.title,
        "duration_seconds": lecture.seconds,
        "status": lecture.status,
        "error_code": lecture.error or None,
        "error_message": lecture.message or None,
        "notes": list(lecture.notes),
        "licence": lecture.licence.model_dump(mode="json") if lecture.licence is not None else None,
        "created_at": lecture.added_at,
        "updated_at": lecture.changed_at,
    }


async def list_lectures(reads: Reads, owner: str, course_id: str) -> Sequence[SimpleNamespace]:
    """The lectures of the owner's course, oldest first."""
    query = mine(lectures).order_by(lectures.c.created_at, lectures.c.id)
    return await reads.all(query, owner=owner, course_id=course_id)


_ONE = (
    select(lectures)
    .join(courses, courses.c.course_id == lectures.c.course_id)
    .where(
        courses.c.user_id == bindparam("owner", type_=Text), lectures.c.id == bindparam("lecture_id", type_=Text)
    )
    .limit(1)
)  # fmt: skip


async def find_lecture(reads: Reads, owner: str, lecture_id: str) -> SimpleNamespace | None:
    """The owner's lecture with this id, whichever course it is in."""
    return await reads.one(_ONE, owner=owner, lecture_id=lecture_id)
