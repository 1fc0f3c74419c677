"""Organisations: who runs them, and the keys with which programs read them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Index, Text
from sqlalchemy.dialects.postgresql import JSONB

from shared.classroom.stored import Kept, part_table, root_table, side_of
from shared.event_log.port import Recorded
from shared.events.classroom import (
    ApiKeyIssued,
    ApiKeyRevoked,
    OrgDeleted,
    OrgFounded,
    OrgMemberAdded,
    OrgMemberRemoved,
    OrgRenamed,
    OrgRole,
    ScorecardWritten,
)
from shared.events.registry import ORG
from shared.readmodels.base import Changes, Fact, put, remove


@dataclass(frozen=True)
class Org(Kept):
    """An organisation; `members` are roles by person, `keys` the ids of keys that open something,
    `scorecards` the ids of its scorecards.
    """

    name: str = ""
    slug: str = ""
    logo_color: str = ""
    members: Mapping[str, OrgRole] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    scorecards: tuple[str, ...] = ()


def _changed(state: Org, recorded: Recorded) -> dict[str, Any]:
    event, changed = recorded.event, dict[str, Any]()
    match event:
        case OrgFounded():
            changed = event.model_dump(include={"name", "slug", "logo_color"})
            changed |= {"id": event.org_id, "created_at": recorded.time, "members": {event.by: "owner"}}
        case OrgRenamed():
            changed = {"name": event.name}
        case OrgMemberAdded():
            changed = {"members": {**state.members, event.person_id: event.role}}
        case OrgMemberRemoved():
            changed = {"members": {one: role for one, role in state.members.items() if one != event.person_id}}
        case ApiKeyIssued():
            changed = {"keys": (*state.keys, event.key_id)}
        case ApiKeyRevoked():
            changed = {"keys": tuple(one for one in state.keys if one != event.key_id)}
        case ScorecardWritten():
            changed = {"scorecards": tuple(dict.fromkeys((*state.scorecards, event.scorecard_id)))}
        case OrgDeleted():
            changed = {"deleted": True}
    return changed


orgs = root_table(
    "orgs", "org_id",
    Column("name", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("logo_color", Text, nullable=False),
)  # fmt: skip
Index(None, orgs.c.slug)
org_members = part_table(
    "org_members", orgs, ("person_id",),
    Column("role", Text, nullable=False),
)  # fmt: skip
Index(None, org_members.c.person_id)
org_api_keys = part_table(
    "org_api_keys", orgs, ("key_id",),
    Column("name", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("scopes", JSONB, nullable=False),
)  # fmt: skip
org_scorecards = part_table(
    "org_scorecards", orgs, ("scorecard_id",),
    Column("title", Text, nullable=False),
    Column("criteria", JSONB, nullable=False),
)  # fmt: skip
Index(None, org_scorecards.c.scorecard_id)


def _below(fact: Fact) -> Changes:
    match fact.recorded.event:
        case OrgFounded(org_id=org_id, by=founder):
            return put(org_members, {"org_id": org_id, "person_id": founder, "role": "owner"})
        case OrgMemberAdded(org_id=org_id, person_id=person_id, role=role):
            return put(org_members, {"org_id": org_id, "person_id": person_id, "role": role})
        case OrgMemberRemoved(org_id=org_id, person_id=person_id):
            return remove(org_members, [{"org_id": org_id, "person_id": person_id}])
        case ApiKeyIssued() as issued:
            return put(org_api_keys, issued.model_dump(exclude={"by"}))
        case ApiKeyRevoked(org_id=org_id, key_id=key_id):
            return remove(org_api_keys, [{"org_id": org_id, "key_id": key_id}])
        case ScorecardWritten() as written:
            return put(org_scorecards, written.model_dump(exclude={"by"}))
        case _:
            return ()


ORG_SIDE = side_of(ORG, Org(), _changed, orgs, (org_members, org_api_keys, org_scorecards), _below)
