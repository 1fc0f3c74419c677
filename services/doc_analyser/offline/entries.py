"""Pages of one form, such as one for each function: a reader looks them up by name. Pure."""

from collections.abc import Iterator, Sequence

from shared.engine.reading_order import is_front
from shared.engine.types import DocumentAnalysis
from shared.language.glosses import is_code_in

_FEWEST_NAMES, _FEWEST_OF_CODE = 8, 2


def mark_entries(analyses: Sequence[DocumentAnalysis]) -> tuple[DocumentAnalysis, ...]:
    """All documents; entries are those of a folder of many that are all named after code."""
    folders: dict[str, list[DocumentAnalysis]] = {}
    for one in analyses:
        if not is_front(one.path):
            folders.setdefault(one.path.rpartition("/")[0], []).append(one)
    found = {name for members in folders.values() for name in _named(members)}
    entry = {"is_entry": True, "doc_type": "reference"}
    return tuple(one.model_copy(update=entry) if one.document_id in found else one for one in analyses)


def _named(members: Sequence[DocumentAnalysis]) -> Iterator[str]:
    named = sum(is_code_in(one.title, "") for one in members)
    if len(members) >= _FEWEST_NAMES and named >= _FEWEST_OF_CODE and all(" " not in one.title for one in members):
        yield from (one.document_id for one in members)
