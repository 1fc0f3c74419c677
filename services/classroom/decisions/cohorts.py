"""What may be decided on a cohort. That the caller runs its organisation was looked at before."""

from collections.abc import Collection, Mapping

from services.classroom.decisions import Decision
from shared.classroom.cohorts import Cohort
from shared.events.classroom import (
    BatchChanged,
    BatchDeleted,
    BatchMade,
    CohortCourseRemoved,
    CohortCourseSet,
    CohortDeleted,
    CohortMemberAdded,
    CohortMemberRemoved,
    CohortOpened,
    CohortRenamed,
    CohortRole,
    Drip,
)
from shared.kernel.refusals import Refusal

_GONE = Refusal(404, "not_found", "Cohort not found")
_NO_BATCH = Refusal(404, "not_found", "Batch not found")


def open_one(cohort: Cohort, cohort_id: str, org_id: str, name: str, by: str) -> Decision:
    """A new cohort of an organisation."""
    opened = CohortOpened(cohort_id=cohort_id, org_id=org_id, name=name, by=by)
    return Refusal(409, "exists", "There is such a cohort") if cohort.created_at else (opened,)


def rename(cohort: Cohort, name: str, by: str) -> Decision:
    """Another name."""
    if not cohort.exists:
        return _GONE
    return () if cohort.name == name else (CohortRenamed(cohort_id=cohort.id, name=name, by=by),)


def add_members(cohort: Cohort, people: Mapping[str, CohortRole], running: Collection[str], by: str) -> Decision:
    """People with their roles; the whole call is refused for one. `running`: people who run the organisation."""
    if not cohort.exists:
        return _GONE
    if not people.keys().isdisjoint(running):
        return Refusal(400, "admin_in_cohort", "Cannot add an admin to the cohort", pointer="/emails")
    if not people.keys().isdisjoint(cohort.members):
        return Refusal(400, "already_members", "Some users are already in the cohort", pointer="/emails")
    return tuple(
        CohortMemberAdded(cohort_id=cohort.id, person_id=one, role=role, by=by) for one, role in people.items()
    )


def remove_members(cohort: Cohort, people: Collection[str], by: str) -> Decision:
    """People who leave the cohort and its batches; the whole call is refused for one who is not in it."""
    if not cohort.exists:
        return _GONE
    if not cohort.members.keys() >= set(people):
        return Refusal(400, "not_members", "Some users are not in the cohort", pointer="/member_ids")
    return tuple(CohortMemberRemoved(cohort_id=cohort.id, person_id=one, by=by) for one in people)


def delete(cohort: Cohort, by: str) -> Decision:
    """The cohort with its batches."""
    return (CohortDeleted(cohort_id=cohort.id, by=by),) if cohort.exists else _GONE


def make_batch(cohort: Cohort, batch_id: str, name: str, members: Collection[str], by: str) -> Decision:
    """A part of the cohort."""
    if not cohort.exists:
        return _GONE
    made = BatchMade(cohort_id=cohort.id, batch_id=batch_id, name=name, members=list(dict.fromkeys(members)), by=by)
    return _strangers(cohort, members, "/user_ids") or (made,)


def change_batch(
    cohort: Cohort, batch_id: str, name: str, added: Collection[str], removed: Collection[str], by: str
) -> Decision:
    """Another name, and members who came and went."""
    batch = cohort.batches.get(batch_id)
    if not cohort.exists or batch is None:
        return _NO_BATCH
    if refusal := _strangers(cohort, added, "/members_added"):
        return refusal
    members = [one for one in dict.fromkeys((*batch.members, *added)) if one not in removed]
    if (batch.name, list(batch.members)) == (name, members):
        return ()
    return (BatchChanged(cohort_id=cohort.id, batch_id=batch_id, name=name, members=members, by=by),)


def delete_batch(cohort: Cohort, batch_id: str, by: str) -> Decision:
    """The batch; its members stay in the cohort."""
    if not cohort.exists or batch_id not in cohort.batches:
        return _NO_BATCH
    return (BatchDeleted(cohort_id=cohort.id, batch_id=batch_id, by=by),)


def set_courses(cohort: Cohort, courses: Collection[str], drip: Drip, by: str) -> Decision:
    """Courses that the cohort has from now on, or that open otherwise. They are of its organisation."""
    if not cohort.exists:
        return _GONE
    return tuple(
        CohortCourseSet(cohort_id=cohort.id, content_id=one, drip=drip, by=by)
        for one in dict.fromkeys(courses)
        if cohort.courses.get(one) != drip
    )


def remove_courses(cohort: Cohort, courses: Collection[str], by: str) -> Decision:
    """Courses that the cohort has no more; what was learnt stays."""
    if not cohort.exists:
        return _GONE
    if not cohort.courses.keys() >= set(courses):
        return Refusal(400, "not_there", "Some courses are not in the cohort", pointer="/course_ids")
    return tuple(CohortCourseRemoved(cohort_id=cohort.id, content_id=one, by=by) for one in dict.fromkeys(courses))


def _strangers(cohort: Cohort, people: Collection[str], pointer: str) -> Refusal | None:
    if cohort.members.keys() >= set(people):
        return None
    return Refusal(400, "not_members", "Some users are not in the cohort", pointer=pointer)
