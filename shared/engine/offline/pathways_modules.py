"""One module of a pathway from the slices it holds. Pure."""

from shared.engine.offline.module_objectives import choose_objectives
from shared.engine.offline.module_titles import describe_module
from shared.engine.offline.pathways_tree import Slice
from shared.engine.types import PathwayModule, SectionRef
from shared.ids import content_id

ITEMS_PER_MODULE = 4


def make_module(kind: str, run: tuple[Slice, ...], title: str, part: str, project: str) -> PathwayModule:
    """A module; its id follows from the pathway's kind and its own sections only."""
    refs = tuple(
        SectionRef(document_id=one.analysis.document_id, section_id=section.id, heading=section.heading)
        for one in run
        for section in one.sections
    )
    minutes = round(sum(one.minutes for one in run)) + ITEMS_PER_MODULE
    objectives = choose_objectives(run)
    return PathwayModule(
        id=content_id("m", kind, *(f"{ref.document_id}/{ref.section_id}" for ref in refs)),
        title=title,
        description=describe_module(run, title, project, objectives),
        estimated_minutes=minutes,
        learning_objectives=objectives,
        sections=refs,
        document_ids=tuple(dict.fromkeys(ref.document_id for ref in refs)),
        part=part,
    )
