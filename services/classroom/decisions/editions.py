"""An edition of a generated course becomes a course of a school, or a new edition of one that is there.

What the edition says of a task is written unless somebody has changed the task since a program wrote it. Nothing that
was answered or completed is lost: a task that is gone is deleted with a way back, and a question keeps its id.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from services.classroom.decisions import Decision
from services.classroom.decisions.contents import MOST_BYTES, MOST_MILESTONES, MOST_TASKS
from shared.classroom.contents import Content, Task, digest_of
from shared.events import Event
from shared.events.content import (
    ContentCreated,
    EditionTaken,
    MilestonesOrdered,
    MilestoneWritten,
    TaskDeleted,
    TaskMade,
    TaskType,
    TaskWritten,
)
from shared.kernel.ids import event_id
from shared.kernel.refusals import Refusal

_COLOR = "#2d3748"
LONGEST_TITLE = 255


@dataclass(frozen=True)
class PlannedTask:
    """A task of an edition."""

    milestone_id: str
    type: TaskType
    says: TaskWritten


@dataclass(frozen=True)
class Plan:
    """What an edition says: milestones by id with their names, and tasks. A structure that is not written yet has no
    edition.
    """

    course_key: str
    edition: str
    title: str
    milestones: dict[str, str]
    tasks: tuple[PlannedTask, ...]


@dataclass(frozen=True)
class Unreadable:
    """Where a `course.json` is not what its format says, and how."""

    pointer: str
    detail: str


@dataclass(frozen=True)
class Offer:
    """What an edition would do to a course, by the ids of tasks. `kept`: somebody changed or deleted the task here."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    kept: tuple[str, ...]


def part_id(content_id: str, *parts: str) -> str:
    """The id of a part of a generated course: the next edition finds the part by it."""
    return event_id(content_id, "generated", " ".join(parts))


def quiz_title(title: str) -> str:
    """The title of the quiz of a module."""
    return f"{title[: LONGEST_TITLE - 6]}: quiz"


def offer(content: Content, plan: Plan) -> Offer:
    """What the edition would do."""
    planned = {one.says.task_id: one.says for one in plan.tasks}
    there = {one: content.tasks[one] for one in planned if one in content.tasks}
    gone = {
        one: task for one, task in content.tasks.items() if task.generated and not task.deleted and one not in planned
    }
    other = {one: task for one, task in there.items() if task.deleted or digest_of(planned[one]) != task.digest}
    return Offer(
        added=tuple(one for one in planned if one not in there),
        changed=tuple(one for one, task in other.items() if _is_untouched(task)),
        removed=tuple(one for one, task in gone.items() if _is_untouched(task)),
        kept=tuple(one for one, task in {**other, **gone}.items() if not _is_untouched(task)),
    )


def take(content: Content, plan: Plan, content_id: str, org_id: str, by: str) -> Decision:
    """Have the course say what the edition says."""
    if refusal := cannot(content, plan):
        return refusal
    about = {"content_id": content_id, "by": by}
    offered, events = offer(content, plan), list[Event]()
    if not content.exists:
        events.append(ContentCreated(**about, org_id=org_id, name=plan.title))
    known = [one.id for one in content.milestones]
    needed = {one.milestone_id for one in plan.tasks if one.says.task_id in offered.added}.difference(known)
    new = [one for one in plan.milestones if one in needed]
    events.extend(
        MilestoneWritten(**about, milestone_id=one, name=plan.milestones[one], color=_COLOR) for one in new
    )  # fmt: skip
    ids = [*known, *new]
    ordered = _in_order(ids, [one for one in plan.milestones if one in ids])
    if ordered != ids:
        events.append(MilestonesOrdered(**about, milestone_ids=ordered))
    for one in plan.tasks:
        task_id = one.says.task_id
        if task_id in offered.added:
            made = {"task_id": task_id, "milestone_id": one.milestone_id, "type": one.type, "title": one.says.title}
            events.extend((TaskMade(**about, **made), one.says))
        elif task_id in offered.changed:
            events.append(one.says.model_copy(update={"status": content.tasks[task_id].status}))
    events.extend(TaskDeleted(**about, task_id=one) for one in offered.removed)
    if plan.edition and (events or content.edition != plan.edition):
        events.append(EditionTaken(**about, course_key=plan.course_key, edition=plan.edition))
    return tuple(events)


def cannot(content: Content, plan: Plan) -> Refusal | None:
    """Why the course does not take the edition, if it does not."""
    if content.created_at is not None and not content.is_shown:
        return Refusal(409, "course_deleted", "The course was deleted: restore it, or name another course")
    if content.course_key not in {"", plan.course_key}:
        return Refusal(409, "other_course", "This course has editions of another generated course")
    if len({*plan.milestones, *(one.id for one in content.milestones)}) > MOST_MILESTONES:
        return Refusal(409, "too_many", f"A course has at most {MOST_MILESTONES} milestones")
    if len({one.says.task_id for one in plan.tasks} | {one.task_id for one in content.places}) > MOST_TASKS:
        return Refusal(409, "too_many", f"A course has at most {MOST_TASKS} tasks")
    large = next((one for one in plan.tasks if len(one.says.model_dump_json().encode()) > MOST_BYTES), None)
    if large is not None:
        return Refusal(413, "task_too_large", f"{large.says.title} has more than {MOST_BYTES} bytes")
    return None


def _is_untouched(task: Task) -> bool:
    """Whether the task says what a program wrote last."""
    return not task.deleted and task.digest == task.generated


def _in_order(ids: Sequence[str], planned: Iterable[str]) -> list[str]:
    """The ids that are planned in their order, in the places that they have together; others stay where they are."""
    following = iter(planned)
    wanted = set(planned)
    return [next(following) if one in wanted else one for one in ids]
