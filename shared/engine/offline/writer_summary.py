"""The summary of a module: its terms and its key sentences, in another form than the lesson gave them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from shared.course.wording import stem_content_words
from shared.engine.offline.lesson import Said, iter_said
from shared.engine.offline.lesson_parts import HeadedPart, clean_heading
from shared.engine.offline.lesson_render import render_said
from shared.engine.offline.lesson_said import normal_form
from shared.engine.offline.writer_evidence import Evidence, Span
from shared.engine.offline.writer_support import is_supported
from shared.engine.offline.writer_text import (
    end_sentence,
    is_broken,
    is_plain_title,
    leads_on,
    opens_by_itself,
    rewrite_links,
    strip_markup,
)
from shared.engine.port import ModuleBrief
from shared.engine.types import GraphConcept

_MOST_LINES, _FEWEST_LINES = 8, 3
_CHATTY = re.compile(
    r"\b(?:let['’]?s|let us|we|we['’]\w+|our|I|my|following|below|above|example|examples|now|here|first|"
    r"these|those|this)\b",
    re.IGNORECASE,
)
_TELLING = re.compile(
    r"^(?:\*\*[^*]+\*\*: )?(?:\S+\s+){1,6}(?:is|are|lets?|allows?|can|uses?|used|supports?|provides?|"
    r"returns?|takes?|makes?|"
    r"creates?|means|defines?|works?|must|should)\b"
)
_WEAK = re.compile(
    r"^(?:the (?:other|question|reason|first|second|best|answer)|there (?:is|are)|if|so|with|what|why|how)\b",
    re.IGNORECASE,
)


def write_summary(
    brief: ModuleBrief,
    parts: Sequence[HeadedPart],
    left_out: Sequence[HeadedPart],
    shown: frozenset[str],
    evidence: Evidence,
) -> str:
    """A recap: the terms the module defines, then a key sentence of each main section, every one cited.

    `shown` are the normal forms of what the lesson says already, `left_out` the passages it had no room for: a recap
    says things in another form, or says what there was no room for.
    """
    lines: list[str] = []
    said = set(shown)
    for concept in _introduced(brief):
        line = define_term(concept, evidence)
        if line is not None and normal_form(line.text) not in said and len(lines) < 5:
            said.add(normal_form(line.text))
            lines.append(f"- {render_said((line,), evidence)}")
    for one, strict in _order_stops(parts):
        if len(lines) >= (_MOST_LINES if strict else _FEWEST_LINES):
            break
        spare = [other for other in left_out if other.part.section_id == one.part.section_id]
        key = _find_key_sentence(one, spare, said, evidence, strict=strict)
        if key is not None:
            said.add(normal_form(key.text))
            lines.append(f"- {render_said((key,), evidence)}")
    return "\n".join(lines)


def _order_stops(parts: Sequence[HeadedPart]) -> list[tuple[HeadedPart, bool]]:
    """Where key sentences are looked for: the main sections; then, while there are too few, anywhere, less choosily."""
    return [(one, True) for one in parts if one.part.depth <= 1] + [(one, False) for one in parts]


def _introduced(brief: ModuleBrief) -> list[GraphConcept]:
    """Concepts the module is the first to use and whose defining section it holds, in the order of its sections."""
    order = {(ref.document_id, ref.section_id): i for i, ref in enumerate(brief.module.sections)}
    new = brief.new_terms
    found = [c for c in brief.graph.concepts if (c.document_id, c.section_id) in order and (new is None or c.id in new)]
    return sorted(found, key=lambda c: (order[c.document_id, c.section_id], c.definition.span.start_line, c.name))


def define_term(concept: GraphConcept, evidence: Evidence) -> Said | None:
    """A term and what it is, from its defining sentence; None when that sentence has another form."""
    sentence = rewrite_links(" ".join(concept.definition.text.split()), lambda _: None)
    where = concept.definition.span
    span = Span(where.path, where.start_line, where.end_line)
    name = re.escape(strip_markup(concept.name))
    found = re.match(
        rf"^(?:\W*(?:an?|the)\s+)?[*_`\"“]*{name}(?:e?s)?[*_`\"”]*\s+(?:is|are|means|refers to)\s+(?P<rest>.+)$",
        sentence,
        re.IGNORECASE | re.DOTALL,
    )
    if not found or not evidence.has(span.path) or not evidence.holds(span):
        return None
    rest = found.group("rest")
    text = end_sentence(f"**{strip_markup(concept.name)}**: {rest}")
    if is_broken(text) or leads_on(text) or not is_supported(text, evidence.text(span)):
        return None
    return Said(text, span)


def _find_key_sentence(
    one: HeadedPart, spare: Sequence[HeadedPart], said: set[str], evidence: Evidence, *, strict: bool
) -> Said | None:
    """The sentence that says most about a section, in a form the lesson has not used."""
    about = set(stem_content_words(strip_markup(one.part.heading)))
    unused = [
        said_ for part in spare for passage in part.part.passages for c in passage.chunks for said_ in iter_said(c)
    ]
    used = [said_ for passage in one.part.passages for c in passage.chunks for said_ in iter_said(c)]
    candidates: list[tuple[int, int, Said]] = []
    for order, candidate in enumerate([*unused, *used]):
        recap = _recap(candidate, one.part.heading if order >= len(unused) else "", strict=strict)
        if recap is None or normal_form(recap.text) in said or recap.span is None:
            continue
        if not is_supported(recap.text, evidence.text(recap.span)):
            continue
        words = set(stem_content_words(strip_markup(candidate.text)))
        rank = (
            4 * len(about & words)
            + min(8, len(words))
            + 3 * (order < len(unused))
            + 3 * bool(_TELLING.match(recap.text))
        )
        candidates.append((rank - min(order, 6), -order, recap))
    return max(candidates, key=lambda c: c[:2])[2] if candidates else None


def _recap(said: Said, heading: str, *, strict: bool) -> Said | None:
    """A sentence as a recap's item: remarks in brackets left out, the section named before it.

    Not `strict`: short and chatty ones are taken too, and a heading that names something may stand before them.
    """
    words = strip_markup(said.text).split()
    if (
        not (7 if strict else 4) <= len(words) <= (32 if strict else 45)
        or leads_on(said.text)
        or said.text.rstrip().endswith("?")
        or not opens_by_itself(said.text)
    ):
        return None
    if strict and (_CHATTY.search(said.text) or _WEAK.match(said.text)):
        return None
    if len(set(stem_content_words(strip_markup(said.text)))) < (5 if strict else 2):
        return None
    text = re.sub(r"\s\((?![^)]*`)[^()\[\]]*\)(?!\])", "", said.text)
    text = re.sub(
        r"^(?:(?:please )?note(?: that)?|tip|warning|important)\s*[:,]?\s+(?=\w)", "", text, flags=re.IGNORECASE
    )
    text = text[:1].upper() + text[1:]
    label = clean_heading(heading)
    if label and (is_plain_title(label) or not strict) and not text.startswith("**"):
        text = f"**{label}**: {text}"
    elif heading and text == said.text:
        return None
    return None if is_broken(text) else replace(said, text=text)
