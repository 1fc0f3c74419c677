"""The pages of documents that a course cites: a worker process draws them, and they are stored with the course."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import structlog

from shared.course.model import Module
from shared.docs.pdf.cited import MAX_PICTURES_BYTES, CitedPages, PageBox, PagePictures, picture_name
from shared.events import BlobRef
from shared.events.gateway import ModulesRequested
from shared.kernel.blobs import Blobs
from shared.kernel.errors import PermanentError
from shared.kernel.logging import error_facts
from shared.stage.port import Run
from shared.workers.away import away
from shared.workers.port import MOST_PIECES
from shared.workers.process import WorkerLost

if TYPE_CHECKING:
    from shared.docs.pdf import pictures
else:
    pictures = away("shared.docs.pdf.pictures")

log = structlog.get_logger(__name__)

_PNG = "image/png"


@dataclass(frozen=True)
class ShownPages:
    """`boxes`: where the cited lines stand, as `assembly.places.Boxes`; `pictures`: by the names they travel under."""

    boxes: dict[str, dict[tuple[int, int], tuple[PageBox, ...]]] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    stored: BlobRef | None = None


async def show_pages(blobs: Blobs, request: ModulesRequested, modules: Sequence[Module], run: Run) -> ShownPages:
    """A document that cannot be drawn has no picture: its citations name pages and lines all the same."""
    shown = ShownPages()
    stored: dict[str, dict[int, BlobRef]] = {}
    left = MAX_PICTURES_BYTES
    for source in request.sources:
        cited = sorted({
            (one.start_line, one.end_line)
            for module in modules
            for one in module.citations
            if one.source_id == source.source_id
        })  # fmt: skip
        if source.places is None or source.file is None or not cited:
            continue
        data, places = await blobs.get(source.file), await blobs.get(source.places)
        work = partial(pictures.show_cited, data, places, cited, left)
        try:
            pages = await run.workers.run(work, CitedPages, about=source.file_name, pieces=MOST_PIECES)
        except (PermanentError, WorkerLost) as error:
            log.warning("pages_not_drawn", course_id=run.course_id, source_id=source.source_id, **error_facts(error))
            continue
        shown.boxes[source.source_id] = dict(zip(cited, pages.boxes, strict=True))
        left -= sum(map(len, pages.pictures.values()))
        sha256 = source.file.sha256
        shown.pictures.update({picture_name(sha256, page): data for page, data in pages.pictures.items()})
        stored[sha256] = {page: await blobs.put(run.course_id, data, _PNG) for page, data in pages.pictures.items()}
    if not stored:
        return shown
    return ShownPages(shown.boxes, shown.pictures, await blobs.put_model(run.course_id, PagePictures(stored)))
