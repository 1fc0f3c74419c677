"""Writes a module without a model: the author's own passages, chosen, ordered and cited, framed as a lesson."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from shared.course.findings import GateReport
from shared.course.model import Module
from shared.course.sentence_marks import strip_marks
from shared.course.statements import FIELDS
from shared.engine.offline.items import write_items
from shared.engine.offline.lesson import Note, Part, Passage, Said, iter_said
from shared.engine.offline.lesson_ease import ease_parts
from shared.engine.offline.lesson_parts import HeadedPart, read_parts, render_parts
from shared.engine.offline.lesson_repair import repair_module
from shared.engine.offline.lesson_said import normal_form
from shared.engine.offline.lesson_select import MEASURES, select_parts
from shared.engine.offline.writer_evidence import Evidence
from shared.engine.offline.writer_frame import take_opening, write_conclusion, write_introduction
from shared.engine.offline.writer_places import Place, find_places, list_planned, list_wanted
from shared.engine.offline.writer_signposts import ask_pause, say_doing
from shared.engine.offline.writer_summary import write_summary
from shared.engine.port import ModuleBrief

_MOST_PAUSES = 2

# A lesson with fewer statements gets fewer signposts: they would be too large a part of it.
_SHORT_STATEMENTS = 28


def write_module(brief: ModuleBrief) -> Module:
    """The first version of a module. Pure: equal briefs give equal modules, to the byte."""
    evidence = Evidence(brief.module.id, brief.source_id, brief.raw)
    measure = MEASURES[brief.audience.level]
    everything = read_parts(brief, evidence, measure)
    parts = select_parts([one.part for one in everything], measure, list_wanted(brief))
    if _is_english(brief):
        parts = ease_parts(parts, brief.documents.values(), brief.audience.level)
    chosen = _choose(everything, parts)
    known = find_places(brief, chosen)
    items, tested = write_items(brief, chosen, known, evidence)
    # What a person wrote stays, tested or not.
    places = [*tested, *(place for place in known.planned if place.given and place not in tested)]
    objectives = [place.objective for place in places]
    opening = take_opening(chosen)
    shown = frozenset(_list_shown(chosen))
    is_short = len(shown) < _SHORT_STATEMENTS
    main = render_parts(_add_pauses(opening.parts, places, brief.position), evidence)
    module = Module(
        id=brief.module.id,
        order=brief.position + 1,
        title=brief.module.title,
        description=brief.module.description,
        estimated_minutes=0,
        status="complete",
        problems=[],
        objectives=objectives,
        prerequisites=_list_prerequisites(brief),
        document_ids=list(brief.module.document_ids),
        introduction=write_introduction(brief, objectives, opening, evidence, is_short=is_short),
        main_content=main,
        conclusion=write_conclusion(brief, objectives, is_short=is_short),
        summary=write_summary(brief, opening.parts, _list_left_out(everything, chosen), shown, evidence),
        assessment=items,
        citations=evidence.citations(),
    )
    return module.model_copy(update={"estimated_minutes": estimate_minutes(module)})


def revise_module(brief: ModuleBrief, module: Module, report: GateReport) -> Module:
    """The module without what the gates found: sentences, code and items are dropped, never papered over.

    Objectives that a person wrote stay.
    """
    given = frozenset(aim.text for aim in list_planned(brief) if aim.given)
    repaired = repair_module(module, report, given)
    return repaired.model_copy(update={"estimated_minutes": estimate_minutes(repaired)})


def estimate_minutes(module: Module) -> int:
    """Words / 200, 2 per code block, 1 per item (course-format rule), rounded up."""
    words, blocks = 0, 0
    for name in FIELDS:
        in_code = False
        for line in str(getattr(module, name)).split("\n"):
            if line.startswith("```"):
                blocks += not in_code
                in_code = not in_code
            elif not in_code:
                words += len(strip_marks(line).split())
    return max(1, math.ceil(words / 200 + 2 * blocks + len(module.assessment)))


def _is_english(brief: ModuleBrief) -> bool:
    """Whether most of the module's documents are in English."""
    known = [brief.analyses[i].language for i in brief.module.document_ids if i in brief.analyses]
    return 2 * sum(1 for language in known if language.lower().startswith("en")) >= len(known)


def _choose(everything: Sequence[HeadedPart], parts: Sequence[Part]) -> tuple[HeadedPart, ...]:
    return tuple(replace(one, part=part) for one, part in zip(everything, parts, strict=True))


def _list_left_out(everything: Sequence[HeadedPart], chosen: Sequence[HeadedPart]) -> tuple[HeadedPart, ...]:
    """The passages there was no room for."""
    return tuple(
        replace(whole, part=replace(whole.part, passages=whole.part.passages[len(part.part.passages) :]))
        for whole, part in zip(everything, chosen, strict=True)
    )


def _list_shown(parts: Iterable[HeadedPart]) -> Iterable[str]:
    for one in parts:
        for passage in one.part.passages:
            for chunk in passage.chunks:
                yield from (normal_form(said.text) for said in iter_said(chunk))


def _add_pauses(parts: Sequence[HeadedPart], places: Sequence[Place], position: int) -> tuple[HeadedPart, ...]:
    """Questions to stop at, where a main stop that an objective is about ends; never at the module's end."""
    result = list(parts)
    asked = 0
    ends = [i for i, one in enumerate(parts[:-1]) if parts[i + 1].level == 2 and one.part.passages]
    for i in ends:
        stop = _find_stop(parts, i)
        place = next((p for p in places if p.section_id in stop and say_doing(p.objective)), None)
        if place is None or asked >= _MOST_PAUSES:
            continue
        doing = say_doing(place.objective) or ""
        pause = Passage((Note("Pause", (Said(ask_pause(doing, position + asked), None),)),))
        result[i] = replace(parts[i], part=replace(parts[i].part, passages=(*parts[i].part.passages, pause)))
        asked += 1
    return tuple(result)


def _find_stop(parts: Sequence[HeadedPart], end: int) -> frozenset[str]:
    """Section ids of the main stop that ends at `end`."""
    start = end
    while start > 0 and parts[start].level > 2:
        start -= 1
    return frozenset(one.part.section_id for one in parts[start : end + 1])


def _list_prerequisites(brief: ModuleBrief) -> list[str]:
    """Earlier modules that hold documents or concepts this one builds on; the one before it when nothing says more."""
    own = set(brief.module.document_ids)
    needed = {before for before, after in brief.graph.document_edges if after in own and before not in own}
    earlier = brief.pathway.modules[: brief.position]
    found = [module.id for module in earlier if needed & set(module.document_ids)]
    return found or [module.id for module in earlier[-1:]]
