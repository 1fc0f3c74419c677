"""Users, and where they are."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.ext.asyncio import AsyncConnection

from services.classroom.api.calls import EXPECTED, Parts, SignedIn
from services.classroom.api.course_shapes import UserCourseView
from services.classroom.api.shapes import (
    BatchView,
    DoneView,
    Id,
    UserCohortView,
    UserOrgCohortView,
    UserOrgView,
    UserView,
)
from services.classroom.course_queries import list_cohort_courses, list_courses
from services.classroom.decisions import cohorts, learners, orgs, people
from services.classroom.learner_queries import is_time_zone, list_learners
from services.classroom.queries import (
    find_cohort,
    find_person,
    find_places,
    has_signed_in,
    list_batches_of,
    list_cohorts,
    list_places,
)
from services.classroom.rights import Caller, Places, may_read_cohort, may_read_org, must_be_self, seen_places
from shared.classroom.cohorts import COHORT_SIDE
from shared.classroom.learners import LEARNER_SIDE, learner_of
from shared.classroom.orgs import ORG_SIDE
from shared.classroom.people import PERSON_SIDE
from shared.kernel.errors import NotFound
from shared.kernel.refusals import Refused, invalid
from shared.web.strict_json import StrictBodies
from shared.web.tokens import Unauthenticated

router = APIRouter(prefix="/users", tags=["users"], route_class=StrictBodies)

_Name = Annotated[str, Query(min_length=1, max_length=255, pattern=r"\S")]
_MaybeName = Annotated[str | None, Query(max_length=255)]


async def _seen(connection: AsyncConnection, caller: Caller, user_id: str) -> Places:
    """See seen_places."""
    return seen_places(caller, user_id, await find_places(connection, user_id))


@router.get("/{user_id}")
async def show_user(user_id: Id, caller: SignedIn, services: Parts) -> UserView:
    """A person: the caller, or somebody in a school the caller runs or a cohort the caller teaches."""
    async with services.reading() as connection:
        await _seen(connection, caller, user_id)
        person = await find_person(connection, user_id)
    if person is None:
        raise Unauthenticated(EXPECTED) if user_id == caller.person_id else NotFound("User not found")
    return UserView(**person)


@router.put("/{user_id}")
async def rename_user(
    user_id: Id, caller: SignedIn, services: Parts, first_name: _Name | None = None,
    middle_name: _MaybeName = None, last_name: _MaybeName = None,
    default_dp_color: Annotated[str | None, Query(pattern=r"^#[0-9A-Fa-f]{3,8}$")] = None,
    time_zone: Annotated[str | None, Query(max_length=64)] = None,
) -> UserView:  # fmt: skip
    """The names, the colour and the time zone of the caller. What is left out stays; an empty name is taken away."""
    async with services.reading() as connection:
        await _seen(connection, caller, user_id)
        is_known = time_zone is None or await is_time_zone(connection, time_zone)
    must_be_self(caller, user_id)
    if not is_known:
        raise Refused(invalid("query/time_zone", "The tz database has no such time zone"))
    rename = partial(
        people.rename, first_name=first_name, middle_name=middle_name, last_name=last_name,
        default_dp_color=default_dp_color, time_zone=time_zone,
    )  # fmt: skip
    await services.commands.carry_out(PERSON_SIDE, user_id, rename)
    await services.commands.come_up()
    return await show_user(user_id, caller, services)


@router.delete("/{user_id}")
async def delete_user(user_id: Id, caller: SignedIn, services: Parts) -> DoneView:
    """Delete the caller with all it did, or somebody who never signed in, whose schools the caller runs all. The person
    leaves its schools and cohorts first, so a call that was cut off is sent again. When the same call is sent again
    and the person is gone, the session is over: the answer is 401.
    """
    async with services.commands.alone(f"person {user_id}"):
        await services.commands.come_up()
        async with services.reading() as connection:
            await _seen(connection, caller, user_id)
            places = await find_places(connection, user_id)
            is_known = await has_signed_in(connection, user_id)
        if is_known or not {*places.runs, *places.is_in.values()} <= caller.runs.keys():
            must_be_self(caller, user_id)
        for org_id in sorted(places.runs):
            leave_org = partial(orgs.remove_members, people=[user_id], by=caller.person_id)
            await services.commands.carry_out(ORG_SIDE, org_id, leave_org)
        for cohort_id in sorted(places.is_in):
            leave = partial(cohorts.remove_members, people=[user_id], by=caller.person_id)
            await services.commands.carry_out(COHORT_SIDE, cohort_id, leave)
        await services.commands.come_up()
        async with services.reading() as connection:
            works = await list_learners(connection, person_id=user_id)
        for learner_id in sorted({*works, *(learner_of(user_id, org_id) for org_id in places.is_in.values())}):
            await services.commands.carry_out(LEARNER_SIDE, learner_id, partial(learners.erase, learner_id=learner_id))
        await services.commands.carry_out(PERSON_SIDE, user_id, partial(people.delete, by=caller.person_id))
    return DoneView()


@router.get("/{user_id}/orgs")
async def list_user_orgs(user_id: Id, caller: SignedIn, services: Parts) -> list[UserOrgView]:
    """The organisations that a person runs."""
    async with services.reading() as connection:
        seen = await _seen(connection, caller, user_id)
        runs, _ = await list_places(connection, user_id)
    return [UserOrgView(**one) for one in runs if one["id"] in seen.runs]


@router.get("/{user_id}/cohorts")
async def list_user_cohorts(user_id: Id, caller: SignedIn, services: Parts) -> list[UserCohortView]:
    """The cohorts that a person is in."""
    async with services.reading() as connection:
        seen = await _seen(connection, caller, user_id)
        _, is_in = await list_places(connection, user_id)
    return [UserCohortView(**one) for one in is_in if one["id"] in seen.is_in]


@router.get("/{user_id}/courses")
async def list_user_courses(user_id: Id, caller: SignedIn, services: Parts) -> list[UserCourseView]:
    """The courses of a person: those of the organisations that it runs, and those of its cohorts."""
    async with services.reading() as connection:
        seen = await _seen(connection, caller, user_id)
        runs, is_in = await list_places(connection, user_id)
        names = {one["id"]: one["name"] for one in runs if one["id"] in seen.runs}
        places = {one["id"]: one for one in is_in if one["id"] in seen.is_in}
        run = {org_id: await list_courses(connection, org_id) for org_id in names}
        learnt = await list_cohort_courses(connection, places)
    found = [
        UserCourseView(**one, role="admin", org={"id": org_id, "name": names[org_id]}, cohort_id=None)
        for org_id, courses in run.items()
        for one in courses
    ]
    for one in learnt:
        cohort = places[one["cohort_id"]]
        org = {"id": cohort["org_id"], "name": cohort["org_name"]}
        found.append(UserCourseView(**{**one, "cohort_id": cohort["id"]}, role=cohort["role"], org=org))
    return found


@router.get("/{user_id}/org/{org_id}/cohorts")
async def list_user_cohorts_of_org(
    user_id: Id, org_id: Id, caller: SignedIn, services: Parts
) -> list[UserOrgCohortView]:
    """The cohorts of one organisation as a person has them: all of them for one who runs it."""
    may_read_org(caller, org_id)
    async with services.reading() as connection:
        seen = await _seen(connection, caller, user_id)
        if org_id in seen.runs:
            return [UserOrgCohortView(**one, role="admin") for one in await list_cohorts(connection, org_id)]
        _, is_in = await list_places(connection, user_id)
        mine = [one for one in is_in if one["id"] in seen.is_in and one["org_id"] == org_id]
        return [UserOrgCohortView(**one, batches=await _batches(connection, user_id, one["id"])) for one in mine]


async def _batches(connection: AsyncConnection, user_id: str, cohort_id: str) -> list[BatchView]:
    found = await list_batches_of(connection, user_id, cohort_id)
    return [BatchView(id=one["batch_id"], name=one["name"]) for one in found]


@router.get("/{user_id}/cohort/{cohort_id}/present")
async def is_user_in_cohort(user_id: Id, cohort_id: Id, caller: SignedIn, services: Parts) -> bool:
    """Whether a person is in a cohort, or runs its organisation."""
    async with services.reading() as connection:
        cohort = await find_cohort(connection, cohort_id)
        if user_id != caller.person_id:  # of itself everybody is told "no", whether there is such a cohort or not
            may_read_cohort(caller, cohort_id, "" if cohort is None else cohort["org_id"])
        seen = await _seen(connection, caller, user_id)
    return cohort is not None and (cohort_id in seen.is_in or cohort["org_id"] in seen.runs)
