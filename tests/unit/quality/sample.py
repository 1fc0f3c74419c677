"""A small valid course over a repository held in memory: what the quality program is tried on."""

from collections.abc import Callable

from shared.course.audience import Audience
from shared.course.model import (
    ConceptEntry,
    Course,
    DocumentEntry,
    EngineInfo,
    Module,
    PathwayEntry,
    PathwayModuleEntry,
    PathwaySection,
    Source,
)
from shared.course.reading import GateContext
from shared.course.sources import Sources
from shared.docs.reader import read_document

from .sample_modules import errors_module, plans_module, start_module
from .sample_repository import COMMIT, FILES, cite, read_raw

PATHS = {"d-start": "docs/start.md", "d-plans": "docs/plans.md", "d-errors": "docs/errors.md"}


def modules() -> list[Module]:
    """The three modules in order."""
    return [start_module(), plans_module(), errors_module()]


def context(module: Module, raw: Callable[[str], bytes] = read_raw) -> GateContext:
    """The context of the sample's gates."""
    everything = modules()
    documents = {path: read_document(path, data, {}) for path, data in FILES.items()}
    cited = {concept.name: concept.citation for concept in concepts()}
    return GateContext(
        raw=raw,
        sources=Sources(documents),
        paths=PATHS,
        concepts={name: (c.path, c.start_line, c.end_line) for name, c in cited.items()},
        titles=tuple(m.title for m in everything),
        known_modules=frozenset(m.id for m in everything),
        assets=frozenset(),
        order={m.id: m.order for m in everything},
    )


def _pathway_module(module_id: str, title: str, document_id: str, headings: list[str]) -> PathwayModuleEntry:
    sections = [PathwaySection(document_id=document_id, heading=heading) for heading in headings]
    return PathwayModuleEntry(id=module_id, title=title, sections=sections, document_ids=[document_id])


def pathways() -> list[PathwayEntry]:
    """Three pathways, the whole one chosen."""
    start = _pathway_module(
        "m-start", "Getting started", "d-start", ["Install the program", "Start a boil", "Steps of a first boil"]
    )
    plans = _pathway_module("m-plans", "Plans", "d-plans", ["Write a plan", "Limits of a plan"])
    errors = _pathway_module("m-errors", "Errors", "d-errors", ["Read an alarm", "Silence an alarm"])
    quick = _pathway_module("m-quick", "First boil", "d-start", ["Install the program", "Start a boil"])
    lookup = _pathway_module("m-lookup", "Limits", "d-plans", ["Limits of a plan"])
    rows = [("complete", [start, plans, errors]), ("quickstart", [quick]), ("reference", [lookup, errors])]
    return [
        PathwayEntry(
            id=f"w-{kind}",
            kind=kind,
            title=kind.title(),
            description="A way through the documentation.",
            complexity_level="beginner",
            estimated_minutes=20,
            prerequisites=[],
            selected=kind == "complete",
            modules=entries,
        )
        for kind, entries in rows
    ]


def concepts() -> list[ConceptEntry]:
    """The terms the sample defines."""
    return [
        ConceptEntry(
            id="k-boil",
            name="boil",
            module_id="m-start",
            prerequisites=[],
            citation=cite("k0", "docs/start.md", "Run the command"),
        ),
        ConceptEntry(
            id="k-plan",
            name="plan",
            module_id="m-plans",
            prerequisites=["k-boil"],
            citation=cite("k1", "docs/plans.md", "A **plan**"),
        ),
        ConceptEntry(
            id="k-alarm",
            name="alarm",
            module_id="m-errors",
            prerequisites=["k-boil"],
            citation=cite("k2", "docs/errors.md", "An **alarm**"),
        ),
    ]


def course() -> Course:
    """The whole sample."""
    names = [("d-start", "docs/start.md", "Getting started"), ("d-plans", "docs/plans.md", "Plans")]
    names.append(("d-errors", "docs/errors.md", "Errors"))
    documents = [
        DocumentEntry(
            id=i, source_id="s1", path=p, title=t, doc_type="guide", complexity_level="beginner", word_count=90,
            sha256="0" * 64, used=True,
        )
        for i, p, t in names
    ]  # fmt: skip
    documents.append(
        DocumentEntry(
            id="d-log", source_id="s1", path="CHANGELOG.md", title="Changes", doc_type="reference",
            complexity_level="beginner", word_count=10, sha256="0" * 64, used=False, reason="changelog",
        )
    )  # fmt: skip
    return Course(
        course_key="00000000-0000-5000-8000-000000000000",
        edition="0" * 64,
        title="Learn Kettle",
        description="Boil water by itself.",
        language="en",
        sources=[Source(id="s1", url="https://example.org/kettle", ref="main", commit=COMMIT)],
        engine=EngineInfo(name="offline", model="", version="1", prompt_version=""),
        audience=Audience(complexity_level="beginner"),
        documents=documents,
        concepts=concepts(),
        pathways=pathways(),
        modules=modules(),
    )  # fmt: skip
