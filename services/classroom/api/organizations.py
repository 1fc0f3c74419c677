"""Organisations, those who run them, and their API keys."""

from functools import partial

from fastapi import APIRouter
from sqlalchemy import RowMapping

from services.classroom.api.calls import Anybody, Parts, Posting, SignedIn, digest_of, new_key
from services.classroom.api.people_known import know_people
from services.classroom.api.shapes import (
    ApiKeyBody,
    ApiKeyView,
    DoneView,
    EmailsBody,
    Id,
    IdView,
    ModelKeyBody,
    ModelKeyView,
    NameBody,
    NewApiKeyView,
    OrgBody,
    OrgDetailView,
    OrgMemberView,
    OrgView,
    SpentView,
    UserIdsBody,
)
from services.classroom.asked import new_id
from services.classroom.course_queries import list_all_courses
from services.classroom.decisions import cohorts, contents, learners, orgs
from services.classroom.learner_queries import list_learners
from services.classroom.queries import (
    find_org,
    list_cohort_members,
    list_cohorts,
    list_keys,
    list_org_members,
    list_orgs,
)
from services.classroom.rights import may_list, may_own_org, may_read_org, may_run_org, must_be_self
from shared.classroom.cohorts import COHORT_SIDE
from shared.classroom.contents import CONTENT_SIDE
from shared.classroom.learners import LEARNER_SIDE, learner_of
from shared.classroom.model_budget import list_spending
from shared.classroom.model_keys import find_model_key, forget_model_key, put_model_key
from shared.classroom.orgs import ORG_SIDE
from shared.kernel.errors import NotFound, PermanentError
from shared.kernel.refusals import Refusal, Refused
from shared.web.strict_json import StrictBodies

router = APIRouter(prefix="/organizations", tags=["organizations"], route_class=StrictBodies)


@router.post("/")
async def create_organization(body: OrgBody, caller: Posting, services: Parts) -> IdView:
    """Found an organisation; the caller becomes its owner."""
    if body.user_id is not None:
        must_be_self(caller, body.user_id)
    org_id = new_id()
    async with services.commands.alone(f"slug {body.slug}"):
        await services.commands.come_up()
        async with services.reading() as connection:
            found = await find_org(connection, slug=body.slug)
        if found is not None and found["id"] != org_id:
            detail = "An organization with this slug exists already"
            raise Refused(Refusal(400, "slug_taken", detail, pointer="/slug"))
        begin = partial(orgs.found, org_id=org_id, name=body.name, slug=body.slug, by=caller.person_id)
        await services.commands.carry_out(ORG_SIDE, org_id, begin)
    return IdView(id=org_id)


@router.get("/")
async def list_organizations(caller: Anybody, services: Parts) -> list[OrgView]:
    """The organisations that the caller may see."""
    mine = {*caller.runs, *(org for org, _ in caller.is_in.values()), *filter(None, [caller.key_of])}
    async with services.reading() as connection:
        return [OrgView(**one) for one in await list_orgs(connection, mine)]


@router.get("/slug/{slug}")
async def show_organization_by_slug(slug: str, caller: Anybody, services: Parts) -> OrgDetailView:
    """One by its slug."""
    async with services.reading() as connection:
        found = await find_org(connection, slug=slug)
    may_read_org(caller, "" if found is None else found["id"])
    return OrgDetailView(**(found or {}))


@router.get("/{org_id}")
async def show_organization(org_id: Id, caller: Anybody, services: Parts) -> OrgDetailView:
    """One by its id."""
    may_read_org(caller, org_id)
    async with services.reading() as connection:
        found = await find_org(connection, org_id=org_id)
    if found is None:
        raise NotFound("Organization not found")
    return OrgDetailView(**found)


@router.put("/{org_id}")
async def rename_organization(org_id: Id, body: NameBody, caller: SignedIn, services: Parts) -> DoneView:
    """Give it another name."""
    may_run_org(caller, org_id)
    await services.commands.carry_out(ORG_SIDE, org_id, partial(orgs.rename, name=body.name, by=caller.person_id))
    return DoneView()


@router.delete("/{org_id}")
async def delete_organization(org_id: Id, caller: SignedIn, services: Parts) -> DoneView:
    """Delete it with its cohorts, its courses and what was done in them. Those go first, so a call that was cut off
    is sent again.
    """
    may_own_org(caller, org_id)
    await services.commands.come_up()
    async with services.reading() as connection:
        below = [one["id"] for one in await list_cohorts(connection, org_id)]
        courses = await list_all_courses(connection, org_id)
        # Those who did nothing yet, too: an answer in this instant would begin a history that nobody deletes.
        members = [one["id"] for cohort in below for one in await list_cohort_members(connection, cohort)]
        works = {*await list_learners(connection, org_id=org_id), *(learner_of(one, org_id) for one in members)}
    for cohort_id in below:
        await services.commands.carry_out(COHORT_SIDE, cohort_id, partial(cohorts.delete, by=caller.person_id))
    for course_id in courses:
        await services.commands.carry_out(CONTENT_SIDE, course_id, partial(contents.erase, by=caller.person_id))
    for learner_id in sorted(works):
        await services.commands.carry_out(LEARNER_SIDE, learner_id, partial(learners.erase, learner_id=learner_id))
    await services.commands.carry_out(ORG_SIDE, org_id, partial(orgs.delete, by=caller.person_id))
    return DoneView()


