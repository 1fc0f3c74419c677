"""From a fetched repository to its listing: what to read, in which order, and what comes of it."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

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
from shared.stage_port import Workers
from shared.workers.limits import LimitPassed

_MOST_FILES = 200_000
_MOST_BYTES = 512 * 1024 * 1024
_INCLUDE_DEPTH = 4
_TOGETHER = 64


async def read_repository(repository: Repository, workers: Workers) -> tuple[Scan, Mapping[str, bytes]]:
    """The listing, and the bytes of everything that is kept. Raises PermanentError when there is nothing to teach.

    `workers` do all that looks into files.
    """
    files = await repository.files()
    if len(files) > _MOST_FILES:
        raise PermanentError(
            f"The repository has {len(files):,} files, more than the {_MOST_FILES:,} that are listed",
            code="repository_too_large",
        )
    contents = _Contents(repository, files)
    plan = await asyncio.to_thread(plan_reading, files)
    await contents.need([*plan.navigation_files, *MANIFESTS])
    order = partial(read_order, plan, contents.of(plan.navigation_files))
    navigation = await workers.run(order, about="The author's order", pieces=len(plan.navigation_files))
    reasons = await asyncio.to_thread(choose_documents, plan, navigation)
    chosen = [path for path, reason in reasons.items() if not reason]
    await contents.need(chosen)
    judge = partial(judge_contents, files, reasons, contents.of(chosen), named_paths(navigation))
    reasons = await workers.run(judge, about="The choice of documents", pieces=len(chosen))
    documents = sorted(path for path, reason in reasons.items() if not reason)
    if not documents:
        raise PermanentError(
            "The repository has no documentation files (Markdown, reStructuredText, AsciiDoc, notebooks or text)",
            code="no_documentation",
        )
    includes, pictures = await _follow_references(files, contents, documents, workers)
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

    def of(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The bytes of some files that were read."""
        return {path: self.found[path] for path in paths if path in self.found}


References = dict[str, tuple[str, ...]]
# What one file names itself: files it includes, pictures it shows.
Direct = tuple[tuple[str, ...], tuple[str, ...]]


async def _follow_references(
    files: Sequence[TreeFile], contents: _Contents, documents: Sequence[str], workers: Workers
) -> tuple[References, References]:
    """What each document includes, includes of included files among them, and which pictures all these show."""
    await workers.prepare(partial(plan_reading, files), about="The listing", pieces=1)
    direct: dict[str, Direct] = {}
    new: Sequence[str] = documents
    for _ in range(_INCLUDE_DEPTH):
        await contents.need(new)
        for some in _together(new):
            direct |= await _read_references(contents.of(some), workers)
        new = sorted({path for included, _ in direct.values() for path in included} - direct.keys())
    closures = {path: _closure(path, direct) for path in documents}
    includes = {path: tuple(sorted(closure - {path})) for path, closure in closures.items()}
    pictures = {
        path: tuple(sorted({picture for part in closure if part in direct for picture in direct[part][1]}))
        for path, closure in closures.items()
    }
    return includes, pictures


async def _read_references(contents: Mapping[str, bytes], workers: Workers) -> dict[str, Direct]:
    """What some files include and show; a file that takes too long includes nothing."""
    try:
        return await workers.run_prepared(partial(_references, contents=contents), about="The includes")
    except LimitPassed:
        if len(contents) == 1:
            return dict.fromkeys(contents, ((), ()))
    return {
        path: found
        for path, raw in contents.items()
        for found in (await _read_references({path: raw}, workers)).values()
    }


def _references(plan: Plan, contents: Mapping[str, bytes]) -> dict[str, Direct]:
    return {path: references_of(plan, path, raw) for path, raw in contents.items()}


def _together(paths: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(paths), _TOGETHER):
        yield paths[start : start + _TOGETHER]


def _closure(path: str, direct: Mapping[str, Direct]) -> set[str]:
    reached, waiting = {path}, [path]
    while waiting:
        for included in direct.get(waiting.pop(), ((), ()))[0]:
            if included not in reached:
                reached.add(included)
                waiting.append(included)
    return reached
