"""Which module introduces which concept, and which modules build on which."""

from collections.abc import Mapping, Sequence

from shared.course.model import Citation, ConceptEntry, Module
from shared.course.plain_text import show_plain
from shared.course.terms import mentions
from shared.engine.types import ConceptGraph, GraphConcept


def list_concepts(
    graph: ConceptGraph,
    modules: Sequence[Module],
) -> list[ConceptEntry]:
    """The concepts the documentation defines and the modules cite, in the order they are introduced.

    The first module that uses a term introduces it, if it cites the definition. One the course does not introduce so
    has no module. Prerequisites never run backwards.
    """
    cited: dict[str, list[tuple[int, Citation]]] = {}
    for place, module in enumerate(modules):
        for one in module.citations:
            cited.setdefault(one.path, []).append((place, one))
    plain = [_plain(module) for module in modules]
    homes: dict[str, int | None] = {}
    entries: list[tuple[int, GraphConcept, Citation]] = []
    for concept in graph.concepts:
        span = concept.definition.span
        holding = [
            (place, c)
            for place, c in cited.get(span.path, ())
            if c.start_line <= span.start_line and span.end_line <= c.end_line
        ]
        if not holding:
            continue
        home = _home(concept, modules, plain)
        homes[concept.id] = home
        citation = _narrowest(holding, home)
        entries.append((len(modules) if home is None else home, concept, citation))
    entries.sort(key=lambda entry: (entry[0], entry[1].name.lower(), entry[1].id))
    return [
        ConceptEntry(
            id=concept.id,
            name=concept.name,
            module_id=None if homes[concept.id] is None else modules[position].id,
            prerequisites=[p for p in concept.prerequisites if _comes_first(homes, p, concept.id)],
            citation=citation,
        )
        for position, concept, citation in entries
    ]


def order_prerequisites(modules: Sequence[Module], concepts: Sequence[ConceptEntry]) -> list[Module]:
    """The modules with the earlier modules they build on, as their writers and their concepts say."""
    home = {concept.id: concept.module_id for concept in concepts if concept.module_id}
    needs: dict[str, set[str]] = {module.id: set(module.prerequisites) for module in modules}
    for concept in concepts:
        if concept.module_id:
            needs[concept.module_id] |= {home[p] for p in concept.prerequisites if p in home}
    ids = [module.id for module in modules]
    return [
        module.model_copy(
            update={"order": number, "prerequisites": [i for i in ids[: number - 1] if i in needs[module.id]]}
        )
        for number, module in enumerate(modules, start=1)
    ]


def _plain(module: Module) -> str:
    fields = (module.introduction, module.main_content, module.conclusion, module.summary)
    return show_plain("\n\n".join(fields))


def _home(concept: GraphConcept, modules: Sequence[Module], plain: Sequence[str]) -> int | None:
    """The place of the first module that uses the term, when it cites the lines that define it."""
    first = next((i for i, text in enumerate(plain) if mentions(text, concept.name)), None)
    if first is None:
        return None
    span = concept.definition.span
    cited = any(
        c.path == span.path and c.start_line <= span.start_line and span.end_line <= c.end_line
        for c in modules[first].citations
    )
    return first if cited else None


def _comes_first(homes: Mapping[str, int | None], before: str, after: str) -> bool:
    first, then = homes.get(before), homes.get(after)
    return first is not None and then is not None and first <= then and before != after


def _narrowest(holding: Sequence[tuple[int, Citation]], home: int | None) -> Citation:
    """The narrowest citation; of equal ones that of the module that introduces the term, else of the first module."""
    return min(
        holding, key=lambda one: (one[1].end_line - one[1].start_line, one[1].start_line, one[0] != home, one[0])
    )[1]
