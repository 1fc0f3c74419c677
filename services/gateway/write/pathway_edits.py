"""A user's edits of a pathway. Pure: a pathway and a change in, the pathway after it out, or a refusal."""

from collections.abc import Mapping, Sequence
from typing import Literal, assert_never

from services.gateway.course.commands import (
    AddModule,
    DeleteModule,
    EditModule,
    EditPathway,
    ObjectiveText,
    OrderModules,
    PathwayChange,
)
from services.gateway.course.refusals import Refusal, Refused, invalid
from shared.engine.types import DocumentAnalysis, LearningObjective, Pathway, PathwayModule, SectionRef
from shared.kernel.ids import content_id

ChangeName = Literal["edited", "module_added", "module_edited", "module_deleted", "modules_reordered"]
Analyses = Mapping[str, DocumentAnalysis]

_OBJECTIVES_PER_MODULE = 6


def edit(pathway: Pathway, change: PathwayChange, analyses: Analyses) -> tuple[Pathway, ChangeName]:
    """The pathway after the change, and what kind of change it was. Raises Refused."""
    match change:
        case EditPathway():
            fields = {"title": change.title, "description": change.description}
            return pathway.model_copy(update={k: v for k, v in fields.items() if v is not None}), "edited"
        case AddModule():
            return _add(pathway, change, analyses), "module_added"
        case EditModule():
            return _edit_module(pathway, change, analyses), "module_edited"
        case DeleteModule():
            _position(pathway, change.module_id)
            if len(pathway.modules) == 1:
                raise Refused(Refusal(409, "last_module", "A pathway needs at least one module"))
            return _with(pathway, [m for m in pathway.modules if m.id != change.module_id]), "module_deleted"
        case OrderModules():
            by_id = {module.id: module for module in pathway.modules}
            if sorted(change.module_ids) != sorted(by_id):
                detail = "Give the id of every module of the pathway, each once"
                raise Refused(invalid("/module_ids", detail, "modules_do_not_match"))
            return _with(pathway, [by_id[module_id] for module_id in change.module_ids]), "modules_reordered"
        case _:
            assert_never(change)


def _add(pathway: Pathway, change: AddModule, analyses: Analyses) -> Pathway:
    documents = _documents(change.document_ids, analyses)
    sections = _sections(documents)
    parts = [f"{section.document_id}/{section.section_id}" for section in sections]
    module = PathwayModule(
        id=content_id("m", pathway.kind, change.title, *parts),
        title=change.title,
        description=change.description,
        estimated_minutes=_minutes(documents),
        learning_objectives=_objectives(change.objectives, sections, documents),
        sections=sections,
        document_ids=change.document_ids,
    )
    if any(have.id == module.id for have in pathway.modules):
        raise Refused(Refusal(409, "module_exists", "The pathway has this module already"))
    at = len(pathway.modules) if change.position is None else min(change.position, len(pathway.modules))
    return _with(pathway, [*pathway.modules[:at], module, *pathway.modules[at:]])


def _edit_module(pathway: Pathway, change: EditModule, analyses: Analyses) -> Pathway:
    at = _position(pathway, change.module_id)
    module = pathway.modules[at]
    if change.document_ids is not None:
        documents = _documents(change.document_ids, analyses)
        sections = _sections(documents)
        update = {"document_ids": change.document_ids, "sections": sections, "estimated_minutes": _minutes(documents)}
        written = tuple(one for one in module.learning_objectives if one.given)
        found = _objectives(None, sections, documents)[: max(0, _OBJECTIVES_PER_MODULE - len(written))]
        module = module.model_copy(update={**update, "learning_objectives": (*written, *found)})
    if change.objectives is not None:
        objectives = _objectives(change.objectives, module.sections, (), module.learning_objectives)
        module = module.model_copy(update={"learning_objectives": objectives})
    fields = {"title": change.title, "description": change.description}
    module = module.model_copy(update={k: v for k, v in fields.items() if v is not None})
    return _with(pathway, [*pathway.modules[:at], module, *pathway.modules[at + 1 :]])


def _position(pathway: Pathway, module_id: str) -> int:
    for at, module in enumerate(pathway.modules):
        if module.id == module_id:
            return at
    raise Refused(Refusal(404, "not_found", "There is no such module in this pathway"))


def _documents(document_ids: Sequence[str], analyses: Analyses) -> tuple[DocumentAnalysis, ...]:
    for at, document_id in enumerate(document_ids):
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
    given: Sequence[ObjectiveText] | None,
    sections: Sequence[SectionRef],
    documents: Sequence[DocumentAnalysis],
    have: Sequence[LearningObjective] = (),
) -> tuple[LearningObjective, ...]:
    """The objectives a person gave, each in its section of before, else in the first one; else the documents' own."""
    if given is None:
        found = [objective for document in documents for objective in document.learning_objectives]
        return tuple(found[:_OBJECTIVES_PER_MODULE])
    first = sections[0].section_id if sections else ""
    places = {one.text: one.section_id for one in have}
    return tuple(
        LearningObjective(text=one.text, bloom=one.bloom, section_id=places.get(one.text, first), given=True)
        for one in given
    )


def _minutes(documents: Sequence[DocumentAnalysis]) -> int:
    return sum(document.minutes for document in documents)


def _with(pathway: Pathway, modules: Sequence[PathwayModule]) -> Pathway:
    minutes = sum(module.estimated_minutes for module in modules)
    return pathway.model_copy(update={"modules": tuple(modules), "estimated_minutes": minutes})
