"""Stage 3 of the offline engine: modules planned once, and pathways as ordered choices of them. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import get_args

from services.pathway.offline.kinds import score_how_to, score_look_up
from services.pathway.offline.material import Material, gather
from services.pathway.offline.outline import Placed
from services.pathway.offline.planning import Planning
from services.pathway.offline.quickstart import MOST_MINUTES, find_quickstart
from services.pathway.offline.wishes import weigh_wishes
from services.pathway.offline.words import describe_pathway, name_prerequisites
from shared.course.model import Level
from shared.engine.distance import SectionKey, section_distance
from shared.engine.port import Audience, ProjectFacts
from shared.engine.sections import reading_minutes
from shared.engine.types import ConceptGraph, DocumentAnalysis, Pathway, PathwayModule
from shared.ids import content_id

SMALLEST_DISTANCE = 0.25
_FEW_MODULES = 6
_WISHED_PATHWAYS = 3
_SHARE, _SHARE_WHEN_FEW = 0.6, 0.35
_FEWEST_SECTIONS = 2
_LEAST_CONTRIBUTE_MINUTES = 10.0
_WORTH_SHARING, _HELD = 0.4, 0.6
_QUICK = "Quick start"
_LEVELS: tuple[Level, ...] = get_args(Level)

Score = Callable[[Placed], float]


def propose_pathways(
    analyses: Sequence[DocumentAnalysis], graph: ConceptGraph, project: ProjectFacts, audience: Audience
) -> tuple[Pathway, ...]:
    """`complete` first, then quick start, tasks, reference and contributing, as far as the material carries them."""
    material = gather(analyses, graph, project)
    if not material.users:
        return ()
    return tuple(_Choice(material, audience).pathways())


class _Choice:
    """The pathways of one material for one audience, each different enough from those before it."""

    def __init__(self, material: Material, audience: Audience) -> None:
        self._material, self._audience = material, audience
        self._planning = Planning(material, audience.level)
        self._wishes = weigh_wishes(material.taught, audience.additional_info)
        self._offered: list[tuple[PathwayModule, ...]] = []
        self._kinds: list[str] = []

    def pathways(self) -> Iterator[Pathway]:
        level = self._audience.level
        whole = self._planning.complete
        yield self._offer("complete", whole)
        quick = find_quickstart(self._material.taught, self._material.graph, level, self._wishes)
        yield from self._offer_if_apart("quickstart", self._shared(quick) or self._planning.modules_of(quick, _QUICK))
        tasks = self._select(lambda one: score_how_to(one, level) + self._wishes.get(one.key, 0.0))
        yield from self._offer_if_apart("task", tasks)
        facts = self._select(lambda one: score_look_up(one, level) + self._wishes.get(one.key, 0.0))
        by_name = tuple(sorted(facts, key=lambda module: module.title.lower()))
        yield from self._offer_if_apart("reference", by_name)
        yield from self._offer_the_rest()
        makers = self._planning.for_makers
        if sum(module.estimated_minutes for module in makers) >= _LEAST_CONTRIBUTE_MINUTES:
            yield from self._offer_if_apart("contribute", makers)

    def _shared(self, keys: frozenset[SectionKey]) -> tuple[PathwayModule, ...]:
        """The modules that hold most of the chosen sections, if they take no more than a quick start may; else none.

        So a learner who goes on after the quick start has done a part of the whole.
        """
        time = {key: 0.05 + reading_minutes([one.section]) for key, one in self._material.by_key.items()}
        found = []
        for module in self._planning.complete:
            own = keys_of([module])
            if sum(time[key] for key in own if key in keys) >= _WORTH_SHARING * sum(time[key] for key in own):
                found.append(module)
        held = keys & frozenset(keys_of(found))
        is_enough = sum(map(time.__getitem__, held)) >= _HELD * sum(map(time.__getitem__, keys))
        is_enough = is_enough and all(key in held for key in keys if self._wishes.get(key))
        minutes = sum(module.estimated_minutes for module in found)
        return tuple(found) if is_enough and minutes <= MOST_MINUTES[self._audience.level] else ()

    def _offer_the_rest(self) -> Iterator[Pathway]:
        """Where sections are all of a kind, what no shorter pathway has: a reader still gets something to choose."""
        kinds = [kind for kind in ("reference", "task", "quickstart") if kind not in self._kinds]
        if len(self._offered) >= _WISHED_PATHWAYS or not kinds:
            return
        taken = {key for modules in self._offered[1:] for key in keys_of(modules)}
        left = [one.key for one in self._material.taught if one.key not in taken]
        most = int(_SHARE * len(self._material.taught))
        yield from self._offer_if_apart(kinds[0], self._planning.modules_of(frozenset(left[-most:]), ""))

    def _select(self, score: Score) -> tuple[PathwayModule, ...]:
        """What scores above nought, else the best of all, as far as it stays different from what is offered."""
        few = len(self._planning.complete) < _FEW_MODULES
        units = (
            [(one.key,) for one in self._material.taught] if few else [keys_of([m]) for m in self._planning.complete]
        )
        worth = [self._mean(unit, score) for unit in units]
        ranked = sorted(range(len(units)), key=lambda at: (-worth[at], at))
        good = [at for at in ranked if worth[at] > 0]
        enough = max(_FEWEST_SECTIONS if few else 1, round(_SHARE_WHEN_FEW * len(units)))
        chosen = self._within(good or ranked[:enough], units)
        if len(self._offered) < _WISHED_PATHWAYS and not good:
            chosen = self._within(ranked[:enough], units)
        chosen = self._apart(chosen, units)
        keys = frozenset(key for at in chosen for key in units[at])
        if len(keys) < _FEWEST_SECTIONS:
            return ()
        if few:
            return self._planning.modules_of(keys, "")
        return tuple(self._planning.complete[at] for at in sorted(chosen))

    def _mean(self, unit: Sequence[SectionKey], score: Score) -> float:
        """The score of sections, weighed by their time."""
        placed = [self._material.by_key[key] for key in unit]
        minutes = [0.05 + reading_minutes([one.section]) for one in placed]
        return round(sum(score(one) * m for one, m in zip(placed, minutes, strict=True)) / sum(minutes), 6)

    def _within(self, ranked: Sequence[int], units: Sequence[Sequence[SectionKey]]) -> list[int]:
        """The first units, up to a share of all sections."""
        most = max(_FEWEST_SECTIONS, int(_SHARE * len(self._material.taught)))
        chosen: list[int] = []
        count = 0
        for at in ranked:
            if chosen and count + len(units[at]) > most:
                continue
            chosen.append(at)
            count += len(units[at])
        return chosen

    def _apart(self, chosen: list[int], units: Sequence[Sequence[SectionKey]]) -> list[int]:
        """The chosen units without the least worthy of those that another pathway has, until they differ enough."""
        kept = list(chosen)
        for other in map(keys_of, self._offered):
            taken = set(other)
            while kept and section_distance([key for at in kept for key in units[at]], other) < SMALLEST_DISTANCE:
                shared = [at for at in kept if taken & set(units[at])]
                kept.remove(shared[-1])
        return kept

    def _offer_if_apart(self, kind: str, modules: tuple[PathwayModule, ...]) -> Iterator[Pathway]:
        keys = keys_of(modules)
        if keys and all(section_distance(keys, keys_of(other)) >= SMALLEST_DISTANCE for other in self._offered):
            yield self._offer(kind, modules)

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
            "prerequisites": name_prerequisites(used, self._audience.level),
            "modules": modules,
        })  # fmt: skip

    def _level(self, modules: Sequence[PathwayModule], used: Sequence[DocumentAnalysis]) -> Level:
        """The mean level of the documents by sections, drawn a little towards the audience's."""
        levels = {one.document_id: _LEVELS.index(one.complexity_level) for one in used}
        found = [levels[ref.document_id] for module in modules for ref in module.sections]
        mean = sum(found) / max(1, len(found))
        return _LEVELS[min(2, max(0, round((3 * mean + _LEVELS.index(self._audience.level)) / 4)))]


def keys_of(modules: Iterable[PathwayModule]) -> list[SectionKey]:
    """The sections of modules, in order."""
    return [(ref.document_id, ref.section_id) for module in modules for ref in module.sections]
