"""A small course with everything in it that a course can have, over a repository held in memory."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from shared.course.audience import Audience
from shared.course.model import (
    Citation,
    ConceptEntry,
    Course,
    DocumentEntry,
    EngineInfo,
    Licence,
    Module,
    PathwayEntry,
    PathwayModuleEntry,
    PathwaySection,
    Source,
)
from tests.support.course_sources import FILES, cite

COMMIT = "3f2a9c1d5b7e8f60412233445566778899aabbcc"
SOURCE = Source(
    id="s1",
    url="https://github.com/example/tidepool",
    ref="main",
    commit=COMMIT,
    licence=Licence(spdx="MIT", path="LICENSE", sharing="allowed"),
)


@cache
def _written() -> list[dict[str, Any]]:
    written: list[dict[str, Any]] = yaml.safe_load(
        Path(__file__).with_name("course_modules.yaml").read_text(encoding="utf-8")
    )
    return written


def _modules() -> list[Module]:
    """The modules as they are written; a citation names its lines by how they begin."""
    return [Module.model_validate(one | {"citations": [cite(*row) for row in one["citations"]]}) for one in _written()]


def _document(number: int, path: str, title: str, *, reason: str = "", problem: str = "") -> DocumentEntry:
    data = FILES.get(path, b"")
    return DocumentEntry(
        id=f"d{number}",
        source_id="s1",
        path=path,
        title=title,
        doc_type="guide",
        complexity_level="beginner",
        word_count=len(data.split()),
        sha256=hashlib.sha256(data).hexdigest(),
        used=not reason,
        reason=reason,
        problems=[problem] if problem else [],
    )


def _concept(name: str, module_id: str | None, citation: Citation, *needs: str, gloss: str = "") -> ConceptEntry:
    return ConceptEntry(
        id=f"k{name.lower()}",
        name=name,
        gloss=gloss,
        home=PathwaySection(document_id="d1", heading="Put and take") if gloss else None,
        module_id=module_id,
        prerequisites=list(needs),
        signs={need: ["named at its home", "linked from it"] for need in needs},
        citation=citation,
    )


def _pathway(kind: str, modules: list[Module], *, selected: bool) -> PathwayEntry:
    return PathwayEntry(
        id=f"p{kind}",
        kind=kind,
        title={"complete": "Everything, in order", "quickstart": "The first hour", "task": "One task"}[kind],
        description="A way through the documentation.",
        complexity_level="beginner",
        estimated_minutes=sum(module.estimated_minutes for module in modules),
        prerequisites=["A little Python"],
        selected=selected,
        modules=[
            PathwayModuleEntry(
                id=module.id,
                title=module.title,
                sections=[PathwaySection(document_id=module.document_ids[0], heading=module.title)],
                document_ids=module.document_ids,
            )
            for module in modules
        ],
    )


def _quality() -> dict[str, Any]:
    share = {"value": 0.9706, "numerator": 33, "denominator": 34, "target": ">= 85 %", "ok": True}
    return {
        "Q1": {"resolving": share | {"what": "Citations whose lines exist at the commit, unchanged", "ok": False}},
        "Q2": {
            "cited": share | {"what": "Sentences, list items and table rows with a citation"},
            "uncited_claims": {"what": "Uncited ones that are no signposts", "value": 1, "target": "few", "ok": None},
        },
    }


def build_course() -> Course:
    """The course; every call gives an equal one."""
    modules = _modules()
    return Course(
        course_key="5f0c9d2e-0d1b-5f0c-9d2e-0d1b8f0c7a11",
        edition="e" * 64,
        title="Learn Tidepool",
        description="Queues that live in one file: put work in, take it out, and lose none of it.",
        language="en",
        sources=[SOURCE],
        engine=EngineInfo(name="offline", model="", version="1", prompt_version=""),
        audience=Audience(complexity_level="beginner", additional_info="Made for a team that moves off cron."),
        documents=[
            _document(1, "docs/start.md", "Tidepool"),
            _document(2, "docs/leases.md", "Leases and retries"),
            _document(3, "docs/admin.rst", "Command line", problem="line 9: the directive '<b>' was left out"),
            _document(4, "CHANGES.md", "Changes", reason="changelog"),
        ],
        concepts=[
            _concept(
                "Job", "mfirst", cite("c5", "docs/start.md", "A *queue* is"), gloss="A job is a plain dictionary."
            ),
            _concept(
                "Queue",
                "mfirst",
                cite("c5", "docs/start.md", "A *queue* is"),
                "kjob",
                gloss="A queue is an ordered list of jobs.",
            ),
            _concept("Lease", "mleases", cite("c10", "docs/leases.md", "A lease is a promise"), "kjob"),
            _concept("Dead", None, cite("c21", "docs/admin.rst", "tidepool dead")),
        ],
        pathways=[
            _pathway("complete", modules, selected=True),
            _pathway("quickstart", modules[:1], selected=False),
            _pathway("task", modules[1:2], selected=False),
        ],
        modules=modules,
        quality=_quality(),
    )
