"""Stage 3 of the offline engine: modules planned once, and pathways as ordered choices of them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from services.pathway.offline.kinds import find_quickstart, is_how_to, is_look_up
from services.pathway.offline.modules import Block, plan_modules
from services.pathway.offline.naming import join_names, name_document, tell_apart
from services.pathway.offline.outline import Node, Placed, document_node, group_nodes
from services.pathway.offline.trails import Trail, find_trails
from shared.course.model import Level
from shared.engine.distance import SectionKey, pathway_distance
from shared.engine.offline.titles import name_prerequisites, pathway_words, project_title
from shared.engine.port import Audience, ProjectFacts
from shared.engine.reading_order import reading_order
from shared.engine.sections import reading_minutes, teachable_outlines
from shared.engine.types import (
    ConceptGraph,
    DocumentAnalysis,
    LearningObjective,
    Pathway,
    PathwayModule,
    SectionRef,
)
from shared.ids import content_id

Kind = Literal["complete", "quickstart", "task", "reference", "contribute"]

SMALLEST_DISTANCE = 0.25
_FEW_MODULES = 6
_OBJECTIVES = 5
_LEAST_CONTRIBUTE_MINUTES = 15.0
_LEVELS: tuple[Level, ...] = ("beginner", "intermediate", "advanced")


def propose_pathways(
    analyses: Sequence[DocumentAnalysis], graph: ConceptGraph, project: ProjectFacts, audience: Audience
) -> tuple[Pathway, ...]:
    """`complete` first, then quick start, tasks, reference and contributing, as far as the material carries them."""
    order = reading_order(analyses, project.navigation, project.overview_path)
    name = project_title(project.name, order, project.overview_path)
    plan = _Plan(order, graph, find_trails(order, project.navigation), audience, name)
    offered: list[Pathway] = []
    for kind in ("complete", "quickstart", "task", "reference", "contribute"):
        pathway = plan.pathway(kind)
        if pathway is not None and all(pathway_distance(pathway, other) >= SMALLEST_DISTANCE for other in offered):
            offered.append(pathway)
    return tuple(offered)


@dataclass(frozen=True)
class _Plan:
    """The material of a course and what is planned over it."""

    order: tuple[DocumentAnalysis, ...]
    graph: ConceptGraph
    trails: Mapping[str, Trail]
    audience: Audience
    project: str

    @cached_property
    def users(self) -> tuple[DocumentAnalysis, ...]:
        """Documents for users; all of them where no document is for users."""
        found = tuple(one for one in self.order if one.for_whom == "users" and teachable_outlines(one))
        return found or tuple(one for one in self.order if teachable_outlines(one))

    @cached_property
    def makers(self) -> tuple[DocumentAnalysis, ...]:
        """The other documents."""
        users = {one.document_id for one in self.users}
        return tuple(one for one in self.order if one.document_id not in users and teachable_outlines(one))

    @cached_property
    def everything(self) -> tuple[Placed, ...]:
        """All sections for users."""
        return tuple(Placed(one, section) for one in self.users for section in teachable_outlines(one))

    @cached_property
    def modules(self) -> tuple[PathwayModule, ...]:
        """Those of `complete`."""
        return self._modules_of({placed.key for placed in self.everything}, self.users)

    @cached_property
    def _placed(self) -> Mapping[SectionKey, Placed]:
        return {placed.key: placed for placed in self.everything}

    def pathway(self, kind: Kind) -> Pathway | None:
        """The pathway of a kind; None when the material does not carry one."""
        modules = self._choose(kind)
        if not modules:
            return None
        ids = {document_id for module in modules for document_id in module.document_ids}
        used = [one for one in self.order if one.document_id in ids]
        title, description = pathway_words(kind, self.project, ())
        return Pathway(
            id=content_id("p", kind, *sorted({one.source_id for one in used})),
            kind=kind,
            title=title,
            description=description,
            complexity_level=self._level(modules),
            estimated_minutes=sum(module.estimated_minutes for module in modules),
            prerequisites=name_prerequisites(used, self.audience.level),
            modules=modules,
        )

    def _choose(self, kind: Kind) -> tuple[PathwayModule, ...]:
        match kind:
            case "complete":
                return self.modules
            case "quickstart":
                keys = find_quickstart(self.users, self.everything, self.graph)
                return self._known(self._modules_of(keys, self.users))
            case "task":
                return self._of(frozenset(placed.key for placed in self.everything if is_how_to(placed)))
            case "reference":
                found = self._of(frozenset(placed.key for placed in self.everything if is_look_up(placed)))
                return tuple(sorted(found, key=lambda module: module.title.lower()))
            case "contribute":
                own = {(one.document_id, section.id) for one in self.makers for section in teachable_outlines(one)}
                modules = self._modules_of(own, self.makers)
                minutes = sum(module.estimated_minutes for module in modules)
                return modules if minutes >= _LEAST_CONTRIBUTE_MINUTES else ()

    def _of(self, keys: frozenset[SectionKey]) -> tuple[PathwayModule, ...]:
        """Modules most of whose time goes into the sections; with few modules, smaller ones of just the sections."""
        if len(self.modules) < _FEW_MODULES:
            return self._known(self._modules_of(keys, self.users))
        return tuple(module for module in self.modules if 2 * self._minutes(module, keys) > self._minutes(module))

    def _minutes(self, module: PathwayModule, keys: frozenset[SectionKey] | None = None) -> float:
        found = ((ref.document_id, ref.section_id) for ref in module.sections)
        return reading_minutes(self._placed[key].section for key in found if keys is None or key in keys)

    def _known(self, modules: Iterable[PathwayModule]) -> tuple[PathwayModule, ...]:
        """A module of the same sections is the same module, whichever pathway it is in."""
        known = {module.id: module for module in self.modules}
        return tuple(known.get(module.id, module) for module in modules)

    def _modules_of(
        self, keys: Iterable[SectionKey], documents: Sequence[DocumentAnalysis]
    ) -> tuple[PathwayModule, ...]:
        wanted = set(keys)
        nodes: list[Node] = []
        for one in documents:
            sections = [s for s in teachable_outlines(one) if (one.document_id, s.id) in wanted]
            if sections:
                nodes.append(document_node(one, name_document(one.title), sections))
        blocks = plan_modules(group_nodes(nodes, self.trails), self.audience.level)
        places = [[title for _, title in self.trails[block.sections[0].document.document_id]] for block in blocks]
        titles = tell_apart([block.name or self.project for block in blocks], places)
        return tuple(make_module(block, title) for block, title in zip(blocks, titles, strict=True))

    def _level(self, modules: Sequence[PathwayModule]) -> Level:
        """The mean level of the documents by sections, drawn a little towards the audience's."""
        levels = {one.document_id: _LEVELS.index(one.complexity_level) for one in self.order}
        found = [levels[ref.document_id] for module in modules for ref in module.sections]
        mean = sum(found) / max(1, len(found))
        return _LEVELS[min(2, max(0, round((3 * mean + _LEVELS.index(self.audience.level)) / 4)))]


