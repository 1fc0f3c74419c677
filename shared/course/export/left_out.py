"""Documents that a course leaves out, as pages list them: a folder of many is one row."""

import posixpath
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from shared.course.model import DocumentEntry

_MOST_OF_A_FOLDER = 20


@dataclass(frozen=True)
class LeftOutRow:
    """One document, or `count` documents directly in the folder `path` that are left out for one reason."""

    path: str
    title: str
    reason: str
    count: int = 1


def left_out_rows(documents: Iterable[DocumentEntry]) -> list[LeftOutRow]:
    """The documents that are not used, in the order of their paths. course.json names each of them."""
    together: dict[tuple[str, str], list[DocumentEntry]] = defaultdict(list)
    for document in sorted(documents, key=lambda one: one.path):
        if not document.used:
            together[posixpath.dirname(document.path), document.reason].append(document)
    rows = [
        row
        for (folder, reason), found in together.items()
        for row in (
            [LeftOutRow(f"{folder or '.'}/", "", reason, len(found))]
            if len(found) > _MOST_OF_A_FOLDER
            else [LeftOutRow(one.path, one.title, reason) for one in found]
        )
    ]
    return sorted(rows, key=lambda row: (row.path, row.reason))
