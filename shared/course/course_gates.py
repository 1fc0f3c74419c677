"""Findings of the whole course: prerequisites nothing proves, objectives that stand twice, makers' documents."""

from collections.abc import Iterator

from shared.course.findings import GateFinding
from shared.course.quality_concepts import find_unnamed
from shared.course.quality_figures import CourseFacts
from shared.course.quality_frame import find_equal
from shared.course.quality_order import list_backward


def check_course(facts: CourseFacts) -> Iterator[GateFinding]:
    """Findings over a course, in the order of its parts."""
    for concept, name in find_unnamed(facts):
        yield GateFinding(gate="K7", where=concept.id, detail=f"its home does not name {name}", sentence=concept.name)
    for needing, needed in list_backward(facts.course):
        yield GateFinding(gate="Q7", where=needing, detail=f"needs {needed}, which comes later")
    for objective in find_equal(facts).values():
        detail = "stands in the same module or an earlier one too"
        yield GateFinding(gate="K8", where=objective.id, detail=detail, sentence=objective.text)
    for path in facts.taught_makers:
        detail = f"for the project's makers, and taught: {facts.makers[path]}"
        yield GateFinding(gate="K11", where=path, detail=detail)
