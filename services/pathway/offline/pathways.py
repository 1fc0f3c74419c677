"""Stage 3 of the offline engine: modules planned once, and pathways as ordered choices of them. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import groupby

from services.pathway.offline.kinds import LEVELS, is_aside, is_look_up, read_use, score_how_to
from services.pathway.offline.material import Material, gather
from services.pathway.offline.planning import Planning
from services.pathway.offline.quickstart import MOST_MINUTES, find_quickstart
from services.pathway.offline.words import describe_pathway, name_prerequisites
from shared.course.audience import Audience
from shared.course.scales import ONE_SITTING_MINUTES
from shared.engine.distance import SectionKey, order_distance, section_distance
from shared.engine.minutes import reading_minutes
from shared.engine.payloads import AnalysisSet
from shared.engine.port import ProjectFacts
from shared.engine.titles import is_front_page
from shared.engine.types import DocumentAnalysis, Pathway, PathwayModule
from shared.events.base import Level
from shared.kernel.ids import content_id
from shared.language.terms import humanise

SMALLEST_DISTANCE = 0.25
_WISHED_PATHWAYS = 3
_SHARE, _SHARE_OF_TASKS, _SHARE_WITH_NEEDED = 0.45, 0.5, 0.6
_LEAST_MINUTES = 10.0
_MOSTLY, _LOOKED_UP, _HARDLY = 0.5, 0.4, 0.1
_SHORT_MODULE, _NEARLY_ALL = 12.0, 0.85
"""Minutes up to which, and the share from which, a quick start takes a whole module rather than a piece of it."""
_QUICK, _REST = "Quick start", "More"


def load() -> None:
    """Load what the first run would wait for: this module's own imports."""


def propose(known: AnalysisSet, project: ProjectFacts, audience: Audience) -> tuple[Pathway, ...]:
    """`complete` first, then quick start, tasks, reference and contributing, as far as the material carries them.

    The work of a worker process that holds the analyses.
    """
    material = gather(known, project, audience)
    return tuple(_Choice(material).pathways()) if material.users else ()


