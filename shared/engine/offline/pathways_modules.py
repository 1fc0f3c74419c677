"""One module of a pathway from the slices it holds. Pure."""

from collections.abc import Sequence

from shared.engine.offline.module_titles import describe_module
from shared.engine.offline.objectives import word_objective
from shared.engine.offline.pathways_tree import Slice
from shared.engine.terms import content_words
from shared.engine.types import LearningObjective, PathwayModule, SectionOutline, SectionRef
from shared.ids import content_id

ITEMS_PER_MODULE = 4
_MOST_OBJECTIVES, _WISHED_OBJECTIVES = 5, 3


def make_module(kind: str, run: tuple[Slice, ...], title: str, part: str) -> PathwayModule:
    """A module; its id follows from the pathway's kind and its own sections only."""
    refs = tuple(
        SectionRef(document_id=one.analysis.document_id, section_id=section.id, heading=section.heading)
        for one in run
        for section in one.sections
    )
    minutes = round(sum(one.minutes for one in run)) + ITEMS_PER_MODULE
    return PathwayModule(
        id=content_id("m", kind, *(f"{ref.document_id}/{ref.section_id}" for ref in refs)),
        title=title,
        description=describe_module(run, title),
        estimated_minutes=minutes,
        learning_objectives=_objectives(run, title),
        sections=refs,
        document_ids=tuple(dict.fromkeys(ref.document_id for ref in refs)),
        part=part,
    )


def _objectives(run: tuple[Slice, ...], title: str) -> tuple[LearningObjective, ...]:
    """Three to five distinct objectives over the module's documents in turn; more from headings where those are few."""
    places = {section.id: place for place, section in enumerate(s for one in run for s in one.sections)}
    queues: list[list[LearningObjective]] = []
    for document in dict.fromkeys(one.analysis.document_id for one in run):
        analysis = next(one.analysis for one in run if one.analysis.document_id == document)
        known = {section.id: section for one in run for section in one.sections}
        own = [objective for objective in analysis.learning_objectives if objective.section_id in known]
        queues.append(sorted(own, key=lambda objective: _weight(known[objective.section_id])))
    chosen: list[LearningObjective] = []
    for turn in range(max((len(queue) for queue in queues), default=0)):
        for queue in queues:
            if turn < len(queue) and len(chosen) < _MOST_OBJECTIVES and _is_new(queue[turn], chosen):
                chosen.append(queue[turn])
    for one in run:
        for section in one.sections:
            found = word_objective(section, one.analysis.title, {}, None) if len(chosen) < _WISHED_OBJECTIVES else None
            if found is not None and _is_new(found, chosen):
                chosen.append(found)
    if not chosen:
        text = f"Summarize the main ideas of {title}"
        chosen.append(LearningObjective(text=text, bloom="understand", section_id=run[0].sections[0].id))
    return tuple(sorted(chosen, key=lambda objective: (places[objective.section_id], objective.text)))


def _weight(section: SectionOutline) -> tuple[bool, bool, bool, int]:
    """A sort key: what second-level sections with code and a telling heading teach comes before what is said else."""
    return len(section.heading.split()) < 2, section.level != 2, not section.code_blocks, -section.words


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
