"""Cohorts of an organisation: who teaches and who learns in them, and the batches they are divided into."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Column, DateTime, ForeignKeyConstraint, Index, Text
from sqlalchemy.dialects.postgresql import JSONB

from shared.classroom.stored import Kept, part_table, root_table, side_of
from shared.event_log.port import Recorded
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
from shared.events.registry import COHORT
from shared.readmodels.base import Changes, Clear, Fact, Put, Row, put, remove


@dataclass(frozen=True, kw_only=True)
class Batch(Kept):
    """A part of a cohort."""

    name: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Cohort(Kept):
    """A cohort; `members` are roles by person, `batches` by id, `courses` how each course opens."""

    org_id: str = ""
    name: str = ""
    members: Mapping[str, CohortRole] = field(default_factory=dict)
    batches: Mapping[str, Batch] = field(default_factory=dict)
    courses: Mapping[str, Drip] = field(default_factory=dict)


def _changed(state: Cohort, recorded: Recorded) -> dict[str, Any]:
    event, changed = recorded.event, dict[str, Any]()
    match event:
        case CohortOpened():
            changed = {"id": event.cohort_id, "org_id": event.org_id, "name": event.name, "created_at": recorded.time}
        case CohortRenamed():
            changed = {"name": event.name}
        case CohortMemberAdded():
            changed = {"members": {**state.members, event.person_id: event.role}}
        case CohortMemberRemoved():
            changed = _without(state, event.person_id)
        case BatchMade() | BatchChanged():
            changed = {"batches": {**state.batches, event.batch_id: _batch(state, event, recorded)}}
        case BatchDeleted():
            changed = {"batches": {one: batch for one, batch in state.batches.items() if one != event.batch_id}}
        case CohortCourseSet():
            changed = {"courses": {**state.courses, event.content_id: event.drip}}
        case CohortCourseRemoved():
            changed = {"courses": {one: drip for one, drip in state.courses.items() if one != event.content_id}}
        case CohortDeleted():
            changed = {"deleted": True}
    return changed


def _batch(state: Cohort, event: BatchMade | BatchChanged, recorded: Recorded) -> Batch:
    known = state.batches.get(event.batch_id)
    created_at = recorded.time if known is None else known.created_at
    return Batch(id=event.batch_id, name=event.name, members=tuple(event.members), created_at=created_at)


def _without(state: Cohort, person_id: str) -> dict[str, object]:
    """A person who leaves a cohort leaves its batches."""
    batches = {
        one: replace(batch, members=tuple(member for member in batch.members if member != person_id))
        for one, batch in state.batches.items()
    }
    return {"members": {one: role for one, role in state.members.items() if one != person_id}, "batches": batches}


cohorts = root_table(
    "cohorts", "cohort_id", Column("org_id", Text, nullable=False), Column("name", Text, nullable=False)
)  # fmt: skip
Index(None, cohorts.c.org_id)
cohort_members = part_table(
    "cohort_members", cohorts, ("person_id",),
    Column("role", Text, nullable=False),
    Column("joined_at", DateTime(timezone=True), nullable=False),
)  # fmt: skip
Index(None, cohort_members.c.person_id)
cohort_batches = part_table(
    "cohort_batches", cohorts, ("batch_id",),
    Column("name", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)  # fmt: skip
Index(None, cohort_batches.c.batch_id)
cohort_batch_members = part_table(
    "cohort_batch_members", cohorts, ("batch_id", "person_id"),
    ForeignKeyConstraint(
        ["cohort_id", "batch_id"], [cohort_batches.c.cohort_id, cohort_batches.c.batch_id], ondelete="CASCADE"
    ),
)  # fmt: skip
cohort_courses = part_table(
    "cohort_courses", cohorts, ("content_id",),
    Column("drip", JSONB, nullable=False),
)  # fmt: skip
Index(None, cohort_courses.c.content_id)


def _below(fact: Fact) -> Changes:
    event, state = fact.recorded.event, fact.state
    match event:
        case CohortMemberAdded():
            row = {"cohort_id": event.cohort_id, "person_id": event.person_id, "role": event.role}
            return put(cohort_members, {**row, "joined_at": fact.recorded.time})
        case CohortMemberRemoved():
            in_batches = [
                {"cohort_id": event.cohort_id, "batch_id": one, "person_id": event.person_id} for one in state.batches
            ]
            left = remove(cohort_members, [{"cohort_id": event.cohort_id, "person_id": event.person_id}])
            return *left, *remove(cohort_batch_members, in_batches)
        case BatchMade() | BatchChanged():
            batch = {"cohort_id": event.cohort_id, "batch_id": event.batch_id, "name": event.name}
            created_at = state.batches[event.batch_id].created_at
            return *put(cohort_batches, {**batch, "created_at": created_at}), *_batch_members(state)
        case CohortCourseSet():
            row = {"cohort_id": event.cohort_id, "content_id": event.content_id}
            drip = event.drip.model_dump(mode="json")
            return put(cohort_courses, {**row, "drip": drip})
        case CohortCourseRemoved():
            return remove(cohort_courses, [{"cohort_id": event.cohort_id, "content_id": event.content_id}])
        case BatchDeleted():
            return remove(cohort_batches, [{"cohort_id": event.cohort_id, "batch_id": event.batch_id}])
        case _:
            return ()


def _batch_members(state: Cohort) -> Changes:
    """All rows of the cohort's batches anew: the rows that a change took away are not known."""
    rows: list[Row] = [
        {"cohort_id": state.id, "batch_id": one, "person_id": member}
        for one, batch in state.batches.items()
        for member in batch.members
    ]
    return (Clear(cohort_batch_members), Put(cohort_batch_members, tuple(rows)))


COHORT_SIDE = side_of(
    COHORT, Cohort(), _changed, cohorts,
    (cohort_members, cohort_batches, cohort_batch_members, cohort_courses), _below,
)  # fmt: skip
