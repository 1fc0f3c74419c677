"""The shape of a figure: what was found, what is wanted, whether that is met; and the material figures are made of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from shared.course.findings import GateFinding
from shared.course.gates import check_read
from shared.course.makers import find_makers
from shared.course.model import Course, DocumentEntry, PathwayEntry
from shared.course.quality_words import say_figure
from shared.course.reading import GateContext, ReadModule
from shared.course.section_links import find_spots
from shared.course.sources import Sources
from shared.docs.model import Document

DIGITS = 4
_STILL_TEACHABLE = ("pathway", "not chosen", "left out for time")

Figure = dict[str, Any]
"""what, value, target, ok, text; a share has numerator and denominator as well. `ok` is None without a target."""

Figures = dict[str, Figure]


@dataclass(frozen=True)
class ModuleFacts(ReadModule):
    """A module read once, and what the gates find in it."""

    @cached_property
    def findings(self) -> tuple[GateFinding, ...]:
        """The findings of the gates."""
        return check_read(self)

    def count(self, *gates: str) -> int:
        """Findings of these gates."""
        return sum(1 for finding in self.findings if finding.gate in gates)


@dataclass(frozen=True)
class CourseFacts:
    """A course with its modules read and its documents by path."""

    course: Course
    modules: tuple[ModuleFacts, ...]
    documents: dict[str, Document]
    sources: Sources

    @property
    def offline(self) -> bool:
        """Whether the stricter targets of the offline engine apply."""
        return self.course.engine.name == "offline"

    @cached_property
    def claims_whole(self) -> bool:
        """Whether the course holds every module of the pathway through everything."""
        written = {found.module.id for found in self.modules}
        whole = [pathway for pathway in self.course.pathways if pathway.kind == "complete"]
        return any(all(module.id in written for module in pathway.modules) for pathway in whole)

    @cached_property
    def offered(self) -> frozenset[str]:
        """Ids of the documents that some pathway offers."""
        return frozenset(i for pathway in self.course.pathways for m in pathway.modules for i in m.document_ids)

    @cached_property
    def widest(self) -> frozenset[str]:
        """Ids of the documents of the pathway through everything, else of the one with most documents."""
        return _documents_of(self._widest_way) if self._widest_way is not None else frozenset()

    @cached_property
    def ways(self) -> list[list[ModuleFacts]]:
        """The written modules of each pathway: what one learner reads. All modules where no pathway has one."""
        written = {found.module.id: found for found in self.modules}
        ways = [[written[m.id] for m in p.modules if m.id in written] for p in self.course.pathways]
        return [way for way in ways if way] or [list(self.modules)]

    @cached_property
    def widest_modules(self) -> list[ModuleFacts]:
        """The modules of the widest pathway that are written; all modules where that is not one of them."""
        ids = {module.id for module in self._widest_way.modules} if self._widest_way is not None else set()
        return [found for found in self.modules if found.module.id in ids] or list(self.modules)

    @cached_property
    def _widest_way(self) -> PathwayEntry | None:
        ways = self.course.pathways
        return max(ways, key=lambda way: (way.kind == "complete", len(_documents_of(way))), default=None)

    @cached_property
    def teachable(self) -> list[DocumentEntry]:
        """Documents that are used, that some pathway offers, or that only the choice left out."""
        return [
            entry
            for entry in self.course.documents
            if entry.used
            or entry.id in self.offered
            or not entry.reason
            or any(words in entry.reason.lower() for words in _STILL_TEACHABLE)
        ]

    @cached_property
    def makers(self) -> dict[str, str]:
        """Documents that the report takes to be for the project's makers: the path and the sign that says so."""
        offered = (entry.path for entry in self.teachable if entry.id in self.offered)
        read = {path: self.documents[path] for path in offered if path in self.documents}
        return find_makers({entry.path: entry.title for entry in self.teachable}, read)

    @cached_property
    def taught_paths(self) -> frozenset[str]:
        """Documents of which the widest pathway teaches a section."""
        return frozenset(section.source.path for module in self.widest_modules for section in module.taught)

    @property
    def taught_makers(self) -> list[str]:
        """The taught paths that are for makers, sorted."""
        return sorted(path for path in self.taught_paths if path in self.makers)

    @cached_property
    def user_paths(self) -> tuple[str, ...]:
        """Documents for the project's users that some pathway offers, sorted."""
        offered = (entry.path for entry in self.course.documents if entry.id in self.offered)
        return tuple(sorted(path for path in offered if path not in self.makers))


def _documents_of(pathway: PathwayEntry) -> frozenset[str]:
    return frozenset(i for module in pathway.modules for i in module.document_ids)


def read_course(course: Course, raw: Callable[[str], bytes], documents: Sequence[Document]) -> CourseFacts:
    """Read every module of a course; the gates run over a module when its findings are asked for."""
    by_path = {document.path: document for document in documents}
    context = GateContext(
        raw=raw,
        sources=Sources(by_path, course.language),
        paths={entry.id: entry.path for entry in course.documents},
        concepts={c.name: (c.citation.path, c.citation.start_line, c.citation.end_line) for c in course.concepts},
        titles=tuple(module.title for module in course.modules),
        known_modules=frozenset(module.id for module in course.modules),
        spots=find_spots(course.modules, course.concepts),
        language=course.language,
        order={module.id: module.order for module in course.modules},
        own_words=course.engine.name != "offline",
    )
    planned = _list_planned(course)
    modules = (ModuleFacts(m, replace(context, planned=planned.get(m.id, ()))) for m in course.modules)
    return CourseFacts(course, tuple(modules), by_path, context.sources)


def _list_planned(course: Course) -> dict[str, tuple[tuple[str, str], ...]]:
    """The sections each module was to teach, by the module's id; the chosen pathway's plan counts first."""
    planned: dict[str, tuple[tuple[str, str], ...]] = {}
    for pathway in sorted(course.pathways, key=lambda one: not one.selected):
        for module in pathway.modules:
            planned.setdefault(module.id, tuple((s.document_id, s.heading) for s in module.sections))
    return planned


def at_least(what: str, numerator: int, denominator: int, target: float) -> Figure:
    """A share that is to reach a target; nothing to count is met."""
    value = numerator / denominator if denominator else 1.0
    return _share(what, numerator, denominator, value, f">= {_percent(target)}", ok=value >= target)


def at_most(what: str, numerator: int, denominator: int, target: float) -> Figure:
    """A share that is not to pass a target; nothing to count is met."""
    value = numerator / denominator if denominator else 0.0
    return _share(what, numerator, denominator, value, f"<= {_percent(target)}", ok=value <= target)


def is_number(what: str, value: float, target: str, *, ok: bool | None) -> Figure:
    """A plain number with its target in words."""
    figure = {"what": what, "value": round(value, DIGITS), "target": target, "ok": ok}
    return figure | {"text": say_figure(figure)}


def is_none(what: str, value: int) -> Figure:
    """A count that is to be nought."""
    return is_number(what, value, "0", ok=value == 0)


def _share(what: str, numerator: int, denominator: int, value: float, target: str, *, ok: bool) -> Figure:
    figure = {
        "what": what,
        "value": round(value, DIGITS),
        "numerator": numerator,
        "denominator": denominator,
        "target": target,
        "ok": ok,
    }
    return figure | {"text": say_figure(figure)}


def _percent(share: float) -> str:
    return f"{round(share * 100, 1):g} %"
