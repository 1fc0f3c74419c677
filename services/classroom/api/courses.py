"""Courses of a school: their milestones' and tasks' order, and the cohorts that have them."""

from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query

from services.classroom.api.calls import Anybody, Parts, Posting, Services, SignedIn
from services.classroom.api.cohorts import require_one_school
from services.classroom.api.course_shapes import (
    CohortCourseView,
    CohortsBody,
    CohortsLeftBody,
    CopyBody,
    CourseBody,
    CourseTreeView,
    CourseView,
    EditionView,
    GeneratedBody,
    MilestoneBody,
    MilestoneOrderBody,
    MilestoneSwapBody,
    PlacedTaskView,
    PlacesBody,
    PlacesLeftBody,
    TaskOrderBody,
    TaskSwapBody,
)
from services.classroom.api.seen_courses import other_school, run_course, run_task, seen_tree, tree_view
from services.classroom.api.shapes import DoneView, Id, IdView, NameBody
from services.classroom.api.written import words_of
from services.classroom.asked import new_id
from services.classroom.course_queries import find_course_of_milestone, find_trees, list_course_cohorts, list_courses
from services.classroom.decisions import Decision, cohorts, contents, editions
from services.classroom.reading_plans import read_plan
from services.classroom.rights import may_list, may_read_org, may_run_org
from shared.classroom.cohorts import COHORT_SIDE
from shared.classroom.contents import CONTENT_SIDE, Content
from shared.kernel.ids import event_id
from shared.kernel.refusals import Refused
from shared.web.strict_json import StrictBodies

router = APIRouter(prefix="/courses", tags=["courses"], route_class=StrictBodies)


async def change(services: Services, course_id: str, decide: Any, **asked: Any) -> None:
    """Carry out a decision on a course."""

    def decided(content: Content) -> Decision:
        decision: Decision = decide(content, **asked)
        return decision

    await services.commands.carry_out(CONTENT_SIDE, course_id, decided)


@router.post("/")
async def create_course(body: CourseBody, caller: Posting, services: Parts) -> IdView:
    """Make a course without anything in it."""
    may_run_org(caller, body.org_id)
    course_id = new_id()
    await change(
        services, course_id, contents.create, content_id=course_id, org_id=body.org_id, name=body.name,
        by=caller.person_id,
    )  # fmt: skip
    return IdView(id=course_id)


@router.get("/")
async def list_org_courses(
    org_id: Annotated[Id, Query()], caller: Anybody, services: Parts, deleted: Annotated[bool, Query()] = False
) -> list[CourseView]:
    """The courses of an organisation; with `deleted` those that can come back."""
    may_read_org(caller, org_id)
    may_list(caller, org_id, "courses:read")
    async with services.reading() as connection:
        return [CourseView(**one) for one in await list_courses(connection, org_id, hidden=deleted)]


@router.put("/milestones/order")
async def order_milestones(body: MilestoneOrderBody, caller: SignedIn, services: Parts) -> DoneView:
    """Put milestones of one course in order."""
    async with services.reading() as connection:
        course_id = await find_course_of_milestone(connection, body.milestone_orders[0][0])
    await run_course(services, caller, course_id or "")
    places = dict(body.milestone_orders)
    await change(services, course_id or "", contents.order_milestones, places=places, by=caller.person_id)
    return DoneView()


@router.put("/tasks/order")
async def order_tasks(body: TaskOrderBody, caller: SignedIn, services: Parts) -> DoneView:
    """Put tasks of one course in order, each within its milestone."""
    first = await run_task(services, caller, body.task_orders[0][0])
    course_id = body.course_id or first["home_id"]
    await run_course(services, caller, course_id)
    await change(services, course_id, contents.order_tasks, places=dict(body.task_orders), by=caller.person_id)
    return DoneView()


