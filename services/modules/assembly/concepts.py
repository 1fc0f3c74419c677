"""The concepts of a course with their homes, and which modules build on which. Pure."""

from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence

from services.modules.cited.definitions import gloss_of
from shared.course.early_terms import ModuleWords
from shared.course.model import Citation, ConceptEntry, Module, PathwaySection
from shared.course.quality_concepts import FEWEST_EDGES, MOST_WANTED, WORDS_PER_CONCEPT
from shared.engine.types import ConceptGraph, GraphConcept, PathwayModule

SectionKey = tuple[str, str]

_MODULES_WITH_ONE = 0.85
"""The share of modules that keep a concept."""


def list_concepts(
    graph: ConceptGraph, modules: Sequence[Module], planned: Sequence[PathwayModule]
) -> list[ConceptEntry]:
    """The concepts whose home is taught, in the order of the modules that introduce them.

    A concept is cited by the lines that define it; what they say may be no gloss of it. Every
    prerequisite that is taught is named, before or after it.
    """
    places = {module.id: at for at, module in enumerate(modules)}
    homes = _homes(planned, places)
    headings = {(ref.document_id, ref.section_id): ref.heading for module in planned for ref in module.sections}
    cited: dict[str, list[Citation]] = defaultdict(list)  # by path; a list may tell what a section is about
    for one in (one for module in modules for one in module.citations):
        cited[one.path].append(one)
    found: list[tuple[int, GraphConcept, Citation]] = []
    for concept in graph.concepts:
        key = (concept.document_id, concept.section_id)
        if key not in homes:
            continue
        citation = _cited(concept, modules[homes[key]].citations) or _cited(
            concept, cited[concept.definition.span.path]
        )
        if citation is not None:
            found.append((homes[key], concept, citation))
    found.sort(key=lambda one: (one[0], one[2].path, one[2].start_line, one[1].name.lower(), one[1].id))
    known = {concept.id for _, concept, _ in found}
    return _choose(
        [
            ConceptEntry(
                id=concept.id,
                name=concept.name,
                gloss=gloss_of(concept),
                is_defined=concept.is_told,
                home=PathwaySection(
                    document_id=concept.document_id, heading=headings[concept.document_id, concept.section_id]
                ),
                module_id=modules[at].id,
                prerequisites=[one for one in concept.prerequisites if one in known],
                signs={
                    one: list(concept.signs[one])
                    for one in concept.prerequisites
                    if one in known & concept.signs.keys()
                },
                citation=citation,
            )
            for at, concept, citation in found
        ],
        modules,
    )


def _choose(concepts: Sequence[ConceptEntry], modules: Sequence[Module]) -> list[ConceptEntry]:
    """The concepts without the ones that say little: first those that have to do with no other one, or that nothing
    defines, where earlier modules say them without a link to what they are; then, while they are many, those that have
    to do with no other one where their modules have others.

    Links to the home of a concept stay, whether the course lists it or not.
    """
    places = {module.id: at for at, module in enumerate(modules)}
    words = [ModuleWords(module) for module in modules]
    enough = min(MOST_WANTED, sum(map(len, words)) // WORDS_PER_CONCEPT)
    held = Counter(one.module_id for one in concepts)
    edges = {(before, one.id) for one in concepts for before in one.prerequisites}
    joined = {end for edge in edges for end in edge}
    early = {
        one.id for one in concepts if any(own.says(one.name) for own in words[: places.get(one.module_id or "", 0)])
    }
    few = [one for one in reversed(concepts) if one.id not in joined or (one.id in early and not one.is_defined)]
    kept = {one.id: one for one in concepts}
    for one in sorted(few, key=lambda one: (one.id not in early, one.is_defined)):
        having = sum(count > 0 for count in held.values())
        is_much = one.id in early or len(edges) < FEWEST_EDGES * len(kept)
        is_spare = held[one.module_id] > 1 or (not one.is_defined and having > _MODULES_WITH_ONE * len(modules))
        if len(kept) > enough and is_much and is_spare:
            held[one.module_id] -= 1
            del kept[one.id]
            edges = {edge for edge in edges if one.id not in edge}
    return [_without_gone(one, kept) for one in kept.values()]


def _without_gone(concept: ConceptEntry, kept: Container[str]) -> ConceptEntry:
    """The concept with the prerequisites that are kept."""
    signs = {before: signs for before, signs in concept.signs.items() if before in kept}
    before = [one for one in concept.prerequisites if one in kept]
    return concept.model_copy(update={"prerequisites": before, "signs": signs})


def order_prerequisites(modules: Sequence[Module]) -> list[Module]:
    """The modules in their order, with the earlier modules they build on, as their writers say."""
    ids = [module.id for module in modules]
    return [
        module.model_copy(
            update={"order": number, "prerequisites": [i for i in ids[: number - 1] if i in module.prerequisites]}
        )
        for number, module in enumerate(modules, start=1)
    ]


def _homes(planned: Sequence[PathwayModule], places: Mapping[str, int]) -> dict[SectionKey, int]:
    """Section → the place of the first module that teaches it."""
    homes: dict[SectionKey, int] = {}
    for module in sorted((one for one in planned if one.id in places), key=lambda one: places[one.id]):
        for ref in module.sections:
            homes.setdefault((ref.document_id, ref.section_id), places[module.id])
    return homes


def _cited(concept: GraphConcept, citations: Sequence[Citation]) -> Citation | None:
    """The narrowest citation of the lines that define a concept."""
    span = concept.definition.span
    holding = [
        one
        for one in citations
        if one.path == span.path and one.start_line <= span.start_line and span.end_line <= one.end_line
    ]
    return min(holding, key=lambda one: (one.end_line - one.start_line, one.start_line, one.id), default=None)
