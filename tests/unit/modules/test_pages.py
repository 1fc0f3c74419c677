"""The pages that a course cites: drawn and stored once for each document, and left out where one cannot be drawn."""

from types import SimpleNamespace
from typing import Any

import pytest
from obstore.store import MemoryStore

from services.modules import pages
from services.modules.pages import ShownPages, show_pages
from shared.course.model import Citation
from shared.docs.listing import LinePlaces
from shared.docs.pdf.cited import PagePictures
from shared.docs.pdf.reader import read_pdf
from shared.events.gateway import SourceFacts
from shared.kernel.blob_stores import ObjectBackend
from shared.kernel.blobs import Blobs
from shared.stage.port import Run
from tests.support.workers import InlineWorkers
from tests.unit.docs.printed import printed

PDF = printed(lambda page: page.prose("A kettle heats water until it boils."))
OTHER = printed(lambda page: page.prose("Lime is a salt that stays on the element."))


async def told(step: str, percent: int) -> None:
    return None


async def show(blobs: Blobs, *files: bytes) -> ShownPages:
    """What a course shows of documents of which it cites the first line."""
    places = await blobs.put_model("c", LinePlaces(read_pdf(PDF).places))
    sources = [
        SourceFacts(
            source_id=f"s{at}", kind="pdf", name="a", file_name="a.pdf", places=places,
            file=await blobs.put("c", data, "application/pdf"),
        )
        for at, data in enumerate(files)
    ]  # fmt: skip
    cited = [
        Citation(id=f"c{at}", source_id=one.source_id, path="a.pdf.md", start_line=1, end_line=1, sha256="0" * 64)
        for at, one in enumerate(sources)
    ]
    asked: Any = SimpleNamespace(sources=sources)
    module: Any = SimpleNamespace(citations=cited)
    return await show_pages(blobs, asked, [module], Run("c", "r", told, InlineWorkers()))


async def test_each_document_has_its_pages_and_one_that_is_damaged_has_none() -> None:
    blobs = Blobs(ObjectBackend(MemoryStore()))
    shown = await show(blobs, PDF, b"%PDF-1.7 damaged", OTHER)
    assert shown.boxes.keys() == {"s0", "s2"}
    assert shown.stored is not None
    stored = (await blobs.get_model(shown.stored, PagePictures)).root
    assert [await blobs.get(one[1]) for one in stored.values()] == list(shown.pictures.values())
    assert len(stored) == 2


async def test_all_documents_share_one_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    blobs = Blobs(ObjectBackend(MemoryStore()))
    (first,) = (await show(blobs, PDF)).pictures.values()
    monkeypatch.setattr(pages, "MAX_PICTURES_BYTES", len(first))
    shown = await show(blobs, PDF, OTHER)
    assert list(shown.pictures.values()) == [first]
    assert [len(one[1, 1]) for one in shown.boxes.values()] == [1, 1], "the lines are known all the same"


async def test_a_course_that_cites_no_page_stores_nothing() -> None:
    assert await show(Blobs(ObjectBackend(MemoryStore()))) == ShownPages()
