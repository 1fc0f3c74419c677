"""The JSON of stage 1: the listing of a source's files, its folders, and the author's order of its documents.

Stored format: add fields, never rename.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pydantic import ConfigDict, RootModel
from pydantic.dataclasses import dataclass

from shared.docs.document_text import LinePlace
from shared.docs.navigation import Navigation
from shared.events import BlobRef
from shared.kernel.values import Value

if TYPE_CHECKING:
    from shared.kernel.blobs import Blobs

NO_FILES = frozenset({"link", "submodule"})
"""Kinds of entries that have no bytes of their own: they are listed with a reason and are never documents."""


@dataclass(frozen=True, slots=True, config=ConfigDict(extra="ignore"))
class FileEntry:
    """A file of the repository. `blob` is set for documents, included files and pictures that were kept.

    `reason` says why a documentation-like file is left out ("changelog", "tests", "translation of docs/index.md",
    "larger than 1 MiB", …); empty when it is documentation or no documentation at all.
    """

    path: str
    size: int | None
    git_blob: str
    kind: str
    is_documentation: bool = False
    is_overview_candidate: bool = False
    doc_format: str = ""
    reason: str = ""
    blob: BlobRef | None = None
    includes: tuple[str, ...] = ()

    # Not a Value: a listing may have 200,000 of these, and a dataclass with slots takes a sixth of the memory.


class FolderEntry(Value):
    """A folder, with the documentation files below it counted."""

    path: str
    documents: int


class FolderListing(RootModel[tuple[FolderEntry, ...]]):
    """All folders, sorted by path; a plain list when stored."""


class Listing(Value):
    """The listing of stage 1, files sorted by path."""

    source_id: str
    commit: str
    files: tuple[FileEntry, ...]


class LineTimes(RootModel[tuple[tuple[int, int], ...]]):
    """The first and the last second of each line of a lecture's text."""


class LinePlaces(RootModel[tuple[LinePlace, ...]]):
    """Where each line of a document's text stands on its pages."""


class PageStarts(RootModel[tuple[int, ...]]):
    """Which line of a document's text begins each page; a page without lines begins where the next one does."""


def page_starts(pages: Sequence[int], count: int) -> tuple[int, ...]:
    """The starts of `count` pages, from the page of each line."""
    starts = [len(pages) + 1] * count
    for line in range(len(pages), 0, -1):
        starts[pages[line - 1] - 1] = line
    for page in range(count - 2, -1, -1):
        starts[page] = min(starts[page], starts[page + 1])
    return tuple(starts)


class NavigationPayload(RootModel[Navigation]):
    """The author's own order, as it is stored."""


async def load_navigation(blobs: "Blobs", ref: BlobRef | None) -> Navigation:
    """The author's order behind a reference; an empty one when there is none."""
    return Navigation() if ref is None else (await blobs.get_model(ref, NavigationPayload)).root
