"""Whether two short pieces are about one thing, so that one module may hold both. Pure."""

from collections.abc import Sequence
from itertools import chain

from services.pathway.offline.outline import Placed
from shared.engine.types import DocumentAnalysis

_OFTEN = 2


def are_related(left: Sequence[Placed], right: Sequence[Placed]) -> bool:
    """Whether a document of one links to a document of the other, or names its subject more than once."""
    ones, others = ({one.document.document_id: one.document for one in part}.values() for part in (left, right))
    pairs = [(one, other) for one in ones for other in others]
    return any(_speaks_of(one, other) or _speaks_of(other, one) for one, other in pairs)


def is_opening(sections: Sequence[Placed]) -> bool:
    """Whether these sections only open something: they are of overviews."""
    return all(placed.document.doc_type == "overview" for placed in sections)


def _speaks_of(one: DocumentAnalysis, other: DocumentAnalysis) -> bool:
    if other.path in one.links:
        return True
    subject = other.names[:1]
    said = chain.from_iterable(section.mentions for section in one.sections)
    return sum(count for key, count in said if key in subject) >= _OFTEN
