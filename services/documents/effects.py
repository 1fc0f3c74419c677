"""Stage 5's effects: a worker process reads a PDF, and its text is stored as a source of one document."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from services.documents.core import Action, Ended, EndRun, Outcome, ReadDocuments
from shared.docs.listing import FileEntry, FolderEntry, FolderListing, Listing, PageStarts, page_starts
from shared.docs.pdf.facts import READER, PdfText
from shared.events.documents import DocumentRead, DocumentRefused
from shared.events.gateway import DocumentAsked
from shared.kernel.blobs import Blobs
from shared.kernel.errors import PermanentError
from shared.kernel.ids import content_id
from shared.kernel.kill_points import KillPoint, reached
from shared.kernel.work import as_ready
from shared.stage.port import Run
from shared.workers.away import away
from shared.workers.limits import LimitPassed
from shared.workers.port import MOST_PIECES
from shared.workers.process import WorkerLost

if TYPE_CHECKING:
    from shared.docs.pdf import reader
else:
    reader = away("shared.docs.pdf.reader")

MARKDOWN = "text/markdown"


@dataclass(frozen=True)
class DocumentsEffects:
    """Performs stage 5's actions. `parallelism` bounds documents at work at a time."""

    blobs: Blobs
    parallelism: int

    async def perform(self, action: Action, run: Run) -> AsyncGenerator[Outcome, None]:
        """See Effects.perform."""
        match action:
            case ReadDocuments(documents):
                async with aclosing(self._read_all(documents, run)) as outcomes:
                    async for outcome in outcomes:
                        yield outcome
            case EndRun():
                yield Ended()

    async def _read_all(self, documents: tuple[DocumentAsked, ...], run: Run) -> AsyncGenerator[Outcome, None]:
        async def work(asked: DocumentAsked) -> Outcome:
            return await self._read(asked, run)

        async with aclosing(as_ready(documents, work, self.parallelism)) as outcomes:
            async for outcome in outcomes:
                yield outcome

    async def _read(self, asked: DocumentAsked, run: Run) -> Outcome:
        await run.progress(f"Reading {asked.file_name}", 0)
        raw = await self.blobs.get(asked.blob)
        work = partial(reader.read_pdf, raw)
        try:
            found = await run.workers.run(work, PdfText, about="The PDF", key=asked.document_id, pieces=MOST_PIECES)
        except LimitPassed as error:
            code, message = "pdf_too_complex", f"To read the PDF {error.reason}"
        except PermanentError as error:
            code, message = error.code, error.message
        except WorkerLost:  # a library in C that a PDF makes crash would crash in each attempt
            code, message = "pdf_too_complex", "The PDF makes the program that reads it crash"
        else:
            return await self._stored(asked, found, run)
        return DocumentRefused(
            course_id=run.course_id, run_id=run.run_id, document_id=asked.document_id, error=code, message=message
        )

    async def _stored(self, asked: DocumentAsked, found: PdfText, run: Run) -> DocumentRead:
        course_id = run.course_id
        text = await self.blobs.put(course_id, found.text.encode(), MARKDOWN)
        reached(KillPoint.effect_half_done, "documents")
        source_id = content_id("s", asked.blob.sha256)
        entry = FileEntry(
            path=asked.path, size=text.size, git_blob="", kind="documentation", is_documentation=True,
            doc_format="markdown", blob=text,
        )  # fmt: skip
        listing = Listing(source_id=source_id, commit="", files=(entry,))
        starts = PageStarts(root=page_starts([place.page for place in found.places], found.pages))
        return DocumentRead(
            course_id=course_id, run_id=run.run_id, document_id=asked.document_id, source_id=source_id, path=asked.path,
            title=found.title, text=text, pages=await self.blobs.put_model(course_id, starts), page_count=found.pages,
            files=await self.blobs.put_model(course_id, listing),
            folders=await self.blobs.put_model(course_id, FolderListing((FolderEntry(path="", documents=1),))),
            reader=READER, ignored=list(found.ignored), problems=list(found.problems),
        )  # fmt: skip
