"""Courses of a school: milestones, tasks and questions. The state knows what stands where; the words are rows."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, Text
from sqlalchemy.dialects.postgresql import JSONB

from shared.classroom.stored import Kept, part_table, root_table, side_of
from shared.event_log.port import Recorded
from shared.events.content import (
    ContentCreated,
    ContentErased,
    ContentHidden,
    ContentRenamed,
    ContentRestored,
    EditionTaken,
    GenerationAsked,
    GenerationBegun,
    GenerationEnded,
    GenerationPart,
    MilestoneDeleted,
    MilestonesOrdered,
    MilestoneWritten,
    Question,
    TaskDeleted,
    TaskMade,
    TaskOpened,
    TaskPlaced,
    TaskRestored,
    TasksOrdered,
    TaskStatus,
    TaskTakenOut,
    TaskType,
    TaskWritten,
)
from shared.events.registry import CONTENT
from shared.readmodels.base import Changes, Clear, Fact, Put, put

GenerationStatus = Literal["started", "pending", "completed", "failed"]


@dataclass(frozen=True)
class Milestone:
    """A milestone in the order of its course."""

    id: str
    name: str
    color: str


@dataclass(frozen=True)
class Place:
    """Where a task stands; `home_id` is the course that has its words."""

    task_id: str
    milestone_id: str | None
    home_id: str


@dataclass(frozen=True)
class Asked:
    """A question as it was last written: `version` counts from 1, `digest` is of all that it says."""

    version: int
    digest: str


@dataclass(frozen=True)
class Task:
    """A task whose home is this course. `asked` has every question there ever was, `questions` the ids of those that
    are asked now. `digest` is of all that the task says, `generated` the one that a program wrote last.
    """

    type: TaskType
    title: str
    made_at: datetime
    status: TaskStatus = "draft"
    scheduled_publish_at: datetime | None = None
    time_limit_seconds: int | None = None
    deleted: bool = False
    asked: Mapping[str, Asked] = field(default_factory=dict)
    questions: tuple[str, ...] = ()
    digest: str = ""
    generated: str = ""


@dataclass(frozen=True)
class Generation:
    """The latest job that generates this course. `status`: a part is at work (started), the structure stands (pending),
    all is there (completed), or the part failed. `course_id` is the course that the pipeline makes for `asked_by`, who
    asked first; `run_id` the run of it that failed last.
    """

    job_id: str
    asked_at: datetime
    asked_by: str
    course_description: str
    intended_audience: str
    instructions: str
    file_id: str
    file_of: str
    part: GenerationPart = "structure"
    attempt: int = 1
    status: GenerationStatus = "started"
    course_id: str = ""
    code: str = ""
    message: str = ""
    run_id: str = ""


@dataclass(frozen=True)
class Content(Kept):
    """A course of an organisation. `places` is the order of its tasks, over all milestones."""

    org_id: str = ""
    name: str = ""
    hidden: bool = False
    course_key: str = ""
    edition: str = ""
    milestones: tuple[Milestone, ...] = ()
    places: tuple[Place, ...] = ()
    tasks: Mapping[str, Task] = field(default_factory=dict)
    generation: Generation | None = None

    @property
    def generation_status(self) -> GenerationStatus | None:
        """Of the latest job."""
        return None if self.generation is None else self.generation.status

    @property
    def is_shown(self) -> bool:
        """Whether it exists and was not deleted."""
        return self.exists and not self.hidden


def digest_of(written: TaskWritten | Question) -> str:
    """Equal for what says the same."""
    said = written.model_dump_json(exclude={"content_id", "task_id", "by", "generated", "status"})
    return hashlib.sha256(said.encode()).hexdigest()


def _changed(state: Content, recorded: Recorded) -> dict[str, Any]:
    event = recorded.event
    match event:
        case ContentCreated():
            created = {"id": event.content_id, "org_id": event.org_id, "name": event.name}
            return {**created, "created_at": recorded.time}
        case ContentRenamed():
            return {"name": event.name}
        case ContentHidden() | ContentRestored():
            return {"hidden": isinstance(event, ContentHidden)}
        case EditionTaken():
            return {"course_key": event.course_key, "edition": event.edition}
        case GenerationAsked() | GenerationBegun() | GenerationEnded():
            return {"generation": _generation(state.generation, event, recorded.time)}
        case ContentErased():
            return {"deleted": True}
        case MilestoneWritten() | MilestoneDeleted() | MilestonesOrdered():
            return _milestones(state, event)
        case TaskPlaced() | TaskTakenOut() | TasksOrdered():
            return {"places": _places(state, event)}
        case TaskMade():
            made = Task(type=event.type, title=event.title, made_at=recorded.time)
            return {"places": _inserted(state, event), "tasks": {**state.tasks, event.task_id: made}}
        case TaskWritten() | TaskOpened() | TaskDeleted() | TaskRestored() if task := state.tasks.get(event.task_id):
            return {"tasks": {**state.tasks, event.task_id: _changed_task(task, event)}}
        case _:
            return {}


def _generation(
    known: Generation | None, event: GenerationAsked | GenerationBegun | GenerationEnded, at: datetime
) -> Generation | None:
    match event:
        case GenerationAsked():
            said = event.model_dump(exclude={"content_id", "by"})
            if known is None or known.job_id != event.job_id:
                return Generation(**said, asked_at=at, asked_by=event.by)
            return replace(known, part=event.part, attempt=event.attempt, status="started", code="", message="")
        case _ if known is None or known.job_id != event.job_id:
            return known
        case GenerationBegun():
            return replace(known, course_id=event.course_id)
        case GenerationEnded():
            done: GenerationStatus = "pending" if event.part == "structure" else "completed"
            return replace(
                known, status="failed" if event.code else done, code=event.code, message=event.message,
                run_id=event.run_id,
            )  # fmt: skip


def _changed_task(task: Task, event: TaskWritten | TaskOpened | TaskDeleted | TaskRestored) -> Task:
    match event:
        case TaskWritten():
            return _written(task, event)
        case TaskOpened():
            return replace(task, scheduled_publish_at=None)
        case TaskDeleted() | TaskRestored():
            return replace(task, deleted=isinstance(event, TaskDeleted))


def _milestones(state: Content, event: MilestoneWritten | MilestoneDeleted | MilestonesOrdered) -> dict[str, Any]:
    by_id = {one.id: one for one in state.milestones}
    match event:
        case MilestoneWritten():
            by_id[event.milestone_id] = Milestone(event.milestone_id, event.name, event.color)
            return {"milestones": tuple(by_id.values())}
        case MilestonesOrdered():
            return {"milestones": tuple(by_id[one] for one in event.milestone_ids)}
        case MilestoneDeleted(milestone_id=gone):
            places = (replace(one, milestone_id=None) if one.milestone_id == gone else one for one in state.places)
            return {"milestones": tuple(one for one in by_id.values() if one.id != gone), "places": tuple(places)}


def _places(state: Content, event: TaskPlaced | TaskTakenOut | TasksOrdered) -> tuple[Place, ...]:
    if isinstance(event, TasksOrdered):
        by_id = {one.task_id: one for one in state.places}
        return tuple(by_id[one] for one in event.task_ids)
    others = tuple(one for one in state.places if one.task_id != event.task_id)
    if isinstance(event, TaskTakenOut):
        return others
    return *others, Place(event.task_id, event.milestone_id, event.home_id)


def _inserted(state: Content, event: TaskMade) -> tuple[Place, ...]:
    made = Place(event.task_id, event.milestone_id, event.content_id)
    ids = [one.task_id for one in state.places]
    at = ids.index(event.after) + 1 if event.after in ids else len(ids)
    return *state.places[:at], made, *state.places[at:]


def _written(task: Task, event: TaskWritten) -> Task:
    asked = {**task.asked}
    for one in event.questions:
        known, digest = asked.get(one.id), digest_of(one)
        if known is None or known.digest != digest:
            asked[one.id] = Asked(1 if known is None else known.version + 1, digest)
    digest = digest_of(event)
    return replace(
        task, title=event.title, status=event.status, scheduled_publish_at=event.scheduled_publish_at,
        time_limit_seconds=event.time_limit_seconds, asked=asked, questions=tuple(one.id for one in event.questions),
        digest=digest, generated=digest if event.generated else task.generated,
    )  # fmt: skip


contents = root_table(
    "contents", "content_id",
    Column("org_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column("course_key", Text, nullable=False),
    Column("edition", Text, nullable=False),
    Column("generation_status", Text),
)  # fmt: skip
Index(None, contents.c.org_id)
Index(None, contents.c.generation_status)
content_milestones = part_table(
    "content_milestones", contents, ("milestone_id",),
    Column("name", Text, nullable=False),
    Column("color", Text, nullable=False),
    Column("position", Integer, nullable=False),
)  # fmt: skip
Index(None, content_milestones.c.milestone_id)
content_places = part_table(
    "content_places", contents, ("task_id",),
    Column("milestone_id", Text),
    Column("home_id", Text, nullable=False),
    Column("position", Integer, nullable=False),
)  # fmt: skip
Index(None, content_places.c.task_id)
content_tasks = part_table(
    "content_tasks", contents, ("task_id",),
    Column("type", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("scheduled_publish_at", DateTime(timezone=True)),
    Column("time_limit_seconds", Integer),
    Column("deleted", Boolean, nullable=False),
    Column("questions", JSONB, nullable=False),
)  # fmt: skip
Index(None, content_tasks.c.task_id)
content_words = part_table(
    "content_words", contents, ("task_id",),
    Column("blocks", JSONB, nullable=False),
    Column("assignment", JSONB),
)  # fmt: skip
content_questions = part_table(
    "content_questions", contents, ("question_id",),
    Column("version", Integer, primary_key=True),
    Column("task_id", Text, nullable=False),
    Column("scorecard_id", Text),
    Column("says", JSONB, nullable=False),
)  # fmt: skip
Index(None, content_questions.c.question_id)


def _below(fact: Fact) -> Changes:
    """The rows of an order are all written anew; those of a task alone."""
    event, state = fact.recorded.event, fact.state
    match event:
        case MilestoneWritten() | MilestonesOrdered():
            return _milestone_rows(state)
        case MilestoneDeleted():
            return *_milestone_rows(state), *_place_rows(state)
        case TaskPlaced() | TaskTakenOut() | TasksOrdered():
            return _place_rows(state)
        case TaskMade():
            return *_place_rows(state), *_task_row(state, event.task_id)
        case TaskOpened() | TaskDeleted() | TaskRestored():
            return _task_row(state, event.task_id)
        case TaskWritten():
            return *_task_row(state, event.task_id), *_word_rows(state, event)
        case _:
            return ()


def _milestone_rows(state: Content) -> Changes:
    rows = (
        {"content_id": state.id, "milestone_id": one.id, "name": one.name, "color": one.color, "position": position}
        for position, one in enumerate(state.milestones)
    )
    return (Clear(content_milestones), Put(content_milestones, tuple(rows)))


def _place_rows(state: Content) -> Changes:
    rows = (
        {"content_id": state.id, "task_id": one.task_id, "milestone_id": one.milestone_id, "home_id": one.home_id,
         "position": position}
        for position, one in enumerate(state.places)
    )  # fmt: skip
    return (Clear(content_places), Put(content_places, tuple(rows)))


def _task_row(state: Content, task_id: str) -> Changes:
    task = state.tasks[task_id]
    named = ("type", "title", "status", "scheduled_publish_at", "time_limit_seconds", "deleted")
    questions = [{"id": one, "version": task.asked[one].version} for one in task.questions]
    row = {"content_id": state.id, "task_id": task_id, **{name: getattr(task, name) for name in named}}
    return put(content_tasks, {**row, "questions": questions})


def _word_rows(state: Content, event: TaskWritten) -> Changes:
    own = {"content_id": state.id, "task_id": event.task_id}
    said = event.model_dump(mode="json", include={"blocks", "assignment"})
    asked = state.tasks[event.task_id].asked
    questions = (
        {**own, "question_id": one.id, "version": asked[one.id].version, "scorecard_id": one.scorecard_id,
         "says": one.model_dump(mode="json")}
        for one in event.questions
    )  # fmt: skip
    return *put(content_words, {**own, **said}), *put(content_questions, *questions)


CONTENT_SIDE = side_of(
    CONTENT, Content(), _changed, contents,
    (content_milestones, content_places, content_tasks, content_words, content_questions), _below,
)  # fmt: skip
