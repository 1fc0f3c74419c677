"""From a fetched repository to its listing: what to read, in which order, and what comes of it."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence

from services.repo_clone.manifests import MANIFESTS
from services.repo_clone.repository import Repository
from services.repo_clone.scan import (
    Plan,
    Scan,
    choose_documents,
    judge_contents,
    mark_files,
    named_paths,
    plan_reading,
    read_order,
    references_of,
)
from services.repo_clone.tree import TreeFile
from shared.errors import PermanentError

_MOST_FILES = 200_000
_MOST_BYTES = 512 * 1024 * 1024
_INCLUDE_DEPTH = 4


async def read_repository(repository: Repository) -> tuple[Scan, Mapping[str, bytes]]:
    """The listing, and the bytes of everything that is kept. Raises PermanentError when there is nothing to teach."""
    files = await repository.files()
    if len(files) > _MOST_FILES:
        raise PermanentError(
            f"The repository has {len(files):,} files, more than the {_MOST_FILES:,} that are listed",
            code="repository_too_large",
        )
    contents = _Contents(repository, files)
    plan = await asyncio.to_thread(plan_reading, files)
    await contents.need([*plan.navigation_files, *MANIFESTS])
    navigation = await asyncio.to_thread(read_order, plan, contents.found)
    reasons = await asyncio.to_thread(choose_documents, plan, navigation)
    await contents.need(path for path, reason in reasons.items() if not reason)
    reasons = await asyncio.to_thread(judge_contents, files, reasons, contents.found, named_paths(navigation))
    documents = sorted(path for path, reason in reasons.items() if not reason)
    if not documents:
        raise PermanentError(
            "The repository has no documentation files (Markdown, reStructuredText, AsciiDoc, notebooks or text)",
            code="no_documentation",
        )
    includes, pictures = await _follow_references(plan, contents, documents)
    found = await asyncio.to_thread(mark_files, files, reasons, navigation, includes, pictures)
    await contents.need(found.kept)
    return found, contents.found


class _Contents:
    """Bytes of files by path, read from the repository once and within a limit for them all."""

    def __init__(self, repository: Repository, files: Sequence[TreeFile]) -> None:
        self._repository = repository
        self._files = {file.path: file for file in files if file.size is not None}
        self._bytes = 0
        self.found: dict[str, bytes] = {}

    async def need(self, paths: Iterable[str]) -> None:
        """Read what was not read yet; paths that can't be read are left out."""
        new = [self._files[path] for path in sorted(set(paths) - self.found.keys()) if path in self._files]
        sizes = {file.git_blob: file.size or 0 for file in new}
        self._bytes += sum(sizes.values())
        if self._bytes > _MOST_BYTES:
            raise PermanentError(
                f"The documentation is larger than {_MOST_BYTES // 1024**2} MiB; choose a smaller repository",
                code="repository_too_large",
            )
        blobs = await self._repository.read(sizes)
        self.found |= {file.path: blobs[file.git_blob] for file in new}


References = dict[str, tuple[str, ...]]


async def _follow_references(
    plan: Plan, contents: _Contents, documents: Sequence[str]
) -> tuple[References, References]:
    """What each document includes, includes of included files among them, and which pictures all these show."""
    direct: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
    new: Sequence[str] = documents
    for _ in range(_INCLUDE_DEPTH):
        await contents.need(new)
        direct |= await asyncio.to_thread(_read_references, plan, contents.found, new)
        new = sorted({path for included, _ in direct.values() for path in included} - direct.keys())
    closures = {path: _closure(path, direct) for path in documents}
    includes = {path: tuple(sorted(closure - {path})) for path, closure in closures.items()}
    pictures = {
        path: tuple(sorted({picture for part in closure if part in direct for picture in direct[part][1]}))
        for path, closure in closures.items()
    }
    return includes, pictures


def _read_references(
    plan: Plan, contents: Mapping[str, bytes], paths: Sequence[str]
) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {path: references_of(plan, path, contents[path]) for path in paths}


def _closure(path: str, direct: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]) -> set[str]:
    reached, waiting = {path}, [path]
    while waiting:
        for included in direct.get(waiting.pop(), ((), ()))[0]:
            if included not in reached:
                reached.add(included)
                waiting.append(included)
    return reached
