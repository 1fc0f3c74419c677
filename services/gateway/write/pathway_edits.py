"""A user's edits of a pathway: a pathway and a change go in; the new pathway, or a refusal, comes out. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, assert_never

from services.gateway.course import commands
from shared.engine.minutes import lesson_minutes
from shared.engine.types import DocumentAnalysis, LearningObjective, Pathway, PathwayModule, SectionRef
from shared.events.base import Level
from shared.kernel.ids import content_id
from shared.kernel.refusals import Refusal, Refused, invalid

ChangeName = Literal["edited", "module_added", "module_edited", "module_deleted", "modules_reordered"]
Analyses = Mapping[str, DocumentAnalysis]

_OBJECTIVES_PER_MODULE = 6


def edit(
    pathway: Pathway, change: commands.PathwayChange, analyses: Analyses, others: Mapping[str, Pathway]
) -> tuple[Pathway, ChangeName]:
    """The pathway after the change, and what kind of change it was. `others`: the pathways that the change names, by
    id. Raises Refused.
    """
    match change:
        case commands.EditPathway():
            return pathway.model_copy(update=_given(vars(change))), "edited"
        case commands.AddModule():
            return _add(pathway, change, analyses), "module_added"
        case commands.EditModule():
            return _edit_module(pathway, change, analyses), "module_edited"
        case commands.TakeModule():
            module = _find(others, change.from_pathway_id, change.module_id, "/from_pathway_id")
            return _insert(pathway, module, change.position), "module_added"
        case commands.DeleteModule():
            _position(pathway, change.module_id)
            if len(pathway.modules) == 1:
                raise Refused(Refusal(409, "last_module", "A pathway needs at least one module"))
            return _with(pathway, [m for m in pathway.modules if m.id != change.module_id]), "module_deleted"
        case commands.OrderModules():
            by_id = {module.id: module for module in pathway.modules}
            if sorted(change.module_ids) != sorted(by_id):
                detail = "Give the id of every module of the pathway, each once"
                raise Refused(invalid("/module_ids", detail, "modules_do_not_match"))
            return _with(pathway, [by_id[module_id] for module_id in change.module_ids]), "modules_reordered"
        case _:
            assert_never(change)


def _add(pathway: Pathway, change: commands.AddModule, analyses: Analyses) -> Pathway:
    documents = _documents(change.document_ids, analyses)
    sections = _sections(documents)
    parts = [f"{section.document_id}/{section.section_id}" for section in sections]
    module = PathwayModule(
        id=content_id("m", pathway.kind, change.title, *parts),
        title=change.title,
        description=change.description,
        estimated_minutes=_minutes(documents, sections),
        learning_objectives=_objectives(change.objectives, sections, documents),
        sections=sections,
        document_ids=change.document_ids,
    )
    return _insert(pathway, module, change.position)


def make(wanted: commands.AddPathway, known: Mapping[str, Pathway], level: Level) -> Pathway:
    """A new pathway of modules that `known` pathways have. Raises Refused."""
    modules = [
        _find(known, pathway_id, module_id, f"/modules/{at}")
        for at, (pathway_id, module_id) in enumerate(wanted.modules)
    ]
    made = Pathway(
        id=wanted.pathway_id, kind=wanted.kind, title=wanted.title, description=wanted.description,
        complexity_level=wanted.complexity_level or level, estimated_minutes=0, prerequisites=wanted.prerequisites,
        modules=(),
    )  # fmt: skip
    for module in modules:
        made = _insert(made, module, None)
    return made


def _find(known: Mapping[str, Pathway], pathway_id: str, module_id: str, pointer: str) -> PathwayModule:
    """The module of a pathway on offer. Raises Refused."""
    modules = known[pathway_id].modules if pathway_id in known else ()
    found = next((module for module in modules if module.id == module_id), None)
    if found is None:
        raise Refused(invalid(pointer, "No pathway on offer with this id has such a module", "unknown_module"))
    return found


def _insert(pathway: Pathway, module: PathwayModule, position: int | None) -> Pathway:
    if any(have.id == module.id for have in pathway.modules):
        raise Refused(Refusal(409, "module_exists", "The pathway has this module already"))
    at = len(pathway.modules) if position is None else min(position, len(pathway.modules))
    return _with(pathway, [*pathway.modules[:at], module, *pathway.modules[at:]])


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that change."""
    return {name: value for name, value in fields.items() if value is not None}


