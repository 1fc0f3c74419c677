"""Stage 3 of the offline engine: pathways of modules over the sections of all documents."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal

from shared.course.model import Level
from shared.engine.distance import SectionKey
from shared.engine.offline.module_titles import list_doings, title_modules
from shared.engine.offline.ordering import module_edges, order_stably
from shared.engine.offline.pathways_modules import make_module
from shared.engine.offline.pathways_select import (
    Material,
    Selection,
    gather,
    keys_of,
    select_all,
    select_further,
    select_quickstart,
    select_reference,
    select_tasks,
    set_apart,
)
from shared.engine.offline.pathways_split import split_slices, wished_modules
from shared.engine.offline.pathways_tree import Slice, Trail, cut_slices, find_trails, section_minutes
from shared.engine.offline.phrases import clean_heading
from shared.engine.offline.titles import name_prerequisites, pathway_words, project_title
from shared.engine.port import Audience, ProjectFacts
from shared.engine.reading_order import author_positions, reading_order
from shared.engine.types import (
    ConceptGraph,
    DocumentAnalysis,
    Pathway,
    PathwayModule,
)
from shared.ids import content_id

Kind = Literal["complete", "quickstart", "task", "reference"]

_WISHED_PATHWAYS = 3
_MODULES_WITHOUT_PARTS = 14
_LONGEST_SHARE = 1.4
_FEWEST_GROUPED = 0.75
_NO_PART = re.compile(r"(?:(?:table of )?contents?|src|docs?|documentation)?", re.IGNORECASE)
_LEVELS: tuple[Level, ...] = ("beginner", "intermediate", "advanced")


def propose_pathways(
    analyses: Sequence[DocumentAnalysis], graph: ConceptGraph, project: ProjectFacts, audience: Audience
) -> tuple[Pathway, ...]:
    """The whole subject first, then as many of quick start, tasks and reference as differ from each other."""
    order = _reading_order(analyses, graph, project)
    material = gather(order, graph, audience)
    if not material.order:
        return ()
    name = project_title(project.name, material.order, project.overview_path)
    trails = find_trails(order, project.navigation)
    chosen = _choose(material)
    return tuple(_pathway(kind, selection, material, graph, trails, name) for kind, selection in chosen)


def _choose(material: Material) -> list[tuple[Kind, Selection]]:
    """The kinds that differ enough from each other, with their sections."""
    chosen: list[tuple[Kind, Selection]] = [("complete", select_all(material))]
    taken: frozenset[SectionKey] = frozenset()

    def offer(kind: Kind, wanted: Selection) -> None:
        nonlocal taken
        selection = set_apart(material, wanted, [other for _, other in chosen])
        if selection is not None:
            chosen.append((kind, selection))
            taken |= frozenset(keys_of(selection))

    offer("quickstart", select_quickstart(material))
    offer("task", select_tasks(material, taken))
    offer("reference", select_reference(material, taken))
    if len(chosen) < _WISHED_PATHWAYS:
        missing: list[Kind] = [kind for kind in ("reference", "task") if kind not in {known for known, _ in chosen}]
        offer(missing[0], select_further(material, taken))
    return chosen


def _reading_order(
    analyses: Sequence[DocumentAnalysis], graph: ConceptGraph, project: ProjectFacts
) -> tuple[DocumentAnalysis, ...]:
    """The author's order; where there is none, the order read from names, with what is used before taught moved up."""
    order = reading_order(analyses, project.navigation, project.overview_path)
    if author_positions(analyses, project.navigation):
        return order
    by_id = {analysis.document_id: analysis for analysis in order}
    return tuple(by_id[document_id] for document_id in order_stably(list(by_id), graph.document_edges))


