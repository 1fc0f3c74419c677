"""Shapes of stage 1."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from services.gateway.course.shapes import LEVEL, Body, FilePath, Text, View
from shared.events.base import EngineName, Level


class StartNextBody(Body):
    """The inputs stage 2 starts with."""

    complexity_level: Level | None = Field(default=None, description=LEVEL)
    additional_info: Text = ""
    engine: EngineName | None = None


class Stage1SelectionsBody(Body):
    """The part of the repository that is taught. A field that is left out stays as it is saved. An empty list of
    folders means all documentation, an empty list of files that nothing is excluded, null no overview document of
    your choice.
    """

    selected_folders: list[FilePath] = Field(default=[], max_length=1000)
    overview_document: FilePath | None = None
    excluded_files: list[FilePath] = Field(default=[], max_length=5000)
    start_next: StartNextBody | None = Field(default=None, description="start stage 2 with this selection")


class Stage1SelectionsView(View):
    """The selection as it is; without one all documentation counts."""

    selected_folders: list[str]
    overview_document: str | None
    excluded_files: list[str]
    selected_at: datetime | None


class FolderView(View):
    """A folder; `documents` below it at any depth."""

    id: str
    path: str
    file_path: str
    file_type: Literal["folder"] = "folder"
    documents: int


class FileView(View):
    """A file; `reason` says why a documentation-like one is left out."""

    id: str
    path: str
    file_path: str
    file_type: Literal["file"] = "file"
    kind: str
    size: int | None
    file_size: int | None
    is_documentation: bool
    is_overview_candidate: bool
    reason: str


class RepositoryFilesView(View):
    """The results of stage 1."""

    repo_name: str
    repo_url: str
    ref: str
    commit: str
    folders: list[FolderView]
    files: list[FileView]
    overview_candidates: list[str]
    total: int = Field(description="of files, on whichever page")
