"""The lectures of courses. Column names are those of the API."""

from typing import Any

from sqlalchemy import Column, Index, Integer, Table, Text

from services.gateway.course.state import Lecture
from services.gateway.readmodels.added import AddedTable, about_reading
from services.gateway.readmodels.below_course import belongs_to_course, course_key
from shared.added.kinds import LECTURES
from shared.readmodels.base import METADATA

lectures = Table(
    "lectures",
    METADATA,
    course_key(),
    Column("id", Text, primary_key=True),
    Column("panopto_session_id", Text, nullable=False),
    Column("panopto_url", Text),
    Column("stream_url", Text),
    Column("captions_url", Text, nullable=False),
    Column("filename", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("duration_seconds", Integer),
    *about_reading(),
    belongs_to_course(),
    Index("ix_lectures_id", "id"),
)


def _row(lecture: Lecture) -> dict[str, Any]:
    return {
        "id": lecture.lecture_id,
        "panopto_session_id": lecture.session_id,
        "panopto_url": lecture.viewer_url or None,
        "stream_url": lecture.stream_url or None,
        "captions_url": lecture.captions_url,
        "duration_seconds": lecture.seconds,
        "created_at": lecture.added_at,
    }


LECTURE_ROWS = AddedTable(LECTURES, lectures, "id", _row)
