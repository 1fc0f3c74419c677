"""Events of the stage."""

from shared.events import BlobRef, StageFailure
from shared.events.base import StageEvent, StageStarted


class FolderReadRequested(StageEvent):
    """A folder was asked for."""

    source_id: str
    folder: str
    owner: str
    retry_of: str | None = None


class FolderReadStarted(StageStarted):
    """A worker began to read."""

    files_planned: int


class FileRead(StageEvent):
    """One file is stored."""

    path: str
    text: BlobRef

    def natural_key(self) -> str:
        return self.path


class FolderRead(StageEvent):
    """Every file is stored, and listed."""

    source_id: str
    folder: str
    listing: BlobRef
    folders: BlobRef


class FolderReadFailed(StageFailure):
    """The folder could not be read."""


# What the stage writes itself; the gateway writes its request.
EVENTS = (FolderReadStarted, FileRead, FolderRead, FolderReadFailed)
