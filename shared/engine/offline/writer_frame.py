"""What stands around a lesson: an introduction with a reason to care, a conclusion with a way on, a summary to keep."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.course.model import Objective
from shared.engine.offline.lesson import Passage, Prose, Said
from shared.engine.offline.lesson_parts import HeadedPart, clean_heading
from shared.engine.offline.lesson_render import render_said
from shared.engine.offline.lesson_terms import choose_terms
from shared.engine.offline.writer_evidence import Evidence
from shared.engine.offline.writer_signposts import (
    ask_ahead,
    ask_reflection,
    say_achieved,
    say_here,
    say_route,
    say_where_from,
    say_where_to,
    say_words_ahead,
)
from shared.engine.offline.writer_summary import define_term
from shared.engine.offline.writer_text import (
    leads_on,
)
from shared.engine.port import ModuleBrief
from shared.engine.types import PathwayModule

_MOTIVE = re.compile(
    r"\b(?:because|so that|lets? you|allows?|enables?|helps?|makes? it|easy|easier|easily|simple|simply|powerful|fast|"
    r"instead of|without|problem|need|want|useful|purpose|goal|designed|aims?|why|important|best|great|"
    r"common|imagine)\b",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"\b(?:I|my|me|I'm|I’m|let's|let’s|these|those)\b|\?$")
_LONGEST_LEAD_WORDS = 95
_LEAST_LEAD = 4


@dataclass(frozen=True)
class Opening:
    """The sentences an introduction takes, and the parts without them."""

    said: tuple[Said, ...]
    parts: tuple[HeadedPart, ...]


def take_opening(parts: Sequence[HeadedPart]) -> Opening:
    """Move the first passage that says why a subject matters into the introduction.

    Only a passage of prose that begins a document's opening or a section can be moved: what follows stands by itself.
    """
    best: tuple[int, int] | None = None
    for i, one in enumerate(parts):
        passage = one.part.passages[0] if one.part.passages else None
        if passage is None or not passage.is_prose or not 8 <= passage.cost <= _LONGEST_LEAD_WORDS:
            continue
        if one.part.depth > 1 or not _leaves_enough(parts, i) or not _is_lead(passage):
            continue
        score = 5 * (one.part.depth == 0) + 5 * (i == 0) + 3 * (i < 3) + min(3, _count_motives(passage))
        score -= 4 * _is_personal(passage)
        if score >= _LEAST_LEAD and (best is None or score > best[0]):
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


def _is_personal(passage: Passage) -> bool:
    return any(_PERSONAL.search(one.text) for chunk in passage.chunks for one in _said(chunk))


def _count_motives(passage: Passage) -> int:
    return sum(len(_MOTIVE.findall(one.text)) for chunk in passage.chunks for one in _said(chunk))


def write_introduction(
    brief: ModuleBrief,
    objectives: Sequence[Objective],
    opening: Opening,
    evidence: Evidence,
    *,
    is_short: bool,
) -> str:
    """Questions the module answers, why they matter in the source's own words, the way through it, and new words."""
    ahead = ask_ahead(objectives, brief.position)
    where_from = say_where_from(_neighbour(brief, -1), brief.position)
    route = None if is_short else say_route(_list_stops(opening.parts), brief.position)
    if not (ahead or opening.said or where_from or route):
        where_from = say_here(brief.module.title, brief.position)
    blocks = [
        ahead,
        render_said(opening.said, evidence) if opening.said else None,
        " ".join(s for s in (where_from, route) if s),
    ]
    terms = [
        line for c in choose_terms(brief, opening.parts, opening.said) if (line := define_term(c, evidence)) is not None
    ]
    if terms:
        listed = "\n".join(f"- {render_said((line,), evidence)}" for line in terms)
        blocks += [say_words_ahead(brief.position), listed]
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


def write_conclusion(brief: ModuleBrief, objectives: Sequence[Objective], *, is_short: bool) -> str:
    """What the learner can do now, something to think about, and the way on."""
    achieved = None if is_short else say_achieved(objectives, brief.position)
    first = " ".join(s for s in (achieved, ask_reflection(brief.module.title, brief.position)) if s)
    return "\n\n".join((first, say_where_to(_neighbour(brief, 1), brief.position)))


def _neighbour(brief: ModuleBrief, step: int) -> PathwayModule | None:
    at = brief.position + step
    return brief.pathway.modules[at] if 0 <= at < len(brief.pathway.modules) else None
