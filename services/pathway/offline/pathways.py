"""Stage 3 of the offline engine: modules planned once, and pathways as ordered choices of them. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from posixpath import dirname
from types import MappingProxyType

from services.pathway.offline.kinds import LEVELS, is_aside, is_look_up, score_how_to
from services.pathway.offline.material import Material, gather
from services.pathway.offline.planning import Planning
from services.pathway.offline.quickstart import MOST_MINUTES, find_quickstart
from services.pathway.offline.words import describe_pathway, name_prerequisites
from shared.course.audience import Audience
from shared.course.scales import ONE_SITTING_MINUTES
from shared.docs.problems import MADE
from shared.engine.distance import SectionKey, section_distance
from shared.engine.minutes import reading_minutes
from shared.engine.payloads import AnalysisSet
from shared.engine.port import ProjectFacts
from shared.engine.titles import is_front_page
from shared.engine.types import ConceptGraph, DocumentAnalysis, Pathway, PathwayModule
from shared.events.base import Level
from shared.kernel.ids import content_id

SMALLEST_DISTANCE = 0.25
_WISHED_PATHWAYS = 3
_SHARE, _SHARE_WHEN_FEW, _SHARE_OF_TASKS = 0.45, 0.35, 0.5
_LEAST_CONTRIBUTE_MINUTES = 10.0
_SHARE_WITH_NEEDED = 0.6
_MOSTLY = 0.5
_GUIDED, _NOT_FOR_DOING = 4.0, -2.0
_LOOKED_UP = 0.25
_LONGEST_TUTORIAL = 120.0
_SHORT_MODULE, _NEARLY_ALL = 12.0, 0.8
"""Minutes up to which, and the share from which, a quick start takes a whole module rather than a piece of it."""
_QUICK, _REST = "Quick start", "More"
_HOW_TO = re.compile(r"(?i)how[- ]?to(?:['’]?s|[- ]guides?)?|(?:.* )?(?:recipes?|cookbook)|patterns(?: for .*)?|tasks")
_STEP = re.compile(r"/(?:\d[^/]*|[^/]*\d)$")  # the folder of one step of a tutorial


def load() -> None:
    """Load what the first run would wait for: this module's own imports."""


def propose(known: AnalysisSet, project: ProjectFacts, audience: Audience) -> tuple[Pathway, ...]:
    """See `propose_pathways`: the work of a worker process that holds the analyses."""
    return propose_pathways(known.analyses, known.graph, project, audience, known.skipped)


def propose_pathways(
    analyses: Sequence[DocumentAnalysis],
    graph: ConceptGraph,
    project: ProjectFacts,
    audience: Audience,
    skipped: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Pathway, ...]:
    """`complete` first, then quick start, tasks, reference and contributing, as far as the material carries them."""
    missing = [*project.navigation.made, *(path for path, reason in skipped.items() if reason.endswith(MADE))]
    material = gather(analyses, graph, project, audience, missing)
    if not material.users:
        return ()
    return tuple(_Choice(material, audience).pathways())


