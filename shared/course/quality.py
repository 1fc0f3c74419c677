"""The quality figures of a course, computed from course.json and the repository at its commit, without a model.

Anybody's program can compute them again. Where a definition can be read in several ways the least favourable reading
counts, so that a course that meets its targets here meets them elsewhere.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from shared.course import quality_concepts as concepts
from shared.course import quality_evidence as evidence
from shared.course import quality_frame as frame
from shared.course import quality_items as items
from shared.course import quality_order as order
from shared.course import quality_reading as reading
from shared.course import quality_whole as whole
from shared.course.model import Course
from shared.course.quality_figures import CourseFacts, Figures, read_course
from shared.docs.model import Document

METRICS: dict[str, Callable[[CourseFacts], Figures]] = {
    "Q1": evidence.measure_citations,
    "Q2": evidence.measure_grounding,
    "Q3": evidence.measure_anchors,
    "Q4": evidence.measure_support,
    "Q5": evidence.measure_code,
    "W1": evidence.measure_width,
    "Q6": order.measure_coverage,
    "Q7": order.measure_order,
    "Q9": items.measure_alignment,
    "Q10": items.measure_flaws,
    "Q11": items.measure_keys,
    "Q12": reading.measure_readability,
    "Q13": order.measure_choice,
    "Q19": reading.measure_fillers,
    "R1": reading.measure_repetition,
    "R4": reading.measure_openings,
    "L1": reading.measure_links,
    "K1": whole.measure_wholeness,
    "K2": whole.measure_lists,
    "K3": whole.measure_shown_code,
    "K4": whole.measure_held_lines,
    "K5": whole.measure_summaries,
    "K6": items.measure_understanding,
    "K7": concepts.measure_concepts,
    "K8": frame.measure_objectives,
    "K9": frame.measure_pace,
    "K10": frame.measure_frame,
    "K11": concepts.measure_readers,
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
