"""Scorecards of a school: the criteria by which answers are judged."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query

from services.classroom.api.calls import Parts, Posting, SignedIn
from services.classroom.api.course_shapes import ScorecardBody, ScorecardChangeBody, ScorecardView
from services.classroom.api.seen_courses import scorecard_view
from services.classroom.api.shapes import Id, IdView
from services.classroom.asked import new_id
from services.classroom.course_queries import find_scorecard, list_scorecards
from services.classroom.decisions import orgs
from services.classroom.rights import may_run_org
from shared.classroom.orgs import ORG_SIDE
from shared.kernel.errors import NotFound
from shared.web.strict_json import StrictBodies

router = APIRouter(prefix="/scorecards", tags=["scorecards"], route_class=StrictBodies)


@router.get("/")
async def list_org_scorecards(
    org_id: Annotated[Id, Query()], caller: SignedIn, services: Parts
) -> list[ScorecardView]:  # fmt: skip
    """The scorecards of an organisation."""
    may_run_org(caller, org_id)
    async with services.reading() as connection:
        return [scorecard_view(one) for one in await list_scorecards(connection, org_id)]


@router.post("/")
async def create_scorecard(body: ScorecardBody, caller: Posting, services: Parts) -> IdView:
    """Make a scorecard. It is a draft until a task uses it."""
    may_run_org(caller, body.org_id)
    scorecard_id = new_id()
    write = partial(
        orgs.write_scorecard, scorecard_id=scorecard_id, title=body.title, criteria=body.criteria,
        by=caller.person_id, is_new=True,
    )  # fmt: skip
    await services.commands.carry_out(ORG_SIDE, body.org_id, write)
    return IdView(id=scorecard_id)


@router.put("/{scorecard_id}")
async def change_scorecard(
    scorecard_id: Id, body: ScorecardChangeBody, caller: SignedIn, services: Parts
) -> ScorecardView:  # fmt: skip
    """Have it say something else."""
    async with services.reading() as connection:
        found = await find_scorecard(connection, scorecard_id)
    if found is None or found["org_id"] not in caller.runs:
        raise NotFound("Scorecard not found")
    write = partial(
        orgs.write_scorecard, scorecard_id=scorecard_id, title=body.title, criteria=body.criteria,
        by=caller.person_id,
    )  # fmt: skip
    await services.commands.carry_out(ORG_SIDE, found["org_id"], write)
    await services.commands.come_up()
    async with services.reading() as connection:
        found = await find_scorecard(connection, scorecard_id)
    return scorecard_view(found or {})
