"""Milestones by themselves."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.classroom.api.calls import Anybody, Parts, Services, SignedIn
from services.classroom.api.course_shapes import MilestoneBody, MilestoneView
from services.classroom.api.courses import change
from services.classroom.api.seen_courses import run_course, seen_tree
from services.classroom.api.shapes import DoneView, Id
from services.classroom.course_queries import find_course_of_milestone, list_courses, list_milestones
from services.classroom.decisions import contents
from services.classroom.rights import Caller, may_list, may_read_org
from shared.kernel.errors import NotFound
from shared.web.strict_json import StrictBodies

router = APIRouter(prefix="/milestones", tags=["milestones"], route_class=StrictBodies)


@router.get("/")
async def list_org_milestones(
    org_id: Annotated[Id, Query()], caller: Anybody, services: Parts
) -> list[MilestoneView]:  # fmt: skip
    """The milestones of all courses of an organisation."""
    may_read_org(caller, org_id)
    may_list(caller, org_id, "courses:read")
    async with services.reading() as connection:
        courses = [one["id"] for one in await list_courses(connection, org_id)]
        return [MilestoneView(**one) for one in await list_milestones(connection, courses)]


@router.get("/course/{course_id}")
async def list_course_milestones(course_id: Id, caller: Anybody, services: Parts) -> list[MilestoneView]:
    """The milestones of a course, in order."""
    async with services.reading() as connection:
        seen = await seen_tree(connection, services, caller, course_id)
    return [MilestoneView(**one) for one in seen.tree.milestones]


@router.put("/{milestone_id}")
async def rename_milestone(milestone_id: Id, body: MilestoneBody, caller: SignedIn, services: Parts) -> DoneView:
    """Give it another name, or another colour too."""
    course_id = await _course_of(services, caller, milestone_id)
    asked = {"milestone_id": milestone_id, "name": body.name, "color": body.color}
    await change(services, course_id, contents.write_milestone, **asked, by=caller.person_id)
    return DoneView()


@router.delete("/{milestone_id}")
async def delete_milestone(milestone_id: Id, caller: SignedIn, services: Parts) -> DoneView:
    """Delete it; its tasks stay in the course without a milestone."""
    course_id = await _course_of(services, caller, milestone_id)
    await change(services, course_id, contents.delete_milestone, milestone_id=milestone_id, by=caller.person_id)
    return DoneView()


async def _course_of(services: Services, caller: Caller, milestone_id: str) -> str:
    """The course of a milestone, which the caller may change. Raises NotFound and Refused."""
    async with services.reading() as connection:
        course_id = await find_course_of_milestone(connection, milestone_id)
    if course_id is None:
        raise NotFound("Milestone not found")
    await run_course(services, caller, course_id)
    return course_id
