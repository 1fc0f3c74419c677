"""From a fetched repository to its listing: what to read, in which order, and what comes of it."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain

from services.repo_clone.limits import (
    MOST_FILES,
    MOST_INCLUDED_BYTES_OF_ALL,
    MOST_ORDERING_BYTES,
)
from services.repo_clone.manifests import MANIFESTS
from services.repo_clone.references import NOTHING, Direct, References, close_references, read_references
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
from shared.stage_port import Workers
from shared.workers.limits import LimitPassed

_INCLUDE_DEPTH = 4
_TOGETHER = 64


async def read_repository(repository: Repository, workers: Workers) -> tuple[Scan, Mapping[str, bytes]]:
    """The listing, and the bytes of everything that is kept. Raises PermanentError when there is nothing to teach.

    `workers` do all that looks into files.
    """
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
    order = partial(read_order, plan, contents.of(ordering))
    navigation = await workers.run(order, about="The author's order", pieces=len(ordering))
    named = named_paths(navigation)
    reasons = await asyncio.to_thread(choose_documents, plan, navigation)
    reasons, wanted = await asyncio.to_thread(leave_out_what_is_not_read, plan, reasons, named)
    contents.forget_all_but(wanted, MANIFESTS)
    await contents.need(wanted)
    judge = partial(judge_contents, files, reasons, contents.of(wanted), named)
    reasons = await workers.run(judge, about="The choice of documents", pieces=len(wanted))
    documents = sorted((path for path, reason in reasons.items() if not reason), key=lambda p: importance(p, named))
    if not documents:
        raise PermanentError(
            "The repository has no documentation files (Markdown, reStructuredText, AsciiDoc, notebooks or text)",
            code="no_documentation",
        )
    contents.forget_all_but(documents, MANIFESTS)
    references = await _follow_references(files, contents, documents, workers)
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

    def of(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The bytes of some files, of those that were read."""
        return {path: self.found[path] for path in paths if path in self.found}

    def forget_all_but(self, *paths: Iterable[str]) -> None:
        """Keep the bytes of these files only."""
        kept = set(chain(*paths))
        self.found = {path: data for path, data in self.found.items() if path in kept}


def _within(files: Iterable[TreeFile], most_bytes: int) -> Iterator[TreeFile]:
    for file in files:
        if (file.size or 0) <= most_bytes:
            most_bytes -= file.size or 0
            yield file


async def _follow_references(
    files: Sequence[TreeFile], contents: _Contents, documents: Sequence[str], workers: Workers
) -> References:
    """What each document includes, includes of included files among them, and which pictures all these show."""
    await workers.prepare(partial(plan_reading, files), about="The listing", pieces=1)
    direct: dict[str, Direct] = {}
    new: Sequence[str] = documents
    left = MOST_INCLUDED_BYTES_OF_ALL
    for _ in range(_INCLUDE_DEPTH):
        direct |= dict.fromkeys(new, NOTHING)
        for start in range(0, len(new), _TOGETHER):
            direct |= await _read_references(contents.of(new[start : start + _TOGETHER]), workers)
        new = sorted({path for included, _ in direct.values() for path in included} - direct.keys())
        left -= await contents.need(new, left)
    close = partial(close_references, documents=documents, direct=direct, read=frozenset(contents.found))
    return await workers.run_prepared(close, about="The includes", pieces=len(documents))


async def _read_references(contents: Mapping[str, bytes], workers: Workers) -> dict[str, Direct]:
    """What some files include and show; a file that takes too long includes nothing."""
    try:
        return await workers.run_prepared(partial(read_references, contents=contents), about="The includes")
    except LimitPassed:
        if len(contents) == 1:
            return dict.fromkeys(contents, NOTHING)
    found: dict[str, Direct] = {}
    for path, raw in contents.items():
        found |= await _read_references({path: raw}, workers)
    return found
