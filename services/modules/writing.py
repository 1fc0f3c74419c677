"""The work of worker processes for stage 4 beside the engine's part: judge modules, make the course of them. Pure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from services.modules.assembly.assemble import CourseParts, assemble_course, with_quality
from services.modules.assembly.places import Boxes
from services.modules.loaded import ROUNDS, Loaded, MadeCourse
from services.modules.material import Material
from services.modules.offline.writer import revise_module
from shared.course.audience import Audience
from shared.course.export.course_json import build_json
from shared.course.export.exported import Export
from shared.course.export.registry import FOLDERS, export_folder
from shared.course.findings import GateReport, list_dropped, list_dropped_of_author
from shared.course.gates import check_module
from shared.course.model import (
    AnySource,
    DocumentSource,
    EngineInfo,
    LectureSource,
    Licence,
    Module,
    PdfSource,
    Recording,
    Source,
)
from shared.course.naming import automatic_title
from shared.course.quality import measure
from shared.course.reading import GateContext
from shared.course.schema import parse_course
from shared.course.whole_gates import name_gaps
from shared.docs.captions.facts import CAPTION_TYPES, ending_as_fetched
from shared.docs.kinds import KIND_OF_TYPE
from shared.engine.titles import project_title
from shared.events import BlobRef
from shared.events.gateway import SourceFacts
from shared.language.word_classes import load_dictionary


def load() -> None:
    """Load what the first module would wait for; this module's own imports come with it."""
    load_dictionary()


def check(material: Material, module: Module) -> GateReport:
    """The findings of the gates; where the author's sentences are taken over, only findings to be dropped."""
    context = _context(material, module)
    report = check_module(module, context)
    return report if context.own_words else report.model_copy(update={"findings": list_dropped_of_author(report)})


def _context(material: Material, module: Module) -> GateContext:
    ids = [planned.id for planned in material.loaded.modules]
    planned = next((planned for planned in material.loaded.modules if planned.id == module.id), None)
    return GateContext(
        raw=material.raw,
        sources=material.sources,
        paths={document_id: document.path for document_id, document in material.documents.items()},
        planned=tuple((ref.document_id, ref.heading) for ref in planned.sections) if planned else (),
        concepts=material.concepts,
        titles=tuple(planned.title for planned in material.loaded.modules),
        known_modules=frozenset(ids),
        assets=material.assets,
        language=next((a.language for a in material.known.analyses if a.document_id in module.document_ids), "en"),
        order={module_id: position for position, module_id in enumerate(ids)},
        own_words=material.loaded.request.engine != "offline",
    )


def drop_findings(material: Material, module: Module, report: GateReport) -> tuple[Module, GateReport]:
    """The module without what the gates still find: no output is published unchecked, whoever wrote it."""
    for _ in range(ROUNDS):
        module = revise_module(material.brief(module.id), module, report)
        module = name_gaps(module, _context(material, module))
        report = check(material, module)
        if not list_dropped(report):
            break
    return module, report


def used_pictures(material: Material, modules: Sequence[Module]) -> list[tuple[str, BlobRef]]:
    """The pictures that modules show, each by the name it travels under, sorted."""
    return [
        (name, ref)
        for name, ref in sorted(material.pictures.values(), key=lambda picture: picture[0])
        if any(name in module.main_content or name in module.introduction for module in modules)
    ]


def make_course(material: Material, modules: Sequence[Module], engine: EngineInfo, boxes: Boxes) -> MadeCourse:
    """The course measured by the program that anybody can run, and valid against its published schema."""
    course = assemble_course(_parts(material, modules, engine, boxes))
    course = with_quality(course, measure(course, material.raw, list(material.documents.values())))
    text = build_json(course)
    parse_course(text)  # before it is announced
    return MadeCourse(
        course_key=course.course_key,
        edition=course.edition,
        is_complete=all(module.status == "complete" for module in course.modules),
        items=sum(len(module.assessment) for module in course.modules),
        title=course.title,
        text=text,
        quality=json.dumps(course.quality, sort_keys=True, ensure_ascii=False).encode(),
        folders=tuple(FOLDERS),
    )


def export(material: Material, kind: str, text: bytes, pictures: Mapping[str, bytes]) -> Export:
    """One folder of the course whose course.json is given."""
    return export_folder(kind, text, material.raw, pictures)


def _parts(material: Material, modules: Sequence[Module], engine: EngineInfo, boxes: Boxes) -> CourseParts:
    request = material.loaded.request
    return CourseParts(
        title=_title(material),
        description=request.course_description,
        sources=[_source(one, material.loaded) for one in request.sources],
        engine=engine,
        audience=Audience(complexity_level=request.complexity_level, additional_info=request.additional_info),
        listings=material.listings,
        chosen_paths=frozenset(entry.path for entry in material.loaded.inputs),
        analyses=material.known.analyses,
        skipped=material.known.skipped,
        made=material.loaded.navigation.made,
        graph=material.graph,
        pathways=material.loaded.pathways,
        selected_id=request.pathway_id,
        planned=material.loaded.modules,
        modules=list(modules),
        boxes=boxes,
    )


def _source(facts: SourceFacts, loaded: Loaded) -> AnySource:
    licence = Licence(**facts.licence.model_dump()) if facts.licence else Licence()
    if facts.file is None:
        return Source(id=facts.source_id, url=facts.url, ref=facts.ref, commit=facts.commit, licence=licence)
    file: dict[str, Any] = {
        "id": facts.source_id, "file_name": facts.file_name, "sha256": facts.file.sha256, "reader": facts.reader,
        "licence": licence,
    }  # fmt: skip
    if facts.kind == "lecture":
        times = loaded.times[facts.source_id]
        return LectureSource(
            **file, title=facts.title, format="vtt" if facts.file.media_type == CAPTION_TYPES["vtt"] else "srt",
            recording=_recording(facts), seconds=max(end for _, end in times), times=list(times),
        )  # fmt: skip
    if facts.kind == "document":
        return DocumentSource(**file, format=KIND_OF_TYPE[facts.file.media_type].name)
    return PdfSource(**file, pages=list(loaded.pages[facts.source_id]))


def _recording(facts: SourceFacts) -> Recording | None:
    if (ref := facts.recording) is None:
        return None
    return Recording(sha256=ref.sha256, format=ending_as_fetched(facts.file_name, ref.media_type))


def _title(material: Material) -> str:
    """The user's title; one made from the repository's name is written as the project writes itself."""
    request = material.loaded.request
    if request.course_title != automatic_title(request.sources[0].name):
        return request.course_title
    if request.sources[0].kind != "git":
        return automatic_title(request.project_name)
    name = project_title(
        request.project_name or request.sources[0].name, material.known.analyses, request.overview_document
    )
    return automatic_title(name)
