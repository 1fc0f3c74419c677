"""Which files of a listing a selection stands for. Pure."""

from collections.abc import Iterable

from shared.docs.listing import FileEntry, Listing
from shared.engine.payloads import DocumentInput
from shared.events.gateway import SourceSelection
from shared.kernel.errors import PermanentError
from shared.kernel.ids import content_id

_ROOT = {"", ".", "/"}


def normalise_folder(folder: str) -> str:
    """A folder as the listing names it: no leading `./`, no slash at either end; the root is empty."""
    folder = folder.removeprefix("./").strip("/")
    return "" if folder in _ROOT else folder


def is_below(path: str, folders: Iterable[str]) -> bool:
    """True when the path lies in one of the folders, at any depth."""
    names = [normalise_folder(folder) for folder in folders]
    return any(not name or path == name or path.startswith(f"{name}/") for name in names)


def select_documents(listing: Listing, selection: SourceSelection | None) -> tuple[FileEntry, ...]:
    """The documentation files of a selection, in listing order; all of them when nothing was selected.

    The overview document belongs to the selection wherever it lies.
    """
    documents = [entry for entry in listing.files if entry.is_documentation and entry.blob is not None]
    if selection is not None:
        folders = selection.folders or [""]
        documents = [
            entry
            for entry in documents
            if (is_below(entry.path, folders) or entry.path == selection.overview_document)
            and entry.path not in selection.excluded_files
        ]
    return tuple(documents)


def check_paths(listings: Iterable[Listing]) -> None:
    """Raise PermanentError when two sources of a course have a file of the same path: a path names one file."""
    seen: set[str] = set()
    for listing in listings:
        kept = {entry.path for entry in listing.files if entry.blob is not None}
        if same := min(seen & kept, default=""):
            message = f"Two sources of this course have a file “{same}”. They cannot be taught in one course yet."
            raise PermanentError(message, code="same_path_twice")
        seen |= kept


def overview_of(documents: Iterable[FileEntry], selection: SourceSelection | None) -> str | None:
    """The chosen overview document, else the candidate nearest to the root, a README first."""
    if selection is not None and selection.overview_document is not None:
        return selection.overview_document
    candidates = [entry.path for entry in documents if entry.is_overview_candidate]
    return min(candidates, key=_overview_rank, default=None)


def _overview_rank(path: str) -> tuple[int, bool, str]:
    name = path.rsplit("/", 1)[-1].lower()
    return path.count("/"), not name.startswith("readme"), path


def document_inputs(listing: Listing, documents: Iterable[FileEntry], source_id: str) -> tuple[DocumentInput, ...]:
    """The documents as stages 2 and 4 take them, each with the files it includes."""
    blobs = {entry.path: entry.blob for entry in listing.files if entry.blob is not None}
    return tuple(
        DocumentInput(
            id=content_id("d", source_id, entry.path),
            source_id=source_id,
            path=entry.path,
            sha256=entry.blob.sha256,
            blob=entry.blob,
            includes={path: blobs[path] for path in entry.includes if path in blobs},
        )
        for entry in documents
        if entry.blob is not None
    )
