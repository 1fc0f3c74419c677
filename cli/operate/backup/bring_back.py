"""`coursewright restore`: a backup into servers that hold nothing, compared with its manifest when it is done.

Blobs come first and the log after them, so that at no moment an event names what is not there. The read tables are
no part of a backup: they are made from the log, from sequence 1.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from cli.local.leftovers import end_leftovers_of
from cli.local.record import begin_restore, end_restore, is_in_use, is_restoring
from cli.operate.access import Target, own_servers
from cli.operate.backup.blobs import copy_blobs, different
from cli.operate.backup.check import Contents
from cli.operate.backup.manifest import Manifest, TablePart, blob_hashes, problems, read_manifest
from cli.operate.backup.streams import Digest, restore_stream
from cli.operate.backup.tables import count_rows, find_courses, load_tables
from cli.operate.bring_over import bring_over
from cli.operate.sessions import database, with_database, with_log
from cli.progress import Counting
from services.gateway.database.read_schemas import BEFORE
from services.gateway.erase.erasures import request
from services.gateway.migrate import migrate
from services.gateway.readmodels.registry import SIDES
from services.gateway.rebuild.rebuild import Rebuild
from shared.event_log.following import JetStreamFollowed
from shared.event_log.stored import read_stream
from shared.event_log.topology import apply_topology
from shared.events import Registry
from shared.events.courses import COURSE
from shared.events.registry import REGISTRY
from shared.kernel.blob_stores import FolderBackend
from shared.kernel.blobs import Blobs, open_backend
from shared.kernel.errors import Conflict, PermanentError
from shared.readmodels.checkpoint import checkpoints
from shared.readmodels.side import Sides

Say = Callable[[str], None]


class NotEqual(PermanentError):
    """The restored data is not the data of the manifest."""

    code = "restored_differs"


def check_backup(folder: Path, say: Say) -> Manifest:
    """The manifest of a backup, after every file was compared with it. Raises PermanentError."""
    manifest = read_manifest(folder)
    say("checking each file of the backup")
    found = problems(folder, manifest)
    if found:
        shown = "; ".join(found[:5]) + (f"; and {len(found) - 5} more" if len(found) > 5 else "")
        raise PermanentError(f"The backup is damaged: {shown}. Nothing was touched", code="backup_damaged")
    return manifest


def restore_folder(folder: Path, data_dir: Path, say: Say) -> Manifest:
    """Restore into a data folder that is empty, or whose last restore was interrupted."""
    manifest = check_backup(folder, say)
    if is_in_use(data_dir):
        raise Conflict(f"{data_dir} is in use; stop the stack, and restore into an empty folder")
    if data_dir.exists() and any(data_dir.iterdir()) and not is_restoring(data_dir):
        raise Conflict(f"{data_dir} is not empty; a backup is restored into a new or empty folder")
    end_leftovers_of(data_dir)  # before the record of them goes: an interrupted restore may have been killed
    shutil.rmtree(data_dir, ignore_errors=True)
    begin_restore(data_dir)
    for part in manifest.own:
        (data_dir / part.path).touch(mode=0o600)
        (data_dir / part.path).write_bytes((folder / part.path).read_bytes())
    with own_servers(data_dir) as (stack, target):
        _fill(folder, manifest, replace(target, nats_url=stack.nats_url("restore")), say, replicas=1)
    end_restore(data_dir)
    return manifest


def restore_deployment(folder: Path, target: Target, say: Say, sides: Sides = SIDES) -> Manifest:
    """Restore into named servers whose services are stopped. Raises Conflict when they hold something."""
    manifest = check_backup(folder, say)
    _fill(folder, manifest, target, say, replicas=None, sides=sides)
    return manifest


def _known(sides: Sides) -> Registry:
    """The aggregates of some read tables, and those on the same streams that have no tables."""
    own = {side.aggregate.prefix: side.aggregate for side in sides}
    streams = {one.stream for one in own.values()}
    others = (one for one in REGISTRY.aggregates if one.stream in streams and one.prefix not in own)
    return Registry((*own.values(), *others))


def _fill(
    folder: Path, manifest: Manifest, target: Target, say: Say, replicas: int | None, sides: Sides = SIDES
) -> None:
    known = _known(sides)
    database_url = target.require_database()
    store = open_backend(target.require_blobs())
    hashes = blob_hashes(folder, manifest)

    async def fill(nc: Client) -> None:
        await _require_empty_log(nc.jetstream(), manifest)
        say(f"restoring {manifest.blobs.count} blobs")
        async for _ in copy_blobs(FolderBackend(folder / "blobs"), store, hashes):
            pass
        await _fill_log(nc, folder, manifest, say, replicas, known)

    tables = manifest.tables
    contents = Contents(known)

    async def compare(nc: Client) -> None:
        for stream in known.streams:
            async for message in read_stream(nc, stream.name):
                contents.add(message)
        found = await different(store, hashes)
        if found:
            raise NotEqual(f"{len(found)} blobs differ, the first is {found[0]}")

    _migrate_to(database_url, manifest.revision)
    with_database(database_url, _require_empty_tables)
    with_log(target, fill)
    say("restoring tables")
    with_database(database_url, lambda engine: load_tables(engine, folder, tables))
    migrate(database_url)
    with_log(target, lambda nc: _make_tables(nc, database_url, Blobs(store), sides))
    say("comparing with the backup")
    with_log(target, compare)
    with_database(database_url, lambda engine: _compare_tables(engine, tables))
    with_database(database_url, lambda engine: _go_on_erasing(engine, contents))


async def _fill_log(
    nc: Client, folder: Path, manifest: Manifest, say: Say, replicas: int | None, known: Registry
) -> None:
    """The streams of the backup, in the layout of now."""
    for name, part in manifest.streams.items():
        say(f"restoring stream {name}, {part.messages} messages")
        state = {"messages": part.messages, "first_seq": part.first_seq, "last_seq": part.last_seq}
        await restore_stream(nc, name, folder / part.file.path, part.config, state, replicas)
    say("comparing the log with the backup")
    await _compare_log(nc, manifest)
    await bring_over(nc, say)  # does something only for a log from before subjects had a shard
    copies = replicas or max(int(part.config.get("num_replicas", 1)) for part in manifest.streams.values())
    await apply_topology(nc.jetstream(), copies, known=known)


async def _make_tables(nc: Client, database_url: str, blobs: Blobs, sides: Sides) -> None:
    """Built beside the empty ones and put in their place, as `coursewright replay` does."""
    async with database(database_url) as engine:
        rebuild = Rebuild(engine, JetStreamFollowed(nc, known=_known(sides)), blobs, sides)
        async with rebuild.open():
            with Counting("Making the read tables") as counting:
                await rebuild.build(counting.show)
            await rebuild.swap()
            await rebuild.drop(BEFORE)


def _migrate_to(database_url: str, revision: str) -> None:
    try:
        migrate(database_url, revision)
    except PermanentError as error:
        message = f"The tables of the backup are of revision {revision}, which this version does not know"
        raise PermanentError(message) from error


async def _require_empty_log(js: JetStreamContext, manifest: Manifest) -> None:
    """Streams that were provisioned and never used make room; one that holds or held a message does not."""
    for name in manifest.streams:
        try:
            state = (await js.stream_info(name)).state
        except NotFoundError:
            continue
        if state.last_seq:
            raise Conflict(f"Stream {name} is not empty; a backup is restored into servers that hold nothing")
        await js.delete_stream(name)


async def _require_empty_tables(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        # The tables are of the backup's revision, which may be one that knew a single stream.
        rows, seq = await count_rows(connection), await connection.scalar(select(func.max(checkpoints.c.seq)))
    used = sorted(name for name, count in rows.items() if count)
    if used or seq:
        what = f"table {used[0]}" if used else f"the read tables, projected to sequence {seq},"
        raise Conflict(f"The database is not empty: {what} has rows; a backup is restored into an empty one")


async def _compare_log(nc: Client, manifest: Manifest) -> None:
    for name, part in manifest.streams.items():
        state, digest = (await nc.jetstream().stream_info(name)).state, Digest()
        async for message in read_stream(nc, name, to_seq=part.last_seq):
            digest.add(message)
        if (state.messages, state.last_seq, digest.hexdigest()) != (part.messages, part.last_seq, part.digest):
            raise NotEqual(f"Stream {name} is not as it was: {state.messages} messages up to {state.last_seq}")


async def _go_on_erasing(engine: AsyncEngine, contents: Contents) -> None:
    """Make a row of work for each aggregate that was only partly deleted when the backup was made. Blobs and dead
    letters of no aggregate need no row: the eraser finds them.
    """
    async with engine.begin() as connection:
        of_courses = {(COURSE.prefix, course_id) for course_id in await find_courses(connection)}
        left = contents.half_erased() | (contents.deleted & of_courses)
        for aggregate in contents.known.aggregates:
            ids = sorted(aggregate_id for prefix, aggregate_id in left if prefix == aggregate.prefix)
            if ids:
                await connection.execute(request(aggregate.prefix, ids))


async def _compare_tables(engine: AsyncEngine, tables: Mapping[str, TablePart]) -> None:
    async with engine.connect() as connection:
        rows = await count_rows(connection)
    for name, part in tables.items():
        if rows.get(name) != part.rows:
            raise NotEqual(f"Table {name} has {rows.get(name)} rows instead of {part.rows}")
