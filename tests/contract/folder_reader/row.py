"""The stage's row: it provides sources, as repo_clone does, and nobody has to wait for the other."""

from shared.pipeline import StageRow
from tests.contract.folder_reader.events import FolderRead, FolderReadFailed, FolderReadRequested, FolderReadStarted

ROW = StageRow(
    7, "folder_reader", "Read a folder", FolderReadRequested, FolderReadStarted, FolderRead, FolderReadFailed,
    "", "sources", 10, 25, unattended=False,
)  # fmt: skip
