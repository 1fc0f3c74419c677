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

_FENCED = re.compile(r"^```[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_IN_CODE = re.compile(r"`([^`]+)`")
_WORD = re.compile(r"\w+")
_DEFINED = re.compile(r"\b(?:def|function|fn|func) (\w+)")
_CALLED = re.compile(r"(\w+)\(")
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
    """The objective that a question tests: whatever becomes of the other questions of its section, this one is tested.

    Many modules have a section of the same heading; with the title of its module each has a name of its own.
    """
    title, written = brief.module.title, question.one.section.heading
    heading = show_plain(clean_heading(written) or written)
    name = _name_asked(question, heading) if question.form != "fill_call" else ""
    is_said = is_general(written) or title.endswith(heading) or {name}.issuperset(_WORD.findall(heading))
    where = f"“{title}”" if is_said else f"“{heading}” of “{title}”"
    return _OF_FORMS[question.form].format(f"`{name}`" if name else "the examples", where)


def _name_asked(question: Question, heading: str) -> str:
    """The name that is called in the last line of a question's code, and that the section is named for, speaks of or
    defines; "" for none.
    """
    code = "\n".join(_FENCED.findall(question.stem)).strip("\n")
    written = " ".join(s.text for block in question.one.section.blocks for s in block.sentences)
    spoken = {word for span in _IN_CODE.findall(written) for word in _WORD.findall(span)}
    told = {*_WORD.findall(heading), *spoken, *_DEFINED.findall(code)}
    return next((name for name in _CALLED.findall(code.rpartition("\n")[2]) if name in told), "")


def _objective(brief: ModuleBrief, text: str, bloom: Bloom) -> Objective:
    return Objective(id=content_id("o", brief.module.id, text), text=text, bloom=bloom)
