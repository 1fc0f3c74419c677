"""Blobs to a folder and back, a few at a time, each hashed on its way."""

import hashlib
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from pathlib import Path

from shared.events import Registry
from shared.kernel.blob_stores import BlobBackend
from shared.kernel.errors import NotFound
from shared.kernel.work import as_ready

_AT_ONCE = 8
_CONTENT = re.compile(r"/([0-9a-f]{2})/\1[0-9a-f]{62}$")
ANSWERS = "owners/"  # of models, which several courses may use


def blob_folders(known: Registry) -> tuple[str, ...]:
    """Where the contents of aggregates lie."""
    return tuple(f"{aggregate.blobs}/" for aggregate in known.aggregates if aggregate.blobs)


async def copy_blobs(
    source: BlobBackend, target: BlobBackend, keys: Iterable[str]
) -> AsyncIterator[tuple[str, str, int]]:
    """Copy and yield key, hash and size; a blob that goes away meanwhile is passed over."""

    async def copy(key: str) -> tuple[str, str, int] | None:
        try:
            data = await source.get(key)
        except NotFound:
            return None
        await target.put(key, data)
        return key, hashlib.sha256(data).hexdigest(), len(data)

    async for done in as_ready(keys, copy, _AT_ONCE):
        if done is not None:
            yield done


def damaged_of(hashes: Mapping[str, str]) -> list[str]:
    """The keys that say another hash than their bytes have. Files of people are named by ids, and what notes that a
    course used an answer by that of the question.
    """
    return sorted(key for key, sha256 in hashes.items() if _CONTENT.search(key) and not key.endswith(sha256))


async def different(store: BlobBackend, wanted: dict[str, str]) -> list[str]:
    """Keys whose bytes in the store are not those of the hash."""

    async def compare(key: str) -> str | None:
        try:
            data = await store.get(key)
        except NotFound:
            return key
        return None if hashlib.sha256(data).hexdigest() == wanted[key] else key

    return sorted([key async for key in as_ready(wanted, compare, _AT_ONCE) if key is not None])


def write_listing(path: Path, hashes: dict[str, str]) -> None:
    """As `sha256sum -c` reads it, sorted."""
    path.write_text("".join(f"{hashes[key]}  blobs/{key}\n" for key in sorted(hashes)), encoding="utf-8")
