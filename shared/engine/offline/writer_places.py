"""Which objectives a module may promise, and which item tests which: both follow from what the lesson shows. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.course.model import Objective
from shared.course.plain_text import show_plain
from shared.course.wording import stem_content_words
from shared.docs.model import Document
from shared.engine.offline.items_forms import Draft
from shared.engine.offline.lesson import Code, Part, Row, Table, iter_said
from shared.engine.offline.lesson_parts import HeadedPart
from shared.engine.offline.phrases import clean_heading
from shared.engine.port import ModuleBrief
from shared.engine.types import LearningObjective
from shared.ids import content_id

_MOST = 6
_WORDS_OF_ASKING = frozenset(stem_content_words("demonstrate explain describe identify purpose use main ideas"))


@dataclass(frozen=True)
class Place:
    """Where an objective is taught: its own section, those `below` it, and the `words` (stems) it is about.

    A person wrote a `given` one.
    """

    objective: Objective
    document_id: str
    section_id: str
    below: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    given: bool = False


@dataclass(frozen=True)
class Places:
    """The planned objectives that the lesson teaches, and others it teaches as well, the apter first."""

    planned: tuple[Place, ...]
    spare: tuple[Place, ...]


def list_wanted(brief: ModuleBrief) -> frozenset[str]:
    """Ids of the sections that the planned objectives are about."""
    return frozenset(aim.section_id for aim in list_planned(brief))


def list_planned(brief: ModuleBrief) -> tuple[LearningObjective, ...]:
    """The objectives the pathway names for the module: all that a person wrote, and others while there is room.

    One that a person wrote for a document after the pathway was made belongs to the module that has its section.
    """
    named = brief.module.learning_objectives
    own = {(ref.document_id, ref.section_id) for ref in brief.module.sections}
    later = [
        aim
        for document_id in brief.module.document_ids
        if document_id in brief.analyses
        for aim in brief.analyses[document_id].learning_objectives
        if aim.given and (document_id, aim.section_id) in own
    ]
    if named and all(aim.given for aim in named):  # a person wrote the module's whole list
        return named
    given = {aim.text: aim for aim in (*(aim for aim in named if aim.given), *later)}
    others = [aim for aim in named if aim.text not in given]
    return (*given.values(), *others[: max(0, _MOST - len(given))])


def find_places(brief: ModuleBrief, parts: Sequence[HeadedPart]) -> Places:
    """The objectives whose sections have passages in the lesson, each text once.

    Spare ones are other objectives of the documents, then one to sum up each document.
    """
    where = {ref.section_id: ref.document_id for ref in brief.module.sections}
    first = brief.module.sections[0].section_id if brief.module.sections else ""
    planned = [
        aim.model_copy(update={"section_id": first}) if aim.given and aim.section_id not in where else aim
        for aim in list_planned(brief)
    ]
    analysed = [
        aim
        for document_id in brief.module.document_ids
        if document_id in brief.analyses
        for aim in brief.analyses[document_id].learning_objectives
    ]
    seen: set[str] = set()
    found = tuple(tuple(_settle(aims, where, brief, parts, seen)) for aims in (planned, analysed))
    return Places(found[0], (*found[1], *_sum_up(brief, parts, seen)))


def _settle(
    aims: Iterable[LearningObjective], where: dict[str, str], brief: ModuleBrief, parts: Sequence[HeadedPart],
    seen: set[str],
) -> Iterable[Place]:  # fmt: skip
    for aim in aims:
        document = brief.documents.get(where.get(aim.section_id, ""))
        if document is None or aim.text in seen:
            continue
        below = _list_below(document, aim.section_id)
        words = frozenset(stem_content_words(show_plain(aim.text.partition(" ")[2]))) - _WORDS_OF_ASKING
        shown = [one.part for one in parts if one.part.section_id in below | {aim.section_id} and one.part.passages]
        told = set(stem_content_words(" ".join(text for part in shown for text in (part.heading, *_list_texts(part)))))
        if aim.given or (shown and _is_most(words, told)):
            seen.add(aim.text)
            yield Place(_as_objective(aim, brief), where[aim.section_id], aim.section_id, below, words, aim.given)


def _sum_up(brief: ModuleBrief, parts: Sequence[HeadedPart], seen: set[str]) -> Iterable[Place]:
    """For a document whose headings give no objective that can be tested: its main ideas, wherever they stand."""
    for document_id in brief.module.document_ids:
        ids = [one.part.section_id for one in parts if one.part.document_id == document_id and one.part.passages]
        if not ids or document_id not in brief.analyses:
            continue
        aim = summarize(brief.analyses[document_id].title, ids[0])
        if aim.text not in seen:
            seen.add(aim.text)
            yield Place(_as_objective(aim, brief), document_id, ids[0], frozenset(ids))


def _as_objective(aim: LearningObjective, brief: ModuleBrief) -> Objective:
    return Objective(id=content_id("o", brief.module.id, aim.text), text=aim.text, bloom=aim.bloom)


def _list_below(document: Document, section_id: str) -> frozenset[str]:
    found = {section_id}
    for section in document.sections:  # in reading order: a parent comes before its children
        if section.parent in found:
            found.add(section.id)
    return frozenset(found - {section_id})


def _list_texts(part: Part) -> Iterable[str]:
    """What a part says, shows and lists."""
    for passage in part.passages:
        for chunk in passage.chunks:
            match chunk:
                case Code(text):
                    yield text
                case Table(header, rows):
                    yield from (cell for row in (header, *rows) for cell in _cells(row))
                case _:
                    yield from (said.text for said in iter_said(chunk))


def _cells(row: Row) -> tuple[str, ...]:
    return row.cells


def _is_most(words: frozenset[str], of: Iterable[str]) -> bool:
    return not words or 2 * len(words & set(of)) > len(words)


def measure_distance(draft: Draft, place: Place) -> int:
    """0 in the objective's own section, 1 below it or about its words in the same document, 2 elsewhere."""
    if draft.document_id != place.document_id:
        return 2
    if draft.section_id == place.section_id:
        return 0
    if draft.section_id in place.below:
        return 1
    asked = (draft.stem, *(option.text for option in draft.options if option.id in draft.key))
    said = stem_content_words(show_plain(" ".join(asked if draft.options else (*asked, *draft.key))))
    return 1 if place.words and _is_most(place.words, said) else 2


def summarize(title: str, section_id: str) -> LearningObjective:
    """The objective of a document whose headings give none."""
    text = f"Summarize the main ideas of “{clean_heading(title)}”"
    return LearningObjective(text=text, bloom="understand", section_id=section_id)
