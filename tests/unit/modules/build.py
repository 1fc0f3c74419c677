"""A request of stage 4 over a small repository, with its blobs in memory."""

import hashlib
from collections.abc import Sequence
from itertools import cycle

from services.modules.cited.brief import ModuleBrief
from shared.docs.listing import FileEntry, Listing
from shared.docs.read_documents import MEDIA_TYPE, dump_document
from shared.docs.reader import read_document
from shared.engine.payloads import AnalysisSet, DocumentInput, DocumentInputs, PathwaySet
from shared.engine.types import ConceptGraph
from shared.events.gateway import ModulesRequested, SourceFacts
from shared.kernel.blobs import Blobs, open_backend
from tests.unit.writer.sample import FILES, make_brief

COMMIT = "a" * 40


async def make_request(blobs: Blobs, sources: Sequence[str] = ("s1",)) -> ModulesRequested:
    """The whole pathway of the sample, its files dealt out to the sources."""
    briefs = [make_brief(position=i) for i in range(len(FILES))]
    pathway = briefs[0].pathway
    inputs, analyses = [], []
    entries: dict[str, list[FileEntry]] = {source: [] for source in sources}
    for brief, (path, text), source in zip(briefs, FILES.items(), cycle(sources), strict=False):
        ref = await blobs.put("c1", text.encode(), "text/markdown")
        digest = hashlib.sha256(text.encode()).hexdigest()
        inputs.append(DocumentInput(id=_document_id(brief), source_id=source, path=path, sha256=digest, blob=ref))
        entries[source].append(
            FileEntry(path=path, size=len(text), git_blob="", kind="documentation", is_documentation=True, blob=ref)
        )
        document = await blobs.put("c1", dump_document(read_document(path, text.encode(), {})), MEDIA_TYPE)
        analyses.append(briefs[0].analyses[_document_id(brief)].model_copy(update={"document": document}))
    known = AnalysisSet(analyses=tuple(analyses), graph=ConceptGraph())
    facts = [
        SourceFacts(source_id=one, name="relay", url=f"https://github.com/x/relay{at or ''}", ref="main", commit=COMMIT)
        for at, one in enumerate(sources)
    ]
    return ModulesRequested(
        course_id="c1",
        run_id="r1",
        owner="o",
        course_title="Learn Relay",
        course_description="Streams, step by step.",
        sources=facts,
        pathway_id=pathway.id,
        pathways=await blobs.put_model("c1", PathwaySet(pathways=(pathway,))),
        analyses=await blobs.put_model("c1", known),
        documents=await blobs.put_model("c1", DocumentInputs(documents=tuple(inputs))),
        listings={
            one: await blobs.put_model("c1", Listing(source_id=one, commit=COMMIT, files=tuple(files)))
            for one, files in entries.items()
        },
        complexity_level="intermediate",
        module_ids=[m.id for m in pathway.modules],
    )


def _document_id(brief: ModuleBrief) -> str:
    return brief.module.document_ids[0]


def new_blobs() -> Blobs:
    """Blobs that live as long as the test."""
    return Blobs(open_backend("memory:"))
