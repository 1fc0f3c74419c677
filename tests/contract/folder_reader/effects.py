"""Reads the files. A folder that is not there may come back: a drive that is away."""

import hashlib
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path

from services.gateway.readmodels.payloads import Folders
from shared.docs.listing import FileEntry, FolderEntry, Listing
from shared.events import BlobRef
from shared.kernel.blobs import Blobs
from shared.kernel.errors import TransientError
from shared.stage.port import Run
from tests.contract.folder_reader.core import Listed, Outcome, ReadFolder, Stored


async def _at_once(_: str) -> None:
    return None


class FolderReaderEffects:
    """`before` runs ahead of each file, so that a test decides when."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self.before: Callable[[str], Awaitable[None]] = _at_once

    async def perform(self, action: ReadFolder, run: Run) -> AsyncGenerator[Outcome, None]:
        folder, course_id = Path(action.request.folder), action.request.course_id
        if not folder.is_dir():
            raise TransientError("The folder is away", code="folder_away")
        files = sorted(folder.glob("*.txt"))
        blobs: dict[str, BlobRef] = dict(action.read)
        for number, file in enumerate(files):
            if file.name in blobs:
                continue
            await run.progress(f"Reading {file.name}", 100 * number // len(files))
            await self.before(file.name)
            blobs[file.name] = await self._blobs.put(course_id, file.read_bytes(), "text/plain")
            yield Stored(file.name, blobs[file.name])
        entries = tuple(_entry(name, blob) for name, blob in sorted(blobs.items()))
        commit = hashlib.sha1("".join(entry.git_blob for entry in entries).encode()).hexdigest()
        listing = Listing(source_id=action.request.source_id, commit=commit, files=entries)
        folders = Folders((FolderEntry(path="", documents=len(entries)),))
        stored = await self._blobs.put_model(course_id, listing), await self._blobs.put_model(course_id, folders)
        yield Listed(*stored)


def _entry(name: str, blob: BlobRef) -> FileEntry:
    return FileEntry(
        path=name, size=blob.size, git_blob=blob.sha256[:40], kind="documentation", is_documentation=True,
        doc_format="text", blob=blob,
    )  # fmt: skip
