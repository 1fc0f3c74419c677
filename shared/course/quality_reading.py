"""Q12, Q19, R1, R4 and L1: how a course reads, and what should not be in it."""

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from statistics import fmean

from shared.course.plain_text import show_plain, show_prose
from shared.course.quality_figures import CourseFacts, Figures, ModuleFacts, at_least, at_most, is_none, is_number
from shared.course.readability import grade_sentences, measure_long_sentence
from shared.course.source_units import is_link_only
from shared.course.spans import join_words
from shared.course.statements import Statement
from shared.docs.model import Section
from shared.events.base import Level

HIGHEST_GRADE: dict[Level, float] = {"beginner": 10.0, "intermediate": 13.0, "advanced": 16.0}
SPLITTING_MARGIN = 0.5
"""How far two grades of one text may lie apart, when its sentences are split in the source and in the course."""
_ENDS = (".", "!", "?", ":", "…", "。", "！", "？")
_FULL_STOP = re.compile(r"(?<=[.!?])\s+")


def _read_with_code(texts: Iterable[str]) -> list[str]:
    return [show_plain(text) for text in texts]


def _read_as_running_text(texts: Iterable[str]) -> list[str]:
    """Split at full stops alone, so that list items without one run together."""
    return _FULL_STOP.split(" ".join(show_plain(text) for text in texts))


READINGS: tuple[Callable[[Iterable[str]], list[str]], ...] = (
    _read_with_code,
    lambda texts: [show_prose(text) for text in texts],
    _read_as_running_text,
)
"""Ways to take prose apart before it is graded. A module is in its band when it is by all of them."""


def measure_readability(facts: CourseFacts) -> Figures:
    """Q12: modules in the band of the course's level, or no harder than their own source; English only."""
    what = "Modules whose reading grade is in the band of the level, or no higher than the source's"
    if not facts.course.language.lower().startswith("en"):
        return {"in_band": is_number(what, 0, "English only", ok=None)}
    limit = HIGHEST_GRADE[facts.course.audience.complexity_level]
    claims = ([claim for s in module.statements for claim in s.claims] for module in facts.modules)
    texts = [list_graded(claim.text for claim in own) for own in claims]
    taught = ([one.source for one in module.taught] for module in facts.modules)
    sources = [list_source(facts.documents[one.path].sections[one.index] for one in sections) for sections in taught]
    in_band = sum(is_in_band(prose, source, limit) for prose, source in zip(texts, sources, strict=True))
    grades = [grade for grade in (grade_sentences(_read_with_code(prose)) for prose in texts) if grade is not None]
    long = [measure_long_sentence(_read_with_code(prose)) for prose in texts]
    return {
        "in_band": at_least(what, in_band, len(facts.modules), 0.9),
        "mean_grade": is_number("Flesch-Kincaid grade, mean of the modules", fmean(grades or [0.0]), "", ok=None),
        "p90_words": is_number("Words of the longer sentences (90th percentile)", max(long, default=0), "", ok=None),
    }


def is_in_band(prose: list[str], source: list[str], limit: float) -> bool:
    """Whether a text is no harder than the limit, or than its source, by every reading."""
    for read in READINGS:
        grade = grade_sentences(read(prose))
        own = grade_sentences(read(source))
        if grade is not None and grade > max(limit, own + SPLITTING_MARGIN if own is not None else limit):
            return False
    return True


def measure_fillers(facts: CourseFacts) -> Figures:
    """Q19: filler, empty sections, and sections that stand twice on one way through the course."""
    own = ("introduction", "summary", "conclusion")[facts.offline :]  # an author's own opening may be that of two pages
    bodies = Counter(body for module in facts.widest_modules for body in _list_bodies(module, own))
    repeated = sum(count - 1 for count in bodies.values())
    return {
        "fillers": is_none("Placeholder text, empty or repeated sections", sum(m.count("Q19") for m in facts.modules)),
        "repeated": is_none("Sections that stand in the course twice", repeated),
    }


