"""The quality figures of a course, computed from course.json and the repository at its commit, without a model.

Anybody's program can compute them again. Where a definition can be read in several ways the least favourable reading
counts, so that a course that meets its targets here meets them elsewhere.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from shared.course.model import Course
from shared.course.quality_concepts import measure_concepts, measure_readers
from shared.course.quality_evidence import (
    measure_anchors,
    measure_citations,
    measure_code,
    measure_grounding,
    measure_support,
    measure_width,
)
from shared.course.quality_figures import CourseFacts, Figures, read_course
from shared.course.quality_frame import measure_frame, measure_objectives, measure_pace
from shared.course.quality_items import measure_alignment, measure_flaws, measure_keys, measure_understanding
from shared.course.quality_order import measure_choice, measure_coverage, measure_order
from shared.course.quality_reading import (
    measure_fillers,
    measure_links,
    measure_openings,
    measure_readability,
    measure_repetition,
)
from shared.course.quality_whole import (
    measure_held_lines,
    measure_lists,
    measure_shown_code,
    measure_summaries,
    measure_wholeness,
)
from shared.docs.model import Document

METRICS: dict[str, Callable[[CourseFacts], Figures]] = {
    "Q1": measure_citations,
    "Q2": measure_grounding,
    "Q3": measure_anchors,
    "Q4": measure_support,
    "Q5": measure_code,
    "W1": measure_width,
    "Q6": measure_coverage,
    "Q7": measure_order,
    "Q9": measure_alignment,
    "Q10": measure_flaws,
    "Q11": measure_keys,
    "Q12": measure_readability,
    "Q13": measure_choice,
    "Q19": measure_fillers,
    "R1": measure_repetition,
    "R4": measure_openings,
    "L1": measure_links,
    "K1": measure_wholeness,
    "K2": measure_lists,
    "K3": measure_shown_code,
    "K4": measure_held_lines,
    "K5": measure_summaries,
    "K6": measure_understanding,
    "K7": measure_concepts,
    "K8": measure_objectives,
    "K9": measure_pace,
    "K10": measure_frame,
    "K11": measure_readers,
}


def measure(course: Course, raw: Callable[[str], bytes], documents: Iterable[Document]) -> dict[str, Any]:
    """All figures: metric → name → {what, value, target, ok} and, for shares, numerator and denominator.

    `raw(path)` gives a file of the source at the course's commit (NotFound, KeyError or OSError if there is none);
    `documents` are the parsed documents of the course. The course's own `quality` is not looked at.
    """
    facts = read_course(course, raw, tuple(documents))
    return {metric: compute(facts) for metric, compute in METRICS.items()}


def list_missed(quality: Mapping[str, Any]) -> Iterator[str]:
    """Names of the figures that miss their target, as `Q2 cited`."""
    for metric, figures in quality.items():
        for name, figure in figures.items():
            if figure["ok"] is False:
                yield f"{metric} {name}"
