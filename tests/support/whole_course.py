"""A whole course from files held in memory: the pure parts of all stages in their order, without a server."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from services.doc_analyser.offline.analyse import analyse
from services.doc_analyser.offline.graph import build_graph
from services.doc_analyser.offline.inputs import DocumentFile
from services.doc_analyser.offline.sections import is_teachable
from services.modules.assembly.assemble import CourseParts, assemble_course, with_quality
from services.modules.cited.brief import ModuleBrief
from services.modules.offline.engine import OfflineWriter
from services.modules.offline.items.question import TaughtSection
from services.modules.offline.items.taught_text import TaughtText
from services.modules.offline.writer import revise_module, write_module
from services.pathway.offline.pathways import propose
from shared.course.audience import Audience
from shared.course.export.course_json import build_json
from shared.course.export.markdown import build_markdown
from shared.course.export.site import build_site
from shared.course.findings import list_blocking
from shared.course.gates import check_module
from shared.course.model import Course, Module, Source
from shared.course.quality import measure
from shared.course.reading import GateContext
from shared.course.schema import parse_course
from shared.docs.listing import FileEntry, Listing
from shared.docs.model import Document
from shared.docs.navigation import Navigation
from shared.docs.reader import read_document
from shared.engine.payloads import AnalysisSet
from shared.engine.port import ProjectFacts
from shared.engine.types import ConceptGraph, DocumentAnalysis, Pathway
from shared.events import BlobRef
from shared.events.base import Level
from shared.kernel.errors import UnreadableText
from shared.kernel.ids import content_id
from tests.support.workers import InlineWorkers

COMMIT = "c" * 40
_ROUNDS = 3
_LEAST_WORDS = 5


@dataclass(frozen=True)
class Taught:
    """The knowledge of stages 1 to 3 about the files."""

    files: Mapping[str, bytes]
    documents: Mapping[str, Document]
    analyses: Sequence[DocumentAnalysis]
    graph: ConceptGraph
    pathways: tuple[Pathway, ...]
    level: Level


def teach(
    files: Mapping[str, bytes],
    included: Mapping[str, bytes] = MappingProxyType({}),
    *,
    level: Level = "intermediate",
    project: str = "acme/widgets",
) -> Taught:
    """Read and analyse every file with what it includes, connect the concepts, propose the pathways."""
    documents: dict[str, Document] = {}
    for path, data in files.items():
        try:
            document = read_document(path, data, included)
        except UnreadableText:
            continue
        if document.words >= _LEAST_WORDS and any(is_teachable(section) for section in document.sections):
            documents[content_id("d", "s1", path)] = document
    analyses = [
        analyse(
            DocumentFile(
                i, "s1", hashlib.sha256(files[document.path]).hexdigest(), document.path, files[document.path], {}
            ),
            document,
            project,
        )
        for i, document in documents.items()
    ]
    navigation = Navigation()
    graph = build_graph(analyses, navigation)
    known = AnalysisSet(analyses=tuple(analyses), graph=graph)
    pathways = propose(known, ProjectFacts(project, None, navigation), Audience(level))
    return Taught({**files, **included}, documents, analyses, graph, pathways, level)


def make_courses(taught: Taught) -> list[Course]:
    """A course, judged, measured, valid and exported, from every pathway on offer."""
    return [_make_course(taught, pathway) for pathway in taught.pathways]


def _make_course(taught: Taught, pathway: Pathway) -> Course:
    raw = taught.files.__getitem__
    course = assemble_course(make_parts(taught, pathway))
    course = with_quality(course, measure(course, raw, list(taught.documents.values())))
    parse_course(build_json(course))
    build_markdown(course, raw, {})
    build_site(course, raw, {})
    return course


def make_parts(taught: Taught, pathway: Pathway | None = None) -> CourseParts:
    """The parts of a course of a pathway; without a name it is the first pathway."""
    pathway = pathway or taught.pathways[0]
    briefs = make_briefs(taught, pathway)
    said = list_said(briefs)
    modules = [_write(brief, said) for brief in briefs]
    entries = [
        FileEntry(
            path=path, size=len(data), git_blob="", kind="documentation", is_documentation=True,
            blob=BlobRef(key=path, sha256=hashlib.sha256(data).hexdigest(), size=len(data), media_type="text/plain"),
        )
        for path, data in taught.files.items()
    ]  # fmt: skip
    return CourseParts(
        title="Learn Widgets",
        description="",
        sources=[Source(id="s1", url="https://github.com/acme/widgets", ref="main", commit=COMMIT)],
        engine=OfflineWriter(InlineWorkers()).info,
        audience=Audience(complexity_level=taught.level),
        listings=[Listing(source_id="s1", commit=COMMIT, files=tuple(entries))],
        chosen_paths=frozenset(taught.files),
        analyses=taught.analyses,
        skipped={},
        graph=taught.graph,
        pathways=taught.pathways,
        selected_id=pathway.id,
        planned=pathway.modules,
        modules=modules,
        boxes={},
    )


def make_briefs(taught: Taught, pathway: Pathway) -> list[ModuleBrief]:
    """The brief that the writer gets for each module of the pathway."""
    return [
        ModuleBrief(
            audience=Audience(taught.level),
            project=ProjectFacts("acme/widgets"),
            source_id=lambda _: "s1",
            pathway=pathway,
            module=module,
            position=position,
            modules=pathway.modules,
            documents={i: taught.documents[i] for i in module.document_ids},
            analyses={one.document_id: one for one in taught.analyses},
            graph=taught.graph,
            raw=taught.files.__getitem__,
            find=lambda link, path: None,
            link=lambda place: None,
            picture=lambda path: None,
        )
        for position, module in enumerate(pathway.modules)
    ]


def list_said(briefs: Sequence[ModuleBrief]) -> TaughtText:
    """All that the modules of some briefs teach."""
    chosen = {(ref.document_id, ref.section_id) for brief in briefs for ref in brief.module.sections}
    documents = {i: document for brief in briefs for i, document in brief.documents.items()}
    return TaughtText(
        TaughtSection(i, document.path, document, section)
        for i, document in documents.items()
        for section in document.sections
        if (i, section.id) in chosen
    )


def _write(brief: ModuleBrief, said: TaughtText) -> Module:
    """A module through its rounds, marked by what is left."""
    module = write_module(brief, said)
    context = GateContext(
        raw=brief.raw,
        known_modules=frozenset(planned.id for planned in brief.pathway.modules),
        assets=frozenset(),
        language=brief.analyses[brief.module.document_ids[0]].language,
        order={planned.id: place for place, planned in enumerate(brief.pathway.modules)},
    )
    report = check_module(module, context)
    for _ in range(_ROUNDS):
        if not report.findings:
            break
        module = revise_module(brief, module, report)
        report = check_module(module, context)
    left = sorted({f"{finding.gate}: {finding.detail}" for finding in list_blocking(report)})
    return module.model_copy(update={"status": "incomplete" if left else "complete", "problems": left})
