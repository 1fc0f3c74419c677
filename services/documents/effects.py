"""How stage 5 reads a document: a worker process reads a PDF."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from shared.added.kinds import DOCUMENTS
from shared.docs.listing import PageStarts, page_starts
from shared.docs.pdf.facts import READER, PdfText
from shared.events.gateway import DocumentAsked
from shared.kernel.blobs import Blobs
from shared.kernel.ids import content_id
from shared.stage.port import Run
from shared.workers.away import away

if TYPE_CHECKING:
    from shared.docs.pdf import reader
else:
    reader = away("shared.docs.pdf.reader")


class PdfReader:
    """See shared.added.effects.FileReader."""

    kind = DOCUMENTS
    about = "The PDF"
    code = "pdf"
    found = PdfText

    def step(self, asked: DocumentAsked) -> str:
        return f"Reading {asked.file_name}"

    async def whole(self, blobs: Blobs, asked: DocumentAsked, run: Run) -> DocumentAsked:
        return asked

    def source_id(self, asked: DocumentAsked) -> str:
        return content_id("s", asked.blob.sha256)

    async def work(self, blobs: Blobs, asked: DocumentAsked, run: Run) -> Callable[[], PdfText]:
        return partial(reader.read_pdf, await blobs.get(asked.blob))

    async def facts(self, blobs: Blobs, asked: DocumentAsked, found: PdfText, run: Run) -> Mapping[str, Any]:
        starts = PageStarts(root=page_starts([place.page for place in found.places], found.pages))
        return {
            "title": found.title,
            "pages": await blobs.put_model(run.course_id, starts),
            "page_count": found.pages,
            "reader": READER,
            "ignored": list(found.ignored),
        }
