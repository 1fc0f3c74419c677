"""Pages of one form, such as one for each command or function: a reader looks them up by name. Pure."""

import re
from collections import Counter
from collections.abc import Sequence

from shared.engine.reading_order import is_front
from shared.engine.types import DocumentAnalysis

_FEWEST, _MOST_OF, _HALF, _FEWEST_HEADINGS = 20, 0.8, 0.5, 2
_FEWEST_NAMES, _FEWEST_OF_CODE = 8, 2
_NAME_OF_CODE = re.compile(r"\w+[._:]+\w[\w.:]*|\w+\(.*\)|\w*[a-z][A-Z]\w*")


def mark_entries(analyses: Sequence[DocumentAnalysis]) -> tuple[DocumentAnalysis, ...]:
    """All documents; those of a folder of many that have the same headings, or are all named after code, as entries."""
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
        titles = {one.document_id: one.title for one in members if not is_front(one.path)}
        named = sum(1 for title in titles.values() if _NAME_OF_CODE.fullmatch(title))
        are_words = all(len(title.split()) == 1 for title in titles.values())
        if are_words and len(titles) >= _FEWEST_NAMES and named >= _FEWEST_OF_CODE:
            found |= titles.keys()
    return tuple(
        one.model_copy(update={"is_entry": True, "doc_type": "reference"}) if one.document_id in found else one
        for one in analyses
    )
