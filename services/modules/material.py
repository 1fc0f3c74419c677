"""Everything stage 4 writes from, loaded once per run: documents read, bytes by path, links and pictures resolved."""

import asyncio
from dataclasses import dataclass
from pathlib import PurePosixPath

from shared.blobs import Blobs
from shared.course.export.hosts import file_url
from shared.docs.model import Document, Navigation
from shared.docs.reader import read_document
from shared.engine.offline.lesson_said import list_said
from shared.engine.offline.lesson_terms import find_new_terms
from shared.engine.port import Audience, ModuleBrief, ProjectFacts
from shared.engine.types import Pathway, PathwayModule
from shared.errors import NotFound
from shared.events import BlobRef
from shared.events.gateway import ModulesRequested
from shared.payloads import AnalysisSet, DocumentInputs, Listing, PathwaySet, load_navigation

_TOGETHER = 32


@dataclass(frozen=True)
class Material:
    """See the module's docstring. `files`: raw bytes of documents and included files by repository path."""

    request: ModulesRequested
    listing: Listing
    known: AnalysisSet
    pathways: tuple[Pathway, ...]
    selected: Pathway
    navigation: Navigation
    documents: dict[str, Document]
    files: dict[str, bytes]
    pictures: dict[str, tuple[str, BlobRef]]
    said_before: tuple[frozenset[str], ...]
    new_terms: tuple[frozenset[str], ...]

    @property
    def assets(self) -> frozenset[str]:
        """Names of the pictures that may travel with the course."""
        return frozenset(name for name, _ in self.pictures.values())

    def raw(self, path: str) -> bytes:
        """The bytes of a kept file of the source; raises NotFound."""
        if path not in self.files:
            raise NotFound(f"{path} is not kept")
        return self.files[path]

    def brief(self, module: PathwayModule) -> ModuleBrief:
        """What an engine needs to write one module of the selected pathway."""
        position = self.selected.modules.index(module)
        request = self.request
        return ModuleBrief(
            audience=Audience(request.complexity_level, request.additional_info),
            project=ProjectFacts(
                request.project_name or request.source.repo_name, request.overview_document, self.navigation
            ),
            source_id=request.source.source_id,
            pathway=self.selected,
            module=module,
            position=position,
            documents={i: self.documents[i] for i in module.document_ids if i in self.documents},
            analyses={analysis.document_id: analysis for analysis in self.known.analyses},
            graph=self.known.graph,
            raw=self.raw,
            link=self.link,
            picture=self.picture,
            said_before=self.said_before[position],
            new_terms=self.new_terms[position],
        )

    def link(self, path: str, fragment: str) -> str | None:
        """Where a link to a file of the source leads: the module that teaches it, else its address at the commit."""
        ids = {document.path: document_id for document_id, document in self.documents.items()}
        for module in self.selected.modules:
            if ids.get(path) in module.document_ids:
                return f"#{module.id}"
        if not any(entry.path == path for entry in self.listing.files):
            return None
        address = file_url(self.request.source.url, self.request.source.commit, path)
        return f"{address}#{fragment}" if address and fragment else address

    def picture(self, path: str) -> str | None:
        """The name a picture travels under, or None."""
        found = self.pictures.get(path)
        return found[0] if found else None


async def load_material(blobs: Blobs, request: ModulesRequested) -> Material:
    """Load and read everything a run needs."""
    listing = await blobs.get_model(request.listing, Listing)
    known = await blobs.get_model(request.analyses, AnalysisSet)
    pathways = (await blobs.get_model(request.pathways, PathwaySet)).pathways
    selected = next(pathway for pathway in pathways if pathway.id == request.pathway_id)
    inputs = (await blobs.get_model(request.documents, DocumentInputs)).documents
    wanted = {document_id for module in selected.modules for document_id in module.document_ids}
    refs = {entry.path: entry.blob for entry in inputs if entry.id in wanted}
    for entry in inputs:
        if entry.id in wanted:
            refs |= entry.includes
    files = await _load_all(blobs, refs)
    documents = await asyncio.to_thread(
        lambda: {
            entry.id: read_document(entry.path, files[entry.path], {p: files[p] for p in entry.includes})
            for entry in inputs
            if entry.id in wanted
        }
    )
    return Material(
        request=request,
        listing=listing,
        known=known,
        pathways=pathways,
        selected=selected,
        navigation=await load_navigation(blobs, request.navigation),
        documents=documents,
        files=files,
        pictures=_pictures(listing),
        said_before=_said_before(selected, documents),
        new_terms=find_new_terms(selected, documents, known.graph),
    )


async def _load_all(blobs: Blobs, refs: dict[str, BlobRef]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    paths = sorted(refs)
    for start in range(0, len(paths), _TOGETHER):
        some = paths[start : start + _TOGETHER]
        files |= dict(zip(some, await asyncio.gather(*(blobs.get(refs[path]) for path in some)), strict=True))
    return files


def _pictures(listing: Listing) -> dict[str, tuple[str, BlobRef]]:
    return {
        entry.path: (f"assets/{entry.blob.sha256}{PurePosixPath(entry.path).suffix.lower()}", entry.blob)
        for entry in listing.files
        if entry.kind == "picture" and entry.blob is not None
    }


def _said_before(selected: Pathway, documents: dict[str, Document]) -> tuple[frozenset[str], ...]:
    """For each module, what the sections of the modules before it say already."""
    before: list[frozenset[str]] = []
    said: frozenset[str] = frozenset()
    for module in selected.modules:
        before.append(said)
        chosen = {(ref.document_id, ref.section_id) for ref in module.sections}
        said = said.union(
            *(
                list_said(section)
                for document_id in module.document_ids
                if document_id in documents
                for section in documents[document_id].sections
                if (document_id, section.id) in chosen
            )
        )
    return tuple(before)