@router.post("/{org_id}/members")
async def add_organization_members(org_id: Id, body: EmailsBody, caller: Posting, services: Parts) -> DoneView:
    """Add people as admins; who is not known becomes a user."""
    may_run_org(caller, org_id)
    people = dict.fromkeys((await know_people(services, body.emails, caller.person_id)).values())
    await services.commands.carry_out(ORG_SIDE, org_id, partial(orgs.add_admins, people=people, by=caller.person_id))
    return DoneView()


@router.delete("/{org_id}/members")
async def remove_organization_members(org_id: Id, body: UserIdsBody, caller: SignedIn, services: Parts) -> DoneView:
    """Take people away from those who run it."""
    may_run_org(caller, org_id)
    remove = partial(orgs.remove_members, people=dict.fromkeys(body.user_ids), by=caller.person_id)
    await services.commands.carry_out(ORG_SIDE, org_id, remove)
    return DoneView()


@router.get("/{org_id}/members")
async def list_organization_members(org_id: Id, caller: Anybody, services: Parts) -> list[OrgMemberView]:
    """Who runs it."""
    may_list(caller, org_id, "members:read")
    async with services.reading() as connection:
        return [OrgMemberView(**one) for one in await list_org_members(connection, org_id)]


@router.post("/{org_id}/api_keys")
async def create_api_key(org_id: Id, body: ApiKeyBody, caller: SignedIn, services: Parts) -> NewApiKeyView:
    """Make a key for a program. The answer is the only place where it stands."""
    may_run_org(caller, org_id)
    key, key_id, scopes = new_key(org_id), new_id(), sorted(set(body.scopes))
    issue = partial(
        orgs.issue_key, key_id=key_id, name=body.name, digest=digest_of(key), scopes=scopes, by=caller.person_id
    )  # fmt: skip
    await services.commands.carry_out(ORG_SIDE, org_id, issue)
    return NewApiKeyView(id=key_id, name=body.name, scopes=scopes, api_key=key)


@router.get("/{org_id}/api_keys")
async def list_api_keys(org_id: Id, caller: SignedIn, services: Parts) -> list[ApiKeyView]:
    """The keys that open something."""
    may_run_org(caller, org_id)
    async with services.reading() as connection:
        return [ApiKeyView(**one) for one in await list_keys(connection, org_id)]


@router.delete("/{org_id}/api_keys/{key_id}")
async def revoke_api_key(org_id: Id, key_id: Id, caller: SignedIn, services: Parts) -> DoneView:
    """Have a key open nothing any more."""
    may_run_org(caller, org_id)
    revoke = partial(orgs.revoke_key, key_id=key_id, by=caller.person_id)
    await services.commands.carry_out(ORG_SIDE, org_id, revoke)
    return DoneView()


@router.put("/{org_id}/openai_api_key")
async def keep_model_key(org_id: Id, body: ModelKeyBody, caller: SignedIn, services: Parts) -> ModelKeyView:
    """Have the organisation pay for models by its own key, or try them. The key is never shown again."""
    may_own_org(caller, org_id)
    sealing = services.settings.sealing_key
    if sealing is None:
        message = "This server keeps no keys yet: its operator has to set CREDENTIAL_SEALING_KEY"
        raise PermanentError(message, code="credentials_not_configured")
    sent = body.encrypted_openai_api_key
    api_key = None if sent is None else sent.get_secret_value()
    async with services.engine.begin() as connection:
        await put_model_key(connection, sealing, org_id, api_key, is_free_trial=body.is_free_trial)
        return _shown(await find_model_key(connection, org_id))


@router.get("/{org_id}/openai_api_key")
async def show_model_key(org_id: Id, caller: SignedIn, services: Parts) -> ModelKeyView:
    """The end of the key, where there is one."""
    may_own_org(caller, org_id)
    async with services.engine.connect() as connection:
        return _shown(await find_model_key(connection, org_id))


@router.delete("/{org_id}/openai_api_key")
async def forget_key_of_models(org_id: Id, caller: SignedIn, services: Parts) -> DoneView:
    """Remove the key, and the trial."""
    may_own_org(caller, org_id)
    async with services.engine.begin() as connection:
        await connection.execute(forget_model_key(org_id))
    return DoneView()


@router.get("/{org_id}/model_spending")
async def list_model_spending(org_id: Id, caller: SignedIn, services: Parts) -> list[SpentView]:
    """What models cost in this month, by conversation: the dearest thousand."""
    may_run_org(caller, org_id)
    async with services.engine.connect() as connection:
        return [SpentView(**one) for one in await list_spending(connection, org_id)]


def _shown(found: RowMapping | None) -> ModelKeyView:
    return ModelKeyView() if found is None else ModelKeyView(**found)
