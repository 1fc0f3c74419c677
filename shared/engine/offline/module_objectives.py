"""Which of its documents' objectives a module promises. Pure."""

from collections.abc import Mapping, Sequence

from shared.engine.offline.pathways_tree import Slice, section_minutes
from shared.engine.offline.phrases import clean_heading
from shared.engine.sections import second_level_of
from shared.engine.terms import content_words
from shared.engine.types import LearningObjective, SectionOutline

_MOST, _WISHED = 5, 3
_LONGEST_MINUTES = 8.0
_SAME_PART = 3.0
_TELLING = ("demonstrate how", "explain how", "explain what", "explain why", "explain when", "compare", "distinguish",
            "troubleshoot", "diagnose", "build", "write", "implement", "configure")  # fmt: skip
_VAGUE = ("summarize", "describe", "identify")


def choose_objectives(run: tuple[Slice, ...]) -> tuple[LearningObjective, ...]:
    """Three to five distinct objectives, spread over the module's documents; the weightiest sections come first."""
    places = {section.id: place for place, section in enumerate(s for one in run for s in one.sections)}
    queues = _queues(run)
    chosen = _list_given(run)
    while queues and len(chosen) < _MOST:
        for queue in queues:
            best = queue.take(chosen)
            if best is not None and len(chosen) < _MOST:
                chosen.append(best)
        queues = [queue for queue in queues if queue.left]
    for one in run:
        if len(chosen) < _WISHED:
            made = summarize(one.analysis.title, one.sections[0].id)
            if _is_new(made, chosen):
                chosen.append(made)
    return tuple(sorted(chosen, key=lambda objective: (places[objective.section_id], objective.text)))


def _list_given(run: tuple[Slice, ...]) -> list[LearningObjective]:
    """The objectives a person wrote for sections of the run: they come before all others, however many they are."""
    own = {(one.analysis.document_id, section.id) for one in run for section in one.sections}
    analyses = {one.analysis.document_id: one.analysis for one in run}
    return [
        objective
        for document_id, analysis in analyses.items()
        for objective in analysis.learning_objectives
        if objective.given and (document_id, objective.section_id) in own
    ]


def summarize(title: str, section_id: str) -> LearningObjective:
    """The objective of a document whose headings give none."""
    text = f"Summarize the main ideas of “{clean_heading(title)}”"
    return LearningObjective(text=text, bloom="understand", section_id=section_id)


class _Queue:
    """The objectives of one document that its sections in the module teach."""

    def __init__(self, objectives: Sequence[LearningObjective], sections: Sequence[SectionOutline]) -> None:
        known = {section.id: section for section in sections}
        self.left = [one for one in objectives if one.section_id in known and not one.given]
        self.minutes = section_minutes(sections)
        self._part = second_level_of(sections)
        self._worth = {one.text: _worth(one, known, self._part) for one in self.left}
        self._taken: list[str] = []

    def take(self, chosen: Sequence[LearningObjective]) -> LearningObjective | None:
        """The best that is left and new, rather of a part that has given none yet."""
        self.left = [objective for objective in self.left if _is_new(objective, chosen)]
        if not self.left:
            return None
        best = max(self.left, key=lambda one: self._worth[one.text] - _SAME_PART * self._taken.count(self._home(one)))
        self.left.remove(best)
        self._taken.append(self._home(best))
        return best

    def _home(self, objective: LearningObjective) -> str:
        return self._part[objective.section_id]


def _queues(run: tuple[Slice, ...]) -> list[_Queue]:
    """One queue per document, those with most to read first."""
    found: list[_Queue] = []
    for document in dict.fromkeys(one.analysis.document_id for one in run):
        analysis = next(one.analysis for one in run if one.analysis.document_id == document)
        own = [section for one in run if one.analysis.document_id == document for section in one.sections]
        found.append(_Queue(analysis.learning_objectives, own))
    return sorted(found, key=lambda queue: -queue.minutes)


def _worth(objective: LearningObjective, known: Mapping[str, SectionOutline], part: Mapping[str, str]) -> float:
    """What is read for an objective, and how much its wording says."""
    section = known[objective.section_id]
    below = [one for one in known.values() if part[one.id] == section.id and one.id != section.id]
    minutes = section_minutes([section]) + 0.3 * section_minutes(below)
    text = objective.text.lower()
    said = len(content_words(objective.text.partition(" ")[2]))
    words = 3.0 if text.startswith(_TELLING) or " to " in text else 0.0 if text.startswith(_VAGUE) else 1.5
    return round(min(_LONGEST_MINUTES, minutes) + words - (4.0 if said < 2 else 0.0), 4)


def _is_new(objective: LearningObjective, chosen: Sequence[LearningObjective]) -> bool:
    words = _object(objective)
    others = [_object(other) for other in chosen]
    return all(len(words & other) <= 0.6 * max(1, min(len(words), len(other))) for other in others)


def _object(objective: LearningObjective) -> frozenset[str]:
    """What an objective is about: its words without the verb."""
    return frozenset(content_words(objective.text.partition(" ")[2])) - {
        "demonstrate",
        "explain",
        "describe",
        "purpose",
    }
