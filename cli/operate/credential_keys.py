"""A new key for tokens of private repositories and model keys of schools: each is opened and sealed anew, by the
operator alone.
"""

import asyncio
import base64
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

from cli.operate.access import Target
from services.gateway.credentials.tables import credentials
from shared.classroom.model_keys import bound_to, org_model_keys
from shared.kernel.disk import write_private
from shared.kernel.errors import PermanentError
from shared.sources.credentials import CredentialAsked
from shared.sources.sealed_tokens import OpeningKeys, new_private_key
from shared.sources.secret_keys import parse_keys

_KEYS_OF_ORGS = select(org_model_keys).where(org_model_keys.c.sealed.is_not(None)).with_for_update()


def rotate(target: Target, file: Path) -> dict[str, Any]:
    """Rotate the keys: the new sealing key, the number of tokens and model keys that were sealed, and the ids of all
    keys that are kept. After an interruption nothing is lost: run it again.
    """
    return asyncio.run(_rotate(target.require_database(), file))


async def _rotate(database_url: str, file: Path) -> dict[str, Any]:
    engine = create_async_engine(database_url, hide_parameters=True)
    try:
        async with engine.begin() as connection:
            # A token that comes in meanwhile is sealed with a key that stays in the file.
            rows = (await connection.execute(select(credentials).with_for_update())).all()
            of_orgs = (await connection.execute(_KEYS_OF_ORGS)).all()
            keys = OpeningKeys(_with_new_key(_read(file), {row.key_id for row in (*rows, *of_orgs)}))
            _write(file, keys.keys)
            sealing = keys.sealing
            for row in rows:
                about = CredentialAsked(owner=row.owner, credential_id=row.credential_id, host=row.host)
                sealed = sealing.seal(keys.open(row.key_id, row.sealed, about), about)
                change = credentials.update().where(credentials.c.credential_id == row.credential_id)
                await connection.execute(change.values(key_id=sealing.id, sealed=sealed))
            for row in of_orgs:
                bound = bound_to(row.org_id)
                sealed = sealing.seal(keys.open(row.key_id, row.sealed, bound), bound)
                change = org_model_keys.update().where(org_model_keys.c.org_id == row.org_id)
                await connection.execute(change.values(key_id=sealing.id, sealed=sealed))
    finally:
        await engine.dispose()
    return {
        "sealing_key": f"{sealing.id}:{_encoded(sealing.key)}",
        "sealed": len(rows) + len(of_orgs),
        "keys": list(keys.keys),
    }


def _with_new_key(before: Mapping[str, bytes], used: set[str]) -> Mapping[str, bytes]:
    """A new key first, then the keys that still seal something, and the key that was first before: gateways seal with
    it until they are restarted.
    """
    current = next(iter(before), "")
    newest = max((int(name[1:]) for name in before if name[:1] == "k" and name[1:].isdigit()), default=0)
    kept = {name: key for name, key in before.items() if name in used or name == current}
    return {f"k{newest + 1}": new_private_key(), **kept}


def _read(file: Path) -> Mapping[str, bytes]:
    if not file.exists():
        return {}
    try:
        return parse_keys(file.read_text(encoding="utf-8"), str(file))
    except ValueError as error:
        raise PermanentError(f"{file} holds no keys: {error}", code="file_refused") from error


def _write(file: Path, keys: Mapping[str, bytes]) -> None:
    """In one step, and for its owner alone; the owner of a file that is there stays."""
    owner = file.stat() if file.exists() else None
    write_private(file, "".join(f"{name}:{_encoded(key)}\n" for name, key in keys.items()))
    if owner is not None and (owner.st_uid, owner.st_gid) != (os.geteuid(), os.getegid()):
        os.chown(file, owner.st_uid, owner.st_gid)


def _encoded(key: bytes) -> str:
    return base64.b64encode(key).decode()
