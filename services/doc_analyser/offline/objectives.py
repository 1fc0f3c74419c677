"""What a document lets a reader do or explain, from its headings and the concepts it defines. Pure."""

import re
from collections.abc import Iterator, Sequence

from shared.docs.model import Document, Section
from shared.engine.offline.phrases import clean_heading
from shared.engine.offline.word_classes import base_of_gerund
from shared.engine.sections import is_teachable
from shared.engine.types import Concept, LearningObjective

_MOST = 8
_LONGEST = 80
_ABOUT_A_THING = 3  # the evidence of a concept that its section is about
_HOW_TO = re.compile(r"^how (?:to|do i|can i|do you) (?=\w)", re.IGNORECASE)
_GERUND = re.compile(r"^([A-Za-z]+ing)\s+(?=\S)")


def find_objectives(document: Document, concepts: Sequence[Concept]) -> tuple[LearningObjective, ...]:
    """At most eight, in the order of the sections, no two of one text."""
    about = {concept.section_id: concept for concept in concepts if concept.evidence >= _ABOUT_A_THING}
    found: dict[str, LearningObjective] = {}
    for section in document.sections:
        if is_teachable(section):
            for one in _of_section(section, about.get(section.id)):
                found.setdefault(one.text.lower(), one)
    return tuple(found.values())[:_MOST]


def _of_section(section: Section, concept: Concept | None) -> Iterator[LearningObjective]:
    doing = _doing(clean_heading(section.heading))
    if doing and len(doing) <= _LONGEST and section.code_blocks:
        yield LearningObjective(text=doing, bloom="apply", section_id=section.id)
    elif concept is not None:
        text = f"Explain what “{concept.name}” means"
        yield LearningObjective(text=text, bloom="understand", section_id=section.id)


def _doing(heading: str) -> str:
    """The doing a heading names, "Install the server" of "Installing the server" or of "How to …"; "" for others."""
    if _HOW_TO.match(heading):
        rest = _HOW_TO.sub("", heading)
        return rest[:1].upper() + rest[1:]
    gerund = _GERUND.match(heading)
    base = base_of_gerund(gerund[1].lower()) if gerund else None
    return f"{base[:1].upper()}{base[1:]} {heading[gerund.end() :]}" if gerund and base else ""
