"""The text around a lesson: the author's reason to care, words to know, and the way on."""

import re
from collections import Counter
from collections.abc import Sequence

from services.modules.cited.brief import ModuleBrief
from services.modules.cited.citing import LONGEST_SPAN, Citations, count_lines
from services.modules.offline.homes import Homes, link_first_mentions
from services.modules.offline.inline import fit
from services.modules.offline.lesson import Lesson
from shared.course.anchors import find_anchors, found_in, names_facts
from shared.course.plain_text import show_plain
from shared.course.terms import mentions
from shared.course.wording import stem_content_words
from shared.engine.types import CitedSentence, GraphConcept, PathwayModule, Span
from shared.events.base import Level

_STATES = re.compile(r"(?!!\[|```|~~~|\[\^)")  # begins no picture, code or mark
_MOST_LEADING = 3
_LEADING_WORDS = 150
_MOST_BRIDGES = 3
_MOST_HANDED_ON = 2
_MOST_NEW: dict[Level, int] = {"beginner": 8, "intermediate": 5, "advanced": 3}
_MOST_AHEAD = 8
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
    while count and not _STATES.match(lesson.blocks[count - 1]):
        count -= 1
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

    The words of later modules that the lesson could not link come last; those whose gloss does not tell what they are
    only with the way there.
    """
    homes = Homes(brief)
    by_id = {one.id: one for one in brief.graph.concepts}
    bridges: dict[str, str] = {}
    new: list[str] = []
    said = show_plain(" ".join(opening))
    for concept in homes.own:
        if not _can_cite(concept, citations) or not homes.tells(concept):
            continue
        if (told := show_plain(concept.definition.text)) in said:
            continue
        said += f"\n{told}"
        gloss = _gloss(concept.definition, citations)
        needed = (by_id[i] for i in concept.prerequisites if i in by_id and _is_close(concept, i))
        known = next(
            (one for one in needed if homes.earlier(one) and homes.tells(one) and _leads_to(one, concept, citations)),
            None,
        )
        if known and known.id not in bridges and len(bridges) < _MOST_BRIDGES:
            bridges[known.id] = f"You know {homes.link(known)}.{citations.mark(known.definition.span)} {gloss}"
        else:
            new.append(f"- **{concept.name}**: {gloss}")
    ahead = [one for one in unlinked if _can_cite(one, citations)]
    coming = [f"- **{homes.link(one)}**: {_gloss(one.definition, citations)}" for one in ahead if homes.tells(one)]
    words = [*new[: _MOST_NEW[brief.audience.complexity_level]], *coming]
    words, _ = link_first_mentions(words, brief, ahead)
    marks = {one.id: _mark_name(one, brief, citations) for one in ahead if not homes.tells(one)}
    later = [one for one in ahead if one.id in marks and (marks[one.id] or not names_facts(one.name))][:_MOST_AHEAD]
    notes = []
    for lead, is_cited in (("Later", True), ("Later in the course", False)):
        group = [one for one in later if bool(marks[one.id]) is is_cited]
        cited = "".join(dict.fromkeys(marks[one.id] for one in group))
        notes += [f"{lead}: {', '.join(map(homes.link, group))}.{cited}"] if group else []
    return "\n\n".join(filter(None, (*opening, *bridges.values(), "\n".join(words), *notes)))


def _mark_name(concept: GraphConcept, brief: ModuleBrief, citations: Citations) -> str:
    """The citation of the gloss where it names the concept, else of the heading that does; "" where neither does."""
    name = concept.name.strip("`")
    if mentions(show_plain(concept.definition.text), name):
        return citations.mark(concept.definition.span)
    home = brief.analyses.get(concept.document_id)
    section = next((one for one in home.sections if one.id == concept.section_id), None) if home else None
    if home is None or section is None:
        return ""
    span = Span(path=home.path, start_line=section.start_line, end_line=section.start_line)
    line = citations.lines(home.path)[section.start_line - 1] if citations.holds(span) else b""
    return citations.mark(span) if mentions(line.decode(errors="replace"), name) else ""


def _leads_to(known: GraphConcept, concept: GraphConcept, citations: Citations) -> bool:
    """Whether the gloss of a concept goes on from a known one: it speaks of that one, a name of code as code."""
    written = concept.definition.text
    bare = known.name.strip("`")
    in_code = f"`{bare}`" in known.definition.text
    speaks = f"`{bare}`" in written if in_code else mentions(show_plain(written), bare)
    return speaks and _can_cite(known, citations)


def write_conclusion(brief: ModuleBrief, citations: Citations) -> str:
    """The way to the next module, with the concepts of this one that it builds on; nothing in the last one."""
    modules = brief.pathway.modules
    if brief.position + 1 >= len(modules):
        return ""
    following = modules[brief.position + 1]
    link = f"[{following.title}](#{following.id})"
    known = _list_handed_on(brief, following, citations)
    text = f"Up next, {link} builds on {' and '.join(one.name for one in known)}."
    spans = _lines_of_names(text, brief, following, known, citations) if known else None
    if spans is None:
        text = f"Up next is {link}."
        spans = _lines_of_names(text, brief, following, (), citations)
    return "" if spans is None else f"{text}{''.join(map(citations.mark, spans))}"


def _list_handed_on(brief: ModuleBrief, following: PathwayModule, citations: Citations) -> list[GraphConcept]:
    """The concepts of this module that most concepts of the following one need, in the order of this module."""
    homes = Homes(brief)
    needs = Counter(i for one in homes.of(following) for i in one.prerequisites)
    own = [one for one in homes.own if one.id in needs and _can_cite(one, citations)]
    most = sorted(own, key=lambda one: (-needs[one.id], own.index(one)))[:_MOST_HANDED_ON]
    return [one for one in own if one in most]


def _is_close(concept: GraphConcept, needed: str) -> bool:
    """Whether the definition itself builds on the other concept, so that the two make sense side by side."""
    return not concept.signs or bool(_CLOSE.intersection(concept.signs.get(needed, ())))


def _can_cite(concept: GraphConcept, citations: Citations) -> bool:
    span = concept.definition.span
    return bool(concept.definition.text) and count_lines(span) <= LONGEST_SPAN and citations.holds(span)


def _gloss(definition: CitedSentence, citations: Citations) -> str:
    return f"{fit(definition.text, lambda _, words: (None, words))}{citations.mark(definition.span)}"


def _lines_of_names(
    text: str, brief: ModuleBrief, module: PathwayModule, concepts: Sequence[GraphConcept], citations: Citations
) -> list[Span] | None:
    """The heading of the module and the glosses of concepts that a sentence takes its names and numbers from.

    Empty without such names. Return None when the lines lack one of these names or more than half of the sentence.
    """
    if not names_facts(text):
        return []
    chosen = {one.definition.span: show_plain(one.definition.text) for one in concepts}
    headings = _list_headings(brief, module, citations)
    wanted = set(stem_content_words(module.title))
    best = max(headings.items(), key=lambda one: len(wanted & set(stem_content_words(one[1]))), default=None)
    chosen |= dict([best]) if best else {}
    for anchor in find_anchors(module.title):
        chosen |= dict([one for one in headings.items() if found_in(anchor, one[1])][:1])
    held = " ".join(chosen.values())
    said = set(stem_content_words(show_plain(text)))
    is_held = all(found_in(anchor, held) for anchor in find_anchors(text))
    return list(chosen) if is_held and 2 * len(said & set(stem_content_words(held))) >= len(said) else None


def _list_headings(brief: ModuleBrief, module: PathwayModule, citations: Citations) -> dict[Span, str]:
    """The headings of a module's documents by their lines, but for those of a file that a document includes."""
    headings: dict[Span, str] = {}
    for one in (brief.analyses[i] for i in module.document_ids if i in brief.analyses):
        for section in one.sections:
            span = Span(path=one.path, start_line=section.start_line, end_line=section.start_line)
            heading = show_plain(section.heading)
            words = set(stem_content_words(heading))
            if citations.holds(span) and words & set(stem_content_words(citations.text(span))):
                headings[span] = heading
    return headings
