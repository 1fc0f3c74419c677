"""What may be decided on an organisation. Each decision asks for the role of the caller `by`, as the log has it."""

from collections.abc import Collection, Sequence

from services.classroom.decisions import Decision
from services.classroom.decisions.people import color_of
from shared.classroom.orgs import Org
from shared.events.classroom import (
    ApiKeyIssued,
    ApiKeyRevoked,
    Criterion,
    OrgDeleted,
    OrgFounded,
    OrgMemberAdded,
    OrgMemberRemoved,
    OrgRenamed,
    Scope,
    ScorecardWritten,
)
from shared.kernel.refusals import Refusal


def found(org: Org, org_id: str, name: str, slug: str, by: str) -> Decision:
    """A new organisation, whose owner is the caller."""
    founded = OrgFounded(org_id=org_id, name=name, slug=slug, logo_color=color_of(org_id), by=by)
    return Refusal(409, "exists", "There is such an organization") if org.created_at else (founded,)


def rename(org: Org, name: str, by: str) -> Decision:
    """Another name."""
    return not_run_by(org, by) or (() if org.name == name else (OrgRenamed(org_id=org.id, name=name, by=by),))


def add_admins(org: Org, people: Collection[str], by: str) -> Decision:
    """People who run the organisation from now on; the whole call is refused when one of them does already."""
    if refusal := not_run_by(org, by):
        return refusal
    if not org.members.keys().isdisjoint(people):
        return Refusal(400, "already_members", "Some users are already added to the team", pointer="/emails")
    return tuple(OrgMemberAdded(org_id=org.id, person_id=one, role="admin", by=by) for one in people)


def remove_members(org: Org, people: Collection[str], by: str) -> Decision:
    """People who run the organisation no more. Only an owner removes an owner, and one owner stays."""
    if refusal := not_run_by(org, by):
        return refusal
    if not org.members.keys() >= set(people):
        return Refusal(400, "not_members", "Some users are not in the team", pointer="/user_ids")
    owners = {one for one, role in org.members.items() if role == "owner"}
    if owners & set(people) and by not in owners:
        return Refusal(403, "owners_only", "Only an owner removes an owner")
    if owners <= set(people):
        return Refusal(409, "last_owner", "An organization keeps at least one owner")
    return tuple(OrgMemberRemoved(org_id=org.id, person_id=one, by=by) for one in people)


def issue_key(org: Org, key_id: str, name: str, digest: str, scopes: Sequence[Scope], by: str) -> Decision:
    """A key for a program."""
    issued = ApiKeyIssued(org_id=org.id, key_id=key_id, name=name, digest=digest, scopes=[*scopes], by=by)
    return not_run_by(org, by) or (issued,)


def revoke_key(org: Org, key_id: str, by: str) -> Decision:
    """A key that opens nothing from now on."""
    if refusal := not_run_by(org, by):
        return refusal
    if key_id not in org.keys:
        return Refusal(404, "not_found", "API key not found")
    return (ApiKeyRevoked(org_id=org.id, key_id=key_id, by=by),)


def write_scorecard(
    org: Org, scorecard_id: str, title: str, criteria: Sequence[Criterion], by: str, *, is_new: bool = False
) -> Decision:
    """A scorecard, or what one says from now on."""
    if refusal := not_run_by(org, by):
        return refusal
    if not is_new and scorecard_id not in org.scorecards:
        return Refusal(404, "not_found", "Scorecard not found")
    return (ScorecardWritten(org_id=org.id, scorecard_id=scorecard_id, title=title, criteria=[*criteria], by=by),)


def delete(org: Org, by: str) -> Decision:
    """The organisation; its cohorts are deleted before."""
    if refusal := not_run_by(org, by):
        return refusal
    if org.members[by] != "owner":
        return Refusal(403, "owners_only", "Only an owner deletes an organization")
    return (OrgDeleted(org_id=org.id, by=by),)


def not_run_by(org: Org, by: str) -> Refusal | None:
    """The refusal for a caller who is neither owner nor admin; None for one who is."""
    if not org.exists:
        return Refusal(404, "not_found", "Organization not found")
    if by not in org.members:
        return Refusal(403, "admins_only", "Only an owner or an admin of the organization does this")
    return None
