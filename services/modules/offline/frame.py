"""The text around a lesson: the author's reason to care, words to know, the way on, and lines to keep."""

import re
from collections.abc import Sequence

from services.modules.brief import ModuleBrief
from services.modules.citing import LONGEST_SPAN, Citations, count_lines
from services.modules.offline.aims import Aim
from services.modules.offline.homes import Homes
from services.modules.offline.inline import fit
from services.modules.offline.items.question import TaughtSection
from services.modules.offline.lesson import Lesson
from shared.course.anchors import find_anchors, found_in, names_facts
from shared.course.model import Level
from shared.course.plain_text import show_plain
from shared.course.wording import points_back, stem_content_words
from shared.docs.model import Sentence
from shared.engine.types import CitedSentence, GraphConcept, PathwayModule, Span

_STATES = re.compile(r"(?!!\[|```|~~~|\[\^)")  # begins no picture, code or mark
_MOST_LEADING = 3
_LEADING_WORDS = 150
_MOST_BRIDGES = 3
_MOST_NEW: dict[Level, int] = {"beginner": 8, "intermediate": 5, "advanced": 3}
_MOST_AHEAD = 6
_MOST_KEPT = 5
_LEAST_WORDS = 5
_CLOSE = frozenset({"defined with it", "stands above it"})


def split_opening(lesson: Lesson) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The author's first paragraphs, which say what this is about and why, and the rest of the lesson."""
    count, words = 0, 0
    most = next((i for i in reversed(range(len(lesson.blocks))) if _STATES.match(lesson.blocks[i])), 0)
    for block in lesson.blocks[: min(lesson.leading, _MOST_LEADING, most)]:
        words += len(block.split())
        if (count and words > _LEADING_WORDS) or re.sub(r"\[\^[^\]]*\]", "", block).endswith((":", "：")):
            break
        count += 1
    return lesson.blocks[:count], lesson.blocks[count:]


def list_prerequisites(brief: ModuleBrief) -> list[str]:
    """Earlier modules that are homes of the concepts this one builds on."""
    concepts = Homes(brief)
    needed = {i for one in concepts.own for i in one.prerequisites}
    found = {home.id for one in brief.graph.concepts if one.id in needed and (home := concepts.earlier(one))}
    return [module.id for module in brief.modules if module.id in found]


def write_introduction(
    brief: ModuleBrief, opening: Sequence[str], unlinked: Sequence[GraphConcept], citations: Citations
) -> str:
    """The opening, bridges from what earlier modules taught, and the module's other words with what they mean.

    The words of later modules that the lesson could not link come last.
    """
    homes = Homes(brief)
    by_id = {one.id: one for one in brief.graph.concepts}
    bridges: list[str] = []
    new: list[str] = []
    said = show_plain(" ".join(opening))
    for concept in homes.own:
        if not _can_cite(concept, citations):
            continue
        if show_plain(concept.definition.text) in said:
            continue
        gloss = _gloss(concept.definition, citations)
        needed = (by_id[i] for i in concept.prerequisites if i in by_id and _is_close(concept, i))
        known = next((one for one in needed if homes.earlier(one) and _can_cite(one, citations)), None)
        if known and len(bridges) < _MOST_BRIDGES and _is_named(concept):
            bridges.append(f"You know {homes.link(known)}.{citations.mark(known.definition.span)} {gloss}")
        else:
            new.append(f"- **{concept.name}**: {gloss}")
    words = "\n".join(new[: _MOST_NEW[brief.audience.level]])
    return "\n\n".join(filter(None, (*opening, *bridges, words, _name_later(unlinked, homes))))


def _name_later(unlinked: Sequence[GraphConcept], homes: Homes) -> str:
    """The words of later modules that the lesson could not link, each with its gloss behind the link."""
    links = [homes.link(one) for one in unlinked if not names_facts(one.name)][:_MOST_AHEAD]
    return f"Explained later: {', '.join(links)}." if links else ""


def write_conclusion(brief: ModuleBrief, citations: Citations) -> str:
    """The way to the next module; nothing in the last one."""
    modules = brief.pathway.modules
    if brief.position + 1 >= len(modules):
        return ""
    following = modules[brief.position + 1]
    text = f"After {brief.module.title}, the next module is [{following.title}](#{following.id})."
    spans = _lines_of_names(text, brief, (brief.module, following))
    return "" if spans is None else f"{text}{''.join(map(citations.mark, spans))}"


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


def _is_close(concept: GraphConcept, needed: str) -> bool:
    """Whether the definition itself builds on the other concept, so that the two make sense side by side."""
    return not concept.signs or bool(_CLOSE.intersection(concept.signs.get(needed, ())))


def _is_named(concept: GraphConcept) -> bool:
    """Whether the gloss speaks of the concept by its name, so that it can follow another one's."""
    said = set(stem_content_words(show_plain(concept.definition.text)))
    return set(stem_content_words(show_plain(concept.name))) <= said


def _can_cite(concept: GraphConcept, citations: Citations) -> bool:
    span = concept.definition.span
    return bool(concept.definition.text) and count_lines(span) <= LONGEST_SPAN and citations.holds(span)


def _gloss(definition: CitedSentence, citations: Citations) -> str:
    return f"{fit(definition.text, lambda _: None)}{citations.mark(definition.span)}"


def _lines_of_names(text: str, brief: ModuleBrief, modules: Sequence[PathwayModule]) -> list[Span] | None:
    """The headings of modules that a sentence takes identifiers, paths and numbers from; empty when it has none.

    None when the headings do not hold them, or less than half of the sentence.
    """
    if not names_facts(text):
        return []
    chosen: dict[Span, str] = {}
    for module in modules:
        headings = _list_headings(brief, module)
        wanted = set(stem_content_words(module.title))
        best = max(headings.items(), key=lambda one: len(wanted & set(stem_content_words(one[1]))), default=None)
        chosen |= dict([best]) if best else {}
        for anchor in find_anchors(module.title):
            chosen |= dict([one for one in headings.items() if found_in(anchor, one[1])][:1])
    held = " ".join(chosen.values())
    said = set(stem_content_words(show_plain(text)))
    is_held = all(found_in(anchor, held) for anchor in find_anchors(text))
    return list(chosen) if is_held and 2 * len(said & set(stem_content_words(held))) >= len(said) else None


def _list_headings(brief: ModuleBrief, module: PathwayModule) -> dict[Span, str]:
    analyses = [brief.analyses[i] for i in module.document_ids if i in brief.analyses]
    return {
        Span(path=one.path, start_line=section.start_line, end_line=section.start_line): show_plain(section.heading)
        for one in analyses
        for section in one.sections
    }


def _choose_sentence(one: TaughtSection) -> Sentence | None:
    """The first sentence of a section that stands by itself, else the first one that says something."""
    every = [s for block in one.section.blocks for s in block.sentences if _says(s)]
    return next((s for s in every if not points_back(show_plain(s.text))), every[0] if every else None)


def _says(sentence: Sentence) -> bool:
    plain = show_plain(sentence.text)
    return len(plain.split()) >= _LEAST_WORDS and plain.endswith((".", "!", "。", "！"))
