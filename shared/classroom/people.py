"""Persons: an e-mail address, names, and the identities they sign in with."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Column, DateTime, Index, Table, Text

from shared.classroom.stored import Kept, below, loading, root_table, row_of
from shared.event_log.port import Recorded
from shared.events.classroom import IdentityLinked, PersonAdded, PersonDeleted, PersonNamed, SessionsEnded
from shared.events.registry import PERSON
from shared.readmodels.base import METADATA, Changes, Fact, put
from shared.readmodels.defects import defects_table
from shared.readmodels.side import ReadSide

Identity = tuple[str, str]


@dataclass(frozen=True)
class Person(Kept):
    """A person; each identity is an issuer and a subject of it."""

    email: str = ""
    first_name: str | None = None
    middle_name: str | None = None
    last_name: str | None = None
    default_dp_color: str = ""
    time_zone: str | None = None
    identities: tuple[Identity, ...] = ()
    sessions_ended: datetime | None = None


def evolve(state: Person, recorded: Recorded) -> Person:
    """The person after one more event."""
    if recorded.seq <= state.seq or state.deleted:
        return state
    event, changed = recorded.event, dict[str, Any]()
    match event:
        case PersonAdded():
            changed = {"id": event.person_id, "email": event.email, "created_at": recorded.time}
        case PersonNamed():
            changed = event.model_dump(exclude={"person_id"})
        case IdentityLinked():
            changed = {"identities": (*state.identities, (event.issuer, event.subject))}
        case SessionsEnded():
            changed = {"sessions_ended": event.at}
        case PersonDeleted():
            changed = {"deleted": True}
    return replace(state, **changed, seq=recorded.seq)


persons = root_table(
    "persons", "person_id",
    Column("email", Text, nullable=False),
    Column("first_name", Text),
    Column("middle_name", Text),
    Column("last_name", Text),
    Column("default_dp_color", Text, nullable=False),
    Column("time_zone", Text),
    Column("sessions_ended", DateTime(timezone=True)),
)  # fmt: skip
Index(None, persons.c.email)
person_identities = Table(
    "person_identities",
    METADATA,
    Column("person_id", Text, primary_key=True),
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),
    below(persons),
)
Index(None, person_identities.c.issuer, person_identities.c.subject)
person_defects = defects_table("person_defects", METADATA, "person_id")

_SHOWN = ("email", "first_name", "middle_name", "last_name", "default_dp_color", "time_zone", "sessions_ended")


def _save(state: Person) -> Changes:
    return put(persons, {"person_id": state.id, **{name: getattr(state, name) for name in _SHOWN}, **row_of(state)})


def _identities(fact: Fact) -> Changes:
    match fact.recorded.event:
        case IdentityLinked() as linked:
            return put(person_identities, linked.model_dump())
        case _:
            return ()


PERSON_SIDE = ReadSide(
    aggregate=PERSON,
    tables=(persons, person_identities, person_defects),
    defects=person_defects,
    begin=Person(),
    evolve=evolve,
    load=loading(persons, Person),
    save=_save,
    projections=(_identities,),
)
