"""Putting modules in an order in which nothing is used before it is taught. Pure."""

from collections.abc import Mapping, Sequence

from shared.engine.graph import Edge, acyclic
from shared.engine.types import ConceptGraph

_CONCEPT_WEIGHT = 3


def order_stably(names: Sequence[str], edges: Sequence[Edge]) -> list[str]:
    """The names so that every (before, after) edge runs forwards, as near to the given order as that allows.

    The edges have to be acyclic; names they mention that are not given are ignored.
    """
    place = {name: index for index, name in enumerate(names)}
    waits_for: dict[str, set[str]] = {name: set() for name in names}
    for before, after in edges:
        if before in place and after in place:
            waits_for[after].add(before)
    done: dict[str, None] = {}

    def visit(name: str) -> None:
        stack = [(name, iter(sorted(waits_for[name], key=place.__getitem__)))]
        while stack:
            current, needed = stack[-1]
            following = next((one for one in needed if one not in done), None)
            if following is not None:
                stack.append((following, iter(sorted(waits_for[following], key=place.__getitem__))))
                continue
            stack.pop()
            done.setdefault(current)

    for name in names:
        if name not in done:
            visit(name)
    return list(done)


def module_edges(
    graph: ConceptGraph,
    module_of_section: Mapping[tuple[str, str], str],
    modules_of_document: Mapping[str, Sequence[str]],
) -> tuple[Edge, ...]:
    """(before, after) pairs of modules: from concepts to those that need them, and from documents to their users.

    Acyclic: where two modules need each other, the weaker need gives way.
    """
    weighted: dict[Edge, int] = {}
    home = {concept.id: module_of_section.get((concept.document_id, concept.section_id)) for concept in graph.concepts}
    for concept in graph.concepts:
        for needed in concept.prerequisites:
            before, after = home.get(needed), home[concept.id]
            if before and after and before != after:
                weighted[(before, after)] = weighted.get((before, after), 0) + _CONCEPT_WEIGHT
    for first, second in graph.document_edges:
        for before in modules_of_document.get(first, ())[:1]:
            for after in modules_of_document.get(second, ()):
                if before != after and before not in modules_of_document.get(second, ()):
                    weighted[(before, after)] = weighted.get((before, after), 0) + 1
    return acyclic(weighted)
