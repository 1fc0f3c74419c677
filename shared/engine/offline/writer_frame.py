"""What stands around a lesson: an introduction with a reason to care, a conclusion with a way on, a summary to keep."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.course.model import Objective
from shared.course.wording import stem_content_words
from shared.engine.offline.lesson import Passage, Prose, Said
from shared.engine.offline.lesson_parts import HeadedPart, clean_heading
from shared.engine.offline.lesson_read import normal_form
from shared.engine.offline.lesson_render import render_said
from shared.engine.offline.writer_evidence import Evidence, Span
from shared.engine.offline.writer_signposts import (
    ask_ahead,
    ask_reflection,
    say_achieved,
    say_route,
    say_where_from,
    say_where_to,
)
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
from shared.engine.types import GraphConcept, PathwayModule

_MOTIVE = re.compile(
    r"\b(?:because|so that|lets? you|allows?|enables?|helps?|makes? it|easy|easier|easily|simple|simply|powerful|fast|"
    r"instead of|without|problem|need|want|useful|purpose|goal|designed|aims?|why|important|best|great|common|imagine)\b",
    re.IGNORECASE,
)
_LONGEST_LEAD_WORDS = 95


@dataclass(frozen=True)
class Opening:
    """The sentences an introduction takes, and the parts without them."""

    said: tuple[Said, ...]
    parts: tuple[HeadedPart, ...]


def take_opening(parts: Sequence[HeadedPart]) -> Opening:
    """Move the first passage that says why a subject matters into the introduction.

    Only a passage of prose that begins a document's opening or a section can be moved: what follows it stands by itself.
    """
    best: tuple[int, int] | None = None
    for i, one in enumerate(parts):
        passage = one.part.passages[0] if one.part.passages else None
        if passage is None or not passage.is_prose or not 8 <= passage.cost <= _LONGEST_LEAD_WORDS:
            continue
        if one.part.depth > 1 or not _leaves_enough(parts, i) or not _is_lead(passage):
            continue
        score = 6 * (one.part.depth == 0) + 4 * (i < 2) + min(3, _count_motives(passage))
        if best is None or score > best[0]:
            best = (score, i)
    if best is None:
        return Opening((), tuple(parts))
    at = best[1]
    part = parts[at].part
    rest = [*parts[:at], replace(parts[at], part=replace(part, passages=part.passages[1:])), *parts[at + 1 :]]
    return Opening(tuple(said for chunk in part.passages[0].chunks for said in _said(chunk)), tuple(rest))


def _said(chunk: object) -> tuple[Said, ...]:
    return chunk.said if isinstance(chunk, Prose) else ()


def _is_lead(passage: Passage) -> bool:
    said = [one for chunk in passage.chunks for one in _said(chunk)]
    return bool(said) and not any(leads_on(one.text) for one in said)


def _leaves_enough(parts: Sequence[HeadedPart], at: int) -> bool:
    """A section does not lose its only passage to the introduction, a document's opening may."""
    return parts[at].part.depth == 0 or len(parts[at].part.passages) > 1


def _count_motives(passage: Passage) -> int:
    return sum(len(_MOTIVE.findall(one.text)) for chunk in passage.chunks for one in _said(chunk))


def write_introduction(
    brief: ModuleBrief,
    objectives: Sequence[Objective],
    opening: Sequence[Said],
    parts: Sequence[HeadedPart],
    evidence: Evidence,
) -> str:
    """Questions the module answers, why they matter in the source's own words, and the way through it."""
    ahead = ask_ahead(objectives, brief.position)
    route = say_route(_list_stops(parts), brief.position)
    where_from = say_where_from(_neighbour(brief, -1), brief.position)
    blocks = [ahead, render_said(opening, evidence) if opening else None, " ".join(s for s in (where_from, route) if s)]
    return "\n\n".join(block for block in blocks if block)


def _list_stops(parts: Sequence[HeadedPart]) -> list[str]:
    """Headings of the lesson's main stops that have something below them."""
    stops: list[str] = []
    for i, one in enumerate(parts):
        below = one.part.passages or any(
            p.part.passages and p.part.document_id == one.part.document_id for p in parts[i + 1 :]
        )
        if one.level == 2 and below:
            stops.append(clean_heading(one.part.heading))
    return stops


