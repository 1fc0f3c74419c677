"""A PDF becomes a text, a listing of one document, and the lines that begin its pages; or a refusal in words."""

import pytest
from obstore.store import MemoryStore

from services.documents.effects import DocumentReader
from shared.added.core import Ended, EndRun, Outcome, ReadFiles
from shared.added.effects import AddedEffects
from shared.docs.html.facts import HTML_READER
from shared.docs.listing import Listing, PageStarts, page_starts
from shared.docs.pdf.facts import READER
from shared.events.documents import DocumentRead, DocumentRefused
from shared.events.gateway import DocumentAsked
from shared.kernel.blob_stores import ObjectBackend
from shared.kernel.blobs import Blobs
from shared.stage.port import Run
from tests.support.workers import InlineWorkers
from tests.unit.docs.printed import Print, printed


async def told(step: str, percent: int) -> None:
    return None


async def perform(blobs: Blobs, **files: bytes) -> list[Outcome]:
    asked = [
        DocumentAsked(
            document_id=name,
            file_name=f"{name}.pdf",
            path=f"{name}.pdf.md",
            blob=await blobs.put("c", raw, "application/pdf"),
        )
        for name, raw in files.items()
    ]
    run = Run("c", "r", told, InlineWorkers())
    return [one async for one in AddedEffects(blobs, 2, DocumentReader("")).perform(ReadFiles(tuple(asked)), run)]


async def test_a_pdf_becomes_a_source_of_one_document() -> None:
    blobs = Blobs(ObjectBackend(MemoryStore()))

    def write(page: Print) -> None:
        page.head("Kettles", 18.0)
        page.prose("A kettle heats water until it boils.")
        page.canvas.showPage()
        page.y = 700
        page.prose("Lime is a salt that stays on the element.")

    (outcome,) = await perform(blobs, notes=printed(write))
    assert isinstance(outcome, DocumentRead)
    text = (await blobs.get(outcome.text)).decode()
    assert "A kettle heats water until it boils." in text
    (entry,) = (await blobs.get_model(outcome.files, Listing)).files
    assert (entry.path, entry.blob, entry.is_documentation) == ("notes.pdf.md", outcome.text, True)
    starts = (await blobs.get_model(outcome.pages, PageStarts)).root
    assert (outcome.page_count, len(starts), starts[0], outcome.reader) == (2, 2, 1, READER)
    assert "Lime is a salt" in "\n".join(text.split("\n")[starts[1] - 1 :])
    assert "Lime" not in "\n".join(text.split("\n")[: starts[1] - 1])


async def test_a_page_becomes_a_source_without_pages() -> None:
    blobs = Blobs(ObjectBackend(MemoryStore()))
    page = await blobs.put("c", b"<html><h1>Kettles</h1><p>Water boils. It is hot.</p>", "text/html")
    asked = DocumentAsked(document_id="d", file_name="kettles.html", path="kettles.html.md", blob=page)
    (outcome,) = [
        one
        async for one in AddedEffects(blobs, 2, DocumentReader("")).perform(
            ReadFiles((asked,)), Run("c", "r", told, InlineWorkers())
        )
    ]
    assert isinstance(outcome, DocumentRead)
    assert await blobs.get(outcome.text) == b"# Kettles\n\nWater boils.\nIt is hot.\n"
    assert (outcome.title, outcome.page_count, outcome.reader) == ("Kettles", 0, HTML_READER)
    assert (await blobs.get_model(outcome.pages, PageStarts)).root == ()


async def test_a_document_that_cannot_be_read_is_refused_and_the_others_go_on() -> None:
    blobs = Blobs(ObjectBackend(MemoryStore()))
    good = printed(lambda page: page.prose("A kettle heats water."))
    outcomes = {
        one.document_id: one
        for one in await perform(blobs, a=good[:200], b=good)
        if isinstance(one, DocumentRead | DocumentRefused)
    }
    assert isinstance(outcomes["b"], DocumentRead)
    assert isinstance(outcomes["a"], DocumentRefused)
    assert outcomes["a"].error.startswith("pdf_")
    assert outcomes["a"].message.startswith("The PDF")


async def test_a_run_without_documents_ends() -> None:
    effects = AddedEffects(Blobs(ObjectBackend(MemoryStore())), 2, DocumentReader(""))
    assert [one async for one in effects.perform(EndRun(), Run("c", "r", told, InlineWorkers()))] == [Ended()]


@pytest.mark.parametrize(
    ("pages", "count", "starts"),
    [([1, 1, 2], 2, (1, 3)), ([1, 3, 3], 3, (1, 2, 2)), ([2], 3, (1, 1, 2)), ([], 1, (1,))],
)
def test_a_page_without_lines_begins_where_the_next_one_does(
    pages: list[int], count: int, starts: tuple[int, ...]
) -> None:
    assert page_starts(pages, count) == starts
