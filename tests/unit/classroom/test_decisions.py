"""Given what happened, when somebody asks for something, then this follows."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from services.classroom.decisions import cohorts, orgs, people
from shared.classroom.cohorts import COHORT_SIDE
from shared.classroom.orgs import ORG_SIDE
from shared.classroom.people import PERSON_SIDE
from shared.event_log.port import Recorded
from shared.events import Event
from shared.events.classroom import (
    ApiKeyIssued,
    ApiKeyRevoked,
    BatchChanged,
    BatchDeleted,
    BatchMade,
    CohortDeleted,
    CohortMemberAdded,
    CohortMemberRemoved,
    CohortOpened,
    CohortRenamed,
    IdentityLinked,
    OrgDeleted,
    OrgFounded,
    OrgMemberAdded,
    OrgMemberRemoved,
    OrgRenamed,
    PersonAdded,
    PersonDeleted,
    PersonNamed,
)
from shared.kernel.refusals import Refusal

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SIDES = {side.aggregate.prefix: side for side in (PERSON_SIDE, ORG_SIDE, COHORT_SIDE)}

ADDED = PersonAdded(person_id="p", email="ada@school.example", by="")
NAMED = PersonNamed(person_id="p", first_name="Ada", default_dp_color="#111111")
GOOGLE = ("https://accounts.google.com", "1")
LINKED = IdentityLinked(person_id="p", issuer=GOOGLE[0], subject=GOOGLE[1])
FOUNDED = OrgFounded(org_id="o", name="School", slug="school", logo_color="#111111", by="owner")
ADMIN = OrgMemberAdded(org_id="o", person_id="admin", role="admin", by="owner")
KEY = ApiKeyIssued(org_id="o", key_id="k", name="reports", digest="d", scopes=["members:read"], by="owner")
OPENED = CohortOpened(cohort_id="c", org_id="o", name="Autumn", by="owner")
LEARNER = CohortMemberAdded(cohort_id="c", person_id="p", role="learner", by="owner")
BATCH = BatchMade(cohort_id="c", batch_id="b", name="Mornings", members=["p"], by="owner")


def given(side: str, *events: Event) -> Any:
    """The state after these events; each of them is heard twice, which changes nothing."""
    state = SIDES[side].begin
    for seq, event in enumerate(events, 1):
        recorded = Recorded(event, f"{seq}", seq, NOW)
        state = SIDES[side].evolve(state, recorded)
        assert SIDES[side].evolve(state, recorded) is state
    return state


SIGN_IN = partial(people.sign_in, person_id="p", identity=GOOGLE, given_name="Ada King", family_name="L.")

CASES: dict[str, tuple[Sequence[Event], Any, tuple[Event, ...]]] = {
    "the first sign-in links and names": (
        (ADDED,),
        SIGN_IN,
        (
            LINKED,
            PersonNamed(
                person_id="p",
                first_name="Ada",
                middle_name="King",
                last_name="L.",
                default_dp_color=people.color_of("p"),
            ),
        ),
    ),
    "a later sign-in changes nothing": ((ADDED, LINKED, NAMED), SIGN_IN, ()),
    "an issuer more is linked and the name stays": ((ADDED, NAMED), SIGN_IN, (LINKED,)),
    "the same name is not written again": (
        (ADDED, NAMED),
        partial(people.rename, first_name="Ada", middle_name="", last_name=None, default_dp_color=None),
        (),
    ),
    "another name keeps the colour": (
        (ADDED, NAMED),
        partial(people.rename, first_name="Eve", middle_name=None, last_name="X", default_dp_color=None),
        (PersonNamed(person_id="p", first_name="Eve", last_name="X", default_dp_color="#111111"),),
    ),
    "a person deletes itself": ((ADDED,), partial(people.delete, by="p"), (PersonDeleted(person_id="p", by="p"),)),
    "an organization is renamed by an admin": (
        (FOUNDED, ADMIN),
        partial(orgs.rename, name="New", by="admin"),
        (OrgRenamed(org_id="o", name="New", by="admin"),),
    ),
    "the same name of an organization is not written again": (
        (FOUNDED,),
        partial(orgs.rename, name="School", by="owner"),
        (),
    ),
    "admins are added together": (
        (FOUNDED,),
        partial(orgs.add_admins, people=["a", "b"], by="owner"),
        tuple(OrgMemberAdded(org_id="o", person_id=one, role="admin", by="owner") for one in "ab"),
    ),
    "an admin leaves": (
        (FOUNDED, ADMIN),
        partial(orgs.remove_members, people=["admin"], by="admin"),
        (OrgMemberRemoved(org_id="o", person_id="admin", by="admin"),),
    ),
    "a key is issued": (
        (FOUNDED,),
        partial(orgs.issue_key, key_id="k", name="reports", digest="d", scopes=["members:read"], by="owner"),
        (KEY,),
    ),
    "a key is revoked": (
        (FOUNDED, KEY),
        partial(orgs.revoke_key, key_id="k", by="owner"),
        (ApiKeyRevoked(org_id="o", key_id="k", by="owner"),),
    ),
    "an organization is deleted": ((FOUNDED,), partial(orgs.delete, by="owner"), (OrgDeleted(org_id="o", by="owner"),)),
    "a cohort is renamed": (
        (OPENED,),
        partial(cohorts.rename, name="Spring", by="owner"),
        (CohortRenamed(cohort_id="c", name="Spring", by="owner"),),
    ),
    "members are added with their roles": (
        (OPENED,),
        partial(cohorts.add_members, people={"p": "learner"}, running={"owner"}, by="owner"),
        (LEARNER,),
    ),
    "a member leaves": (
        (OPENED, LEARNER),
        partial(cohorts.remove_members, people=["p"], by="owner"),
        (CohortMemberRemoved(cohort_id="c", person_id="p", by="owner"),),
    ),
    "a batch of members is made": (
        (OPENED, LEARNER),
        partial(cohorts.make_batch, batch_id="b", name="Mornings", members=["p", "p"], by="owner"),
        (BATCH,),
    ),
    "a batch changes": (
        (OPENED, LEARNER, BATCH),
        partial(cohorts.change_batch, batch_id="b", name="Evenings", added=[], removed=["p"], by="owner"),
        (BatchChanged(cohort_id="c", batch_id="b", name="Evenings", members=[], by="owner"),),
    ),
    "a batch that stays as it is is not written again": (
        (OPENED, LEARNER, BATCH),
        partial(cohorts.change_batch, batch_id="b", name="Mornings", added=["p"], removed=[], by="owner"),
        (),
    ),
    "a batch is deleted": (
        (OPENED, LEARNER, BATCH),
        partial(cohorts.delete_batch, batch_id="b", by="owner"),
        (BatchDeleted(cohort_id="c", batch_id="b", by="owner"),),
    ),
    "a cohort is deleted": (
        (OPENED,),
        partial(cohorts.delete, by="owner"),
        (CohortDeleted(cohort_id="c", by="owner"),),
    ),
}

GONE = PersonDeleted(person_id="p", by="p")
OWNER = OrgMemberAdded(org_id="o", person_id="second", role="owner", by="owner")
REFUSED: dict[str, tuple[str, Sequence[Event], Any, tuple[int, str]]] = {
    "a person who is gone does not sign in": (
        "person",
        (ADDED, GONE),
        SIGN_IN,
        (401, "unauthenticated"),
    ),
    "a deletion of oneself sent again": (
        "person",
        (ADDED, GONE),
        partial(people.delete, by="p"),
        (401, "unauthenticated"),
    ),
    "a deletion of somebody who is gone": ("person", (ADDED, GONE), partial(people.delete, by="q"), (404, "not_found")),
    "nobody else renames": ("org", (FOUNDED,), partial(orgs.rename, name="New", by="eve"), (403, "admins_only")),
    "nobody else issues a key": (
        "org",
        (FOUNDED,),
        partial(orgs.issue_key, key_id="k", name="", digest="", scopes=[], by="eve"),
        (403, "admins_only"),
    ),
    "an admin who left is nobody": (
        "org",
        (FOUNDED, ADMIN, OrgMemberRemoved(org_id="o", person_id="admin", by="owner")),
        partial(orgs.rename, name="New", by="admin"),
        (403, "admins_only"),
    ),
    "one who is in the team": (
        "org",
        (FOUNDED, ADMIN),
        partial(orgs.add_admins, people=["x", "admin"], by="owner"),
        (400, "already_members"),
    ),
    "one who is not in the team": (
        "org",
        (FOUNDED,),
        partial(orgs.remove_members, people=["x"], by="owner"),
        (400, "not_members"),
    ),
    "the last owner stays": (
        "org",
        (FOUNDED, ADMIN),
        partial(orgs.remove_members, people=["owner"], by="owner"),
        (409, "last_owner"),
    ),
    "all owners at once stay": (
        "org",
        (FOUNDED, OWNER),
        partial(orgs.remove_members, people=["owner", "second"], by="owner"),
        (409, "last_owner"),
    ),
    "an admin removes no owner": (
        "org",
        (FOUNDED, OWNER, ADMIN),
        partial(orgs.remove_members, people=["owner"], by="admin"),
        (403, "owners_only"),
    ),
    "an admin does not delete": ("org", (FOUNDED, ADMIN), partial(orgs.delete, by="admin"), (403, "owners_only")),
    "a key that is gone": ("org", (FOUNDED,), partial(orgs.revoke_key, key_id="k", by="owner"), (404, "not_found")),
    "an organization that is gone": (
        "org",
        (FOUNDED, OrgDeleted(org_id="o", by="owner")),
        partial(orgs.rename, name="x", by="owner"),
        (404, "not_found"),
    ),
    "an admin in a cohort": (
        "cohort",
        (OPENED,),
        partial(cohorts.add_members, people={"x": "learner", "owner": "mentor"}, running={"owner"}, by="owner"),
        (400, "admin_in_cohort"),
    ),
    "a member twice": (
        "cohort",
        (OPENED, LEARNER),
        partial(cohorts.add_members, people={"x": "learner", "p": "mentor"}, running=(), by="owner"),
        (400, "already_members"),
    ),
    "one who is not in the cohort leaves": (
        "cohort",
        (OPENED, LEARNER),
        partial(cohorts.remove_members, people=["p", "x"], by="owner"),
        (400, "not_members"),
    ),
    "a stranger in a batch": (
        "cohort",
        (OPENED, LEARNER),
        partial(cohorts.make_batch, batch_id="b", name="B", members=["p", "x"], by="owner"),
        (400, "not_members"),
    ),
    "a batch that is gone": (
        "cohort",
        (OPENED,),
        partial(cohorts.delete_batch, batch_id="b", by="owner"),
        (404, "not_found"),
    ),
    "a cohort that is gone": (
        "cohort",
        (OPENED, CohortDeleted(cohort_id="c", by="owner")),
        partial(cohorts.rename, name="x", by="owner"),
        (404, "not_found"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_given_when_then(name: str) -> None:
    events, when, then = CASES[name]
    prefix = events[0].prefix
    assert when(given(prefix, *events)) == then


@pytest.mark.parametrize("name", REFUSED)
def test_refusals(name: str) -> None:
    prefix, events, when, then = REFUSED[name]
    refusal = when(given(prefix, *events))
    assert isinstance(refusal, Refusal)
    assert (refusal.status, refusal.code) == then


def test_who_leaves_a_cohort_leaves_its_batches() -> None:
    left = CohortMemberRemoved(cohort_id="c", person_id="p", by="owner")
    state = given("cohort", OPENED, LEARNER, BATCH, left)
    assert (dict(state.members), state.batches["b"].members) == ({}, ())
