"""Learning objectives from headings and what stands below them: a Bloom verb a learner can be tested on. Pure.

Levels stop at "analyze": what the offline engine can ask about a text reaches no further, and an objective nobody
can be tested on is none.
"""

import re
from collections.abc import Mapping, Sequence

from shared.docs.model import Document, Section
from shared.engine.offline.objective_rules import word_heading
from shared.engine.offline.phrases import clean_heading, in_sentence, learn_casing
from shared.engine.sections import is_teachable
from shared.engine.terms import content_words
from shared.engine.types import Concept, LearningObjective, SectionOutline

MAX_OBJECTIVES = 6
_MAX_CHARACTERS = 110
_NOT_TAUGHT = re.compile(
    r"^(?:table of )?contents?$|^(?:next steps?|what(?:['’]s| is) next|see also|further reading|references?|resources"
    r"|links|related\b.*|learn more|more (?:information|resources|help)|credits?|licen[cs]e|contribut\w+"
    r"|acknowledge?ments?|contact|authors?|sponsors?|changelog|change log|release notes|support|community|faqs?"
    r"|frequently asked questions"
    r"|prerequisites?|requirements?|before you (?:begin|start)|todo|thanks|donate|feedback|help|recap|summary"
    r"|conclusion|quiz|exercises?|in this (?:section|chapter|guide|page|article)|where to go.*|getting help|badges?"
    r"|status|untitled)$",
    re.IGNORECASE,
)


def find_objectives(
    document: Document, title: str, concepts: Sequence[Concept], project: str = ""
) -> tuple[LearningObjective, ...]:
    """Three to six objectives of a document where it has as many teachable sections, in the order they are taught."""
    casing = learn_casing(document, project)
    defined = {concept.section_id: concept for concept in concepts}
    ranked: list[tuple[int, int, LearningObjective]] = []
    seen: list[frozenset[str]] = []
    for place, section in enumerate(document.sections):
        if not is_teachable(section):
            continue
        found = word_objective(section, title, casing, defined.get(section.id))
        if found is None:
            continue
        words = frozenset(content_words(found.text.partition(" ")[2]))
        if not words or any(_same(words, other) for other in seen):
            continue
        seen.append(words)
        weight = 4 * (section.level == 2) + 2 * (section.level <= 1) + (section.level == 3)
        weight -= 3 * (len(clean_heading(section.heading).split()) < 2)
        weight += 2 * (section.code_blocks > 0) + 2 * (section.id in defined) + (section.words > 60)
        ranked.append((-weight, place, found))
    best = sorted(ranked, key=lambda one: one[:2])[:MAX_OBJECTIVES]
    return tuple(objective for _, _, objective in sorted(best, key=lambda one: one[1]))


def _same(words: frozenset[str], other: frozenset[str]) -> bool:
    return len(words & other) / len(words | other) > 0.7


def word_objective(
    section: Section | SectionOutline, title: str, casing: Mapping[str, int], concept: Concept | None
) -> LearningObjective | None:
    """The objective of one section, from its heading; None when the heading gives no good one."""
    heading = _telling_part(clean_heading(section.heading))
    subject = in_sentence(clean_heading(title), casing)
    if _NOT_TAUGHT.match(heading) or not heading:
        return None
    made = word_heading(heading, section, subject, casing, concept)
    text = " ".join(made[0].split()) if made else ""
    if not made or not text:
        return None
    bloom = made[1]
    if len(text) > _MAX_CHARACTERS or text.count('"') % 2 or re.search(r"\s[-–—:]\s?$|\bit\b", text):
        return None
    return LearningObjective(text=text[0].upper() + text[1:], bloom=bloom, section_id=section.id)


def _telling_part(heading: str) -> str:
    """Of "Project: building a server" what comes after the colon, of "Enum - Choices" what stands before the dash.

    Remarks in brackets are left out.
    """
    heading = re.sub(r"\s+\([^()]*\)", "", heading)
    before, colon, after = heading.partition(": ")
    if colon:
        return after if len(after.split()) > 1 else before
    before, dash, _ = re.sub(r"\s[–—]\s", " - ", heading).partition(" - ")
    return before if dash else heading
