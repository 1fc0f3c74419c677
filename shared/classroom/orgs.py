"""Organisations: who runs them, and the keys with which programs read them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Column, Index, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from shared.classroom.stored import Kept, below, loading, root_table, row_of
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
from shared.readmodels.base import METADATA, Changes, Fact, put, remove
from shared.readmodels.defects import defects_table
from shared.readmodels.side import ReadSide


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


def evolve(state: Org, recorded: Recorded) -> Org:
    """The organisation after one more event."""
    if recorded.seq <= state.seq or state.deleted:
        return state
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
    return replace(state, **changed, seq=recorded.seq)


orgs = root_table(
    "orgs", "org_id",
    Column("name", Text, nullable=False),
    Column("slug", Text, nullable=False),
    Column("logo_color", Text, nullable=False),
)  # fmt: skip
Index(None, orgs.c.slug)
org_members = Table(
    "org_members",
    METADATA,
    Column("org_id", Text, primary_key=True),
    Column("person_id", Text, primary_key=True),
    Column("role", Text, nullable=False),
    below(orgs),
)
Index(None, org_members.c.person_id)
org_api_keys = Table(
    "org_api_keys",
    METADATA,
    Column("org_id", Text, primary_key=True),
    Column("key_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("scopes", JSONB, nullable=False),
    below(orgs),
)
org_scorecards = Table(
    "org_scorecards",
    METADATA,
    Column("org_id", Text, primary_key=True),
    Column("scorecard_id", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("criteria", JSONB, nullable=False),
    below(orgs),
)
Index(None, org_scorecards.c.scorecard_id)
org_defects = defects_table("org_defects", METADATA, "org_id")


def _save(state: Org) -> Changes:
    shown = {"org_id": state.id, "name": state.name, "slug": state.slug, "logo_color": state.logo_color}
    return put(orgs, {**shown, **row_of(state)})


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


ORG_SIDE = ReadSide(
    aggregate=ORG,
    tables=(orgs, org_members, org_api_keys, org_scorecards, org_defects),
    defects=org_defects,
    begin=Org(),
    evolve=evolve,
    load=loading(orgs, Org),
    save=_save,
    projections=(_below,),
)