@router.post("/tasks")
async def place_tasks(body: PlacesBody, caller: Posting, services: Parts) -> DoneView:
    """Have tasks stand in courses of the same organisation too, or in another milestone."""
    planned = []
    for task_id, course_id, milestone_id in body.course_tasks:
        task, course = await run_task(services, caller, task_id), await run_course(services, caller, course_id)
        if task["org_id"] != course["org_id"]:
            raise other_school("The task is of another organization than the course")
        planned.append((course_id, task_id, milestone_id, task["home_id"]))
    for course_id, task_id, milestone_id, home_id in planned:
        place = partial(contents.place_task, task_id=task_id, milestone_id=milestone_id, home_id=home_id)
        await change(services, course_id, place, by=caller.person_id)
    return DoneView()


@router.delete("/tasks")
async def take_tasks_out(body: PlacesLeftBody, caller: SignedIn, services: Parts) -> DoneView:
    """Have tasks stand in courses no more."""
    for _, course_id in body.course_tasks:
        await run_course(services, caller, course_id)
    for task_id, course_id in body.course_tasks:
        await change(services, course_id, contents.take_task_out, task_id=task_id, by=caller.person_id)
    return DoneView()


@router.post("/generated")
async def publish_generated_course(body: GeneratedBody, caller: Posting, services: Parts) -> EditionView:
    """Publish a generated course: modules as milestones, lessons as learning materials, items as quizzes. Sent
    again, or with a new edition, it is the same course; what somebody changed here stays, and so does what was learnt.
    """
    may_run_org(caller, body.org_id)
    course_id = body.course_id or event_id(body.org_id, "generated", str(body.course.get("course_key", "")))
    if body.course_id is not None and (await run_course(services, caller, course_id))["org_id"] != body.org_id:
        raise other_school("The course is of another organization")
    plan = await read_plan(services.workers, body.course, course_id, body.status, caller.person_id)
    await services.commands.come_up()
    async with services.reading() as connection:
        content = (await CONTENT_SIDE.load(connection, [course_id])).get(course_id, CONTENT_SIDE.begin)
    if body.preview:
        if refusal := editions.cannot(content, plan):
            raise Refused(refusal)
    else:
        await change(
            services, course_id, editions.take, plan=plan, content_id=course_id, org_id=body.org_id, by=caller.person_id
        )
    offered = editions.offer(content, plan)
    return EditionView(
        id=course_id, edition=plan.edition, former_edition=content.edition or None, is_taken=not body.preview,
        **{name: [*getattr(offered, name)] for name in ("added", "changed", "removed", "kept")},
    )  # fmt: skip


@router.get("/{course_id}")
async def show_course(
    course_id: Id, caller: Anybody, services: Parts, only_published: Annotated[bool, Query()] = True
) -> CourseTreeView:
    """A course as the caller may see it; with `only_published=false` drafts and scheduled tasks too for who runs it."""
    async with services.reading() as connection:
        seen = await seen_tree(connection, services, caller, course_id)
    return tree_view(seen, services.now(), only_published=only_published)


@router.put("/{course_id}")
async def rename_course(course_id: Id, body: NameBody, caller: SignedIn, services: Parts) -> DoneView:
    """Give it another name."""
    await run_course(services, caller, course_id)
    await change(services, course_id, contents.rename, name=body.name, by=caller.person_id)
    return DoneView()


@router.delete("/{course_id}")
async def delete_course(course_id: Id, caller: SignedIn, services: Parts) -> DoneView:
    """Delete it with its milestones and tasks; `…/restore` has it back."""
    await run_course(services, caller, course_id)
    await change(services, course_id, contents.hide, by=caller.person_id)
    return DoneView()


@router.post("/{course_id}/restore")
async def restore_course(course_id: Id, caller: Posting, services: Parts) -> DoneView:
    """Have a deleted course back, with all that it had and in the cohorts that had it."""
    await run_course(services, caller, course_id, hidden=True)
    await change(services, course_id, contents.restore, by=caller.person_id)
    return DoneView()


