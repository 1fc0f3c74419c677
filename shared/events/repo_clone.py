"""Events written by repo_clone."""

from .base import BlobRef, LicenceFacts, StageEvent, StageFailure, StageStarted


class RepoCloneStarted(StageStarted):
    """A worker began to fetch."""


class RepoCloned(StageEvent):
    """Stage 1 is done. `files`: ref to Listing (FileEntry list); `folders`: ref to list[FolderEntry]; `navigation`:
    ref to Navigation, None when the author gave no order; `project_name`: what the project's manifest calls it, "" when
    none does; `licence`: None in events of before it was looked for. Sizes in bytes.
    """

    source_id: str
    repo_url: str
    canonical_url: str
    ref: str
    commit: str
    default_branch: str
    repo_name: str
    project_name: str = ""
    files: BlobRef
    folders: BlobRef
    navigation: BlobRef | None = None
    licence: LicenceFacts | None = None
    file_count: int
    folder_count: int
    document_count: int
    bytes_fetched: int


class RepoCloneFailed(StageFailure):
    """The repository could not be had; the message says why."""
