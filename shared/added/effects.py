"""The effects of a stage that reads files which users added: a worker process makes the text, and it is stored as a
source of one document.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeVar

from shared.added.core import Action, Ended, EndRun, Outcome, ReadFiles
from shared.added.kinds import AddedKind
from shared.docs.listing import FileEntry, FolderEntry, FolderListing, Listing
from shared.events import BlobRef
from shared.events.base import StageEvent
from shared.kernel.blobs import Blobs
from shared.kernel.errors import NotFound, PermanentError
from shared.kernel.kill_points import KillPoint, reached
from shared.kernel.work import as_ready
from shared.stage.port import Run
from shared.workers.limits import LimitPassed
from shared.workers.port import MOST_PIECES
from shared.workers.process import WorkerLost

MARKDOWN = "text/markdown"


class FileText(Protocol):
    """What reading a file gives: its text as Markdown, and what could not be read."""

    @property
    def text(self) -> str: ...

    @property
    def problems(self) -> tuple[str, ...]: ...


A_contra = TypeVar("A_contra", contravariant=True)
T = TypeVar("T", bound=FileText)


class FileReader(Protocol[A_contra, T]):
    """How files of one kind are read. `about` begins the messages about a file, `code` the codes of refusals, `found`
    is the type of what a worker gives.
    """

    kind: AddedKind
    about: str
    code: str
    found: type[T]

    def step(self, asked: A_contra) -> str:
        """What is done to the file, for people."""
        ...

    async def whole(self, blobs: Blobs, asked: Any, run: Run) -> Any:
        """The file with what it is read from, where that is made first. Raises PermanentError."""
        ...

    def source_id(self, asked: A_contra) -> str:
        """The id of the source that the file becomes."""
        ...

    async def work(self, blobs: Blobs, asked: A_contra, run: Run) -> Callable[[], T]:
        """The work of a worker process. Raises PermanentError for a file that is refused as it is."""
        ...

    async def facts(self, blobs: Blobs, asked: A_contra, found: T, run: Run) -> Mapping[str, Any]:
        """The fields of the event about a file that was read which this kind alone has."""
        ...


Fetch = Callable[[Any, Run], Awaitable[Mapping[str, BlobRef]]]
"""Fetches the bytes of a file that lies elsewhere, by the fields of the event about them; empty when they are here.
Raises PermanentError.
"""
Tidy = Callable[[Run], Awaitable[None]]
"""Removes what fetching left behind."""


async def _nothing_to_fetch(asked: Any, run: Run) -> Mapping[str, BlobRef]:
    return {}


async def _nothing_to_tidy(run: Run) -> None:
    return None


@dataclass(frozen=True)
class AddedEffects:
    """Performs the actions of the stage. `parallelism` bounds files at work at a time. A file that was fetched is read
    in the next action, once the event about its bytes is there.
    """

    blobs: Blobs
    parallelism: int
    reader: FileReader[Any, Any]
    fetch: Fetch = _nothing_to_fetch
    tidy: Tidy = _nothing_to_tidy

    async def perform(self, action: Action, run: Run) -> AsyncGenerator[Outcome, None]:
        match action:
            case ReadFiles(files):
                async with aclosing(as_ready(files, partial(self._read, run), self.parallelism)) as outcomes:
                    async for outcome in outcomes:
                        yield outcome
            case EndRun():
                await self.tidy(run)
                yield Ended()

    async def _read(self, run: Run, asked: Any) -> StageEvent:
        reader, file_id = self.reader, self.reader.kind.id_of(asked)
        about = {"course_id": run.course_id, "run_id": run.run_id, reader.kind.key: file_id}
        await run.progress(reader.step(asked), 0)
        try:
            if fetched := await self.fetch(asked, run):
                assert reader.kind.fetched is not None
                return reader.kind.fetched.model_validate({**about, **fetched})
            asked = await reader.whole(self.blobs, asked, run)
            work = await reader.work(self.blobs, asked, run)
            found = await run.workers.run(work, reader.found, about=reader.about, key=file_id, pieces=MOST_PIECES)
        except LimitPassed as error:
            code, message = f"{reader.code}_too_complex", f"{reader.about} is too complex: to read it {error.reason}"
        except PermanentError as error:
            code, message = error.code, error.message
        except WorkerLost:  # a library in C that a file makes crash would crash in each attempt
            code, message = f"{reader.code}_too_complex", f"{reader.about} makes the program that reads it crash"
        except NotFound:  # removed since the run began, or lost
            code, message = "file_missing", f"The bytes of the {reader.kind.noun} are not there any more"
        else:
            return reader.kind.read.model_validate(about | await self._stored(asked, found, run))
        return reader.kind.refused.model_validate({**about, "error": code, "message": message})

    async def _stored(self, asked: Any, found: FileText, run: Run) -> dict[str, Any]:
        """The fields of the event that says the file is read, once all that it names is stored."""
        blobs, course_id = self.blobs, run.course_id
        text = await blobs.put(course_id, found.text.encode(), MARKDOWN)
        reached(KillPoint.effect_half_done, self.reader.kind.stage)
        source_id = self.reader.source_id(asked)
        entry = FileEntry(
            path=asked.path, size=text.size, git_blob="", kind="documentation", is_documentation=True,
            doc_format="markdown", blob=text,
        )  # fmt: skip
        listing = Listing(source_id=source_id, commit="", files=(entry,))
        return {
            "source_id": source_id,
            "path": asked.path,
            "text": text,
            "files": await blobs.put_model(course_id, listing),
            "folders": await blobs.put_model(course_id, FolderListing((FolderEntry(path="", documents=1),))),
            "problems": list(found.problems),
            **await self.reader.facts(blobs, asked, found, run),
        }
