"""`coursewright backup`: the order makes it consistent while everything goes on.

Idempotency keys come first: a kept answer never speaks of a course the copied log does not hold. Then the log, as it
is at one moment. Then the blobs: each was stored before the event that names it. Then the other tables of schema
`app`: what an event names is there. A course that is deleted in between takes its blobs away; then it is done again.

What is left to erase is not copied: it would be that of a later moment than the log. A restore finds it by looking.
"""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from nats.aio.client import Client
from nats.js.errors import NotFoundError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from cli.local.own_files import OWN_FILES
from cli.operate.access import Target
from cli.operate.backup.blobs import ANSWERS, blob_folders, copy_blobs, damaged_of, write_listing
from cli.operate.backup.check import Contents, read_back, scratch_server
from cli.operate.backup.manifest import FORMAT, BlobsPart, FilePart, Manifest, StreamPart, file_part
from cli.operate.backup.streams import save_stream
from cli.operate.backup.tables import revision, save_tables
from cli.operate.sessions import database
from services.gateway.erase.erasures import erasures
from shared.event_log.names import DEAD
from shared.event_log.permissions import kept_streams
from shared.event_log.stored import Stored
from shared.events import Registry, subject_pattern
from shared.events.courses import COURSE
from shared.events.registry import REGISTRY
from shared.kernel.blob_stores import FolderBackend
from shared.kernel.blobs import open_backend
from shared.kernel.errors import PermanentError, TransientError
from shared.web.idempotency import idempotency_keys

_TRIES = 3

Say = Callable[[str], None]


class _Changed(Exception):
    """Something was deleted while it was copied."""


async def take(nc: Client, target: Target, folder: Path, say: Say, known: Registry = REGISTRY) -> Manifest:
    """Write a backup into a new or empty folder. Raises PermanentError for a folder in use."""
    if folder.exists() and any(folder.iterdir()):
        raise PermanentError(f"{folder} is not empty; a backup needs a folder of its own")
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    async with database(target.require_database()) as engine:
        for _ in range(_TRIES):
            try:
                return await _copy(nc, engine, target, folder, say, known)
            except _Changed:
                say("something was deleted meanwhile: once more")
                _empty(folder)
            except BaseException:
                _empty(folder)
                raise
        raise TransientError("Something was deleted each time while it was copied; try again later")


async def _copy(nc: Client, engine: AsyncEngine, target: Target, folder: Path, say: Say, known: Registry) -> Manifest:
    tables = await save_tables(engine, folder, lambda name: name == idempotency_keys.name)
    (folder / "log").mkdir()
    copied = {}
    for stream in kept_streams(known):
        say(f"copying stream {stream}")
        copied[stream] = await save_stream(nc, stream, folder / f"log/{stream}.tar.s2")
    say("copying blobs")
    blobs, hashes = await _save_blobs(target, folder, known)
    say("copying tables")
    tables |= await save_tables(engine, folder, lambda name: name not in {idempotency_keys.name, erasures.name})
    contents = Contents(known)
    say("restoring the copy of the log into a server of its own, and reading it")
    streams = await _prove(folder, copied, contents)
    missing = contents.missing(set(hashes), folder / "blobs")
    if missing and await _deleted_since(nc, contents, missing):
        raise _Changed
    manifest = Manifest(
        format=FORMAT,
        made_at=datetime.now(UTC).isoformat(timespec="seconds"),
        versions=await _versions(nc, engine),
        revision=await _revision(engine),
        streams=streams,
        tables=tables,
        blobs=blobs.model_copy(update={"missing": missing}),
        own=_save_own(target, folder),
        courses=contents.count_living(COURSE.prefix),
    )
    manifest.write(folder)
    return manifest


async def _save_blobs(target: Target, folder: Path, known: Registry) -> tuple[BlobsPart, dict[str, str]]:
    source, copy = open_backend(target.require_blobs()), FolderBackend(folder / "blobs")
    keys = [key for prefix in (*blob_folders(known), ANSWERS) for key in await source.keys(prefix)]
    hashes, size = {}, 0
    async for key, sha256, length in copy_blobs(source, copy, keys):
        hashes[key] = sha256
        size += length
    write_listing(folder / "blobs.sha256", hashes)
    listing = file_part(folder, "blobs.sha256")
    return BlobsPart(listing=listing, count=len(hashes), bytes=size, missing=[], damaged=damaged_of(hashes)), hashes


async def _prove(
    folder: Path, copied: dict[str, tuple[dict[str, Any], dict[str, Any]]], contents: Contents
) -> dict[str, StreamPart]:
    def ignore(_: Stored) -> None: ...

    streams = {}
    with scratch_server(folder, contents.known) as url:
        for stream, (config, state) in copied.items():
            path = f"log/{stream}.tar.s2"
            see = ignore if stream == DEAD else contents.add
            digest = await read_back(url, stream, folder / path, config, state, see)
            if digest.messages != state["messages"]:
                raise _Changed
            streams[stream] = StreamPart(
                file=file_part(folder, path), config=config, messages=state["messages"], first_seq=state["first_seq"],
                last_seq=state["last_seq"], digest=digest.hexdigest(),
            )  # fmt: skip
    return streams


async def _deleted_since(nc: Client, contents: Contents, missing: list[str]) -> bool:
    for prefix, aggregate_id in sorted({contents.blobs[key] for key in missing}):
        aggregate = contents.known.named(prefix)
        try:
            tombstone = subject_pattern(aggregate.tombstone, aggregate_id)
            await nc.jetstream().get_last_msg(aggregate.stream.name, tombstone)
        except NotFoundError:
            continue
        return True
    return False


async def _versions(nc: Client, engine: AsyncEngine) -> dict[str, str]:
    async with engine.connect() as connection:
        postgres = str(await connection.scalar(text("SHOW server_version")))
    nats = nc.connected_server_version
    return {
        "coursewright": version("coursewright"),
        "nats-server": f"{nats.major}.{nats.minor}.{nats.patch}",
        "postgres": postgres,
    }


async def _revision(engine: AsyncEngine) -> str:
    async with engine.connect() as connection:
        return await revision(connection)


def _save_own(target: Target, folder: Path) -> list[FilePart]:
    """The files a local stack made for itself: its user's token, and the key of its secrets."""
    parts = []
    for name in OWN_FILES:
        if target.data_dir is None or not (target.data_dir / name).exists():
            continue
        (folder / name).touch(mode=0o600)
        (folder / name).write_bytes((target.data_dir / name).read_bytes())
        parts.append(file_part(folder, name))
    return parts


def _empty(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.is_dir():
            shutil.rmtree(entry)
        else:
            entry.unlink()
