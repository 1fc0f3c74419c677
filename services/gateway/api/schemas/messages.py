"""Shapes of the messages of event streams: `event`, `id` and `data` as the lines of a message give them."""

from typing import Literal

from pydantic import Field

from services.gateway.api.schemas.courses import CourseView
from services.gateway.api.schemas.stages import CourseSnapshotView, FactView
from services.gateway.course.shapes import View


class CoursesSnapshotView(View):
    """Your courses at one moment."""

    courses: list[CourseView] = Field(description="the newest, at most 200; the list of courses has the others")
    total: int = Field(description="of courses")
    version: int = Field(description="the sequence of the last event in it")


class StepView(View):
    """The present step of a worker."""

    course_id: str
    stage: str
    task_id: str
    step: str
    percent: int


class FactMessage(View):
    """An event of the log. `id` is its sequence."""

    event: Literal["fact"]
    id: int
    data: FactView


class ProgressMessage(View):
    """A step of a worker, without an id."""

    event: Literal["progress"]
    data: StepView


class SnapshotMessage(View):
    """A course and its stages. Only the first one has an id."""

    event: Literal["snapshot"]
    id: int | None = None
    data: CourseSnapshotView


class ListSnapshotMessage(View):
    """Your courses. Only the first one has an id."""

    event: Literal["snapshot"]
    id: int | None = None
    data: CoursesSnapshotView


class ListedMessage(View):
    """One of your courses after a change, as the list shows it."""

    event: Literal["course"]
    data: CourseView


CourseMessage = SnapshotMessage | FactMessage | ProgressMessage
ListMessage = ListSnapshotMessage | FactMessage | ListedMessage | ProgressMessage
