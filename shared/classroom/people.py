"""Persons: an e-mail address, names, and the identities they sign in with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, DateTime, Index, Text

from shared.classroom.stored import Kept, part_table, root_table, side_of
from shared.event_log.port import Recorded
from shared.events.classroom import FileNamed, IdentityLinked, PersonAdded, PersonDeleted, PersonNamed, SessionsEnded
from shared.events.registry import PERSON
from shared.readmodels.base import Changes, Fact, put

Identity = tuple[str, str]


def file_key(person_id: str, name: str) -> str:
    """Where a file of a person lies in the blob store."""
    return f"{PERSON.blobs}/{person_id}/{name}"


def heard_key(person_id: str, file_id: str) -> str:
    """Where the words of a recording lie, beside it. They go with the folder of its person, too."""
    return file_key(person_id, f"heard-{file_id}")


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
    files: int = 0


def _changed(state: Person, recorded: Recorded) -> dict[str, Any]:
    event, changed = recorded.event, dict[str, Any]()
    match event:
        case PersonAdded():
            changed = {"id": event.person_id, "email": event.email, "created_at": recorded.time}
        case PersonNamed():
            changed = event.model_dump(exclude={"person_id"})
        case IdentityLinked():
            changed = {"identities": (*state.identities, (event.issuer, event.subject))}
        case FileNamed():
            changed = {"files": state.files + 1}
        case SessionsEnded():
            changed = {"sessions_ended": event.at}
        case PersonDeleted():
            changed = {"deleted": True}
    return changed


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
person_identities = part_table(
    "person_identities",
    persons,
    ("issuer", "subject"),
)
Index(None, person_identities.c.issuer, person_identities.c.subject)
person_files = part_table(
    "person_files", persons, ("file_id",),
    Column("media_type", Text, nullable=False),
)  # fmt: skip
Index(None, person_files.c.file_id)


def _below(fact: Fact) -> Changes:
    match fact.recorded.event:
        case IdentityLinked() as linked:
            return put(person_identities, linked.model_dump())
        case FileNamed() as named:
            return put(person_files, named.model_dump())
        case _:
            return ()


PERSON_SIDE = side_of(PERSON, Person(), _changed, persons, (person_identities, person_files), _below)
