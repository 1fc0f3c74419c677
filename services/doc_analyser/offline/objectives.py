"""The objectives of a document: those of its sections, from their headings. Pure."""

from services.doc_analyser.offline.sections import is_teachable
from shared.docs.model import Document
from shared.engine.objectives import Worded, read_heading, word_objective
from shared.engine.types import LearningObjective
from shared.language.headings import clean_heading, is_general
from shared.language.phrases import learn_casing

_MOST = 8


def find_objectives(document: Document, title: str, project: str, language: str) -> tuple[LearningObjective, ...]:
    """At most eight objectives of the sections that teach, each text once, in their order; main sections first."""
    casing = learn_casing(document, project)
    found: dict[str, LearningObjective] = {}
    taught = [section for section in document.sections if is_teachable(section)]
    for section in sorted(taught, key=lambda one: (one.level, not one.code_blocks)):
        heading = title if section.level == 1 else section.heading
        if is_general(heading) or len(found) >= _MOST:
            continue
        written = read_heading(document, section)
        made: Worded = word_objective(clean_heading(heading) or heading, written, casing, language)
        objective = LearningObjective(text=made.text, bloom=made.bloom, section_id=section.id)
        found.setdefault(made.text.lower(), objective)
    order = {section.id: place for place, section in enumerate(taught)}
    return tuple(sorted(found.values(), key=lambda one: order[one.section_id]))