def write_conclusion(brief: ModuleBrief, objectives: Sequence[Objective]) -> str:
    """What the learner can do now, something to think about, and the way on."""
    achieved = say_achieved(objectives, brief.position)
    first = " ".join(s for s in (achieved, ask_reflection(brief.position)) if s)
    return "\n\n".join((first, say_where_to(_neighbour(brief, 1), brief.position)))


def _neighbour(brief: ModuleBrief, step: int) -> PathwayModule | None:
    at = brief.position + step
    return brief.pathway.modules[at] if 0 <= at < len(brief.pathway.modules) else None


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
        line = _define(concept, evidence)
        if line is not None and normal_form(line.text) not in said and len(lines) < 5:
            said.add(normal_form(line.text))
            lines.append(f"- {render_said((line,), evidence)}")
    stops = [one for one in parts if one.part.depth <= 1]
    for one in stops:
        if len(lines) >= 8:
            break
        spare = [other for other in left_out if other.part.section_id == one.part.section_id]
        key = _find_key_sentence(one, spare, said, evidence)
        if key is not None:
            said.add(normal_form(key.text))
            lines.append(f"- {render_said((key,), evidence)}")
    return "\n".join(lines)


def _introduced(brief: ModuleBrief) -> list[GraphConcept]:
    """Concepts whose defining section the module holds, in the order of its sections."""
    order = {(ref.document_id, ref.section_id): i for i, ref in enumerate(brief.module.sections)}
    found = [c for c in brief.graph.concepts if (c.document_id, c.section_id) in order]
    return sorted(found, key=lambda c: (order[c.document_id, c.section_id], c.definition.span.start_line, c.name))


def _define(concept: GraphConcept, evidence: Evidence) -> Said | None:
    """A term and what it is, from its defining sentence."""
    sentence = rewrite_links(" ".join(concept.definition.text.split()), lambda _: None)
    where = concept.definition.span
    span = Span(where.path, where.start_line, where.end_line)
    name = re.escape(strip_markup(concept.name))
    found = re.match(
        rf"^(?:\W*(?:an?|the)\s+)?[*_`\"“]*{name}(?:e?s)?[*_`\"”]*\s+(?:is|are|means|refers to)\s+(?P<rest>.+)$",
        sentence,
        re.IGNORECASE | re.DOTALL,
    )
    if not found or not evidence.holds(span):
        return None
    rest = found.group("rest")
    text = end_sentence(f"**{strip_markup(concept.name)}**: {rest}")
    if is_broken(text) or leads_on(text) or not is_supported(text, evidence.text(span)):
        return None
    return Said(text, span)


def _find_key_sentence(one: HeadedPart, spare: Sequence[HeadedPart], said: set[str], evidence: Evidence) -> Said | None:
    """The sentence that says most about a section, in a form the lesson has not used."""
    about = set(stem_content_words(strip_markup(one.part.heading)))
    unused = [said_ for part in spare for passage in part.part.passages for c in passage.chunks for said_ in _said(c)]
    used = [said_ for passage in one.part.passages for c in passage.chunks for said_ in _said(c)]
    candidates: list[tuple[int, int, Said]] = []
    for order, candidate in enumerate([*unused, *used]):
        recap = _recap(candidate, one.part.heading if order >= len(unused) else "")
        if recap is None or normal_form(recap.text) in said or recap.span is None:
            continue
        if not is_supported(recap.text, evidence.text(recap.span)):
            continue
        words = set(stem_content_words(strip_markup(candidate.text)))
        candidates.append((4 * len(about & words) + min(8, len(words)) + 3 * (order < len(unused)), -order, recap))
    return max(candidates, key=lambda c: c[:2])[2] if candidates else None


def _recap(said: Said, heading: str) -> Said | None:
    """A sentence as a recap's item: remarks in brackets left out, the section named before it."""
    words = strip_markup(said.text).split()
    if (
        not 7 <= len(words) <= 32
        or leads_on(said.text)
        or said.text.rstrip().endswith("?")
        or not opens_by_itself(said.text)
    ):
        return None
    text = re.sub(r"\s\((?![^)]*`)[^()\[\]]*\)(?!\])", "", said.text)
    label = clean_heading(heading)
    if label and is_plain_title(label):
        text = f"**{label}**: {text}"
    elif heading and text == said.text:
        return None
    return None if is_broken(text) else replace(said, text=text)
