"""K1 to K5: whether what is taught is taught whole, and how much of the source the course holds."""

from collections.abc import Iterator
from statistics import median

from shared.course.quality_figures import CourseFacts, Figures, at_least, at_most, is_none, is_number
from shared.course.source_units import Unit
from shared.course.spans import join_words
from shared.course.taught import TaughtSection
from shared.course.whole_gates import LOST, find_forgotten, find_skips, is_held, list_summary

_FEWEST_WORDS = 4


def measure_wholeness(facts: CourseFacts) -> Figures:
    """K1: of the sections that were to be taught those of which nine units in ten are kept, and those not heard of."""
    taught = [section for module in facts.modules for section in module.taught]
    shares = [section.share for section in taught]
    middle = median(shares) if shares else 1.0
    forgotten = sum(1 for module in facts.modules for _ in find_forgotten(module))
    lost = sum(1 for module in facts.modules for one in module.module.not_taught if one.reason == LOST)
    what, wanted = "Sections taught whole", len(taught) + lost + forgotten
    return {
        "whole": at_least(what, sum(section.is_whole for section in taught), wanted, 0.9),
        "median": is_number("Share of the median taught section that is kept", middle, "1", ok=middle >= 1),
        "forgotten": is_none("Sections planned, not taught and not named as left out", forgotten),
    }


def measure_lists(facts: CourseFacts) -> Figures:
    """K2: lists and tables shown with some of their items or rows, and numbers that skip."""
    taught = [section for module in facts.modules for section in module.taught]
    cut = sum(len(section.cut_groups) for section in taught)
    skips = sum(1 for module in facts.modules for text in module.texts for _ in find_skips(text, module))
    return {
        "cut": at_most("Lists and tables shown in part", cut, sum(section.groups for section in taught), 0.0),
        "skips": is_none("Numbered lists whose numbers skip", skips),
    }


def measure_shown_code(facts: CourseFacts) -> Figures:
    """K3: code blocks of taught sections."""
    taught = [section for module in facts.modules for section in module.taught]
    shown = [whole for section in taught for whole in section.shown_code]
    cut = sum(section.cut_code for section in taught)
    return {
        "shown": at_least("Code blocks of taught sections that are shown", sum(shown), len(shown), 0.95),
        "cut": is_none("Code blocks shown in part without a mark", cut),
    }


def measure_held_lines(facts: CourseFacts) -> Figures:
    """K4: lines of the documents for users that a lesson holds, where the course claims the whole."""
    held, lost = _split_lines(facts)
    total = len(held | lost)
    what = "Source lines of the documents for users that a lesson holds"
    if not facts.claims_whole:
        share = len(held) / total if total else 1.0
        return {"lines": is_number(what, share, "only of the whole", ok=None)}
    return {"lines": at_least(what, len(held), total, 0.85)}


def measure_summaries(facts: CourseFacts) -> Figures:
    """K5: cited sentences of the summaries."""
    claims = [(claim, module) for module in facts.modules for claim in list_summary(module)]
    held = sum(is_held(claim, module) for claim, module in claims)
    return {"held": at_least("Cited sentences of the summaries that the lesson holds", held, len(claims), 1.0)}


def _split_lines(facts: CourseFacts) -> tuple[set[tuple[str, int]], set[tuple[str, int]]]:
    """Lines of which each unit is kept, here or word for word elsewhere, and the others."""
    kept = {unit for module in facts.modules for section in module.taught for unit in _list_kept(section)}
    said = {join_words(unit.text) for unit in kept if len(unit.text.split()) >= _FEWEST_WORDS}
    held: set[tuple[str, int]] = set()
    lost: set[tuple[str, int]] = set()
    for path in facts.user_paths:
        for section in facts.sources.sections_of(path):
            for unit in section.units:
                is_kept = unit in kept or join_words(unit.text) in said
                (held if is_kept else lost).update((unit.path, n) for n in range(unit.start_line, unit.end_line + 1))
    return held - lost, lost


def _list_kept(section: TaughtSection) -> Iterator[Unit]:
    return (unit for unit, kept in zip(section.source.units, section.kept, strict=True) if kept)
