"""Tasks: learning materials, quizzes and assignments."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query

from services.classroom.api.calls import Anybody, Parts, Posting, Services, SignedIn
from services.classroom.api.course_shapes import (
    AssignmentBody,
    MaterialBody,
    QuizBody,
    TaskBody,
    TaskCopyBody,
    TaskCopyView,
    TaskView,
)
from services.classroom.api.courses import change, list_course_tasks
from services.classroom.api.seen_courses import (
    SeenTask,
    other_school,
    run_course,
    run_task,
    seen_task,
    seen_tree,
    task_view,
)
from services.classroom.api.shapes import MOST_AT_ONCE, DoneView, Id, IdView
from services.classroom.api.written import words_of
from services.classroom.asked import new_id
from services.classroom.course_queries import list_scorecards
from services.classroom.decisions import contents
from services.classroom.learner_queries import find_exams
from services.classroom.rights import Caller
from shared.classroom.learners import learner_of
from shared.events.content import TaskType, TaskWritten
from shared.kernel.refusals import Refusal, Refused, invalid
from shared.web.strict_json import StrictBodies

router = APIRouter(prefix="/tasks", tags=["tasks"], route_class=StrictBodies)


@router.post("/")
async def create_task(body: TaskBody, caller: Posting, services: Parts) -> IdView:
    """A draft without words, at the end of its milestone."""
    await run_course(services, caller, body.course_id)
    task_id = new_id()
    asked = {"task_id": task_id, "milestone_id": body.milestone_id, "kind": body.type, "title": body.title}
    await change(services, body.course_id, contents.make_task, **asked, by=caller.person_id)
    return IdView(id=task_id)


@router.post("/duplicate")
async def duplicate_task(body: TaskCopyBody, caller: Posting, services: Parts) -> TaskCopyView:
    """A draft that says the same, right after the task."""
    task, course = await run_task(services, caller, body.task_id), await run_course(services, caller, body.course_id)
    if task["org_id"] != course["org_id"]:
        raise other_school("The task is of another organization than the course")
    async with services.reading() as connection:
        said = (await words_of(connection, [task]))[body.task_id]
    task_id = new_id()
    asked = {"said": said, "kind": task["type"], "task_id": task_id, "milestone_id": body.milestone_id}
    await change(services, body.course_id, contents.duplicate_task, **asked, new_id=new_id, by=caller.person_id)
    await services.commands.come_up()
    copy = await show_task(task_id, caller, services)
    placed = {one.id: one for one in await list_course_tasks(body.course_id, caller, services)}
    return TaskCopyView(task=copy, ordering=placed[task_id].ordering)


@router.delete("/")
async def delete_tasks(task_ids: Annotated[str, Query()], caller: SignedIn, services: Parts) -> DoneView:
    """Delete several, named with commas between them; `/tasks/{id}/restore` has each back."""
    by_course: dict[str, list[str]] = {}
    named = dict.fromkeys(task_ids.split(","))
    if len(named) > MOST_AT_ONCE:
        raise Refused(invalid("query/task_ids", f"Delete at most {MOST_AT_ONCE} tasks at once"))
    for task_id in named:
        by_course.setdefault((await run_task(services, caller, task_id))["home_id"], []).append(task_id)
    for course_id, own in by_course.items():
        await change(services, course_id, contents.delete_tasks, task_ids=own, by=caller.person_id)
    return DoneView()


@router.get("/course/{course_id}/learning_material")
async def list_learning_material(course_id: Id, caller: Anybody, services: Parts) -> list[TaskView]:
    """The learning materials of a course that are published and that the caller may see, with their words."""
    async with services.reading() as connection:
        seen = await seen_tree(connection, services, caller, course_id)
        found = [one for one in seen.tasks(services.now()) if one["type"] == "learning_material"]
        return [await task_view(connection, SeenTask(one, seen.role)) for one in found]


@router.get("/{task_id}")
async def show_task(task_id: Id, caller: Anybody, services: Parts) -> TaskView:
    """A task with its words, as far as they are for the caller."""
    async with services.reading() as connection:
        seen = await seen_task(connection, services, caller, task_id)
        exam = (await find_exams(connection, learner_of(caller.person_id, seen.task["org_id"]))).get(task_id)
        return await task_view(connection, seen, until=exam)


@router.delete("/{task_id}")
async def delete_task(task_id: Id, caller: SignedIn, services: Parts) -> DoneView:
    """Delete it, in every course where it stands; `…/restore` has it back."""
    task = await run_task(services, caller, task_id)
    await change(services, task["home_id"], contents.delete_tasks, task_ids=[task_id], by=caller.person_id)
    return DoneView()


@router.post("/{task_id}/restore")
async def restore_task(task_id: Id, caller: Posting, services: Parts) -> DoneView:
    """Have a deleted task back where it stood."""
    task = await run_task(services, caller, task_id, deleted=True)
    await change(services, task["home_id"], contents.restore_task, task_id=task_id, by=caller.person_id)
    return DoneView()


@router.post("/{task_id}/learning_material")
@router.put("/{task_id}/learning_material")
async def write_learning_material(task_id: Id, body: MaterialBody, caller: Posting, services: Parts) -> TaskView:
    """Have it say this, and publish it unless `status` is draft."""
    return await _write(services, caller, task_id, "learning_material", body.model_dump())


@router.post("/{task_id}/quiz")
async def write_quiz(task_id: Id, body: QuizBody, caller: Posting, services: Parts) -> TaskView:
    """Have it ask these questions, and publish it unless `status` is draft. A question sent with its id keeps it."""
    return await _write(services, caller, task_id, "quiz", body.model_dump())


@router.put("/{task_id}/quiz")
async def edit_quiz(task_id: Id, body: QuizBody, caller: SignedIn, services: Parts) -> TaskView:
    """Have the same questions of a published quiz say something else."""
    rules = {"must_be_published": True, "keep_questions": True}
    return await _write(services, caller, task_id, "quiz", body.model_dump(), **rules)


@router.post("/{task_id}/assignment")
@router.put("/{task_id}/assignment")
async def write_assignment(task_id: Id, body: AssignmentBody, caller: Posting, services: Parts) -> TaskView:
    """Have it say this, and publish it unless `status` is draft."""
    return await _write(services, caller, task_id, "assignment", body.model_dump())


async def _write(
    services: Services, caller: Caller, task_id: str, kind: TaskType, says: dict[str, Any], **rules: bool
) -> TaskView:
    task = await run_task(services, caller, task_id)
    if task["type"] != kind:
        raise Refused(Refusal(400, "other_type", f"The task is of type {task['type']}"))
    said = TaskWritten(content_id=task["home_id"], task_id=task_id, by=caller.person_id, **says)
    await _require_scorecards(services, task["org_id"], said)
    write = partial(contents.write_task, said=said, new_id=new_id, now=services.now())
    await change(services, task["home_id"], write, **rules)
    await services.commands.come_up()
    return await show_task(task_id, caller, services)


async def _require_scorecards(services: Services, org_id: str, said: TaskWritten) -> None:
    """Raise Refused unless all scorecards that are named are of the organisation."""
    named = {one.scorecard_id for one in said.questions}
    if said.assignment is not None:
        named.add(said.assignment.evaluation_criteria.scorecard_id)
    if named := named - {None}:
        async with services.reading() as connection:
            known = {one["id"] for one in await list_scorecards(connection, org_id)}
        if not named <= known:
            raise Refused(Refusal(400, "no_scorecard", "The organization has no such scorecard"))