class _Choice:
    """The pathways of one material for one audience, each different enough from those before it."""

    def __init__(self, material: Material, audience: Audience) -> None:
        self._material, self._audience = material, audience
        self._planning = Planning(material, audience.complexity_level)
        self._wishes = material.wishes
        self._tutorials = Counter[str]()  # minutes by folder
        for one in (one for one in material.order if one.doc_type == "tutorial"):
            self._tutorials[_STEP.sub("", dirname(one.path))] += one.minutes
        self._offered: list[tuple[PathwayModule, ...]] = []
        self._kinds: list[str] = []

    def pathways(self) -> Iterator[Pathway]:
        whole = self._planning.complete
        yield self._offer("complete", self._wished_first(whole))
        if sum(module.estimated_minutes for module in whole) > ONE_SITTING_MINUTES:
            yield from self._offer_if_apart("quickstart", self._quickstart())
            goals = self._tasks()
            with_needed = self._with_needed(goals)
            yield from self._offer_if_apart("task", with_needed if self._is_apart(with_needed) else goals)
            yield from self._offer_if_apart("reference", self._reference())
            yield from self._offer_the_rest()
        makers = self._planning.for_makers
        if sum(module.estimated_minutes for module in makers) >= _LEAST_CONTRIBUTE_MINUTES:
            yield from self._offer_if_apart("contribute", makers)

    def _wished_first(self, whole: tuple[PathwayModule, ...]) -> tuple[PathwayModule, ...]:
        """The modules that the topics name, each after those it builds on, then the others. The opening stays first."""
        units = [keys_of([module]) for module in whole]
        named = [self._time(key for key in unit if key in self._wishes) for unit in units]
        wished = [at for at, unit in enumerate(units) if named[at] >= _MOSTLY * self._time(unit)]
        if not wished or len(wished) > _MOSTLY * len(whole):
            return whole
        needs = self._needs()
        first = {0: None}
        for at in wished:
            first |= dict.fromkeys(sorted(_closure(at, needs)))
        return tuple(whole[at] for at in [*first, *(at for at in range(len(whole)) if at not in first)])

    def _quickstart(self) -> tuple[PathwayModule, ...]:
        """Install first. A module of `complete` that is short or nearly all wanted is taken whole where there is time.

        So a learner who goes on after the quick start has done a part of the whole.
        """
        level = self._audience.complexity_level
        subject = [one for one in self._material.proven if one.key[0] not in self._material.showing_nothing]
        wanted = find_quickstart(subject or self._material.proven, level, self._wishes, self._material.project)
        homes = {key: module for module in self._planning.complete for key in keys_of([module])}
        total = self._time(wanted)
        found: list[PathwayModule] = []
        modules = tuple(dict.fromkeys(homes[key] for key in wanted))
        is_choice = self._is_apart(modules)
        for module in modules:
            own = frozenset(keys_of([module])).intersection(wanted)
            taken, length = self._time(own), self._time(keys_of([module]))
            is_short = length <= max(_SHORT_MODULE, taken / _NEARLY_ALL)
            if is_choice and is_short and total + length - taken <= MOST_MINUTES[level]:
                total += length - taken
                found.append(module)
            else:
                found += self._planning.modules_of(own, _QUICK)
        return tuple(found)

    def _tasks(self) -> tuple[PathwayModule, ...]:
        """Modules that say how to do things, else the best of all at that, up to a share of the time. The parts of a
        tutorial or a page go together, and so does a folder of which most is chosen.
        """
        whole = [tuple(own) for _, own in groupby(self._planning.complete, self._series_of)]
        units = [keys_of(modules) for modules in whole]
        worth = [self._worth(unit) for unit in units]
        minutes = [self._time(unit) for unit in units]
        chosen = set[int]()

        def take(more: Iterable[int], share: float) -> None:
            together = chosen.union(more)
            if not chosen or sum(minutes[at] for at in together) <= share * sum(minutes):
                chosen.update(together)

        ranked = sorted(range(len(units)), key=lambda at: (-worth[at], at))
        for at in [at for at in ranked if worth[at] > 0] or ranked[: max(1, round(_SHARE_WHEN_FEW * len(units)))]:
            take([at], _SHARE_OF_TASKS)
        for _, own in groupby(range(len(units)), lambda at: dirname(self._material.by_key[units[at][0]].document.path)):
            folder = [at for at in own if worth[at] > _NOT_FOR_DOING]
            if 2 * sum(minutes[at] for at in chosen.intersection(folder)) > sum(minutes[at] for at in folder):
                take(folder, _SHARE_WITH_NEEDED)
        return tuple(module for at in sorted(chosen) for module in whole[at])

    def _worth(self, unit: Sequence[SectionKey]) -> float:
        """How much sections say of doing, weighed by their time; tutorials, and groups of such a name, are for that."""
        level, placed = self._audience.complexity_level, [self._material.by_key[key] for key in unit]
        weighed = (self._time([one.key]) * (score_how_to(one, level) + (one.key in self._wishes)) for one in placed)
        groups = self._material.groups_around(unit[0][0])
        is_guided = placed[0].document.doc_type == "tutorial" or any(map(_HOW_TO.fullmatch, groups))
        return round(sum(weighed) / self._time(unit), 6) + _GUIDED * is_guided

    def _series_of(self, module: PathwayModule) -> str:
        """The folder of the tutorial that a module is a part of, its page, or its own id if these are too long."""
        first = self._material.by_key[keys_of([module])[0]].document
        folder = _STEP.sub("", dirname(first.path))
        if first.doc_type == "tutorial" and self._tutorials[folder] <= _LONGEST_TUTORIAL:
            return folder
        return module.id if first.minutes > ONE_SITTING_MINUTES or is_front_page(first.path) else first.document_id

    def _with_needed(self, goals: tuple[PathwayModule, ...]) -> tuple[PathwayModule, ...]:
        """The goals, the module that opens the whole, without which a reader would begin in the middle, and, as far as
        that stays a choice, what the goals build on. In the order of `complete`.
        """
        planned = self._planning.complete
        place = {module.id: at for at, module in enumerate(planned)}
        if not goals:
            return ()
        needs = self._needs()
        silent = self._material.showing_nothing
        opening = next((at for at, one in enumerate(planned) if not silent.issuperset(one.document_ids)), 0)
        taken = {opening, *(place[module.id] for module in goals)} - {*range(opening)}
        most = _SHARE_WITH_NEEDED * self._time(keys_of(planned))
        for at in sorted(taken):
            closure = _closure(at, needs)
            if self._time(keys_of(planned[one] for one in taken | closure)) <= most:
                taken |= closure
        return tuple(planned[at] for at in sorted(taken))

    def _needs(self) -> list[set[int]]:
        """Of each module of `complete`, the places of the earlier ones whose concepts it builds on, or, of a part of a
        tutorial, of the part before it.
        """
        homes = {key: at for at, module in enumerate(self._planning.complete) for key in keys_of([module])}
        needs: list[set[int]] = [set() for _ in self._planning.complete]
        for before, after in self._material.graph.needs:
            needed, at = homes.get(before), homes.get(after)
            if needed is not None and at is not None and needed < at:
                needs[at].add(needed)
        for at, (one, next_one) in enumerate(pairwise(map(self._series_of, self._planning.complete)), 1):
            needs[at] |= {at - 1} if one == next_one else set()
        return needs

    def _reference(self) -> tuple[PathwayModule, ...]:
        """The modules of which a good part is looked up, by the names of their pages; a long page of which most modules
        are such stays whole, in its order.
        """
        able = (one for one in self._material.taught if is_look_up(one))
        wanted = {one.key for one in able if not is_aside(one) or one.key in self._wishes}
        found: dict[PathwayModule, str] = {}
        for _, page in groupby(self._planning.complete, lambda one: {*one.document_ids}):
            modules = [*page]
            units = [keys_of([module]) for module in modules]
            good = [self._time(wanted.intersection(own)) >= _LOOKED_UP * self._time(own) for own in units]
            first = self._material.by_key[units[0][0]].document
            name = first.title if {*modules[0].document_ids} == {first.document_id} else modules[0].title
            is_whole = 2 * sum(good) > len(good)
            found |= {one: name for one, is_good in zip(modules, good, strict=True) if is_good or is_whole}
        return tuple(sorted(found, key=lambda module: found[module].casefold()))

    def _time(self, keys: Iterable[SectionKey]) -> float:
        """The minutes of sections, a trifle for each that has hardly a word."""
        return sum(0.05 + reading_minutes([self._material.by_key[key].section]) for key in keys)

    def _offer_the_rest(self) -> Iterator[Pathway]:
        """Where sections are all of a kind, what no shorter pathway has: a reader still gets something to choose."""
        most = int(_SHARE * len(self._material.taught))
        for kind in ("task", "reference", "quickstart"):
            if len(self._offered) >= _WISHED_PATHWAYS:
                return
            if kind not in self._kinds:
                taken = {key for modules in self._offered[1:] for key in keys_of(modules)}
                left = [one.key for one in self._material.taught if one.key not in taken]
                yield from self._offer_if_apart(kind, self._planning.modules_of(frozenset(left[-most:]), _REST))

    def _offer_if_apart(self, kind: str, modules: tuple[PathwayModule, ...]) -> Iterator[Pathway]:
        if self._is_apart(modules):
            yield self._offer(kind, modules)

    def _is_apart(self, modules: tuple[PathwayModule, ...]) -> bool:
        keys = keys_of(modules)
        far = (section_distance(keys, keys_of(other)) >= SMALLEST_DISTANCE for other in self._offered)
        return bool(keys) and all(far)

    def _offer(self, kind: str, modules: tuple[PathwayModule, ...]) -> Pathway:
        self._offered.append(modules)
        self._kinds.append(kind)
        ids = {document_id for module in modules for document_id in module.document_ids}
        used = [one for one in self._material.order if one.document_id in ids]
        title, description = describe_pathway(kind, self._material, modules)
        return Pathway.model_validate({
            "id": content_id("p", kind, *sorted({one.source_id for one in used})),
            "kind": kind,
            "title": title,
            "description": description,
            "complexity_level": self._level(modules, used),
            "estimated_minutes": sum(module.estimated_minutes for module in modules),
            "prerequisites": name_prerequisites(used, self._audience.complexity_level, self._material.project),
            "modules": modules,
        })  # fmt: skip

    def _level(self, modules: Sequence[PathwayModule], used: Sequence[DocumentAnalysis]) -> Level:
        """The mean level of the documents by sections, drawn a little towards the audience's."""
        levels = {one.document_id: LEVELS.index(one.complexity_level) for one in used}
        found = [levels[ref.document_id] for module in modules for ref in module.sections]
        mean = sum(found) / max(1, len(found))
        return LEVELS[min(2, max(0, round((3 * mean + LEVELS.index(self._audience.complexity_level)) / 4)))]


def _closure(at: int, needs: Sequence[set[int]]) -> set[int]:
    """A module and all it builds on."""
    found, open_ = {at}, [at]
    while open_:
        new = needs[open_.pop()] - found
        found |= new
        open_ += new
    return found


def keys_of(modules: Iterable[PathwayModule]) -> list[SectionKey]:
    """The sections of modules, in order."""
    return [(ref.document_id, ref.section_id) for module in modules for ref in module.sections]
