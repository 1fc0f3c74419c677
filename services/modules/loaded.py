"""Values that the stage and its workers send each other: the material of a run as bytes, and the course made of it."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from shared.docs.captions.facts import CAPTION_TYPES, ending_as_fetched
from shared.docs.kinds import KIND_OF_TYPE
from shared.docs.listing import LineTimes, PageStarts, load_navigation
from shared.docs.navigation import Navigation
from shared.engine.payloads import DocumentInput, DocumentInputs, PathwaySet
from shared.engine.types import Pathway, PathwayModule
from shared.events import BlobRef
from shared.events.gateway import ModulesRequested, SourceFacts
from shared.workers.away import away
from shared.workers.port import Workers

if TYPE_CHECKING:
    from services.modules import material
    from shared.kernel.blobs import Blobs
else:
    material = away("services.modules.material")

ROUNDS = 3
"""The most versions of a module, and how often what the gates find is taken out of the last one."""

_TOGETHER = 32

MOST_CARRIED_BYTES = 32 * 1024 * 1024
"""Of a recording that travels with the course."""

_ENDINGS = {
    **{media_type: "txt" if kind.name == "html" else kind.name for media_type, kind in KIND_OF_TYPE.items()},
    **{media_type: ending for ending, media_type in CAPTION_TYPES.items()},
}


@dataclass(frozen=True)
class Loaded:
    """The contents a request refers to, as bytes where they can be large. `files`: documents and includes, by path;
    `documents`: the chosen ones as they were read, by id; `listings`: one for each source of the request; `pages`:
    the line that begins each page of a source that has pages, by the source's id; `times`: the seconds of each line of
    one that has them.

    `modules` are those of the course, of one pathway or of several, in the course's order.
    """

    request: ModulesRequested
    listings: tuple[bytes, ...]
    pages: Mapping[str, tuple[int, ...]]
    times: Mapping[str, tuple[tuple[int, int], ...]]
    known: bytes
    pathways: tuple[Pathway, ...]
    selected: Pathway
    modules: tuple[PathwayModule, ...]
    navigation: Navigation
    inputs: tuple[DocumentInput, ...]
    files: Mapping[str, bytes]
    documents: Mapping[str, bytes]


def carried_files(sources: Sequence[SourceFacts]) -> Iterator[tuple[str, BlobRef]]:
    """The files that travel with a course, by their names there: what licences do not forbid, and no large recording,
    because each form of the course holds them once more.
    """
    for one in sources:
        if one.file is None or (one.licence is not None and one.licence.sharing == "forbidden"):
            continue
        yield f"assets/{one.file.sha256}.{_ENDINGS[one.file.media_type]}", one.file
        if one.recording is not None and one.recording.size <= MOST_CARRIED_BYTES:
            yield (
                f"assets/{one.recording.sha256}.{ending_as_fetched(one.file_name, one.recording.media_type)}",
                one.recording,
            )


@dataclass(frozen=True)
class MadeCourse:
    """A finished course: `text` is course.json, `quality` the report as JSON, `folders` its other forms by name."""

    course_key: str
    edition: str
    is_complete: bool
    items: int
    title: str
    text: bytes
    quality: bytes
    folders: tuple[str, ...]


async def load_planned(blobs: "Blobs", request: ModulesRequested) -> tuple[PathwayModule, ...]:
    """The modules of the course, in its order."""
    return _planned((await blobs.get_model(request.pathways, PathwaySet)).pathways, request)


def _selected(pathways: Sequence[Pathway], request: ModulesRequested) -> Pathway:
    return next(pathway for pathway in pathways if pathway.id == request.pathway_id)


def _planned(pathways: Sequence[Pathway], request: ModulesRequested) -> tuple[PathwayModule, ...]:
    wanted = frozenset((*request.module_ids, *request.kept_modules))
    return list_modules(pathways, _selected(pathways, request), wanted)


async def load(blobs: "Blobs", request: ModulesRequested, workers: Workers) -> Loaded:
    """Load everything a run needs. A worker looks up where its documents are: there may be thousands of analyses."""
    pathways = (await blobs.get_model(request.pathways, PathwaySet)).pathways
    selected = _selected(pathways, request)
    modules = _planned(pathways, request)
    inputs = (await blobs.get_model(request.documents, DocumentInputs)).documents
    wanted = documents_of(modules)
    chosen = [entry for entry in inputs if entry.id in wanted]
    refs = {entry.path: entry.blob for entry in chosen}
    for entry in chosen:
        refs |= entry.includes
    known = await blobs.get(request.analyses)
    found = await workers.run(
        partial(material.find_documents, known, wanted),
        dict[str, BlobRef],
        about="The material",
        pieces=max(1, len(inputs)),
    )
    return Loaded(
        request=request,
        listings=tuple([await blobs.get(request.listings[one.source_id]) for one in request.sources]),
        pages={
            one.source_id: (await blobs.get_model(one.pages, PageStarts)).root
            for one in request.sources
            if one.pages is not None
        },
        times={
            one.source_id: (await blobs.get_model(one.times, LineTimes)).root
            for one in request.sources
            if one.times is not None
        },
        known=known,
        pathways=pathways,
        selected=selected,
        modules=modules,
        navigation=await load_navigation(blobs, request.navigation),
        inputs=inputs,
        files=await _load_all(blobs, refs),
        documents=await _load_all(blobs, found),
    )


def list_modules(pathways: Sequence[Pathway], selected: Pathway, ids: frozenset[str]) -> tuple[PathwayModule, ...]:
    """The modules of those ids, each once, in the order of the first pathway, then of the others.

    A module that was edited is that of the selected pathway.
    """
    found = {module.id: module for way in pathways for module in way.modules if module.id in ids}
    return tuple((found | {module.id: module for module in selected.modules if module.id in ids}).values())


def documents_of(modules: Sequence[PathwayModule]) -> frozenset[str]:
    """Ids of the documents of modules, and of those that say the same."""
    ids = [document_id for module in modules for document_id in module.document_ids]
    return frozenset(ids + [one.same.document_id for module in modules for one in module.siblings])


async def _load_all(blobs: "Blobs", refs: dict[str, BlobRef]) -> dict[str, bytes]:
    loaded: dict[str, bytes] = {}
    names = sorted(refs)
    for start in range(0, len(names), _TOGETHER):
        some = names[start : start + _TOGETHER]
        loaded |= dict(zip(some, await asyncio.gather(*(blobs.get(refs[name]) for name in some)), strict=True))
    return loaded
