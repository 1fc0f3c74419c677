"""From a fetched repository to its listing: what to read, in which order, and what comes of it."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from services.repo_clone.limits import (
    MOST_FILES,
    MOST_INCLUDED_BYTES_OF_ALL,
    MOST_ORDERING_BYTES,
)
from services.repo_clone.manifests import MANIFESTS
from services.repo_clone.references import Plan, References, close_references, references_of
from services.repo_clone.repository import Repository
from services.repo_clone.scan import (
    Scan,
    choose_documents,
    importance,
    judge_contents,
    leave_out_what_is_not_read,
    mark_files,
    named_paths,
    plan_reading,
    read_order,
)
from services.repo_clone.tree import TreeFile
from shared.docs.formats import format_of
from shared.errors import PermanentError

_INCLUDE_DEPTH = 4


async def read_repository(repository: Repository) -> tuple[Scan, Mapping[str, bytes]]:
    """The listing, and the bytes of everything that is kept. Raises PermanentError when there is nothing to teach."""
    files = await repository.files()
    if len(files) > MOST_FILES:
        raise PermanentError(
            f"The repository has {len(files):,} files, more than the {MOST_FILES:,} that are listed",
            code="repository_too_large",
        )
    contents = _Contents(repository, files)
    plan = await asyncio.to_thread(plan_reading, files)
    ordering = sorted(plan.navigation_files, key=lambda path: (format_of(path) is not None, path.count("/"), path))
    await contents.need([*MANIFESTS, *ordering], MOST_ORDERING_BYTES)
    navigation = await asyncio.to_thread(read_order, plan, contents.found)
    named = named_paths(navigation)
    reasons = await asyncio.to_thread(choose_documents, plan, navigation)
    reasons, wanted = await asyncio.to_thread(leave_out_what_is_not_read, plan, reasons, named)
    contents.forget_all_but(wanted, MANIFESTS)
    await contents.need(wanted)
    reasons = await asyncio.to_thread(judge_contents, files, reasons, contents.found, named)
    documents = sorted((path for path, reason in reasons.items() if not reason), key=lambda p: importance(p, named))
    if not documents:
        raise PermanentError(
            "The repository has no documentation files (Markdown, reStructuredText, AsciiDoc, notebooks or text)",
            code="no_documentation",
        )
    contents.forget_all_but(documents, MANIFESTS)
    references = await _follow_references(plan, contents, documents)
    found = await asyncio.to_thread(mark_files, files, reasons, navigation, references)
    await contents.need(found.kept)
    return found, contents.found


class _Contents:
    """Bytes of files by path, read from the repository once."""

    def __init__(self, repository: Repository, files: Sequence[TreeFile]) -> None:
        self._repository = repository
        self._files = {file.path: file for file in files if file.size is not None}
        self.found: dict[str, bytes] = {}

    async def need(self, paths: Iterable[str], most_bytes: int | None = None) -> int:
        """Read what was not read yet, in this order as far as `most_bytes` go; gives the bytes that were read.

        Paths that can't be read are left out.
        """
        new = [self._files[path] for path in dict.fromkeys(paths) if path in self._files and path not in self.found]
        if most_bytes is not None:
            new = list(_within(new, most_bytes))
        blobs = await self._repository.read({file.git_blob: file.size or 0 for file in new})
        self.found |= {file.path: blobs[file.git_blob] for file in new}
        return sum(file.size or 0 for file in new)

    def forget_all_but(self, *paths: Iterable[str]) -> None:
        """Keep the bytes of these files only."""
        kept = set(chain(*paths))
        self.found = {path: data for path, data in self.found.items() if path in kept}


def _within(files: Iterable[TreeFile], most_bytes: int) -> Iterator[TreeFile]:
    for file in files:
        if (file.size or 0) <= most_bytes:
            most_bytes -= file.size or 0
            yield file


async def _follow_references(plan: Plan, contents: _Contents, documents: Sequence[str]) -> References:
    """What each document includes, includes of included files among them, and which pictures all these show."""
    direct: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    new: Sequence[str] = documents
    left = MOST_INCLUDED_BYTES_OF_ALL
    for _ in range(_INCLUDE_DEPTH):
        direct |= await asyncio.to_thread(_read_references, plan, contents.found, new)
        new = sorted({path for included, _ in direct.values() for path in included} - direct.keys())
        left -= await contents.need(new, left)
    return await asyncio.to_thread(close_references, plan, documents, direct, contents.found.keys())


def _read_references(
    plan: Plan, contents: Mapping[str, bytes], paths: Sequence[str]
) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {path: references_of(plan, path, contents[path]) if path in contents else ((), ()) for path in paths}