@router.post("/{course_id}/duplicate")
async def duplicate_course(
    course_id: Id, caller: Posting, services: Parts, body: CopyBody = CopyBody.model_validate({})  # noqa: B008  never changed
) -> CourseTreeView:  # fmt: skip
    """A copy of the course in its organisation, with all tasks as drafts."""
    course = await run_course(services, caller, course_id)
    if body.org_id not in {None, course["org_id"]}:
        raise other_school("A course is copied within its organization")
    await services.commands.come_up()
    async with services.reading() as connection:
        source = (await CONTENT_SIDE.load(connection, [course_id]))[course_id]
        (tree,) = await find_trees(connection, [course_id])
        words = await words_of(connection, tree.tasks)
    said = {one["id"]: (one["type"], words[one["id"]]) for one in tree.tasks}
    copy_id = new_id()
    copy = partial(contents.copy_into, content_id=copy_id, source=source, said=said, new_id=new_id)
    await change(services, copy_id, copy, by=caller.person_id)
    await services.commands.come_up()
    return await show_course(copy_id, caller, services, only_published=False)


@router.post("/{course_id}/milestones")
async def add_milestone(course_id: Id, body: MilestoneBody, caller: Posting, services: Parts) -> IdView:
    """A milestone at the end."""
    await run_course(services, caller, course_id)
    milestone_id = new_id()
    write = partial(contents.write_milestone, milestone_id=milestone_id, name=body.name, color=body.color, is_new=True)
    await change(services, course_id, write, by=caller.person_id)
    return IdView(id=milestone_id)


@router.put("/{course_id}/milestones/swap")
async def swap_milestones(course_id: Id, body: MilestoneSwapBody, caller: SignedIn, services: Parts) -> DoneView:
    """Each milestone in the place of the other."""
    await run_course(services, caller, course_id)
    swap = partial(contents.swap_milestones, one=body.milestone_1_id, other=body.milestone_2_id)
    await change(services, course_id, swap, by=caller.person_id)
    return DoneView()


@router.put("/{course_id}/tasks/swap")
async def swap_tasks(course_id: Id, body: TaskSwapBody, caller: SignedIn, services: Parts) -> DoneView:
    """Each task in the place of the other, within one milestone."""
    await run_course(services, caller, course_id)
    swap = partial(contents.swap_tasks, one=body.task_1_id, other=body.task_2_id)
    await change(services, course_id, swap, by=caller.person_id)
    return DoneView()


@router.get("/{course_id}/tasks")
async def list_course_tasks(course_id: Id, caller: Anybody, services: Parts) -> list[PlacedTaskView]:
    """The tasks that the caller may see, in order."""
    async with services.reading() as connection:
        seen = await seen_tree(connection, services, caller, course_id)
    return [one for part in tree_view(seen, services.now(), only_published=False).milestones for one in part.tasks]


@router.get("/{course_id}/cohorts")
async def list_cohorts_of_course(course_id: Id, caller: SignedIn, services: Parts) -> list[CohortCourseView]:
    """The cohorts that have the course, and how it opens there."""
    await run_course(services, caller, course_id)
    async with services.reading() as connection:
        found = await list_course_cohorts(connection, course_id)
    return [CohortCourseView(id=one["id"], name=one["name"], drip_config=one["drip"]) for one in found]


@router.post("/{course_id}/cohorts")
async def add_course_to_cohorts(course_id: Id, body: CohortsBody, caller: Posting, services: Parts) -> DoneView:
    """Give cohorts the course, or have it open otherwise in those that have it."""
    await require_one_school(services, caller, [course_id], body.cohort_ids)
    for cohort_id in dict.fromkeys(body.cohort_ids):
        add = partial(cohorts.set_courses, courses=[course_id], drip=body.drip_config, by=caller.person_id)
        await services.commands.carry_out(COHORT_SIDE, cohort_id, add)
    return DoneView()


@router.delete("/{course_id}/cohorts")
async def remove_course_from_cohorts(
    course_id: Id, body: CohortsLeftBody, caller: SignedIn, services: Parts
) -> DoneView:  # fmt: skip
    """Take the course away from cohorts; what was learnt stays."""
    await require_one_school(services, caller, [course_id], body.cohort_ids)
    for cohort_id in dict.fromkeys(body.cohort_ids):
        leave = partial(cohorts.remove_courses, courses=[course_id], by=caller.person_id)
        await services.commands.carry_out(COHORT_SIDE, cohort_id, leave)
    return DoneView()
