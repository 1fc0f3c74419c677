"""The shortest way to a first working result: what to install, the smallest program, one step beyond. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from services.pathway.offline.kinds import is_look_up
from services.pathway.offline.outline import Placed
from shared.course.model import Level
from shared.engine.distance import SectionKey
from shared.engine.reading_order import is_apart, rank_of
from shared.engine.sections import reading_minutes
from shared.engine.types import ConceptGraph

_INSTALL = re.compile(
    r"\b(?:install(?:ation|ing)?|set(?:ting)?[ -]?up|download|prerequisites|requirements)\b", re.IGNORECASE
)
_QUICK = re.compile(
    r"quick[-_ ]?(?:start|intro|tour)|get(?:ting)?[-_ ]?started|first[-_ ]?(?:steps|program|example|app|project)"
    r"|hello[-_, ]?world|\bstart here\b|\bbasic (?:usage|example)|(?:simple|minimal|small|first) (?:usage|example|app)"
    r"|^usage$|^the basics$|\ba tour\b",
    re.IGNORECASE,
)
MOST_MINUTES: Mapping[Level, float] = {"beginner": 60.0, "intermediate": 45.0, "advanced": 30.0}
_SHARE, _LEAST_MINUTES, _FEWEST = 0.3, 6.0, 2
_INSTALL_SHARE, _PROGRAM_SHARE = 0.25, 0.7


def find_quickstart(
    everything: Sequence[Placed], graph: ConceptGraph, level: Level, wishes: Mapping[SectionKey, float]
) -> frozenset[SectionKey]:
    """The sections of a quick start, within an hour and three tenths of the material."""
    subject = [one for one in everything if not is_apart(one.document.path, one.document.title)] or list(everything)
    budget = min(MOST_MINUTES[level], max(_LEAST_MINUTES, _SHARE * reading_minutes(one.section for one in subject)))
    chosen = _Chosen(budget, max(_FEWEST, int(0.7 * len(everything))))
    start = _find_program(subject)
    chosen.take(_opening(subject), 0.15)
    chosen.take(_install(subject, start), _INSTALL_SHARE)
    program = subject[start:]
    document_id = program[0].document.document_id
    chosen.take(_from_opening(subject, start), _PROGRAM_SHARE)
    chosen.take(takewhile(lambda one: one.document.document_id == document_id, program), _PROGRAM_SHARE)
    chosen.take(_needed(subject, chosen, graph), 0.85)
    chosen.take(sorted((one for one in subject if wishes.get(one.key)), key=lambda one: -wishes[one.key]), 0.95)
    chosen.take((one for one in program if not is_look_up(one)), 1.0)
    chosen.take(subject, 1.0)
    return frozenset(chosen.keys)


class _Chosen:
    """Sections taken so far, in minutes of a budget."""

    def __init__(self, budget: float, most: int) -> None:
        self._left, self._budget, self._most = budget, budget, most
        self.keys: dict[SectionKey, Placed] = {}

    def take(self, sections: Iterator[Placed] | Sequence[Placed], share: float) -> None:
        """Sections in turn, until one does not fit in what this share of the budget leaves."""
        for one in sections:
            if one.key in self.keys:
                continue
            length = reading_minutes([one.section])
            used = self._budget - self._left
            fits = used + length <= share * self._budget or len(self.keys) < _FEWEST
            if not fits or len(self.keys) >= self._most:
                return
            self.keys[one.key] = one
            self._left -= length


def _find_program(subject: Sequence[Placed]) -> int:
    """Where the first program stands: early, with code, and best in what authors call the quick way in."""

    def rank(at: int) -> tuple[float, int]:
        one = subject[at]
        name = f"{one.document.path.rsplit('/', 1)[-1].rsplit('.', 1)[0]} | {one.document.title}"
        later = at / len(subject) + 0.05 * rank_of(one.document)
        later -= 0.35 if _QUICK.search(name) else 0.2 if _QUICK.search(one.section.heading) else 0.0
        unfit = (not one.section.code_lines) + bool(_INSTALL.search(one.section.heading)) + is_look_up(one)
        return round(unfit + later, 6), at

    return min(range(len(subject)), key=rank)


def _opening(subject: Sequence[Placed]) -> Iterator[Placed]:
    """What the project is: the first sections of an overview."""
    overview = next((one.document for one in subject if one.document.doc_type == "overview"), subject[0].document)
    return (one for one in subject if one.document.document_id == overview.document_id)


def _install(subject: Sequence[Placed], start: int) -> Iterator[Placed]:
    """What to install: the sections of that name that come first, those before the program before those after it."""
    found = [one for one in subject if _INSTALL.search(one.section.heading) or _INSTALL.search(one.document.title)]
    places = {one.key: at for at, one in enumerate(subject)}
    first = min(found, key=lambda one: (is_look_up(one), places[one.key] > start, places[one.key]), default=None)
    return (one for one in found if first is not None and one.document.document_id == first.document.document_id)


def _from_opening(subject: Sequence[Placed], start: int) -> Iterator[Placed]:
    """From the opening of the program's document to the program."""
    document_id = subject[start].document.document_id
    return (one for one in subject[: start + 1] if one.document.document_id == document_id)


def _needed(subject: Sequence[Placed], chosen: _Chosen, graph: ConceptGraph) -> list[Placed]:
    """The homes of concepts that the concepts of the chosen sections build on."""
    homes = {concept.id: (concept.document_id, concept.section_id) for concept in graph.concepts}
    needed = {
        homes[before]
        for concept in graph.concepts
        if homes[concept.id] in chosen.keys
        for before in concept.prerequisites
        if before in homes
    }
    return [one for one in subject if one.key in needed]
