"""Pages of one form, such as one for each command: a reader looks them up by name. Pure."""

from collections import Counter
from collections.abc import Sequence

from shared.engine.types import DocumentAnalysis

_FEWEST, _MOST_OF, _HALF, _FEWEST_HEADINGS = 20, 0.8, 0.5, 2


def find_entries(analyses: Sequence[DocumentAnalysis]) -> frozenset[str]:
    """The documents of a folder of many, nearly all of which have the same headings."""
    folders: dict[str, list[DocumentAnalysis]] = {}
    for one in analyses:
        folders.setdefault(one.path.rpartition("/")[0], []).append(one)
    found: set[str] = set()
    for members in folders.values():
        own = {one.document_id: {section.heading for section in one.sections[1:]} for one in members}
        counts = Counter(heading for headings in own.values() for heading in headings)
        shared = {heading for heading, count in counts.items() if count >= _HALF * len(members)}
        alike = {
            name for name, headings in own.items()
            if len(headings & shared) >= max(_FEWEST_HEADINGS, _HALF * len(headings))
        }  # fmt: skip
        if len(members) >= _FEWEST and len(alike) >= _MOST_OF * len(members):
            found |= alike
    return frozenset(found)
