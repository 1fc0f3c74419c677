"""Shapes that all stages share: started runs, statuses, the unattended run."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from services.gateway.api.schemas.courses import CourseView
from services.gateway.course.shapes import Address, Body, Id, ModelName, PathwayChoice, Ref, Text, View
from services.gateway.course.state import TaskStatus
from shared.events.base import ATTEMPTS, EngineName, Level


class GenerateBody(Body):
    """The whole thing, unattended."""

    repo_url: Address | None = Field(
        default=None, description="an https address, or owner/repo on GitHub; null: from the uploaded documents alone"
    )
    ref: Ref = Field(default="", description="branch, tag or 40-hex commit; empty means the default branch")
    complexity_level: Level | None = Field(
        default=None, description="null: the level that additional_info names, else intermediate"
    )
    additional_info: Text = ""
    engine: EngineName = "offline"
    pathway: PathwayChoice = "auto"
    model: ModelName = Field(default="", description="of the engine, one that is allowed; empty means the set one")
    credential_id: Id | None = Field(default=None, description="one of yours, to read a private repository with")


class StartedView(View):
    """A run was started, or the same one runs already."""

    task_id: str | None
    status: Literal["started", "accepted"]
    sequence: int | None = Field(default=None, description="of what was accepted, while it is not visible yet")
    course_id: str | None = Field(
        default=None,
        description="the course, while it is not visible yet, or another one of yours in which the same run is at work",
    )


class StoppingView(View):
    """The work under way was asked to stop; `task_id` is its run, if a stage runs."""

    task_id: str | None
    status: Literal["stopping", "accepted"]
    sequence: int | None = Field(default=None, description="of what was accepted, while it is not visible yet")
    course_id: str | None = Field(default=None, description="the course, while it is not visible yet")


class SelectionSavedView(View):
    """A selection was saved; `task_id` when the next stage was started with it."""

    message: str
    next_stage: str
    task_id: str | None = None


class StageStatusView(View):
    """A stage. `progress` 0 to 100."""

    task_id: str | None = None
    status: TaskStatus = "PENDING"
    progress: int = 0
    current_step: str | None = None
    error_message: str | None = None
    error_code: str | None = None
    retryable: bool = False
    dead: bool = False
    attempt: int = 0
    max_attempts: int = Field(default=ATTEMPTS, description="so many in a row without a result, and the run is dead")
    next_attempt_at: datetime | None = None
    inputs: dict[str, Any] | None = None
    outdated: bool = Field(default=False, description="its inputs changed since it ran")
    planned: int = Field(default=0, description="documents or modules to do")
    done: int = 0
    notes: list[str] = Field(default=[])
    started_at: datetime | None = None
    completed_at: datetime | None = None


class CourseStatusView(View):
    """The last request as a whole: an unattended generation, or a stage."""

    course_id: str
    status: TaskStatus = Field(
        description="STARTED from the request until what was asked for is over; PENDING when nothing was asked for yet"
    )
    current_stage: str
    progress_percentage: int = Field(description="of all stages; it never falls until something else is asked for")
    current_step: str | None
    current_step_number: int = Field(description="the stage, of total_steps")
    total_steps: int
    error_message: str | None
    stage_statuses: dict[str, TaskStatus]
    queue_position: int | None = Field(
        default=None, description="while as many courses as may be are at work: the place among those that wait"
    )
    database_status: str = Field(description="the course's status, such as stage2_running")
    dead: bool
    incomplete: bool = Field(description="the course that is there has modules which did not pass the checks")


class CourseSnapshotView(View):
    """A course and its stages at one moment."""

    course: CourseView
    generation: CourseStatusView
    stages: dict[str, StageStatusView] = Field(description="by stage1, stage2 and so on")
    version: int = Field(description="the sequence of the last event in it")


class FactView(View):
    """An event of the course, without what only workers need."""

    type: str
    sequence: int
    time: datetime
    data: dict[str, Any]


class TicketView(View):
    """A ticket for event streams; `expires_in` are seconds."""

    ticket: str
    expires_in: int


class StageProgressView(View):
    """A stage's progress in the older shape."""

    status: TaskStatus
    progress: int
    current_step: str | None
    error: str | None
    error_message: str | None = Field(description="the same as `error`")
    started_at: datetime | None
    completed_at: datetime | None
    detail: dict[str, Any]
