"""The folders and files stage 1 found."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Integer, Table, Text

from services.gateway.readmodels.below_course import belongs_to_course, course_key
from services.gateway.readmodels.courses import mine
from services.gateway.readmodels.payloads import Folders
from services.gateway.readmodels.reads import Reads
from shared.docs.listing import Listing
from shared.events.repo_clone import RepoCloned
from shared.kernel.ids import content_id
from shared.readmodels.base import METADATA, Changes, Clear, Fact, put

repository_files = Table(
    "repository_files",
    METADATA,
    course_key(),
    Column("id", Text, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("file_path", Text, nullable=False),
    Column("file_type", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("is_documentation", Boolean, nullable=False),
    Column("is_overview_candidate", Boolean, nullable=False),
    Column("file_size", BigInteger),
    Column("documents", Integer),
    Column("reason", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    belongs_to_course(),
    Index("ix_repository_files_path", "course_id", "file_path"),
)


def project(fact: Fact) -> Changes:
    """A new listing replaces the one before."""
    event = fact.recorded.event
    if not isinstance(event, RepoCloned):
        return ()
    listing, folders = fact.load(event.files, Listing), fact.load(event.folders, Folders)
    if listing is None or folders is None:
        return ()
    rows = _folder_rows(fact, event, folders) + _file_rows(fact, event, listing)
    return Clear(repository_files), *put(repository_files, *rows)


def _folder_rows(fact: Fact, event: RepoCloned, folders: Folders) -> list[dict[str, Any]]:
    return [
        _row(fact, event, folder.path, "folder")
        | {"documents": folder.documents, "is_documentation": folder.documents > 0}
        for folder in folders.root
    ]


def _file_rows(fact: Fact, event: RepoCloned, listing: Listing) -> list[dict[str, Any]]:
    return [
        _row(fact, event, entry.path, "file")
        | {
            "kind": entry.kind,
            "is_documentation": entry.is_documentation,
            "is_overview_candidate": entry.is_overview_candidate,
            "file_size": entry.size,
            "reason": entry.reason,
        }
        for entry in listing.files
    ]


def _row(fact: Fact, event: RepoCloned, path: str, file_type: str) -> dict[str, Any]:
    return {
        "course_id": fact.aggregate_id,
        "id": content_id("f", event.source_id, file_type, path),
        "source_id": event.source_id,
        "file_path": path,
        "file_type": file_type,
        "kind": file_type,
        "is_documentation": False,
        "is_overview_candidate": False,
        "file_size": None,
        "documents": None,
        "reason": "",
        "created_at": fact.recorded.time,
    }


async def find_files(reads: Reads, owner: str, course_id: str) -> Sequence[SimpleNamespace]:
    """Folders and files of the owner's course, by path."""
    query = mine(repository_files).order_by(repository_files.c.file_path.collate("C"))
    return await reads.all(query, owner=owner, course_id=course_id)


async def known_paths(reads: Reads, owner: str, course_id: str, file_type: str) -> frozenset[str]:
    """The paths of one type, to check a selection against."""
    query = mine(repository_files, repository_files.c.file_path).where(repository_files.c.file_type == file_type)
    return frozenset(row.file_path for row in await reads.all(query, owner=owner, course_id=course_id))