class _Choice:
    """The pathways of one material, each different enough from those before it."""

    def __init__(self, material: Material) -> None:
        self._material, self._level = material, material.audience.complexity_level
        self._planning = Planning(material)
        self._wishes = material.wishes
        self._offered: list[tuple[PathwayModule, ...]] = []
        self._kinds: list[str] = []

    def pathways(self) -> Iterator[Pathway]:
        whole = self._planning.complete
        yield self._offer("complete", self._wished_first(whole))
        if sum(module.estimated_minutes for module in whole) > ONE_SITTING_MINUTES:
            yield from self._offer_if_apart("quickstart", self._quickstart())
            yield from self._offer_if_apart("task", self._tasks())
            reference = self._reference()
            if sum(module.estimated_minutes for module in reference) >= _LEAST_MINUTES:
                yield from self._offer_if_apart("reference", reference)
            yield from self._offer_the_rest()
        makers = self._planning.for_makers
        if sum(module.estimated_minutes for module in makers) >= _LEAST_MINUTES:
            yield from self._offer_if_apart("contribute", makers)

    def _wished_first(self, whole: tuple[PathwayModule, ...]) -> tuple[PathwayModule, ...]:
        """The modules that the topics name, each after those it builds on, then the others. The opening stays first."""
        units = [keys_of([module]) for module in whole]
        named = [self._time(key for key in unit if key in self._wishes) for unit in units]
        wished = [at for at, unit in enumerate(units) if named[at] >= _MOSTLY * self._time(unit)]
        if not wished or len(wished) > _MOSTLY * len(whole):
            return whole
        needs = self._needs([(module,) for module in whole])
        first = {0: None}
        for at in wished:
            first |= dict.fromkeys(sorted(_closure(at, needs)))
        return tuple(whole[at] for at in [*first, *(at for at in range(len(whole)) if at not in first)])

    def _quickstart(self) -> tuple[PathwayModule, ...]:
        """Install first. A module of `complete` that is short or nearly all wanted is taken whole where there is time.

        So a learner who goes on after the quick start has done a part of the whole.
        """
        silent, told = self._material.showing_nothing, zip(self._units, self._told, strict=True)
        looked_up = {key for unit, (use, _) in told if use == "reference" for key in keys_of(unit)}
        spoken = [one for one in self._material.proven if one.key[0] not in silent] or [*self._material.proven]
        subject = [one for one in spoken if one.key not in looked_up] or spoken
        wanted = find_quickstart(
            subject, self._level, self._wishes, self._material.project, is_opened=subject[0] == spoken[0]
        )
        homes = {key: module for module in self._planning.complete for key in keys_of([module])}
        total = self._time(wanted)
        found: list[PathwayModule] = []
        modules = tuple(dict.fromkeys(homes[key] for key in wanted))
        is_choice = self._is_apart(modules)
        for module in modules:
            own = frozenset(keys_of([module])).intersection(wanted)
            taken, length = self._time(own), self._time(keys_of([module]))
            is_short = length <= max(_SHORT_MODULE, taken / _NEARLY_ALL)
            if is_choice and is_short and total + length - taken <= MOST_MINUTES[self._level]:
                total += length - taken
                found.append(module)
            else:
                found += self._planning.modules_of(own, _QUICK)
        return tuple(found)

    def _tasks(self) -> tuple[PathwayModule, ...]:
        """Whole groups that the author made for doing things, then chapters that mostly say how to, and documents that
        do, up to a share of time; with what opens the whole, without which a reader would begin in the middle, and what
        they build on, but for what is looked up, as far as that stays a choice.
        """
        units, worth = self._units, [self._worth(unit) for unit in self._units]
        minutes = [self._time(keys_of(unit)) for unit in units]
        chosen = set[int]()

        def take(more: set[int], share: float) -> None:
            together = chosen | more
            if sum(minutes[at] for at in together) <= share * sum(minutes):
                chosen.update(together)

        groups = [
            {at for at, told in enumerate(self._told) if told == one} for one in {*self._told} if one[0] == "task"
        ]
        for group in sorted(groups, key=lambda group: (sum(minutes[at] for at in group), min(group))):
            take(group, _SHARE_WITH_NEEDED)
        chapters = defaultdict[tuple[str, ...], list[int]](list)
        for at, unit in enumerate(units):
            if self._is_for("", at) or self._is_for("task", at):  # of a group that is too large to be taken whole
                chapters[self._chapters[at] or (unit[0].id,)].append(at)
        whole: list[tuple[float, list[int]]] = []
        for chapter in chapters.values():
            length, doing = sum(minutes[at] for at in chapter), [at for at in chapter if worth[at] > 0]
            is_whole = sum(minutes[at] for at in doing) >= _MOSTLY * length and length <= _SHARE * sum(minutes)
            mean = sum(worth[at] * minutes[at] for at in chapter) / length
            whole += [(round(2 * mean) / 2, chapter)] if is_whole else [(worth[at], [at]) for at in doing]
        for _, own in sorted(whole, key=lambda one: (-one[0], one[1])):  # of about equal chapters the earlier
            take({*own}, _SHARE_OF_TASKS)
        goals, needs = sorted(chosen), self._needs(units)
        if goals:
            silent = self._material.showing_nothing
            chosen.add(next((at for at, one in enumerate(units) if not silent.issuperset(one[0].document_ids)), 0))
        for at in goals:
            take({one for one in _closure(at, needs) if not self._is_for("reference", one)}, _SHARE_WITH_NEEDED)
        return tuple(module for at in sorted(chosen) for module in units[at])

    def _reference(self) -> tuple[PathwayModule, ...]:
        """By chapter, in one by name, whole documents that the author groups to look things up in, or of which most is
        looked up.
        """
        found = [at for at in range(len(self._units)) if self._is_for("reference", at)]
        first = {self._chapters[at]: at for at in reversed(found)}
        order = sorted(found, key=lambda at: (first[self._chapters[at]], self._units[at][0].title.casefold()))
        return tuple(module for at in order for module in self._units[at])

    @cached_property
    def _units(self) -> list[tuple[PathwayModule, ...]]:
        """The modules of `complete` by documents, which a pathway holds whole, but for a page that tells everything."""
        half = sum(one.minutes for one in self._material.users) / 2

        def unit(module: PathwayModule) -> str:
            first = self._material.by_key[keys_of([module])[0]].document
            return module.id if is_front_page(first.path) or first.minutes > half else first.document_id

        return [tuple(own) for _, own in groupby(self._planning.complete, unit)]

    @cached_property
    def _told(self) -> list[tuple[str, str]]:
        """What `read_use` says of each unit by the author's groups and folders, but those of nearly everything."""
        held = Counter[str]()
        for unit, names in zip(self._units, self._chapters, strict=True):
            held.update(dict.fromkeys(names, self._time(keys_of(unit))))
        most = _NEARLY_ALL * sum(self._time(keys_of(unit)) for unit in self._units)
        return [
            read_use((name for name in names if held[name] <= most), self._document(at))
            for at, names in enumerate(self._chapters)
        ]

    @cached_property
    def _chapters(self) -> list[tuple[str, ...]]:
        """The author's groups and the folders around each unit, the innermost first."""
        documents = map(self._document, range(len(self._units)))
        groups = ((one, reversed(self._material.groups_around(one.document_id))) for one in documents)
        return [(*own, *map(humanise, one.path.split("/")[-2::-1])) for one, own in groups]

    def _document(self, at: int) -> DocumentAnalysis:
        """The document that a unit begins with."""
        return self._material.by_key[keys_of(self._units[at])[0]].document

    def _is_for(self, use: str, at: int) -> bool:
        """Whether that is the use of a unit by the author's groups, else by whether much of it is looked up."""
        told, _ = self._told[at]
        placed = [self._material.by_key[key] for key in keys_of(self._units[at])]
        found = (one.key for one in placed if is_look_up(one) and (not is_aside(one) or one.key in self._wishes))
        is_looked_up = self._time(found) >= _LOOKED_UP * self._time(one.key for one in placed)
        return (told or "reference" * is_looked_up) == use

    def _worth(self, unit: Sequence[PathwayModule]) -> float:
        """How much sections say of doing, weighed by their time."""
        placed = [self._material.by_key[key] for key in keys_of(unit)]
        weighed = (
            self._time([one.key]) * (score_how_to(one, self._level) + (one.key in self._wishes)) for one in placed
        )
        return round(sum(weighed) / self._time(keys_of(unit)), 6)

    def _needs(self, units: Sequence[Sequence[PathwayModule]]) -> list[set[int]]:
        """Of each unit the places of the earlier ones whose concepts it builds on."""
        homes = {key: at for at, unit in enumerate(units) for key in keys_of(unit)}
        needs: list[set[int]] = [set() for _ in units]
        for before, after in self._material.graph.needs:
            needed, at = homes.get(before), homes.get(after)
            if needed is not None and at is not None and needed < at:
                needs[at].add(needed)
        return needs

    def _time(self, keys: Iterable[SectionKey]) -> float:
        """The minutes of sections, a trifle for each that has hardly a word."""
        return sum(0.05 + reading_minutes([self._material.by_key[key].section]) for key in keys)

    def _offer_the_rest(self) -> Iterator[Pathway]:
        """Where sections are all of a kind, what no shorter pathway has: a reader still gets something to choose."""
        most = int(_SHARE * len(self._material.taught))
        for kind in ("task", "reference", "quickstart"):
            if kind not in self._kinds and len(self._offered) < _WISHED_PATHWAYS:
                taken = {key for modules in self._offered[1:] for key in keys_of(modules)}
                left = [one.key for one in self._material.taught if one.key not in taken]
                yield from self._offer_if_apart(kind, self._planning.modules_of(frozenset(left[-most:]), _REST))

    def _offer_if_apart(self, kind: str, modules: tuple[PathwayModule, ...]) -> Iterator[Pathway]:
        if self._is_apart(modules):
            yield self._offer(kind, modules)

    def _is_apart(self, modules: tuple[PathwayModule, ...]) -> bool:
        """Whether it differs enough in its sections, or somewhat and enough in its order, as the report counts it."""
        keys = keys_of(modules)
        apart = [(section_distance(keys, one), order_distance(keys, one)) for one in map(keys_of, self._offered)]
        far = (
            least >= SMALLEST_DISTANCE or (least >= _HARDLY and order >= SMALLEST_DISTANCE) for least, order in apart
        )
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
            "complexity_level": self._level_of(modules, used),
            "estimated_minutes": sum(module.estimated_minutes for module in modules),
            "prerequisites": name_prerequisites(used, self._level, self._material.project),
            "modules": modules,
        })  # fmt: skip

    def _level_of(self, modules: Sequence[PathwayModule], used: Sequence[DocumentAnalysis]) -> Level:
        """The mean level of the documents by sections, drawn a little towards the audience's."""
        levels = {one.document_id: LEVELS.index(one.complexity_level) for one in used}
        found = [levels[ref.document_id] for module in modules for ref in module.sections]
        mean = sum(found) / max(1, len(found))
        return LEVELS[min(2, max(0, round((3 * mean + LEVELS.index(self._level)) / 4)))]


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
