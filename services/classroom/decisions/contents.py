"""What may be decided on a course. That the caller runs its organisation was looked at before."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from services.classroom.decisions import Decision
from shared.classroom.contents import Content, Task, digest_of
from shared.events import Event
from shared.events.content import (
    ContentCreated,
    ContentErased,
    ContentHidden,
    ContentRenamed,
    ContentRestored,
    MilestoneDeleted,
    MilestonesOrdered,
    MilestoneWritten,
    Question,
    TaskDeleted,
    TaskMade,
    TaskPlaced,
    TaskRestored,
    TasksOrdered,
    TaskTakenOut,
    TaskType,
    TaskWritten,
)
from shared.kernel.refusals import Refusal, invalid

# A copy of a course is one piece of the log, which has at most 1,000 events.
MOST_MILESTONES = 150
MOST_TASKS = 400
MOST_BYTES = 512 * 1024  # of one task: an event must fit into one message

_GONE = Refusal(404, "not_found", "Course not found")
_NO_MILESTONE = Refusal(404, "not_found", "Milestone not found")
_NO_TASK = Refusal(404, "not_found", "Task not found")


def create(content: Content, content_id: str, org_id: str, name: str, by: str) -> Decision:
    """A new course of an organisation."""
    created = ContentCreated(content_id=content_id, org_id=org_id, name=name, by=by)
    return Refusal(409, "exists", "There is such a course") if content.created_at else (created,)


def rename(content: Content, name: str, by: str) -> Decision:
    """Another name."""
    if not content.is_shown:
        return _GONE
    return () if content.name == name else (ContentRenamed(content_id=content.id, name=name, by=by),)


def hide(content: Content, by: str) -> Decision:
    """Delete the course with all in it, so that it can come back."""
    return (ContentHidden(content_id=content.id, by=by),) if content.is_shown else _GONE


def restore(content: Content, by: str) -> Decision:
    """Have a deleted course back, with all that it had."""
    if not content.exists:
        return _GONE
    return (ContentRestored(content_id=content.id, by=by),) if content.hidden else ()


def erase(content: Content, by: str) -> Decision:
    """The course without a way back: its organisation is deleted."""
    return (ContentErased(content_id=content.id, by=by),) if content.exists else _GONE


def write_milestone(
    content: Content, milestone_id: str, name: str, color: str | None, by: str, *, is_new: bool = False
) -> Decision:
    """A milestone at the end, or another name for one that is there. Without a colour it keeps the one it has."""
    known = next((one for one in content.milestones if one.id == milestone_id), None)
    if not content.is_shown or (known is None and not is_new):
        return _NO_MILESTONE if content.is_shown else _GONE
    if known is None and len(content.milestones) >= MOST_MILESTONES:
        return Refusal(409, "too_many", f"A course has at most {MOST_MILESTONES} milestones")
    color = color or (known.color if known is not None else "#2d3748")
    if known is not None and (known.name, known.color) == (name, color):
        return ()
    return (MilestoneWritten(content_id=content.id, milestone_id=milestone_id, name=name, color=color, by=by),)


def delete_milestone(content: Content, milestone_id: str, by: str) -> Decision:
    """Take a milestone away; its tasks stay in the course without one."""
    if not content.is_shown or not _has_milestone(content, milestone_id):
        return _NO_MILESTONE
    return (MilestoneDeleted(content_id=content.id, milestone_id=milestone_id, by=by),)


def order_milestones(content: Content, places: Mapping[str, int], by: str) -> Decision:
    """Milestones by their places; one that is not named stays where it is."""
    ids = [one.id for one in content.milestones]
    if not content.is_shown or not set(ids) >= places.keys():
        return _NO_MILESTONE
    ordered = _by_places(ids, places)
    return () if ordered == ids else (MilestonesOrdered(content_id=content.id, milestone_ids=ordered, by=by),)


def swap_milestones(content: Content, one: str, other: str, by: str) -> Decision:
    """Each in the place of the other."""
    ids = [one.id for one in content.milestones]
    if not content.is_shown or not {one, other} <= set(ids):
        return _NO_MILESTONE
    return order_milestones(content, {one: ids.index(other), other: ids.index(one)}, by)


def order_tasks(content: Content, places: Mapping[str, int], by: str) -> Decision:
    """Tasks by their places among those of their milestone; one that is not named stays where it is."""
    if not content.is_shown or not {one.task_id for one in content.places} >= places.keys():
        return _NO_TASK
    ids = [one.task_id for one in content.places]
    ordered = list(ids)
    for milestone_id in {one.milestone_id for one in content.places if one.task_id in places}:
        own = [one.task_id for one in content.places if one.milestone_id == milestone_id]
        for at, task_id in zip([ids.index(one) for one in own], _by_places(own, places), strict=True):
            ordered[at] = task_id
    return () if ordered == ids else (TasksOrdered(content_id=content.id, task_ids=ordered, by=by),)


def swap_tasks(content: Content, one: str, other: str, by: str) -> Decision:
    """Each in the place of the other, within one milestone."""
    milestones = {place.task_id: place.milestone_id for place in content.places}
    if not content.is_shown or not {one, other} <= milestones.keys():
        return _NO_TASK
    if milestones[one] != milestones[other]:
        return Refusal(400, "other_milestone", "Tasks of two milestones cannot be swapped")
    own = [place.task_id for place in content.places if place.milestone_id == milestones[one]]
    return order_tasks(content, {one: own.index(other), other: own.index(one)}, by)


def make_task(
    content: Content, task_id: str, milestone_id: str | None, kind: TaskType, title: str, by: str,
    *, after: str | None = None,
) -> Decision:  # fmt: skip
    """A draft without words."""
    if refusal := _no_room(content, milestone_id):
        return refusal
    return (
        TaskMade(
            content_id=content.id, task_id=task_id, milestone_id=milestone_id, type=kind, title=title, after=after,
            by=by,
        ),
    )  # fmt: skip


def place_task(content: Content, task_id: str, milestone_id: str | None, home_id: str, by: str) -> Decision:
    """A task that is there already stands in this milestone from now on, at its end."""
    if refusal := _no_room(content, milestone_id):
        return refusal
    placed = {one.task_id: one.milestone_id for one in content.places}
    if task_id in placed and placed[task_id] == milestone_id:
        return ()
    return (TaskPlaced(content_id=content.id, task_id=task_id, milestone_id=milestone_id, home_id=home_id, by=by),)


def take_task_out(content: Content, task_id: str, by: str) -> Decision:
    """The task stands in this course no more."""
    if not content.is_shown or task_id not in {one.task_id for one in content.places}:
        return _NO_TASK
    return (TaskTakenOut(content_id=content.id, task_id=task_id, by=by),)


def write_task(
    content: Content, said: TaskWritten, new_id: Callable[[], str], now: datetime, *, must_be_published: bool = False,
    keep_questions: bool = False,
) -> Decision:  # fmt: skip
    """All that a task says. A question that the task never had gets an id of its own, whatever the caller named it.
    `keep_questions`: the same questions, each with new words.
    """
    task = content.tasks.get(said.task_id)
    if not content.is_shown or task is None or task.deleted:
        return _NO_TASK
    if must_be_published and task.status != "published":
        return Refusal(400, "not_published", "The task is not published")
    if refusal := _wrong(said, task, now):
        return refusal
    if keep_questions and [one.id for one in said.questions] != list(task.questions):
        detail = "The questions of a quiz that is published keep their number and order"
        return invalid("/questions", detail, "other_questions")
    said = said.model_copy(
        update={"questions": [
            one if one.id in task.asked else one.model_copy(update={"id": new_id()}) for one in said.questions
        ]}
    )  # fmt: skip
    return () if (task.digest, task.status) == (digest_of(said), said.status) else (said,)


def delete_tasks(content: Content, task_ids: Collection[str], by: str) -> Decision:
    """Tasks that are deleted and can come back."""
    if not content.is_shown or any(one not in content.tasks or content.tasks[one].deleted for one in task_ids):
        return _NO_TASK
    return tuple(TaskDeleted(content_id=content.id, task_id=one, by=by) for one in dict.fromkeys(task_ids))


def restore_task(content: Content, task_id: str, by: str) -> Decision:
    """Have a deleted task back where it stood."""
    if not content.is_shown or task_id not in content.tasks:
        return _NO_TASK
    if not content.tasks[task_id].deleted:
        return ()
    return (TaskRestored(content_id=content.id, task_id=task_id, by=by),)


def duplicate_task(
    content: Content, said: TaskWritten, kind: TaskType, task_id: str, milestone_id: str | None,
    new_id: Callable[[], str], by: str,
) -> Decision:  # fmt: skip
    """A draft that says what the task says, right after it. `said` is what the task says now."""
    made = make_task(content, task_id, milestone_id, kind, said.title, by, after=said.task_id)
    if isinstance(made, Refusal):
        return made
    questions = [one.model_copy(update={"id": new_id()}) for one in said.questions]
    copied = {"content_id": content.id, "task_id": task_id, "status": "draft", "scheduled_publish_at": None, "by": by}
    return *made, said.model_copy(update={**copied, "questions": questions})


def copy_into(
    content: Content, content_id: str, source: Content, said: Mapping[str, tuple[TaskType, TaskWritten]],
    new_id: Callable[[], str], by: str,
) -> Decision:  # fmt: skip
    """A new course with all that `source` has, its tasks as drafts. `said`: each task's kind and what it says."""
    created = create(content, content_id, source.org_id, f"{source.name} (Copy)", by)
    if isinstance(created, Refusal) or not source.is_shown:
        return _GONE if not source.is_shown else created
    milestones = {one.id: replace(one, id=new_id()) for one in source.milestones}
    written = [
        MilestoneWritten(content_id=content_id, milestone_id=one.id, name=one.name, color=one.color, by=by)
        for one in milestones.values()
    ]
    # What the fold will make of these events, as far as the tasks need it.
    copy = replace(source, id=content_id, milestones=tuple(milestones.values()), places=(), tasks={})
    tasks: list[Event] = []
    for place in source.places:
        if place.task_id in said:
            kind, words = said[place.task_id]
            at = None if place.milestone_id is None else milestones[place.milestone_id].id
            made = duplicate_task(copy, words, kind, new_id(), at, new_id, by)
            if isinstance(made, Refusal):
                return made
            tasks.extend(made)
    return *created, *written, *tasks


