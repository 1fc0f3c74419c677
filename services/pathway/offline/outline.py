"""The material as a tree: the author's groups, their documents, and the sections below each heading. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median_low

from services.pathway.offline.trails import Trail
from shared.engine.distance import SectionKey
from shared.engine.minutes import reading_minutes
from shared.engine.types import DocumentAnalysis, SectionOutline


@dataclass(frozen=True)
class Placed:
    """A section that is taught, and its document."""

    document: DocumentAnalysis
    section: SectionOutline

    @property
    def key(self) -> SectionKey:
        """(document id, section id)."""
        return self.document.document_id, self.section.id

    def above(self) -> list[SectionOutline]:
        """The sections whose headings it stands below, the nearest first."""
        found, at = list[SectionOutline](), self.section
        while at.parent and (parent := next((one for one in self.document.sections if one.id == at.parent), None)):
            found.append(parent)
            at = parent
        return found


@dataclass(frozen=True)
class Node:
    """A group, a document or a heading, with everything below it.

    `own` is the text that belongs to it alone.
    """

    name: str
    own: tuple[Placed, ...] = ()
    children: tuple["Node", ...] = ()
    document: DocumentAnalysis | None = None

    @cached_property
    def sections(self) -> tuple[Placed, ...]:
        """All sections of it, in order."""
        return self.own + tuple(placed for child in self.children for placed in child.sections)

    @cached_property
    def minutes(self) -> float:
        """Reading time by the published rule."""
        return reading_minutes(placed.section for placed in self.sections)

    @property
    def is_group(self) -> bool:
        """Whether it holds documents."""
        return self.document is None

    @property
    def is_looked_up(self) -> bool:
        """Whether it is a reference or a part of one."""
        return self.document is not None and self.document.doc_type in ("reference", "api")


def document_node(document: DocumentAnalysis, name: str, wanted: Sequence[SectionOutline]) -> Node:
    """A document as a tree of its headings; only the wanted sections are placed."""
    keep = {section.id for section in wanted}
    below: dict[str | None, list[SectionOutline]] = {}
    known = {section.id for section in document.sections}
    for section in document.sections:
        below.setdefault(section.parent if section.parent in known else None, []).append(section)

    def build(section: SectionOutline) -> Node:
        own = (Placed(document, section),) if section.id in keep else ()
        children = tuple(node for node in map(build, below.get(section.id, ())) if node.sections)
        return Node(section.heading, own, children, document)

    tops = tuple(node for node in map(build, below.get(None, ())) if node.sections)
    if len(tops) == 1:  # the heading of the whole document
        return Node(name, tops[0].own, tops[0].children, document)
    return Node(name, (), tops, document)


def group_nodes(
    documents: Sequence[Node], trails: Mapping[str, Trail], places: Mapping[SectionKey, int], depth: int = 0
) -> tuple[Node, ...]:
    """Documents as a tree of the groups they stand in; a group of one document is that document.

    What stands beside each other is in the given order, or in the order of the middle ones of its sections' places.
    """
    found: list[Node] = []
    for step, members in _runs(documents, trails, depth):
        if step is None or len(members) == 1:
            found += members
        else:
            inner = group_nodes(members, trails, places, depth + 1)
            if len(inner) > 1 or not inner[0].is_group:
                inner = (Node(step[1], (), inner),)
            found += inner
    return tuple(sorted(found, key=lambda node: _middle_place(node, places)) if places else found)


def _middle_place(node: Node, places: Mapping[SectionKey, int]) -> float:
    """A page that is read last, such as one about the project's people, moves its group nowhere."""
    known = [places[placed.key] for placed in node.sections if placed.key in places]
    return median_low(known) if known else float("inf")


def _runs(
    documents: Sequence[Node], trails: Mapping[str, Trail], depth: int
) -> Iterator[tuple[tuple[str, str] | None, list[Node]]]:
    """The groups of this depth with their members, in the order of their first ones."""
    groups: dict[tuple[str, str] | str, list[Node]] = {}
    for node in documents:
        assert node.document is not None
        trail = trails[node.document.document_id]
        groups.setdefault(trail[depth] if len(trail) > depth else node.document.document_id, []).append(node)
    for step, members in groups.items():
        yield (None if isinstance(step, str) else step), members
