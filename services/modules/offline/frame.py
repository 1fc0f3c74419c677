"""What stands around a lesson: the author's reason to care, words to know, the way on, and what to keep."""

import re
from collections.abc import Sequence

from services.modules.offline.aims import Aim
from services.modules.offline.inline import fit
from services.modules.offline.items.question import TaughtSection
from services.modules.offline.lesson import Lesson
from shared.course.anchors import names_facts
from shared.course.plain_text import show_plain
from shared.course.wording import points_back
from shared.docs.model import Sentence
from shared.engine.citing import LONGEST_SPAN, Citations, count_lines
from shared.engine.port import ModuleBrief
from shared.engine.types import CitedSentence, GraphConcept, PathwayModule, Span

_MOST_LEADING = 3
_LEADING_WORDS = 150
_MOST_BRIDGES = 3
_MOST_NEW = 5
_MOST_KEPT = 5
_LEAST_WORDS = 5


def split_opening(lesson: Lesson) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The author's first paragraphs, which say what this is about and why, and the rest of the lesson."""
    count, words = 0, 0
    for block in lesson.blocks[: min(lesson.leading, _MOST_LEADING, len(lesson.blocks) - 1)]:
        words += len(block.split())
        if (count and words > _LEADING_WORDS) or re.sub(r"\[\^[^\]]*\]", "", block).endswith((":", "：")):
            break
        count += 1
    return lesson.blocks[:count], lesson.blocks[count:]


def find_homes(brief: ModuleBrief) -> dict[tuple[str, str], PathwayModule]:
    """The module of the pathway that teaches a section, by document and section."""
    homes: dict[tuple[str, str], PathwayModule] = {}
    for module in brief.pathway.modules:
        for ref in module.sections:
            homes.setdefault((ref.document_id, ref.section_id), module)
    return homes


def list_prerequisites(brief: ModuleBrief) -> list[str]:
    """Earlier modules that are homes of concepts or hold documents this one builds on."""
    homes = find_homes(brief)
    places = {module.id: i for i, module in enumerate(brief.pathway.modules)}
    own = [one for one in brief.graph.concepts if _home(one, homes) == brief.module]
    needed = {i for concept in own for i in concept.prerequisites}
    found = {home.id for one in brief.graph.concepts if one.id in needed and (home := _home(one, homes))}
    return [module.id for module in brief.pathway.modules if module.id in found and places[module.id] < brief.position]


def write_introduction(brief: ModuleBrief, opening: Sequence[str], citations: Citations) -> str:
    """The opening, bridges from what earlier modules taught, and the module's other words with what they mean."""
    homes = find_homes(brief)
    places = {module.id: i for i, module in enumerate(brief.pathway.modules)}
    by_id = {concept.id: concept for concept in brief.graph.concepts}
    own = [one for one in brief.graph.concepts if _home(one, homes) == brief.module and _can_cite(one, citations)]
    bridges: list[str] = []
    new: list[str] = []
    for concept in own:
        gloss = _gloss(concept.definition, citations)
        known = [
            other
            for other in (by_id[i] for i in concept.prerequisites if i in by_id)
            if (home := _home(other, homes)) and places[home.id] < brief.position and _can_cite(other, citations)
        ]
        if known and len(bridges) < _MOST_BRIDGES:
            first = known[0]
            bridges.append(f"You know {link_term(first, homes)}.{citations.mark(first.definition.span)} {gloss}")
        elif show_plain(concept.definition.text) not in show_plain(" ".join(opening)):
            new.append(f"- **{concept.name}**: {gloss}")
    return "\n\n".join([*opening, *bridges, *(["\n".join(new[:_MOST_NEW])] if new else [])])


def write_conclusion(brief: ModuleBrief, citations: Citations) -> str:
    """The way to the next module; nothing in the last one."""
    modules = brief.pathway.modules
    if brief.position + 1 >= len(modules):
        return ""
    following = modules[brief.position + 1]
    text = f"After {brief.module.title} comes [{following.title}](#{following.id})."
    marks = ""
    if names_facts(text):
        marks = "".join(citations.mark(span) for span in (_top(brief, brief.module), _top(brief, following)) if span)
    return f"{text}{marks}"


def write_summary(lesson: Lesson, aims: Sequence[Aim], citations: Citations) -> str:
    """One line for each objective; else one for each of the first sections."""
    by_place = {(one.document_id, one.section.id): one for one in lesson.taught}
    places = [(aim.document_id, aim.section_id) for aim in aims]
    chosen = [by_place[place] for place in places if place in by_place] or lesson.taught
    lines: dict[str, None] = {}
    for one in chosen:
        sentence = _choose_sentence(one)
        if sentence and len(lines) < max(_MOST_KEPT, len(aims)):
            span = Span(path=one.path, start_line=sentence.start_line, end_line=sentence.end_line)
            lines[f"- {fit(sentence.text, lesson.targets[one.document_id])}{citations.mark(span)}"] = None
    return "\n".join(lines)


def link_term(concept: GraphConcept, homes: dict[tuple[str, str], PathwayModule]) -> str:
    """A concept's name as a link to the module that is its home, with its gloss as title."""
    home = _home(concept, homes)
    return f'[{concept.name}](#{home.id} "{as_title(concept.definition)}")' if home else concept.name


def as_title(definition: CitedSentence) -> str:
    """A gloss as the title of a link: plain words that Markdown reads no mark in."""
    return re.sub(r"[\"\\()\[\]<>`*_|]", "", show_plain(definition.text))


def _home(concept: GraphConcept, homes: dict[tuple[str, str], PathwayModule]) -> PathwayModule | None:
    return homes.get((concept.document_id, concept.section_id))


def _can_cite(concept: GraphConcept, citations: Citations) -> bool:
    span = concept.definition.span
    return bool(concept.definition.text) and count_lines(span) <= LONGEST_SPAN and citations.holds(span)


def _gloss(definition: CitedSentence, citations: Citations) -> str:
    return f"{fit(definition.text, lambda _: None)}{citations.mark(definition.span)}"


def _top(brief: ModuleBrief, module: PathwayModule) -> Span | None:
    """The line of the first heading of a module."""
    ref = module.sections[0]
    analysis = brief.analyses.get(ref.document_id)
    line = next((one.start_line for one in analysis.sections if one.id == ref.section_id), 0) if analysis else 0
    return Span(path=analysis.path, start_line=line, end_line=line) if analysis and line else None


def _choose_sentence(one: TaughtSection) -> Sentence | None:
    """The first sentence of a section that stands by itself, else the first one that says something."""
    every = [s for block in one.section.blocks for s in block.sentences if _says(s)]
    return next((s for s in every if not points_back(show_plain(s.text))), every[0] if every else None)


def _says(sentence: Sentence) -> bool:
    plain = show_plain(sentence.text)
    return len(plain.split()) >= _LEAST_WORDS and plain.endswith((".", "!", "。", "！"))