def _by_places(ids: Sequence[str], places: Mapping[str, int]) -> list[str]:
    return sorted(ids, key=lambda one: (places.get(one, ids.index(one)), ids.index(one)))


def _has_milestone(content: Content, milestone_id: str) -> bool:
    return milestone_id in {one.id for one in content.milestones}


def _no_room(content: Content, milestone_id: str | None) -> Refusal | None:
    if not content.is_shown:
        return _GONE
    if milestone_id is not None and not _has_milestone(content, milestone_id):
        return _NO_MILESTONE
    if len(content.places) >= MOST_TASKS:
        return Refusal(409, "too_many", f"A course has at most {MOST_TASKS} tasks")
    return None


def _wrong(said: TaskWritten, task: Task, now: datetime) -> Refusal | None:
    if len(said.model_dump_json().encode()) > MOST_BYTES:
        return Refusal(413, "task_too_large", f"A task has at most {MOST_BYTES} bytes")
    if said.scheduled_publish_at is not None and said.scheduled_publish_at <= now and (
        said.scheduled_publish_at != task.scheduled_publish_at
    ):  # fmt: skip
        return invalid("/scheduled_publish_at", "This time is past")
    named = [one.id for one in said.questions if one.id]
    if len(set(named)) != len(named):
        return invalid("/questions", "A question stands twice")
    return next(filter(None, (_wrong_question(at, one) for at, one in enumerate(said.questions))), None)


