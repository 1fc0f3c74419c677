"""From a model's grouping of sections to pathways the program can stand for. Pure; done by a worker process."""

from collections.abc import Sequence

from services.pathway.answers import ModuleAnswer, PathwayAnswer, PathwaysAnswer
from services.pathway.prompts import outline
from shared.engine.minutes import lesson_minutes
from shared.engine.payloads import AnalysisSet
from shared.engine.types import ConceptGraph, DocumentAnalysis, LearningObjective, Pathway, PathwayModule, SectionRef
from shared.kernel.ids import content_id

Numbers = Sequence[tuple[DocumentAnalysis, int]]

_OBJECTIVES = 5


def show_sections(known: AnalysisSet) -> str:
    """All sections, numbered, as the prompt for pathways shows them."""
    return outline(known.analyses, known.graph.document_edges)[0]


def group(known: AnalysisSet, answer: PathwaysAnswer, fallback: tuple[Pathway, ...]) -> list[tuple[Pathway, list[str]]]:
    """The model's pathways, each with what is wrong with its order."""
    pathways = group_sections(answer, outline(known.analyses)[1], fallback)
    return [(pathway, find_order_problems(pathway, known.graph)) for pathway in pathways]


def group_sections(answer: PathwaysAnswer, numbers: Numbers, fallback: Sequence[Pathway]) -> tuple[Pathway, ...]:
    """The model's pathways, the widest made whole with the sections it left out; missing kinds from `fallback`."""
    by_kind: dict[str, Pathway] = {pathway.kind: pathway for pathway in fallback}
    grouped: dict[str, Pathway] = {}
    for one in answer.pathways:
        pattern = by_kind.get(one.kind)
        built = _pathway(one, numbers, pattern)
        if built is not None and one.kind not in grouped:
            grouped[one.kind] = built
    if "complete" in grouped and "complete" in by_kind:
        grouped["complete"] = _made_whole(grouped["complete"], by_kind["complete"])
    merged = {**by_kind, **grouped}
    return tuple(sorted(merged.values(), key=lambda p: (p.kind != "complete", p.kind)))


def find_order_problems(pathway: Pathway, graph: ConceptGraph) -> list[str]:
    """Documents taught before the ones they build on."""
    first: dict[str, int] = {}
    for position, module in enumerate(pathway.modules):
        for document_id in module.document_ids:
            first.setdefault(document_id, position)
    return [
        f"'{pathway.title}': module {first[after] + 1} uses what module {first[before] + 1} teaches"
        for before, after in graph.document_edges
        if before in first and after in first and first[before] > first[after]
    ]


def _pathway(answer: PathwayAnswer, numbers: Numbers, pattern: Pathway | None) -> Pathway | None:
    taken: set[int] = set()
    modules = [module for module in (_module(answer.kind, m, numbers, taken) for m in answer.modules) if module]
    if not modules:
        return None
    return Pathway(
        id=pattern.id if pattern else content_id("p", answer.kind),
        kind=answer.kind,
        title=answer.title,
        description=answer.description,
        complexity_level=pattern.complexity_level if pattern else numbers[0][0].complexity_level,
        estimated_minutes=sum(module.estimated_minutes for module in modules),
        prerequisites=tuple(answer.prerequisites) or (pattern.prerequisites if pattern else ()),
        modules=tuple(modules),
    )


def _module(kind: str, answer: ModuleAnswer, numbers: Numbers, taken: set[int]) -> PathwayModule | None:
    """A module of sections nobody took before it; None when none are left."""
    chosen = [number for number in answer.sections if 1 <= number <= len(numbers) and number not in taken]
    taken.update(chosen)
    if not chosen:
        return None
    refs, objectives = [], dict[str, LearningObjective]()
    for number in chosen:
        analysis, index = numbers[number - 1]
        section = analysis.sections[index]
        refs.append(SectionRef(document_id=analysis.document_id, section_id=section.id, heading=section.heading))
        objectives |= {o.text: o for o in analysis.learning_objectives if o.section_id == section.id}
    if not objectives:
        objectives = {o.text: o for o in numbers[chosen[0] - 1][0].learning_objectives}
    return PathwayModule(
        id=content_id("m", kind, *(f"{ref.document_id}#{ref.section_id}" for ref in refs)),
        title=answer.title,
        description=answer.description,
        estimated_minutes=lesson_minutes(
            [analysis.sections[index] for analysis, index in (numbers[one - 1] for one in chosen)]
        ),
        learning_objectives=tuple(sorted(objectives.values(), key=lambda one: not one.given)[:_OBJECTIVES]),
        sections=tuple(refs),
        document_ids=tuple(dict.fromkeys(ref.document_id for ref in refs)),
    )


def _made_whole(pathway: Pathway, whole: Pathway) -> Pathway:
    """The pathway with the modules of `whole` that hold sections it lacks, reduced to those sections."""
    have = {(ref.document_id, ref.section_id) for module in pathway.modules for ref in module.sections}
    modules: list[PathwayModule] = list(pathway.modules)
    for module in whole.modules:
        missing = tuple(ref for ref in module.sections if (ref.document_id, ref.section_id) not in have)
        if missing:
            documents = tuple(dict.fromkeys(ref.document_id for ref in missing))
            modules.append(module.model_copy(update={"sections": missing, "document_ids": documents}))
    return pathway.model_copy(
        update={"modules": tuple(modules), "estimated_minutes": sum(m.estimated_minutes for m in modules)}
    )