def _edit_module(pathway: Pathway, change: commands.EditModule, analyses: Analyses) -> Pathway:
    at = _position(pathway, change.module_id)
    module = pathway.modules[at]
    if change.document_ids is not None or change.sections is not None:
        documents, sections = _chosen(change, analyses)
        update = {
            "document_ids": tuple(one.document_id for one in documents), "sections": sections,
            "estimated_minutes": _minutes(documents, sections), "siblings": (),
        }  # fmt: skip
        written = tuple(one for one in module.learning_objectives if one.given)
        found = _objectives(None, sections, documents)[: max(0, _OBJECTIVES_PER_MODULE - len(written))]
        module = module.model_copy(update={**update, "learning_objectives": (*written, *found)})
    if change.objectives is not None:
        objectives = _objectives(change.objectives, module.sections, (), module.learning_objectives)
        module = module.model_copy(update={"learning_objectives": objectives})
    fields = {"title": change.title, "description": change.description, "part": change.part}
    module = module.model_copy(update=_given(fields))
    return _with(pathway, [*pathway.modules[:at], module, *pathway.modules[at + 1 :]])


def _chosen(
    change: commands.EditModule, analyses: Analyses
) -> tuple[tuple[DocumentAnalysis, ...], tuple[SectionRef, ...]]:
    """The sections a module is made of now, and their documents: single sections, else whole documents."""
    if change.sections is None:
        documents = _documents(change.document_ids or (), analyses)
        return documents, _sections(documents)
    places = {ref: at for at, ref in enumerate(change.sections)}
    if change.document_ids is not None or len(places) < len(change.sections):
        raise Refused(invalid("/sections", "Give sections, each once, or whole documents", "invalid_sections"))
    known = [analyses[document_id] for document_id, _ in change.sections if document_id in analyses]
    refs = {(ref.document_id, ref.section_id): ref for ref in _sections(known)}
    for ref, at in places.items():
        if ref not in refs:
            raise Refused(invalid(f"/sections/{at}", "No analysed document has this section", "unknown_section"))
    return tuple({one.document_id: one for one in known}.values()), tuple(refs[ref] for ref in change.sections)


def _position(pathway: Pathway, module_id: str) -> int:
    for at, module in enumerate(pathway.modules):
        if module.id == module_id:
            return at
    raise Refused(Refusal(404, "not_found", "There is no such module in this pathway"))


def _documents(document_ids: Sequence[str], analyses: Analyses) -> tuple[DocumentAnalysis, ...]:
    for at, document_id in enumerate(document_ids):
        if document_id in document_ids[:at]:
            raise Refused(invalid(f"/document_ids/{at}", "Give each document once", "repeated_document"))
        if document_id not in analyses:
            raise Refused(invalid(f"/document_ids/{at}", "No analysed document has this id", "unknown_document"))
    return tuple(analyses[document_id] for document_id in document_ids)


def _sections(documents: Sequence[DocumentAnalysis]) -> tuple[SectionRef, ...]:
    return tuple(
        SectionRef(document_id=document.document_id, section_id=section.id, heading=section.heading)
        for document in documents
        for section in document.sections
    )


def _objectives(
    given: Sequence[commands.ObjectiveText] | None,
    sections: Sequence[SectionRef],
    documents: Sequence[DocumentAnalysis],
    have: Sequence[LearningObjective] = (),
) -> tuple[LearningObjective, ...]:
    """The objectives a person gave, each in its section of before, else in the first one; else the documents' own."""
    if given is None:
        found = [objective for document in documents for objective in document.learning_objectives]
        return tuple(found[:_OBJECTIVES_PER_MODULE])
    first = sections[0].section_id if sections else ""
    before = {one.text: one for one in have}
    return tuple(_objective(one, before.get(one.text), first) for one in given)


def _objective(given: commands.ObjectiveText, have: LearningObjective | None, first: str) -> LearningObjective:
    bloom = given.bloom or (have.bloom if have is not None else "understand")
    section_id = have.section_id if have is not None else first
    return LearningObjective(text=given.text, bloom=bloom, section_id=section_id, given=True)


def _minutes(documents: Sequence[DocumentAnalysis], sections: Sequence[SectionRef]) -> int:
    keys = {(ref.document_id, ref.section_id) for ref in sections}
    outlines = [one for document in documents for one in document.sections if (document.document_id, one.id) in keys]
    return lesson_minutes(outlines)


def _with(pathway: Pathway, modules: Sequence[PathwayModule]) -> Pathway:
    minutes = sum(module.estimated_minutes for module in modules)
    return pathway.model_copy(update={"modules": tuple(modules), "estimated_minutes": minutes})
