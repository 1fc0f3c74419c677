"""Credentials in the database. No query for a user reads what is sealed."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.credentials.tables import credentials

MOST_CREDENTIALS = 100  # of one owner
_USE_IS_NOTED_EVERY = timedelta(minutes=1)
_SHOWN = [column for column in credentials.c if column.name not in {"sealed", "owner"}]


async def create_credential(connection: AsyncConnection, values: Mapping[str, Any]) -> str:
    """Insert it; the reason when it cannot be: `too_many_credentials`, `name_taken`, or "" for done."""
    owner = values["owner"]
    # Of two at the same moment one waits for the other, and sees it.
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"credentials:{owner}", 0))))
    names = (await connection.scalars(select(credentials.c.name).where(credentials.c.owner == owner))).all()
    if len(names) >= MOST_CREDENTIALS:
        return "too_many_credentials"
    if values["name"] in names:
        return "name_taken"
    await connection.execute(credentials.insert().values(**values))
    return ""


async def list_credentials(connection: AsyncConnection, owner: str) -> Sequence[Row[Any]]:
    """The owner's credentials, oldest first."""
    order = credentials.c.created_at, credentials.c.credential_id
    return (await connection.execute(select(*_SHOWN).where(credentials.c.owner == owner).order_by(*order))).all()


async def find_credential(connection: AsyncConnection, owner: str, credential_id: str) -> Row[Any] | None:
    """The owner's credential, or None."""
    return (await connection.execute(select(*_SHOWN).where(*_is(owner, credential_id)))).one_or_none()


async def replace_token(
    connection: AsyncConnection, owner: str, credential_id: str, key_id: str, sealed: bytes
) -> None:
    """Put another token in its place, which no host has refused yet."""
    values = {"key_id": key_id, "sealed": sealed, "revoked_at": None}
    await connection.execute(credentials.update().where(*_is(owner, credential_id)).values(**values))


async def delete_credential(connection: AsyncConnection, owner: str, credential_id: str) -> None:
    """Take it away with its token."""
    await connection.execute(credentials.delete().where(*_is(owner, credential_id)))


async def take_sealed(connection: AsyncConnection, owner: str, credential_id: str) -> Any:
    """Host, user name, key id and sealed token, for the process that opens it; None without one. The use is noted."""
    wanted = (credentials.c.host, credentials.c.username, credentials.c.key_id, credentials.c.sealed)
    found = (await connection.execute(select(*wanted).where(*_is(owner, credential_id)))).one_or_none()
    if found is not None:
        unnoted = or_(
            credentials.c.last_used_at.is_(None), credentials.c.last_used_at < func.now() - _USE_IS_NOTED_EVERY
        )
        noted = credentials.update().where(*_is(owner, credential_id), unnoted)
        await connection.execute(noted.values(last_used_at=func.now()))
    return found


async def note_revoked(connection: AsyncConnection, owner: str, credential_id: str) -> None:
    """The host refuses the token."""
    change = credentials.update().where(*_is(owner, credential_id), credentials.c.revoked_at.is_(None))
    await connection.execute(change.values(revoked_at=func.now()))


def _is(owner: str, credential_id: str) -> tuple[Any, ...]:
    return credentials.c.owner == owner, credentials.c.credential_id == credential_id
