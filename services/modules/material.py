"""Everything stage 4 writes from, read once per run by a worker process from what the stage loaded."""

from collections import ChainMap, Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import pairwise
from pathlib import PurePosixPath

from services.modules.cited.brief import ModuleBrief
from services.modules.cited.crossings import Crossings, Place
from services.modules.cited.definitions import with_titles
from services.modules.loaded import Loaded, documents_of
from services.modules.offline.items.question import TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from services.modules.offline.lesson import name_sections
from shared.course.audience import Audience
from shared.course.export.hosts import file_url
from shared.course.sources import Sources
from shared.course.spans import Lines
from shared.docs.folders import ancestors
from shared.docs.listing import Listing
from shared.docs.model import Document
from shared.docs.read_documents import load_document
from shared.engine.distance import SectionKey
from shared.engine.payloads import AnalysisSet
from shared.engine.port import ProjectFacts
from shared.engine.types import ConceptGraph, Pathway, PathwayModule
from shared.events import BlobRef
from shared.events.gateway import SourceFacts
from shared.kernel.errors import NotFound, PermanentError

_INDEXES = frozenset({"index", "_index", "readme"})


@dataclass(frozen=True)
class Material:
    """The material a run writes from, read. See also shared.engine.port.Briefs."""

    loaded: Loaded
    listings: tuple[Listing, ...]
    known: AnalysisSet
    documents: dict[str, Document]

    @cached_property
    def pictures(self) -> dict[str, tuple[str, BlobRef]]:
        """Pictures of the sources by path: the name each travels under, and where its bytes are."""
        return {
            entry.path: (f"assets/{entry.blob.sha256}{PurePosixPath(entry.path).suffix.lower()}", entry.blob)
            for listing in self.listings
            for entry in listing.files
            if entry.kind == "picture" and entry.blob is not None
        }

    @cached_property
    def sources(self) -> Sources:
        """The documents as the gates see them."""
        return Sources({document.path: document for document in self.documents.values()})

    @cached_property
    def _owners(self) -> dict[str, SourceFacts]:
        """The source of each file, by path."""
        of_sources = zip(self.loaded.request.sources, self.listings, strict=True)
        return {entry.path: source for source, listing in of_sources for entry in listing.files}

    def source_id(self, path: str) -> str:
        """The id of the source that has the file."""
        return self._owners[path].source_id

    @cached_property
    def graph(self) -> ConceptGraph:
        """The concepts of the course."""
        return with_titles(self.known.graph, self.documents, self.crossings.find)

    @cached_property
    def concepts(self) -> dict[str, Lines]:
        """The lines that define each concept, by its name."""
        found = ((concept.name, concept.definition.span) for concept in self.graph.concepts)
        return {name: (span.path, span.start_line, span.end_line) for name, span in found}

    @property
    def assets(self) -> frozenset[str]:
        """Names of the pictures that may travel with the course."""
        return frozenset(name for name, _ in self.pictures.values())

    def raw(self, path: str) -> bytes:
        """The bytes of a kept file of a source; raises NotFound."""
        if path not in self.loaded.files:
            raise NotFound(f"{path} is not kept")
        return self.loaded.files[path]

    def brief(self, module_id: str) -> ModuleBrief:
        """The material an engine needs to write one module of the course."""
        module, pathway = self._planned[module_id]
        request = self.loaded.request
        return ModuleBrief(
            audience=Audience(request.complexity_level, request.additional_info),
            project=ProjectFacts(
                request.project_name or request.sources[0].name, request.overview_document, self.loaded.navigation
            ),
            source_id=self.source_id,
            pathway=pathway,
            module=module,
            position=[one.id for one in pathway.modules].index(module_id),
            modules=self.loaded.modules,
            homes=self._homes_in[pathway.id],
            documents={i: self.documents[i] for i in sorted(documents_of([module])) if i in self.documents},
            analyses={analysis.document_id: analysis for analysis in self.known.analyses},
            graph=self.graph,
            raw=self.raw,
            find=self.crossings.find,
            link=partial(self.link, way=pathway.id),
            picture=self.picture,
            site=self._site,
        )

    @cached_property
    def _site(self) -> str:
        """The address of the only source's site, where documents of the course name its host, too."""
        site = self.loaded.navigation.site if len(self.listings) == 1 else ""
        return site if site and self.sources.names(site.split("/")[2]) else ""

    @cached_property
    def said(self) -> TaughtText:
        """All that the course teaches, to ask whether a question has a second answer somewhere."""
        chosen = dict.fromkeys((ref.document_id, ref.section_id) for m in self.loaded.modules for ref in m.sections)
        return TaughtText(
            TaughtSection(document_id, document.path, document, section)
            for document_id, document in self.documents.items()
            for section in document.sections
            if (document_id, section.id) in chosen
        )

    def index(self) -> None:
        """Build now what every module asks for: the processes that write are forked afterwards, and share it."""
        self.said.index()
        _ = self.sources.sentences, self.crossings, self._owners, self._site
        for one in (self.concepts, self._planned, self._homes_in, self._shown, self._entered, self._modules_of):
            len(one)

    @cached_property
    def _planned(self) -> dict[str, tuple[PathwayModule, Pathway]]:
        """Each module with the pathway that it is written for: the selected one, else the first that has it."""
        ways = (self.loaded.selected, *self.loaded.pathways)
        return {
            module.id: (module, next(way for way in ways if any(one.id == module.id for one in way.modules)))
            for module in self.loaded.modules
        }

    @cached_property
    def _section_homes(self) -> dict[SectionKey, str]:
        """The first module that teaches a section."""
        return _list_homes(self.loaded.modules)

    @cached_property
    def _homes_in(self) -> dict[str, Mapping[SectionKey, str]]:
        """For each pathway the first of its modules that teaches a section, of a section that it lacks any module."""
        known = {module.id: module for module in self.loaded.modules}
        ways = {way.id: [known[one.id] for one in way.modules if one.id in known] for way in self.loaded.pathways}
        return {name: ChainMap(_list_homes(modules), self._section_homes) for name, modules in ways.items()}

    @cached_property
    def _modules_of(self) -> Counter[str]:
        """How many modules teach sections of a document, by its path."""
        taught = {(document_id, home) for (document_id, _), home in self._section_homes.items()}
        return Counter(self.documents[document_id].path for document_id, _ in taught if document_id in self.documents)

    @cached_property
    def _shown(self) -> dict[SectionKey | tuple[str, SectionKey] | str, str]:
        """Links to the sections that the course shows, to those of a module (by its id), and to the documents (by path)
        of which it shows some: to the first module that teaches them or says the same, else to one that has their
        heading, with the heading as title.
        """
        shown: dict[SectionKey | tuple[str, SectionKey] | str, str] = {}
        headings: dict[SectionKey | tuple[str, SectionKey] | str, str] = {}
        for module in self.loaded.modules:
            taught = {(ref.document_id, ref.section_id) for ref in module.sections}
            for key, name in name_sections(self.brief(module.id)).items():
                link = f'#{module.id} "{name}"' if name else f"#{module.id}"
                (shown if key in taught else headings).setdefault(key, link)
                shown[module.id, key] = link
                shown.setdefault(self.documents[key[0]].path, link)
            for one in module.siblings:
                same = one.same.document_id, one.same.section_id
                shown.setdefault(same, shown.get((one.document_id, one.section_id), f"#{module.id}"))
        return headings | shown

    @cached_property
    def crossings(self) -> Crossings:
        """The places that links of the documents lead to."""
        urls = [one.url for one in self.loaded.request.sources]
        return Crossings(self.documents, self._owners.keys(), urls, self._site)

    def link(self, place: Place, way: str = "") -> str | None:
        """Where a link to a place leads: the module that teaches it, one of the pathway `way` before others, else its
        file's address at the commit, or the one module that teaches the page; with several, the start of the page is
        not the place that is meant.
        """
        source = self._owners.get(place.path)
        address = file_url(source.url, source.commit, place.path) if source else None
        for key in self._list_below(place.key) if place.key else ():
            home = self._homes_in.get(way, self._section_homes).get(key, "")
            if link := self._shown.get((home, key)) or self._shown.get(key):
                return link
        if place.fragment and (place.key or self._modules_of[place.path] > 1):
            return f"{address}#{place.fragment}" if address else None
        file = PurePosixPath(place.path)
        entered = self._entered.get(str(file.parent)) if file.stem.lower() in _INDEXES else None
        return self._shown.get(place.path, entered or address)

    def _list_below(self, key: SectionKey) -> Iterator[SectionKey]:
        """A section and, while there is no text under its heading, the next one below that."""
        yield key
        sections = self.documents[key[0]].sections
        at = next((at for at, one in enumerate(sections) if one.id == key[1]), len(sections))
        for section, below in pairwise(sections[at:]):
            if section.blocks or below.level <= section.level:
                break
            yield key[0], below.id

    @cached_property
    def _entered(self) -> dict[str, str]:
        """Folder → the link to what the course first shows of it: an index that only leads into it is not taught."""
        entered: dict[str, str] = {}
        for path, link in self._shown.items():
            if isinstance(path, str):
                for folder in ancestors(path)[:-1]:
                    entered.setdefault(folder, link)
        return entered

    def picture(self, path: str) -> str | None:
        """The name a picture travels under, or None."""
        found = self.pictures.get(path)
        return found[0] if found else None


def _list_homes(modules: Iterable[PathwayModule]) -> dict[SectionKey, str]:
    return {(ref.document_id, ref.section_id): one.id for one in reversed([*modules]) for ref in one.sections}


def find_documents(known: bytes, wanted: frozenset[str]) -> dict[str, BlobRef]:
    """Where the documents of these ids are as they were read. Pure."""
    analyses = AnalysisSet.model_validate_json(known).analyses
    found = {one.document_id: one.document for one in analyses if one.document_id in wanted}
    if None in found.values():
        raise PermanentError("Analyse the documents again: an earlier version read them", code="analysed_before")
    return {document_id: ref for document_id, ref in found.items() if ref is not None}


def read_material(loaded: Loaded) -> Material:
    """Build what every document of the course's modules was read as. Pure."""
    material = Material(
        loaded=replace(loaded, listings=(), known=b"", documents={}),  # what was read need not be held as bytes too
        listings=tuple(Listing.model_validate_json(one) for one in loaded.listings),
        known=AnalysisSet.model_validate_json(loaded.known),
        documents={
            entry.id: load_document(loaded.documents[entry.id])
            for entry in loaded.inputs
            if entry.id in loaded.documents
        },
    )
    material.index()
    return material
