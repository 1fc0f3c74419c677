"""Gates of objectives and assessment items: alignment, writing flaws, keys."""

from collections.abc import Iterator

from shared.course.anchors import names_facts
from shared.course.evidence import Evidence
from shared.course.findings import GateFinding
from shared.course.flaws import find_flaws
from shared.course.key_support import compare_items, find_key_problem, find_second_answers
from shared.course.links_check import find_unsafe
from shared.course.model import Item, Module
from shared.course.plain_text import show_plain, show_prose
from shared.course.sentence_marks import find_marks, split_pieces
from shared.course.wording import find_filler, level_distance, verb_fits

FEWEST_ITEMS = 3
MOST_FLAWS = 1
NEAR_EQUAL = 0.8


def check_objectives(module: Module) -> Iterator[GateFinding]:
    """Q9: each objective begins with a verb of its level and has an item; each item has objectives near its level."""
    tested = {objective_id for item in module.assessment for objective_id in item.objective_ids}
    levels = {objective.id: objective.bloom for objective in module.objectives}
    for objective in module.objectives:
        if objective.id not in tested:
            yield GateFinding(gate="Q9", where=objective.id, detail="no item tests it", sentence=objective.text)
        if not verb_fits(objective.text, objective.bloom):
            detail = f"does not begin with a verb of the level {objective.bloom}"
            yield GateFinding(gate="Q9", where=objective.id, detail=detail, sentence=objective.text)
    for item in module.assessment:
        if not item.objective_ids or any(known not in levels for known in item.objective_ids):
            yield GateFinding(gate="Q9", where=item.id, detail="tests no objective of the module", sentence=item.stem)
        elif any(level_distance(item.bloom, levels[known]) > 1 for known in item.objective_ids):
            detail = f"its level {item.bloom} is more than one from its objective's"
            yield GateFinding(gate="Q9", where=item.id, detail=detail, sentence=item.stem)


def check_items(module: Module, evidence: Evidence) -> Iterator[GateFinding]:
    """Q10 and Q11 for each item, and Q3, Q19 and L1 for the texts around it."""
    if len(module.assessment) < FEWEST_ITEMS:
        yield GateFinding(gate="Q11", where="assessment", detail=f"{len(module.assessment)} items, fewer than three")
    for position, item in enumerate(module.assessment):
        flaws = find_flaws(item)
        if len(flaws) > MOST_FLAWS:
            yield GateFinding(gate="Q10", where=item.id, detail="; ".join(flaws), sentence=item.stem)
        problem = find_key_problem(item, evidence)
        if problem:
            yield GateFinding(gate="Q11", where=item.id, detail=problem, sentence=item.stem)
        for text in find_second_answers(item, evidence):
            detail = f"this option also answers: {show_plain(text)}"
            yield GateFinding(gate="Q11", where=item.id, detail=detail, sentence=item.stem)
        for earlier in module.assessment[:position]:
            if compare_items(item, earlier) > NEAR_EQUAL:
                yield GateFinding(gate="Q11", where=item.id, detail=f"nearly equals {earlier.id}", sentence=item.stem)
        yield from check_explanation(item, evidence)
        yield from _check_item_texts(item)


def check_explanation(item: Item, evidence: Evidence) -> Iterator[GateFinding]:
    """Q2 and Q3: what an explanation names stands in the lines of its own mark, else in those of its item."""
    for piece in split_pieces(item.explanation):
        cited = piece.marks or tuple(item.citation_ids)
        if not cited and names_facts(piece.text):
            yield GateFinding(
                gate="Q2", where=item.id, detail="names a fact and has no citation", sentence=piece.source
            )
        missing = evidence.find_missing(piece.text, cited) if cited else ()
        if missing:
            detail = "not in the cited lines: " + ", ".join(anchor.text for anchor in missing)
            yield GateFinding(gate="Q3", where=item.id, detail=detail, sentence=piece.source)
    for unknown in [i for i in find_marks(item.explanation) if i not in evidence.cited]:
        yield GateFinding(gate="Q1", where=item.id, detail=f"cites {unknown}, which the module does not list")


def _check_item_texts(item: Item) -> Iterator[GateFinding]:
    if not item.explanation.strip():
        yield GateFinding(gate="Q19", where=item.id, detail="an item without an explanation", sentence=item.stem)
    for text in (item.stem, item.explanation, *(option.text for option in item.options)):
        filler = find_filler(show_prose(text))
        if filler:
            yield GateFinding(gate="Q19", where=item.id, detail=f"filler: {filler}", sentence=text)
        if find_unsafe(text):
            yield GateFinding(gate="L1", where=item.id, detail="raw HTML, a picture or a script", sentence=text)