def _list_bodies(module: ModuleFacts, own: Container[str]) -> Iterator[str]:
    """The place of each taught section, and the words of the texts around the lesson that the engine wrote: `own`."""
    for section in module.taught:
        yield f"{section.source.path}:{section.source.index}"  # included sections stand on one line
    for text in module.texts:
        if text.where in own and text.statements:
            yield join_words(" ".join(show_plain(statement.text) for statement in text.statements))


def measure_repetition(facts: CourseFacts) -> Figures:
    """R1: sentences of the frame. One that stands twice counts each time; fragments lack a capital or a full stop."""
    claims = [claim for module in facts.modules for claim in _list_frame(module)]
    twice = max(_count_repeated(way) for way in facts.ways)
    prose = [claim.text for claim in claims if claim.kind in ("sentence", "list_item")]
    name = facts.course.title.removeprefix("Learn ")
    fragments = sum(1 for text in prose if is_fragment(text, name))
    return {
        "repeated": at_most("Sentences of the frame that stand more than once", twice, len(claims), 0.03),
        "fragments": at_most("Sentences of the frame without a capital or a full stop", fragments, len(prose), 0.1),
    }


def _count_repeated(way: Iterable[ModuleFacts]) -> int:
    """Sentences of the frames on one way that stand more than once, each as often as it stands."""
    counts = Counter(join_words(show_plain(claim.text)) for module in way for claim in _list_frame(module))
    return sum(count for count in counts.values() if count > 1)


def _list_frame(module: ModuleFacts) -> Iterator[Statement]:
    """The sentences around the lesson, and those in it that cite no line of the source."""
    for text in module.texts:
        for claim in (claim for statement in text.statements for claim in statement.claims):
            is_frame = text.where in ("conclusion", "summary") or not claim.citation_ids
            if is_frame and claim.kind != "table_header":
                yield claim


def is_fragment(text: str, name: str) -> bool:
    """Whether a sentence lacks its capital or its full stop. Code, figures and the project's `name` may begin one."""
    start = text.lstrip("*_~\"'“‘([ ")
    shown = show_plain(text).rstrip("\"'”’)]*_ ")
    words = show_plain(text).lstrip("\"'“‘([ ")
    begins = start.startswith("`") or not words[:1].islower() or re.match(rf"{re.escape(name)}\b", words)
    return not begins or not shown.endswith(_ENDS)


def measure_openings(facts: CourseFacts) -> Figures:
    """R4: openings that point back, and markup left over from the source."""
    openings = sum(m.is_own(opening.cited) for m in facts.modules for text in m.texts for opening in text.openings)
    pointing = sum(_count(module, "opens with") for module in facts.modules)
    leftovers = sum(_count(module, "leftover") for module in facts.modules)
    return {
        "pointing_back": at_most(
            "Paragraphs of our own after a heading that open by pointing back", pointing, openings, 0.02
        ),
        "leftovers": is_none("Leftover markup of the source", leftovers),
    }


def measure_links(facts: CourseFacts) -> Figures:
    """L1: links and pictures that do not resolve, raw HTML, scripts."""
    return {
        "broken": is_none("Links and pictures that do not resolve, raw HTML", sum(m.count("L1") for m in facts.modules))
    }


def _count(module: ModuleFacts, detail: str) -> int:
    return sum(1 for finding in module.findings if finding.gate == "R4" and finding.detail.startswith(detail))


def list_source(sections: Iterable[Section]) -> list[str]:
    """The prose of sections as it is written, with its code and the words of its links: it is read as a course is."""
    told: list[str] = []
    for block in (block for section in sections for block in section.blocks if block.kind != "code"):
        first, *more = [sentence.text for sentence in block.sentences] or [""]
        told += [f"{block.term} {first}".strip(), *more, *map(" ".join, block.rows)]
    return list_graded(told)


def list_graded(texts: Iterable[str]) -> list[str]:
    """Texts that are graded: each once, as a summary only says again what the lesson said, and none that is a link."""
    return [text for text in dict.fromkeys(texts) if not is_link_only(text)]
