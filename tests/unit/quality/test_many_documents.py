"""A repository of very many files: what a course lists of them costs little time and memory."""

import tracemalloc
from dataclasses import replace

from shared.course.model import Course, DocumentEntry, PathwayEntry, PathwayModuleEntry
from shared.course.quality_figures import CourseFacts
from shared.course.quality_order import measure_coverage
from shared.course.sources import Sources
from shared.docs.listing import FileEntry, Listing
from tests.support.processor_time import processor_seconds
from tests.unit.quality.sample import course

_MANY = 30_000
_MOST_BYTES_EACH = 700
_MOST_SECONDS = 1.0


def entry(number: int) -> DocumentEntry:
    return replace(course().documents[-1], id=f"d-{number}", path=f"docs/{number}.md", reason="over the limit")


def pathway(kind: str) -> PathwayEntry:
    modules = [
        PathwayModuleEntry(
            id=f"m-{at}", title="Part", sections=[], document_ids=[f"d-{60 * at + n}" for n in range(60)]
        )
        for at in range(50)
    ]
    return course().pathways[0].model_copy(update={"id": kind, "kind": kind, "modules": modules})


def of_many_files() -> Course:
    first = entry(0)
    documents = [replace(first, id=f"d-{n}", path=f"docs/{n}.md") for n in range(_MANY)]
    pathways = [pathway(kind) for kind in ("complete", "short", "practice", "reference")]
    return course().model_copy(update={"documents": documents, "pathways": pathways})


def test_coverage_is_measured_once_for_all_documents() -> None:
    facts = CourseFacts(of_many_files(), (), {}, Sources({}, "en"))
    assert processor_seconds(lambda: measure_coverage(facts)) < _MOST_SECONDS
    figures = measure_coverage(facts)
    assert figures["documents"]["numerator"] == figures["documents"]["denominator"] == 3_000


def test_a_listing_takes_little_more_memory_than_its_text() -> None:
    files = tuple(
        FileEntry(path=f"docs/{n}.md", size=n, git_blob=f"{n:040x}", kind="documentation", reason="over the limit")
        for n in range(2_000)
    )
    text = Listing(source_id="s", commit="c", files=files).model_dump_json()
    tracemalloc.start()
    try:
        read = Listing.model_validate_json(text)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert read.files == files
    assert held < _MOST_BYTES_EACH * len(files)