def _pathway(
    kind: Kind, selection: Selection, material: Material, graph: ConceptGraph, trails: Mapping[str, Trail], name: str
) -> Pathway:
    runs = _ordered(_runs(kind, selection, material, trails), graph)
    titles = title_modules(runs, name)
    parts = _parts(runs)
    modules = tuple(
        make_module(kind, run, title, part, name) for run, title, part in zip(runs, titles, parts, strict=True)
    )
    used = [analysis for analysis in material.order if analysis.document_id in selection]
    level = _level(selection, used, material.audience)
    title, description = pathway_words(kind, name, _examples(modules))
    return Pathway(
        id=content_id("p", kind, *sorted({analysis.source_id for analysis in used})),
        kind=kind,
        title=title,
        description=description,
        complexity_level=level,
        estimated_minutes=sum(module.estimated_minutes for module in modules),
        prerequisites=name_prerequisites(used, level),
        modules=modules,
    )


def _runs(kind: Kind, selection: Selection, material: Material, trails: Mapping[str, Trail]) -> list[tuple[Slice, ...]]:
    everything = [section for sections in selection.values() for section in sections]
    minutes = section_minutes(everything)
    sections = len(everything)
    wish = wished_modules(len(selection), minutes, sections)
    if kind == "quickstart":
        wish = min(wish, 5, max(2, round(minutes / 20)))
    wish = min(wish, sections)
    slices = cut_slices(selection, material.order, trails, _LONGEST_SHARE * minutes / max(1, wish))
    return split_slices(slices, wish)


def _ordered(runs: Sequence[tuple[Slice, ...]], graph: ConceptGraph) -> list[tuple[Slice, ...]]:
    names = [str(index) for index in range(len(runs))]
    of_section: dict[tuple[str, str], str] = {}
    of_document: dict[str, list[str]] = {}
    for name, run in zip(names, runs, strict=True):
        for one in run:
            of_document.setdefault(one.analysis.document_id, []).append(name)
            for section in one.sections:
                of_section[(one.analysis.document_id, section.id)] = name
    edges = list(module_edges(graph, of_section, of_document))
    # Parts of one document stay in their order whatever their concepts say.
    for places in of_document.values():
        edges += [(left, right) for left, right in pairwise(places) if left != right]
    return [runs[int(name)] for name in order_stably(names, edges)]


def _parts(runs: Sequence[tuple[Slice, ...]]) -> list[str]:
    """For many modules, the author's top-level group of each, when those are fewer than half; else parts of eight."""
    if len(runs) <= _MODULES_WITHOUT_PARTS:
        return [""] * len(runs)
    found = [_top_of(run) for run in runs]
    tops = _filled(found) if _FEWEST_GROUPED * len(runs) <= sum(map(bool, found)) else found
    changes = 1 + sum(left != right for left, right in pairwise(tops))
    if all(tops) and 2 <= changes <= len(runs) // 2:
        return tops
    return [f"Part {index // 8 + 1}" for index in range(len(runs))]


def _examples(modules: Sequence[PathwayModule]) -> list[str]:
    """Three things one learns to do, from the beginning, the middle and the end."""
    doings = [found[0] for module in modules if (found := list_doings(module.learning_objectives))]
    places = sorted({0, len(doings) // 2, len(doings) - 1})
    return list(dict.fromkeys(doings[place] for place in places)) if doings else []


def _top_of(run: Sequence[Slice]) -> str:
    """The author's outermost group of a run; a document that was parted is none."""
    steps = (step for one in run for step in one.trail[:1] if step[0] != one.analysis.path)
    names = (clean_heading(title) for _, title in steps)
    return next((name for name in names if not _NO_PART.fullmatch(name)), "")


def _filled(tops: Sequence[str]) -> list[str]:
    """Modules that stand in no group, such as a first one about the whole, go with the neighbour."""
    filled = list(tops)
    for index in range(1, len(filled)):
        filled[index] = filled[index] or filled[index - 1]
    first = next((top for top in filled if top), "")
    return [top or first for top in filled]


def _level(selection: Selection, used: Sequence[DocumentAnalysis], audience: Audience) -> Level:
    """The mean level of the documents by sections, drawn a little towards the audience's."""
    weights = {analysis.document_id: len(selection[analysis.document_id]) for analysis in used}
    mean = sum(_LEVELS.index(a.complexity_level) * weights[a.document_id] for a in used) / max(1, sum(weights.values()))
    return _LEVELS[min(2, max(0, round((3 * mean + _LEVELS.index(audience.level)) / 4)))]
