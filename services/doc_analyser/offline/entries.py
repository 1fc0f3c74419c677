"""Pages of one form, such as one for each function: a reader looks them up by name. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from shared.engine.reading_order import is_front
from shared.engine.types import DocumentAnalysis
from shared.language.glosses import is_code_in

_FEWEST_NAMES, _FEWEST_OF_CODE, _FEWEST_IN_COMMON = 8, 2, 2
_MOST = 0.75
_OF_ANY_PAGE = re.compile(  # of lessons, how-tos and decisions as well
    r"(?i)introduction|overview|background|context|summary|conclusion|(?:\w+ )?objectives?|goals?|(?:pre)?requi\w+"
    r"|before you .*|install(?:ation|ing)?|setup|steps?|usage|what.*|next(?: steps?)?|verif.*|decision|consequences"
    r"|troubleshooting|(?:further |learn )?(?:more|reading)|resources|links|notes?|exercises?|quiz|examples?|see also"
)


def mark_entries(analyses: Sequence[DocumentAnalysis]) -> tuple[DocumentAnalysis, ...]:
    """All documents; entries are those of a folder of many that are all named after code. Where most of the many have
    the same headings, such as "Syntax" and "Options", each tells of a thing to look up.
    """
    folders: dict[str, list[DocumentAnalysis]] = {}
    for one in analyses:
        if not is_front(one.path):
            folders.setdefault(one.path.rpartition("/")[0], []).append(one)
    found = {name for members in folders.values() for name in _named(members)}
    formed = {one.document_id for members in folders.values() if _have_one_form(members) for one in members}
    entry, page = {"is_entry": True, "doc_type": "reference"}, {"doc_type": "reference"}
    return tuple(
        one.model_copy(update=entry if one.document_id in found else page if one.document_id in formed else {})
        for one in analyses
    )


def _named(members: Sequence[DocumentAnalysis]) -> Iterator[str]:
    named = sum(is_code_in(one.title, "") for one in members)
    if len(members) >= _FEWEST_NAMES and named >= _FEWEST_OF_CODE and all(" " not in one.title for one in members):
        yield from (one.document_id for one in members)


def _have_one_form(members: Sequence[DocumentAnalysis]) -> bool:
    if (
        len(members) < _FEWEST_NAMES
        or sum(one.doc_type in ("tutorial", "example") for one in members) > len(members) / 2
    ):
        return False
    headings = Counter[str]()
    for one in members:
        headings.update({section.heading.strip().casefold() for section in one.sections if section.level > 1})
    shared = [name for name, held in headings.items() if held >= _MOST * len(members)]
    return len(shared) >= _FEWEST_IN_COMMON and not all(map(_OF_ANY_PAGE.fullmatch, shared))
