"""Who may see and do what. Pure: a caller, as the tables have it, and one rule for each kind of thing.

A thing that a caller may not see is not there (404). A thing that a caller sees and may not change is refused (403).
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from shared.events.classroom import CohortRole, OrgRole, Scope
from shared.kernel.errors import NotFound
from shared.kernel.refusals import Refusal, Refused

CourseRole = Literal["admin", "mentor", "learner"]


@dataclass(frozen=True)
class Caller:
    """A person who signed in, or a program with the key of an organisation (`key_of`; `person_id` is empty then).

    `runs`: the organisations the person runs. `is_in`: cohorts the person is a member of, with their organisation.
    """

    person_id: str = ""
    runs: Mapping[str, OrgRole] = field(default_factory=dict)
    is_in: Mapping[str, tuple[str, CohortRole]] = field(default_factory=dict)
    key_of: str | None = None
    scopes: Collection[Scope] = ()


def may_read_org(caller: Caller, org_id: str) -> None:
    """Its name: for those who run it or are in a cohort of it, and for its keys."""
    if org_id not in {*caller.runs, caller.key_of, *(org for org, _ in caller.is_in.values())}:
        raise NotFound("Organization not found")


def may_run_org(caller: Caller, org_id: str) -> None:
    """All that owners and admins do; what an owner alone does the decision looks at."""
    may_read_org(caller, org_id)
    if org_id not in caller.runs:
        raise Refused(Refusal(403, "admins_only", "Only an owner or an admin of the organization does this"))


def may_own_org(caller: Caller, org_id: str) -> None:
    """What concerns its money, and its end."""
    may_run_org(caller, org_id)
    if caller.runs[org_id] != "owner":
        raise Refused(Refusal(403, "owners_only", "Only an owner of the organization does this"))


def may_list(caller: Caller, org_id: str, scope: Scope) -> None:
    """Lists of an organisation: for those who run it, and for a key with the scope."""
    if caller.key_of == org_id and scope not in caller.scopes:
        raise Refused(Refusal(403, "scope_missing", f"The key lacks the scope {scope}"))
    if caller.key_of != org_id:
        may_run_org(caller, org_id)


def may_read_cohort(caller: Caller, cohort_id: str, org_id: str) -> None:
    """For those who run its organisation, its mentors and learners, and a key with the scope."""
    if caller.key_of == org_id:
        may_list(caller, org_id, "cohorts:read")
    elif org_id not in caller.runs and cohort_id not in caller.is_in:
        raise NotFound("Cohort not found")


def may_run_cohort(caller: Caller, cohort_id: str, org_id: str) -> None:
    """For those who run its organisation."""
    may_read_cohort(caller, cohort_id, org_id)
    if org_id not in caller.runs:
        raise Refused(Refusal(403, "admins_only", "Only an owner or an admin of the organization does this"))


def sees_all_members(caller: Caller, cohort_id: str, org_id: str) -> bool:
    """A learner sees the mentors and nobody else of the cohort; all others see everybody."""
    return org_id in {*caller.runs, caller.key_of} or caller.is_in[cohort_id][1] == "mentor"


def may_read_batches(caller: Caller, cohort_id: str, org_id: str) -> None:
    """For those who see all members of the cohort."""
    may_read_cohort(caller, cohort_id, org_id)
    if not sees_all_members(caller, cohort_id, org_id):
        raise Refused(
            Refusal(403, "mentors_only", "Only a mentor, an owner or an admin sees batches and figures of a cohort")
        )


def course_role(caller: Caller, org_id: str, ways: Collection[CohortRole]) -> CourseRole:
    """What the caller is in a course of an organisation: `ways` are the roles in its cohorts that lead to the course. A
    key with the scope reads what an admin does.
    """
    if caller.key_of == org_id:
        may_list(caller, org_id, "courses:read")
    if org_id in {*caller.runs, caller.key_of}:
        return "admin"
    if not ways:
        raise NotFound("Course not found")
    return "mentor" if "mentor" in ways else "learner"


@dataclass(frozen=True)
class Places:
    """Where a person is: the organisations it runs, and its cohorts with their organisation."""

    runs: Collection[str]
    is_in: Mapping[str, str]


def seen_places(caller: Caller, person_id: str, places: Places) -> Places:
    """What a caller sees of where a person is: of itself everything, else what lies in an organisation that the caller
    runs and in a cohort that the caller teaches. Raises NotFound for a person the caller does not see at all.
    """
    if caller.person_id == person_id:
        return places
    taught = {cohort for cohort, (_, role) in caller.is_in.items() if role == "mentor"}
    runs = {org for org in places.runs if org in caller.runs}
    is_in = {cohort: org for cohort, org in places.is_in.items() if org in caller.runs or cohort in taught}
    if not runs and not is_in:
        raise NotFound("User not found")
    return Places(runs, is_in)


def may_run_code(caller: Caller) -> None:
    """For those who are in a school: whoever can sign in may be a stranger."""
    if not (caller.runs or caller.is_in):
        raise Refused(Refusal(403, "members_only", "Only members of a school run programs"))


def must_be_self(caller: Caller, person_id: str) -> None:
    """Of a person that is seen: what only the person itself may do."""
    if caller.person_id != person_id:
        raise Refused(Refusal(403, "not_yourself", "A user does this for itself alone"))