_KEYS = {
    "choice": "a list of the ids of all right options",
    "text": "a list of the texts that are accepted",
    "order": "a list of orders, each of them a list of the ids of all options",
    "match": "a list of pairs, each of them a list of two ids of options",
}


def _wrong_question(at: int, question: Question) -> Refusal | None:
    options = [one.id for one in question.options]
    flat = [one for one in question.key if isinstance(one, str)]
    groups = [one for one in question.key if isinstance(one, list)]
    pointer = f"/questions/{at}/key"
    if len(set(options)) != len(options):
        return invalid(f"/questions/{at}/options", "An option stands twice")
    match question.answer_kind:
        case None:
            return invalid(pointer, "A key needs an answer_kind") if question.key or options else None
        case _ if question.type != "objective":
            return invalid(f"/questions/{at}/type", "A question with a key is objective")
        case "choice":
            is_right = bool(flat) and not groups and len(set(flat)) == len(flat) and set(flat) <= set(options)
        case "text":
            is_right = bool(flat) and not groups and all(one.strip() for one in flat)
        case "order":
            is_right = bool(groups) and not flat and all(sorted(one) == sorted(options) for one in groups)
        case "match":
            named = [one for pair in groups for one in pair]
            is_right = bool(groups) and not flat and all(len(one) == 2 for one in groups) and set(named) <= set(options)
    kind = question.answer_kind
    return None if is_right else invalid(pointer, f"The key of a question of kind {kind} is {_KEYS[kind]}")
