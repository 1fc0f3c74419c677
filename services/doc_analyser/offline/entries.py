"""Pages of one form, such as one for each command or function: a reader looks them up by name. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence

from shared.engine.reading_order import is_front
from shared.engine.types import DocumentAnalysis
from shared.language.glosses import is_code_in

_FEWEST, _MOST_OF, _HALF, _FEWEST_HEADINGS = 20, 0.8, 0.5, 2
_FEWEST_NAMES, _FEWEST_OF_CODE = 8, 2


def mark_entries(analyses: Sequence[DocumentAnalysis]) -> tuple[DocumentAnalysis, ...]:
    """All documents; entries are those of a folder of many that have the same headings or are all named after code."""
    folders: dict[str, list[DocumentAnalysis]] = {}
    for one in analyses:
        if not is_front(one.path):
            folders.setdefault(one.path.rpartition("/")[0], []).append(one)
    found = {name for members in folders.values() for name in (*_alike(members), *_named(members))}
    entry = {"is_entry": True, "doc_type": "reference"}
    return tuple(one.model_copy(update=entry) if one.document_id in found else one for one in analyses)


def _alike(members: Sequence[DocumentAnalysis]) -> Iterator[str]:
    own = {one.document_id: {section.heading for section in one.sections[1:]} for one in members}
    counts = Counter(heading for headings in own.values() for heading in headings)
    shared = {heading for heading, count in counts.items() if count >= _HALF * len(members)}
    alike = [name for name, all_ in own.items() if len(all_ & shared) >= max(_FEWEST_HEADINGS, _HALF * len(all_))]
    if len(members) >= _FEWEST and len(alike) >= _MOST_OF * len(members):
        yield from alike


def _named(members: Sequence[DocumentAnalysis]) -> Iterator[str]:
    named = sum(is_code_in(one.title, "") for one in members)
    if len(members) >= _FEWEST_NAMES and named >= _FEWEST_OF_CODE and all(" " not in one.title for one in members):
        yield from (one.document_id for one in members)
