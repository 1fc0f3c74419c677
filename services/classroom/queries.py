"""What the API reads from the tables. A person who was deleted is in no answer, whoever still names the id."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.classroom.rights import Caller, Places
from services.classroom.rows import Record, every, one_of
from shared.classroom.cohorts import cohort_batch_members, cohort_batches, cohort_members, cohorts
from shared.classroom.orgs import org_api_keys, org_members, orgs
from shared.classroom.people import Identity, person_files, person_identities, persons

_PERSON = (persons.c.email, persons.c.first_name, persons.c.middle_name, persons.c.last_name)


async def find_caller(connection: AsyncConnection, person_id: str, began: datetime | None = None) -> Caller | None:
    """A person with its places; None for one who is not there, or whose session of `began` was ended."""
    one = persons.c
    person = await one_of(connection, select(one.sessions_ended).where(one.person_id == person_id))
    if person is None:
        return None
    if began is not None and person["sessions_ended"] is not None and began <= person["sessions_ended"]:
        return None
    run, member = org_members.c, cohort_members.c
    runs = await every(connection, select(run.org_id, run.role).where(run.person_id == person_id))
    query = select(member.cohort_id, cohorts.c.org_id, member.role).where(member.person_id == person_id)
    is_in = await every(connection, query.join(cohorts, cohorts.c.cohort_id == member.cohort_id))
    return Caller(
        person_id,
        {row["org_id"]: row["role"] for row in runs},
        {row["cohort_id"]: (row["org_id"], row["role"]) for row in is_in},
    )


async def find_key(connection: AsyncConnection, org_id: str, digest: str) -> Caller | None:
    """The program with this key of an organisation."""
    key = org_api_keys.c
    found = await one_of(connection, select(key.scopes).where(key.org_id == org_id, key.digest == digest))
    return None if found is None else Caller(key_of=org_id, scopes=tuple(found["scopes"]))


async def find_places(connection: AsyncConnection, person_id: str) -> Places:
    """Where a person is."""
    caller = await find_caller(connection, person_id) or Caller()
    return Places(frozenset(caller.runs), {one: org for one, (org, _) in caller.is_in.items()})


async def find_person(connection: AsyncConnection, person_id: str) -> Record | None:
    """A user."""
    shown = (
        persons.c.person_id.label("id"),
        *_PERSON,
        persons.c.default_dp_color,
        persons.c.time_zone,
        persons.c.created_at,
    )
    return await one_of(connection, select(*shown).where(persons.c.person_id == person_id))


async def find_by_identity(connection: AsyncConnection, identity: Identity) -> str | None:
    """The person who signs in so."""
    one = person_identities.c
    query = select(one.person_id).where(one.issuer == identity[0], one.subject == identity[1])
    found = await one_of(connection, query.order_by(one.person_id))
    return None if found is None else str(found["person_id"])


async def find_file(connection: AsyncConnection, file_id: str) -> Record | None:
    """Whose a file is, and of which type."""
    one = person_files.c
    return await one_of(connection, select(one.person_id, one.media_type).where(one.file_id == file_id))


async def has_signed_in(connection: AsyncConnection, person_id: str) -> bool:
    """Whether a person has an identity, and did not only get added."""
    one = person_identities.c
    return await one_of(connection, select(one.issuer).where(one.person_id == person_id)) is not None


async def find_by_emails(connection: AsyncConnection, emails: Collection[str]) -> dict[str, str]:
    """Persons by their addresses."""
    query = select(persons.c.email, persons.c.person_id).where(persons.c.email.in_(emails))
    found = await every(connection, query.order_by(persons.c.person_id.desc()))
    return {row["email"]: row["person_id"] for row in found}


async def list_orgs(connection: AsyncConnection, ids: Collection[str]) -> list[Record]:
    """Organisations by id, the oldest first."""
    query = select(orgs.c.org_id.label("id"), orgs.c.name, orgs.c.slug).where(orgs.c.org_id.in_(ids))
    return await every(connection, query.order_by(orgs.c.created_at, orgs.c.org_id))


async def find_org(connection: AsyncConnection, *, org_id: str = "", slug: str = "") -> Record | None:
    """One of them, by its id or its slug."""
    which = orgs.c.org_id == org_id if org_id else orgs.c.slug == slug
    shown = (orgs.c.org_id.label("id"), orgs.c.slug, orgs.c.name, orgs.c.logo_color)
    return await one_of(connection, select(*shown).where(which).order_by(orgs.c.created_at))


async def list_org_members(connection: AsyncConnection, org_id: str) -> list[Record]:
    """Who runs it."""
    member = org_members.c
    query = select(member.person_id.label("id"), persons.c.email, member.role)
    query = query.join(persons, persons.c.person_id == member.person_id).where(member.org_id == org_id)
    return await every(connection, query.order_by(member.role.desc(), persons.c.email))


async def list_keys(connection: AsyncConnection, org_id: str) -> list[Record]:
    """The keys that open something, without what opens."""
    key = org_api_keys.c
    query = select(key.key_id.label("id"), key.name, key.scopes).where(key.org_id == org_id)
    return await every(connection, query.order_by(key.key_id))


async def list_cohorts(connection: AsyncConnection, org_id: str) -> list[Record]:
    """The cohorts of an organisation, the newest first."""
    query = select(cohorts.c.cohort_id.label("id"), cohorts.c.name).where(cohorts.c.org_id == org_id)
    return await every(connection, query.order_by(cohorts.c.created_at.desc(), cohorts.c.cohort_id.desc()))


async def find_cohort(connection: AsyncConnection, cohort_id: str) -> Record | None:
    """A cohort without its members."""
    query = select(cohorts.c.cohort_id.label("id"), cohorts.c.org_id, cohorts.c.name)
    return await one_of(connection, query.where(cohorts.c.cohort_id == cohort_id))


async def list_cohort_members(connection: AsyncConnection, cohort_id: str, batch_id: str | None = None) -> list[Record]:
    """The members of a cohort, or of one of its batches, as they joined."""
    member = cohort_members.c
    query = select(member.person_id.label("id"), member.role, *_PERSON)
    query = query.join(persons, persons.c.person_id == member.person_id).where(member.cohort_id == cohort_id)
    if batch_id is not None:
        query = query.where(_is_in_batch(batch_id))
    return await every(connection, query.order_by(member.joined_at, persons.c.email))


def _is_in_batch(batch_id: str) -> ColumnElement[bool]:
    one, member = cohort_batch_members.c, cohort_members.c
    return member.person_id.in_(
        select(one.person_id).where(one.cohort_id == member.cohort_id, one.batch_id == batch_id).scalar_subquery()
    )


async def list_places(connection: AsyncConnection, person_id: str) -> tuple[list[Record], list[Record]]:
    """The organisations a person runs, and its cohorts with their organisation."""
    runs = select(orgs.c.org_id.label("id"), orgs.c.name, org_members.c.role)
    runs = runs.join(org_members, org_members.c.org_id == orgs.c.org_id).where(org_members.c.person_id == person_id)
    member = cohort_members.c
    is_in = select(
        cohorts.c.cohort_id.label("id"), cohorts.c.name, cohorts.c.org_id, orgs.c.name.label("org_name"),
        member.role, member.joined_at,
    )  # fmt: skip
    is_in = is_in.join(cohort_members, member.cohort_id == cohorts.c.cohort_id)
    is_in = is_in.join(orgs, orgs.c.org_id == cohorts.c.org_id).where(member.person_id == person_id)
    by_age = orgs.c.created_at, orgs.c.org_id
    return (
        await every(connection, runs.order_by(*by_age)),
        await every(connection, is_in.order_by(member.joined_at, cohorts.c.cohort_id)),
    )


async def list_batches(connection: AsyncConnection, cohort_id: str) -> list[Record]:
    """The batches of a cohort, the oldest first."""
    batch = cohort_batches.c
    query = select(batch.batch_id.label("id"), batch.name).where(batch.cohort_id == cohort_id)
    return await every(connection, query.order_by(batch.created_at, batch.batch_id))


async def find_batch(connection: AsyncConnection, batch_id: str) -> Record | None:
    """A batch without its members, and the organisation of its cohort."""
    batch = cohort_batches.c
    query = select(batch.batch_id.label("id"), batch.name, batch.cohort_id, cohorts.c.org_id)
    query = query.join(cohorts, cohorts.c.cohort_id == batch.cohort_id)
    return await one_of(connection, query.where(batch.batch_id == batch_id))


async def list_batches_of(connection: AsyncConnection, person_id: str, cohort_id: str) -> list[Record]:
    """The batches a person is in, with its role in the cohort."""
    one, batch, member = cohort_batch_members.c, cohort_batches.c, cohort_members.c
    query = (
        select(batch.batch_id, batch.name, member.role)
        .join_from(cohort_batch_members, cohort_batches, batch.batch_id == one.batch_id)
        .join(cohort_members, and_(member.cohort_id == one.cohort_id, member.person_id == one.person_id))
        .where(one.cohort_id == cohort_id, one.person_id == person_id)
    )
    return await every(connection, query.order_by(batch.created_at, batch.batch_id))
