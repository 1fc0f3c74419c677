"""Batches, the parts of a cohort."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query

from services.classroom.api.calls import Anybody, Parts, Posting, Services, SignedIn
from services.classroom.api.cohorts import run_cohort, seen_cohort
from services.classroom.api.shapes import (
    BatchBody,
    BatchChangeBody,
    BatchDetailView,
    BatchView,
    CohortMemberView,
    DoneView,
    Id,
    IdView,
    UserBatchView,
)
from services.classroom.asked import new_id
from services.classroom.decisions import cohorts
from services.classroom.queries import (
    find_batch,
    find_places,
    list_batches,
    list_batches_of,
    list_cohort_members,
)
from services.classroom.rights import Caller, may_read_batches, may_read_cohort, may_run_cohort, seen_places
from services.classroom.rows import Record
from shared.classroom.cohorts import COHORT_SIDE
from shared.kernel.errors import NotFound
from shared.web.strict_json import StrictBodies

router = APIRouter(prefix="/batches", tags=["batches"], route_class=StrictBodies)


async def _seen(services: Services, caller: Caller, batch_id: str) -> Record:
    """A batch whose cohort the caller may read. Raises NotFound."""
    async with services.reading() as connection:
        found = await find_batch(connection, batch_id)
    if found is None:
        raise NotFound("Batch not found")
    try:
        may_read_cohort(caller, found["cohort_id"], found["org_id"])
    except NotFound as error:
        raise NotFound("Batch not found") from error
    return found


@router.get("/")
async def list_all_batches(cohort_id: Annotated[Id, Query()], caller: Anybody, services: Parts) -> list[BatchView]:
    """The batches of a cohort."""
    async with services.reading() as connection:
        found = await seen_cohort(connection, caller, cohort_id)
        may_read_batches(caller, cohort_id, found["org_id"])
        return [BatchView(**one) for one in await list_batches(connection, cohort_id)]


@router.post("/")
async def create_batch(body: BatchBody, caller: Posting, services: Parts) -> IdView:
    """Make a batch of members of a cohort."""
    await run_cohort(services, caller, body.cohort_id)
    batch_id = new_id()
    make = partial(
        cohorts.make_batch, batch_id=batch_id, name=body.name, members=body.user_ids, by=caller.person_id
    )  # fmt: skip
    await services.commands.carry_out(COHORT_SIDE, body.cohort_id, make)
    return IdView(id=batch_id)


@router.get("/user/{user_id}/cohort/{cohort_id}")
async def list_user_batches(user_id: Id, cohort_id: Id, caller: SignedIn, services: Parts) -> list[UserBatchView]:
    """The batches of a cohort that a person is in."""
    async with services.reading() as connection:
        await seen_cohort(connection, caller, cohort_id)
        seen = seen_places(caller, user_id, await find_places(connection, user_id))
        if cohort_id not in seen.is_in:
            return []
        return [UserBatchView(**one) for one in await list_batches_of(connection, user_id, cohort_id)]


@router.get("/{batch_id}")
async def show_batch(batch_id: Id, caller: Anybody, services: Parts) -> BatchDetailView:
    """A batch with its members."""
    found = dict(await _seen(services, caller, batch_id))
    may_read_batches(caller, found["cohort_id"], found.pop("org_id"))
    async with services.reading() as connection:
        members = await list_cohort_members(connection, found["cohort_id"], batch_id)
    return BatchDetailView(**found, members=[CohortMemberView(**one) for one in members])


@router.put("/{batch_id}")
async def change_batch(batch_id: Id, body: BatchChangeBody, caller: SignedIn, services: Parts) -> BatchDetailView:
    """Give it another name, and change who is in it."""
    found = await _seen(services, caller, batch_id)
    may_run_cohort(caller, found["cohort_id"], found["org_id"])
    change = partial(
        cohorts.change_batch, batch_id=batch_id, name=body.name, added=body.members_added,
        removed=body.members_removed, by=caller.person_id,
    )  # fmt: skip
    await services.commands.carry_out(COHORT_SIDE, found["cohort_id"], change)
    await services.commands.come_up()
    return await show_batch(batch_id, caller, services)


@router.delete("/{batch_id}")
async def delete_batch(batch_id: Id, caller: SignedIn, services: Parts) -> DoneView:
    """Delete it; its members stay in the cohort."""
    found = await _seen(services, caller, batch_id)
    may_run_cohort(caller, found["cohort_id"], found["org_id"])
    delete = partial(cohorts.delete_batch, batch_id=batch_id, by=caller.person_id)
    await services.commands.carry_out(COHORT_SIDE, found["cohort_id"], delete)
    return DoneView()
