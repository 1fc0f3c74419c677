"""Table `app.org_model_keys`: the model key of an organisation, sealed, and whether it is on the free trial.

The log does not hold it, so it is backed up and never rebuilt. Whoever keeps it has the public key alone. The process
that asks the model for a learner opens it with `open_model_access`, and has CREDENTIAL_KEYS_FILE and the right to read
this table for that.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Delete, LargeBinary, RowMapping, Table, Text, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.readmodels.base import APP_METADATA
from shared.sources.credentials import CredentialAsked
from shared.sources.sealed_tokens import OpeningKeys, SealingKey

_SHOWN = 4

org_model_keys = Table(
    "org_model_keys",
    APP_METADATA,
    Column("org_id", Text, primary_key=True),
    Column("key_id", Text),
    Column("sealed", LargeBinary),
    Column("last_four", Text),
    Column("is_free_trial", Boolean, nullable=False),
    Column("changed_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
_one = org_model_keys.c


@dataclass(frozen=True)
class ModelAccess:
    """How a model is paid for an organisation: by its own key, which no budget of the operator bounds; on the free
    trial by the operator's key within the budget of a trial; else as the operator pays for everybody.
    """

    api_key: str | None = None
    is_free_trial: bool = False


def bound_to(org_id: str) -> CredentialAsked:
    """What a key is sealed for: in the row of another organisation it does not open."""
    return CredentialAsked(owner=f"organization {org_id}", credential_id="model_key", host="")


async def put_model_key(
    connection: AsyncConnection, sealing: SealingKey, org_id: str, api_key: str | None, *, is_free_trial: bool
) -> None:
    """Keep it in place of what was there. Without a key there is the trial alone."""
    values: dict[str, Any] = {"key_id": None, "sealed": None, "last_four": None, "is_free_trial": is_free_trial}
    if api_key is not None:
        sealed = sealing.seal(api_key, bound_to(org_id))
        values |= {"key_id": sealing.id, "sealed": sealed, "last_four": api_key[-_SHOWN:]}
    made = insert(org_model_keys).values(org_id=org_id, **values)
    again = made.on_conflict_do_update(index_elements=[_one.org_id], set_={**values, "changed_at": func.now()})
    await connection.execute(again)


async def find_model_key(connection: AsyncConnection, org_id: str) -> RowMapping | None:
    """What may be shown of it."""
    query = select(_one.last_four, _one.is_free_trial, _one.changed_at).where(_one.org_id == org_id)
    return (await connection.execute(query)).mappings().one_or_none()


async def open_model_access(connection: AsyncConnection, keys: OpeningKeys, org_id: str) -> ModelAccess:
    """For the process that asks the model. Raises PermanentError for a key that cannot be opened any more."""
    query = select(_one.key_id, _one.sealed, _one.is_free_trial).where(_one.org_id == org_id)
    found = (await connection.execute(query)).one_or_none()
    if found is None:
        return ModelAccess()
    api_key = None if found.sealed is None else keys.open(found.key_id, found.sealed, bound_to(org_id))
    return ModelAccess(api_key, found.is_free_trial)


def forget_model_key(org_id: str) -> Delete:
    """The key goes with its organisation."""
    return org_model_keys.delete().where(_one.org_id == org_id)
