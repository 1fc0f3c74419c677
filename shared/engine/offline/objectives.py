"""Learning objectives from headings and what stands below them: a Bloom verb a learner can be tested on. Pure.

Levels stop at "analyze": what the offline engine can ask about a text reaches no further, and an objective nobody
can be tested on is none.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shared.docs.model import Document, Section
from shared.docs.plain import plain_text
from shared.engine.offline.heading_readings import Clues, is_sure_doing
from shared.engine.offline.objective_purposes import find_purpose
from shared.engine.offline.objective_rules import Heading, word_heading
from shared.engine.offline.phrases import clean_heading, in_sentence, learn_casing, marked_heading
from shared.engine.offline.wordings import Place, Wording
from shared.engine.sections import is_teachable
from shared.engine.terms import content_words
from shared.engine.types import Concept, LearningObjective

FEWEST_OBJECTIVES = 6
_SECTIONS_PER_OBJECTIVE = 3
_MAX_CHARACTERS = 110
_NOT_TAUGHT = re.compile(
    r"^(?:table of )?contents?$|^(?:next steps?|what(?:['’]s| is) next|see also|further reading|references?|resources"
    r"|links|related\b.*|learn more|more (?:information|resources|help)|credits?|licen[cs]e|contribut\w+"
    r"|acknowledge?ments?|contact|authors?|sponsors?|changelog|change log|release notes|support|community|faqs?"
    r"|frequently asked questions|code of conduct|.*\bnewsletter|documentation(?: and resources)?"
    r"|(?:.* )?prerequisites?|requirements?|before you (?:begin|start)|todo|thanks|donate|feedback|help|recap|summary"
    r"|conclusion|quiz|exercises?|in this (?:section|chapter|guide|page|article)|where to go.*|getting help|badges?"
    r"|what you(?:['’](?:ll|ve)| will| have)? learn\w*|recommendations?|further .*|guiding principles|status"
    r"|untitled)$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Around:
    """What every heading of a document shares: its title, cleaned and as a subject, the project's name, the casing,
    and all headings by section id as phrases in sentence case with code marked.
    """

    title: str
    subject: str
    project: str
    casing: Mapping[str, int]
    phrases: Mapping[str, str]


def find_objectives(
    document: Document, title: str, concepts: Sequence[Concept], project: str = "", language: str = "en"
) -> tuple[LearningObjective, ...]:
    """The objectives of a document in the order they are taught: up to six, and one more per three sections beyond."""
    casing = learn_casing(document, project)
    defined = {concept.section_id: concept for concept in concepts}
    taught = [section for section in document.sections if is_teachable(section)]
    texts = {section.id: _text_of(section) for section in taught}
    subject = in_sentence(re.sub(r"^[Ww]elcome to (?:the )?", "", _telling_part(marked_heading(title))), casing)
    phrases = {section.id: _phrase(section, casing, document.raw_lines) for section in document.sections}
    around = _Around(title, subject, _spelling(project, texts.values()), casing, phrases)
    beside = _beside_doings(document.sections, around) if language == "en" else frozenset()
    ranked: list[tuple[float, int, LearningObjective]] = []
    for place, section in enumerate(taught):
        if language == "en":
            clues = Clues(section.id in beside, texts[section.id].lower())
            made = _word(section, around, defined.get(section.id), clues)
        else:
            made = _quote(section)
        if made is None:
            continue
        text = made.text[0].upper() + made.text[1:]
        weight = 2.0 * made.worth + (section.level <= 2) + (section.code_blocks > 0) + min(1.0, section.words / 200)
        objective = LearningObjective(text=text, bloom=made.bloom, section_id=section.id)
        ranked.append((-round(weight, 3), place, objective))
    most = max(FEWEST_OBJECTIVES, len(taught) // _SECTIONS_PER_OBJECTIVE)
    best = _distinct(sorted(ranked, key=lambda one: one[:2]))[:most]
    return tuple(objective for _, _, objective in sorted(best, key=lambda one: one[1]))


def _spelling(project: str, texts: Iterable[str]) -> str:
    """The project's name as most of the texts write it; "" when none does."""
    if not project:
        return ""
    pattern = re.compile(rf"(?<![\w./@-]){re.escape(project)}(?![\w/-]|\.\w)", re.IGNORECASE)
    counts = Counter(found for text in texts for found in pattern.findall(text))
    return min(counts, key=lambda name: (-counts[name], name), default="")


def is_taught(heading: str) -> bool:
    """Whether a heading stands over something to learn, rather than over links, people or a look back."""
    return not _NOT_TAUGHT.match(heading)


def _distinct(ranked: Sequence[tuple[float, int, LearningObjective]]) -> list[tuple[float, int, LearningObjective]]:
    kept: list[tuple[float, int, LearningObjective]] = []
    seen: list[frozenset[str]] = []
    for one in ranked:
        words = frozenset(content_words(one[2].text.partition(" ")[2]))
        if words and not any(len(words & other) / len(words | other) > 0.7 for other in seen):
            seen.append(words)
            kept.append(one)
    return kept


def _beside_doings(sections: Sequence[Section], around: _Around) -> frozenset[str]:
    """Ids of sections most of whose neighbours of the same level are headed by doings."""
    groups: dict[tuple[str | None, int], list[Section]] = {}
    for section in sections:
        groups.setdefault((section.parent, section.level), []).append(section)
    found: set[str] = set()
    for group in groups.values():
        sure = [is_sure_doing(around.phrases[section.id]) for section in group]
        if sum(sure) >= 2 and 2 * sum(sure) >= len(group):
            found |= {section.id for section in group}
    return frozenset(found)


def _text_of(section: Section) -> str:
    return " ".join(sentence.text for block in section.blocks for sentence in block.sentences)


def _quote(section: Section) -> Wording | None:
    """For a language without rules: the heading as it stands."""
    heading = clean_heading(section.heading)
    return Wording(f"explain “{heading}”", "understand", 1) if 3 <= len(heading) <= 80 else None


def _word(section: Section, around: _Around, concept: Concept | None, clues: Clues) -> Wording | None:
    """The wording of one section's heading; None when the heading gives no good one."""
    phrase = around.phrases[section.id]
    if not phrase or not is_taught(plain_text(phrase)):
        return None
    place = Place(
        has_code=section.code_blocks > 0,
        has_table=any(block.kind == "table" for block in section.blocks),
        purpose="" if is_sure_doing(phrase) else find_purpose(section, phrase),
    )
    is_title = section.level <= 1 or clean_heading(section.heading) == around.title
    made = word_heading(Heading(phrase, place, around.subject, around.project, is_title, clues), concept, around.casing)
    if made is None:
        return None
    text = " ".join(made.text.split())
    if len(text) > _MAX_CHARACTERS or text.count('"') % 2 or re.search(r"\s[-–—:]\s?$|\b(?:it|itself)\b", text):
        return None
    return Wording(text, made.bloom, made.worth)


def _phrase(section: Section, casing: Mapping[str, int], lines: Sequence[str]) -> str:
    written = lines[section.start_line - 1 : section.start_line]
    return in_sentence(_telling_part(marked_heading(section.heading, *written)), casing)


def _telling_part(heading: str) -> str:
    """Of "Project: building a server" what comes after the colon, of "Enum - Choices" what stands before the dash.

    Remarks in brackets are left out.
    """
    heading = re.sub(r"\s+\([^()]*\)", "", heading)
    before, colon, after = heading.partition(": ")
    if colon:
        return after if len(after.split()) > 1 else before
    before, dash, _ = re.sub(r"\s(?:[–—]|-{2,3})\s", " - ", heading).partition(" - ")
    return before if dash else heading
