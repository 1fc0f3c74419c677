"""How stage 5 reads a document: in a worker process."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from shared.added.kinds import DOCUMENTS
from shared.docs.document_text import DocumentText
from shared.docs.listing import LinePlaces, PageStarts, page_starts
from shared.events.gateway import DocumentAsked
from shared.kernel.blobs import Blobs
from shared.kernel.ids import content_id
from shared.stage.port import Run
from shared.workers.away import away

if TYPE_CHECKING:
    from services.documents import reading
else:
    reading = away("services.documents.reading")


@dataclass(frozen=True)
class DocumentReader:
    """See shared.added.effects.FileReader. `languages`: of scans, as tesseract names them."""

    languages: str

    kind = DOCUMENTS
    about = "The document"
    code = "document"
    found = DocumentText

    def step(self, asked: DocumentAsked) -> str:
        return f"Reading {asked.file_name}"

    async def whole(self, blobs: Blobs, asked: DocumentAsked, run: Run) -> DocumentAsked:
        return asked

    def source_id(self, asked: DocumentAsked) -> str:
        return content_id("s", asked.blob.sha256)

    async def work(self, blobs: Blobs, asked: DocumentAsked, run: Run) -> Callable[[], DocumentText]:
        return partial(reading.read_document, await blobs.get(asked.blob), asked.blob.media_type, self.languages)

    async def facts(self, blobs: Blobs, asked: DocumentAsked, found: DocumentText, run: Run) -> Mapping[str, Any]:
        starts = PageStarts(root=page_starts([place.page for place in found.places], found.pages))
        return {
            "title": found.title,
            "pages": await blobs.put_model(run.course_id, starts),
            "places": await blobs.put_model(run.course_id, LinePlaces(found.places)) if found.pages else None,
            "page_count": found.pages,
            "reader": found.reader,
            "ignored": list(found.ignored),
        }
