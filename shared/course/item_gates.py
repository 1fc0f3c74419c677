"""Gates of objectives and assessment items: alignment, writing flaws, keys, and what an item asks for."""

from collections.abc import Iterator

from shared.course.anchors import names_facts
from shared.course.basis import read_basis
from shared.course.findings import GateFinding
from shared.course.flaws import find_flaws
from shared.course.item_kinds import is_languages_own, is_other_kind, is_placeholder
from shared.course.item_recall import asks_where, is_recall, list_keys, repeats_case
from shared.course.key_support import find_key_problem, find_second_answers, find_worked_problem
from shared.course.links_check import find_unsafe
from shared.course.model import Item, Module
from shared.course.near_items import find_near_equal
from shared.course.plain_text import show_plain, show_prose
from shared.course.reading import ReadModule
from shared.course.same_meaning import means_same
from shared.course.sentence_marks import find_marks, split_pieces
from shared.course.wording import find_filler, level_distance, verb_fits

MOST_FLAWS = 1
_FORMS_OF_ANY_KIND = frozenset({"predict_output", "order", "match"})


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


def check_items(read: ReadModule) -> Iterator[GateFinding]:
    """Q10 and Q11 for each item, and Q3, Q19 and L1 for the texts around it."""
    for item in read.module.assessment:
        flaws = find_flaws(item)
        if len(flaws) > MOST_FLAWS:
            yield GateFinding(gate="Q10", where=item.id, detail="; ".join(flaws), sentence=item.stem)
        is_worked = read.context.own_words and read_basis(item.explanation) == "worked"
        problem = (find_worked_problem if is_worked else find_key_problem)(item, read.evidence)
        if problem:
            yield GateFinding(gate="Q11", where=item.id, detail=problem, sentence=item.stem)
        for text in find_second_answers(item, read.evidence):
            detail = f"this option also answers: {show_plain(text)}"
            yield GateFinding(gate="Q11", where=item.id, detail=detail, sentence=item.stem)
        yield from check_texts(item, read)
        yield from _check_item_texts(item)
    for item, earlier in find_near_equal(read.module.assessment):
        yield GateFinding(gate="Q11", where=item.id, detail=f"nearly equals {earlier.id}", sentence=item.stem)


def check_understanding(read: ReadModule) -> Iterator[GateFinding]:
    """K6 for each item. Recall alone is no reason to drop an item: a course may have some."""
    for item in read.module.assessment:
        for detail in find_empty_tasks(item, read):
            yield GateFinding(gate="K6", where=item.id, detail=detail, sentence=item.stem)
        if is_recall(item, read.evidence):
            detail = "stem and key restate one sentence"
            yield GateFinding(gate="K6-recall", where=item.id, detail=detail, sentence=item.stem)
        if read.context.own_words and repeats_case(item, read.statements):
            detail = "the stem has the values of a case that the lesson works out or asks"
            yield GateFinding(gate="K6-recall", where=item.id, detail=detail, sentence=item.stem)


def find_empty_tasks(item: Item, read: ReadModule) -> Iterator[str]:
    """Why an item tests nothing, or has another right answer: in words that begin with the figure's name."""
    if asks_where(item):
        yield "where: asks where something stands"
    for text in find_twins(item, read):
        yield f"second: this option answers as well: {show_plain(text)}"
    keys = list_keys(item)
    if item.kind == "single_choice" and item.form not in _FORMS_OF_ANY_KIND:
        others = [option.text for option in item.options if option.id not in item.right]
        for text in (text for text in others if any(is_other_kind(key, text) for key in keys)):
            yield f"kind: this option is of another kind than the key: {show_plain(text)}"
    is_free = item.asks_result or item.form in _FORMS_OF_ANY_KIND
    if item.kind not in ("ordering", "true_false") and not is_free:
        for key in (key for key in keys if is_placeholder(key) or is_languages_own(key, item.stem)):
            yield f"own: the key is a made-up name or one of the language: {show_plain(key)}"


def find_twins(item: Item, read: ReadModule) -> list[str]:
    """Wrong options that mean what the key means, or that another sentence of the taught text gives as the answer."""
    if item.kind not in ("single_choice", "multiple_choice"):
        return []
    texts = read.evidence.texts([*item.citation_ids, *(i for option in item.options for i in option.citation_ids)])
    keys = list_keys(item)
    wrong = [option.text for option in item.options if option.id not in item.right]
    same = [text for text in wrong if any(means_same(key, text, texts) for key in keys)]
    return list(dict.fromkeys([*same, *read.context.sources.sentences.find_second_answers(item, read.evidence)]))


def check_texts(item: Item, read: ReadModule) -> Iterator[GateFinding]:
    """Q1, Q2 and Q3: what explanation and feedback name stands in the lines of their own mark, else in their item's."""
    known = read.evidence.cited
    texts = [(item.explanation, item.citation_ids)]
    texts += [(option.feedback, option.citation_ids) for option in item.options if option.citation_ids]
    for text, citation_ids in texts:
        is_added = read.context.own_words and read_basis(text) != "source"
        find_missing = read.evidence.find_missing_names if is_added else read.evidence.find_missing
        for piece in split_pieces(text):
            cited = piece.marks or tuple(citation_ids)
            if not cited and names_facts(piece.text):
                yield GateFinding(
                    gate="Q2", where=item.id, detail="names a fact and has no citation", sentence=piece.source
                )
            missing = find_missing(piece.text, cited) if cited else ()
            if missing:
                detail = "not in the cited lines: " + ", ".join(anchor.text for anchor in missing)
                yield GateFinding(gate="Q3", where=item.id, detail=detail, sentence=piece.source)
        for unknown in [i for i in (*citation_ids, *find_marks(text)) if i not in known]:
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
