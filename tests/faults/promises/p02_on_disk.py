"""Acknowledged means on disk: the running server says that it syncs always, and its fsyncs are counted and held.

A kill does not show this, because what a killed process has written stays in the page cache.
"""

import asyncio
import subprocess
import sys
from pathlib import Path

import httpx

from cli.local.nats_server import NatsServer
from cli.local.ports import free_port
from shared.event_log.connection import connect
from shared.event_log.following import JetStreamFollowed
from shared.event_log.port import NewEvent
from shared.event_log.topology import apply_topology
from shared.events.gateway import CourseUpdated
from shared.kernel.ids import event_id, new_id
from tests.faults.disk_syncs import DiskSyncs
from tests.faults.promise import Outcome, Promise, Scale

_APPENDS = {Scale.quick: 100, Scale.full: 2_000}
_BLOBS = {Scale.quick: 50, Scale.full: 1_000}
_EARLY_SECONDS = 0.5  # an acknowledgement that does not wait for the disk comes within a millisecond
_PUT_BLOBS = """
import asyncio, sys
from pathlib import Path
from shared.kernel.blob_stores import FolderBackend
from shared.kernel.blobs import Blobs
async def put(folder, count):
    blobs = Blobs(FolderBackend(Path(folder)))
    for number in range(count):
        await blobs.put("course", b"contents %d" % number, "text/plain")
asyncio.run(put(sys.argv[1], int(sys.argv[2])))
"""


def _event(course_id: str, title: str) -> NewEvent:
    return NewEvent(
        CourseUpdated(course_id=course_id, title=title), event_id(course_id, title, ""), "faults", title, title
    )


async def _append(log: JetStreamFollowed, count: int) -> None:
    """Single events and batches in turn."""
    course_id, last = new_id(), 0
    for number in range(count):
        size = 1 if number % 2 else 3
        last = await log.append([_event(course_id, f"{number}.{part}") for part in range(size)], last)


async def _acknowledged_early(log: JetStreamFollowed, syncs: DiskSyncs, size: int) -> bool:
    """Whether an append is acknowledged while its fsync has not happened."""
    syncs.hold()
    course_id = new_id()
    appending = asyncio.create_task(log.append([_event(course_id, f"held {part}") for part in range(size)], 0))
    await asyncio.to_thread(syncs.waiting.wait, 5)
    await asyncio.wait({appending}, timeout=_EARLY_SECONDS)
    early = appending.done()
    syncs.release()
    await appending
    return early


async def _events(scale: Scale, folder: Path, failures: list[str]) -> dict[str, object]:
    server, syncs, port = NatsServer(folder, unrestricted=True), DiskSyncs(folder), free_port()
    server.process.arguments = syncs.launch([*server.process.arguments, "-m", str(port)])
    with syncs.watching():
        server.start()
        try:
            await asyncio.to_thread(server.wait)
            async with httpx.AsyncClient() as client:
                state = (await client.get(f"http://127.0.0.1:{port}/jsz?config=1")).json()
            if not state["config"].get("sync_always"):
                failures.append(f"the running server does not sync always: {state['config']}")
            nc = await connect(server.url, "faults")
            await apply_topology(nc.jetstream())
            log, before = JetStreamFollowed(nc), syncs.count(".blk")
            await _append(log, _APPENDS[scale])
            counted = syncs.count(".blk") - before
            if counted < _APPENDS[scale]:
                failures.append(f"{counted} fsyncs of the log for {_APPENDS[scale]} acknowledged appends")
            early = [size for size in (1, 3) if await _acknowledged_early(log, syncs, size)]
            failures += [f"an append of {size} was acknowledged before its fsync" for size in early]
            await nc.close()
        finally:
            syncs.release()
            server.process.stop()
    return {"appends": _APPENDS[scale], "fsyncs_of_log": counted}


def _blobs(scale: Scale, folder: Path, failures: list[str]) -> dict[str, object]:
    folder.mkdir()
    syncs = DiskSyncs(folder)
    command = [sys.executable, "-c", _PUT_BLOBS, str(folder / "blobs"), str(_BLOBS[scale])]
    with syncs.watching():
        subprocess.run(syncs.launch(command), check=True, timeout=300)
    written = [path for path in syncs.files if Path(path).parent.name == ".unfinished" or path.endswith("(deleted)")]
    folders = [path for path in syncs.files if Path(path).is_dir()]
    if len(written) < _BLOBS[scale] or len(folders) < _BLOBS[scale]:
        failures.append(f"{len(written)} files and {len(folders)} folders synced for {_BLOBS[scale]} blobs")
    return {"blobs": _BLOBS[scale], "fsyncs_of_files": len(written), "fsyncs_of_folders": len(folders)}


async def _prove(scale: Scale, folder: Path) -> Outcome:
    failures: list[str] = []
    figures = await _events(scale, folder, failures)
    figures |= _blobs(scale, folder / "put", failures)
    figures["counted_by"] = "seccomp notifications"
    return Outcome(_APPENDS[scale] + _BLOBS[scale], failures=tuple(failures), figures=figures)


def prove(scale: Scale, folder: Path) -> Outcome:
    return asyncio.run(_prove(scale, folder))


PROMISE = Promise("P2", "acknowledged means on disk", prove)