def make_module(block: Block, title: str) -> PathwayModule:
    """A module; its id follows from its sections alone."""
    refs = tuple(
        SectionRef(document_id=p.document.document_id, section_id=p.section.id, heading=p.section.heading)
        for p in block.sections
    )
    return PathwayModule(
        id=content_id("m", *(f"{ref.document_id}/{ref.section_id}" for ref in refs)),
        title=title,
        description=describe(block),
        estimated_minutes=max(1, round(block.minutes)),
        learning_objectives=choose_objectives(block),
        sections=refs,
        document_ids=tuple(dict.fromkeys(ref.document_id for ref in refs)),
        part=block.part,
    )


def describe(block: Block) -> str:
    """What it holds, by its headings."""
    return f"{join_names([placed.section.heading for placed in block.sections])}."


def choose_objectives(block: Block) -> tuple[LearningObjective, ...]:
    """Those a person wrote for its sections, then those found, spread over its documents."""
    keys = {placed.key for placed in block.sections}
    documents = {placed.document.document_id: placed.document for placed in block.sections}
    queues = [
        [one for one in document.learning_objectives if (document_id, one.section_id) in keys]
        for document_id, document in documents.items()
    ]
    chosen = {one.text: one for queue in queues for one in queue if one.given}
    for place in range(_OBJECTIVES):
        for queue in queues:
            if place < len(queue) and len(chosen) < _OBJECTIVES:
                chosen.setdefault(queue[place].text, queue[place])
    return tuple(chosen.values())
