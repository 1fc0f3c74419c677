"""Cohorts and their members."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncConnection

from services.classroom.api.calls import Anybody, Parts, Posting, Services, SignedIn
from services.classroom.api.course_shapes import CohortCourseView, CoursesBody, CoursesLeftBody, CourseTreeView
from services.classroom.api.people_known import know_people
from services.classroom.api.seen_courses import other_school, run_course, seen_trees, tree_view
from services.classroom.api.shapes import (
    CohortBody,
    CohortDetailView,
    CohortMembersBody,
    CohortMemberView,
    CohortView,
    DoneView,
    Id,
    IdView,
    MemberIdsBody,
    NameBody,
)
from services.classroom.asked import new_id
from services.classroom.course_queries import list_cohort_courses
from services.classroom.decisions import cohorts
from services.classroom.queries import (
    find_batch,
    find_cohort,
    find_org,
    list_cohort_members,
    list_cohorts,
    list_org_members,
)
from services.classroom.rights import (
    Caller,
    may_list,
    may_read_batches,
    may_read_cohort,
    may_read_org,
    may_run_cohort,
    may_run_org,
    sees_all_members,
)
from services.classroom.rows import Record
from shared.classroom.cohorts import COHORT_SIDE
from shared.kernel.errors import NotFound
from shared.kernel.refusals import Refusal, Refused, invalid
from shared.web.strict_json import StrictBodies

router = APIRouter(prefix="/cohorts", tags=["cohorts"], route_class=StrictBodies)


async def seen_cohort(connection: AsyncConnection, caller: Caller, cohort_id: str) -> Record:
    """A cohort that the caller may read. Raises NotFound."""
    found = await find_cohort(connection, cohort_id)
    if found is None:
        raise NotFound("Cohort not found")
    may_read_cohort(caller, cohort_id, found["org_id"])
    return found


async def run_cohort(services: Services, caller: Caller, cohort_id: str) -> Record:
    """A cohort that the caller may change. Raises NotFound and Refused."""
    async with services.reading() as connection:
        found = await seen_cohort(connection, caller, cohort_id)
    may_run_cohort(caller, cohort_id, found["org_id"])
    return found


@router.get("/")
async def list_all_cohorts(org_id: Annotated[Id, Query()], caller: Anybody, services: Parts) -> list[CohortView]:
    """The cohorts of an organisation that the caller may see, the newest first."""
    may_read_org(caller, org_id)
    is_member = org_id not in {*caller.runs, caller.key_of}
    if not is_member:
        may_list(caller, org_id, "cohorts:read")
    async with services.reading() as connection:
        found = await list_cohorts(connection, org_id)
    return [CohortView(**one) for one in found if not is_member or one["id"] in caller.is_in]


@router.post("/")
async def create_cohort(body: CohortBody, caller: Posting, services: Parts) -> IdView:
    """Open a cohort."""
    may_run_org(caller, body.org_id)
    cohort_id = new_id()
    opening = partial(
        cohorts.open_one, cohort_id=cohort_id, org_id=body.org_id, name=body.name, by=caller.person_id
    )  # fmt: skip
    await services.commands.carry_out(COHORT_SIDE, cohort_id, opening)
    return IdView(id=cohort_id)


@router.get("/{cohort_id}")
async def show_cohort(
    cohort_id: Id, caller: Anybody, services: Parts, batch_id: Annotated[Id | None, Query()] = None
) -> CohortDetailView:
    """A cohort with its members, or with those of one batch. A learner sees itself and the mentors."""
    async with services.reading() as connection:
        found = await seen_cohort(connection, caller, cohort_id)
        if batch_id is not None:
            may_read_batches(caller, cohort_id, found["org_id"])
            await require_batch(connection, batch_id, cohort_id)
        members = await list_cohort_members(connection, cohort_id, batch_id)
    if not sees_all_members(caller, cohort_id, found["org_id"]):
        members = [one for one in members if one["role"] == "mentor" or one["id"] == caller.person_id]
    return CohortDetailView(**found, members=[CohortMemberView(**one) for one in members])


async def require_batch(connection: AsyncConnection, batch_id: str, cohort_id: str) -> None:
    """Raise Refused unless the batch is of the cohort."""
    batch = await find_batch(connection, batch_id)
    if batch is None or batch["cohort_id"] != cohort_id:
        raise Refused(Refusal(400, "other_cohort", "The batch is not of this cohort", pointer="query/batch_id"))


@router.put("/{cohort_id}")
async def rename_cohort(cohort_id: Id, body: NameBody, caller: SignedIn, services: Parts) -> DoneView:
    """Give it another name."""
    await run_cohort(services, caller, cohort_id)
    rename = partial(cohorts.rename, name=body.name, by=caller.person_id)
    await services.commands.carry_out(COHORT_SIDE, cohort_id, rename)
    return DoneView()


@router.delete("/{cohort_id}")
async def delete_cohort(cohort_id: Id, caller: SignedIn, services: Parts) -> DoneView:
    """Delete it with its batches; its people stay users."""
    await run_cohort(services, caller, cohort_id)
    await services.commands.carry_out(COHORT_SIDE, cohort_id, partial(cohorts.delete, by=caller.person_id))
    return DoneView()


@router.post("/{cohort_id}/members")
async def add_cohort_members(cohort_id: Id, body: CohortMembersBody, caller: Posting, services: Parts) -> DoneView:
    """Add people with their roles; who is not known becomes a user."""
    found = await run_cohort(services, caller, cohort_id)
    if len(body.emails) != len(body.roles):
        raise Refused(invalid("/roles", "There must be one role for each e-mail address"))
    if len(set(body.emails)) != len(body.emails):
        raise Refused(invalid("/emails", "An e-mail address stands twice"))
    await _require_org(services, body, found["org_id"])
    known = await know_people(services, body.emails, caller.person_id)
    async with services.reading() as connection:
        running = {one["id"] for one in await list_org_members(connection, found["org_id"])}
    roles = {known[email]: role for email, role in zip(body.emails, body.roles, strict=True)}
    add = partial(cohorts.add_members, people=roles, running=running, by=caller.person_id)
    await services.commands.carry_out(COHORT_SIDE, cohort_id, add)
    return DoneView()


async def _require_org(services: Services, body: CohortMembersBody, org_id: str) -> None:
    """What a front end sends of the organisation has to be that of the cohort."""
    named = body.org_id
    if named is None and body.org_slug is not None:
        async with services.reading() as connection:
            named = (await find_org(connection, slug=body.org_slug) or {"id": ""})["id"]
    if named not in {None, org_id}:
        raise Refused(Refusal(400, "other_organization", "The cohort does not belong to this organization"))


@router.delete("/{cohort_id}/members")
async def remove_cohort_members(cohort_id: Id, body: MemberIdsBody, caller: SignedIn, services: Parts) -> DoneView:
    """Take people out of it."""
    await run_cohort(services, caller, cohort_id)
    leave = partial(cohorts.remove_members, people=dict.fromkeys(body.member_ids), by=caller.person_id)
    await services.commands.carry_out(COHORT_SIDE, cohort_id, leave)
    return DoneView()


@router.get("/{cohort_id}/courses")
async def list_courses_of_cohort(
    cohort_id: Id, caller: Anybody, services: Parts, include_tree: Annotated[bool, Query()] = False
) -> list[CohortCourseView | CourseTreeView]:  # fmt: skip
    """The courses of a cohort; with `include_tree` all of them that the caller may see, and when it opens."""
    async with services.reading() as connection:
        await seen_cohort(connection, caller, cohort_id)
        found = await list_cohort_courses(connection, [cohort_id])
        if not include_tree:
            return [CohortCourseView(id=one["id"], name=one["name"], drip_config=one["drip"]) for one in found]
        trees = await seen_trees(connection, services, caller, [one["id"] for one in found], cohort_id)
    return [tree_view(one, services.now(), only_published=True) for one in trees]


@router.post("/{cohort_id}/courses")
async def add_cohort_courses(cohort_id: Id, body: CoursesBody, caller: Posting, services: Parts) -> DoneView:
    """Give the cohort courses, or have those that it has open otherwise."""
    await require_one_school(services, caller, body.course_ids, [cohort_id])
    add = partial(cohorts.set_courses, courses=body.course_ids, drip=body.drip_config, by=caller.person_id)
    await services.commands.carry_out(COHORT_SIDE, cohort_id, add)
    return DoneView()


@router.delete("/{cohort_id}/courses")
async def remove_cohort_courses(cohort_id: Id, body: CoursesLeftBody, caller: SignedIn, services: Parts) -> DoneView:
    """Take courses away from the cohort; what was learnt stays."""
    await require_one_school(services, caller, body.course_ids, [cohort_id])
    leave = partial(cohorts.remove_courses, courses=body.course_ids, by=caller.person_id)
    await services.commands.carry_out(COHORT_SIDE, cohort_id, leave)
    return DoneView()


async def require_one_school(
    services: Services, caller: Caller, course_ids: Sequence[str], cohort_ids: Iterable[str]
) -> None:
    """Courses and cohorts that the caller may change, all of one organisation."""
    orgs = {(await run_course(services, caller, one))["org_id"] for one in dict.fromkeys(course_ids)}
    orgs |= {(await run_cohort(services, caller, one))["org_id"] for one in dict.fromkeys(cohort_ids)}
    if len(orgs) > 1:
        raise other_school("The course is of another organization than the cohort")
