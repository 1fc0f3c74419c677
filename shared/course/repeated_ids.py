"""Ids of a course's parts: each stands once over the whole course, so that a reader's program may use it as a name."""

from collections import Counter
from collections.abc import Iterable, Iterator

from shared.course.model import Course


def find_repeated_ids(course: Course) -> Iterator[str]:
    """The ids that stand twice, in a reader's words."""
    kinds: dict[str, Iterable[str]] = {
        "documents": (document.id for document in course.documents),
        "concepts": (concept.id for concept in course.concepts),
        "pathways": (pathway.id for pathway in course.pathways),
        "modules": (module.id for module in course.modules),
        "objectives": (objective.id for module in course.modules for objective in module.objectives),
        "items": (item.id for module in course.modules for item in module.assessment),
        "citations": (citation.id for module in course.modules for citation in module.citations),
    }
    for kind, ids in kinds.items():
        for repeated in (one for one, times in Counter(ids).items() if times > 1):
            yield f"two {kind} have the id {repeated}"
