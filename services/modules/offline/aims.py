"""Objectives from the sections that have a question, and the questions as items that test them."""

import re
from collections.abc import Mapping, Sequence

from services.modules.cited.brief import ModuleBrief
from services.modules.offline.items.question import Question
from shared.course.model import Objective
from shared.course.plain_text import show_plain
from shared.course.scales import Bloom
from shared.engine.types import LearningObjective
from shared.kernel.ids import content_id
from shared.language.headings import clean_heading, is_general

_IN_CODE, _WORD, _CALLED = re.compile(r"`([^`]+)`"), re.compile(r"\w+"), re.compile(r"(\w+)\(")
_DEFINED = re.compile(r"\b(?:def|function|fn|func) (\w+)")
_OF_FORMS: Mapping[str, str] = {
    "predict_output": "Predict the results of {} in {}",
    "fill_call": "Choose the right call among {} in {}",
    "what_happens": "Predict the errors of {} in {}",
}


def set_aims(brief: ModuleBrief, questions: Sequence[Question]) -> tuple[list[Objective], list[Objective]]:
    """The objectives that the questions test and those that a person wrote; and of each question the one it tests."""
    given = list_given(brief)
    found: dict[str, Objective] = {}
    tested: list[Objective] = []
    for question in questions:
        own = next((aim for aim in given if aim.section_id == question.place[1]), None)
        text, bloom = (own.text, own.bloom) if own else (_word(brief, question), "apply")
        tested.append(found.setdefault(text, _objective(brief, text, bloom)))
    for wanted in given:
        found.setdefault(wanted.text, _objective(brief, wanted.text, wanted.bloom))
    return [*found.values()], tested


def list_given(brief: ModuleBrief) -> tuple[LearningObjective, ...]:
    """The objectives that a person wrote, for the module or later for a document whose section the module has."""
    own = {(ref.document_id, ref.section_id) for ref in brief.module.sections}
    later = [
        aim
        for document_id in brief.module.document_ids
        if document_id in brief.analyses
        for aim in brief.analyses[document_id].learning_objectives
        if (document_id, aim.section_id) in own
    ]
    written = {aim.text: aim for aim in (*brief.module.learning_objectives, *later) if aim.given}
    return tuple(written.values())


def _word(brief: ModuleBrief, question: Question) -> str:
    """The objective that a question tests: it names what the last line calls where the section speaks of that or
    its code defines it.

    Many modules have a section of the same heading; with the title of its module each has a name of its own.
    """
    title, written = brief.module.title, question.one.section.heading
    heading = show_plain(clean_heading(written) or written)
    sentences = (sentence.text for block in question.one.section.blocks for sentence in block.sentences)
    told = {word for code in _IN_CODE.findall(" ".join((f"`{heading}`", *sentences))) for word in _WORD.findall(code)}
    called = _CALLED.findall(question.last) if question.answers else ()  # a choice asks for several calls
    name = next((one for one in called if one in {*told, *_DEFINED.findall(question.stem)}), "")
    is_said = is_general(written) or title.endswith(heading) or [name] == _WORD.findall(heading)
    where = f"“{title}”" if is_said else f"“{heading}” of “{title}”"
    return _OF_FORMS[question.form].format(f"`{name}`" if name else "the examples", where)


def _objective(brief: ModuleBrief, text: str, bloom: Bloom) -> Objective:
    return Objective(id=content_id("o", brief.module.id, text), text=text, bloom=bloom)
