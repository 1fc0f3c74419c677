"""From a fetched repository to its listing: what to read, in which order, and what comes of it."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from services.repo_clone.found import MANIFEST_NAMES, NOTHING, Direct, Scan
from services.repo_clone.limits import (
    MOST_FILES,
    MOST_INCLUDED_BYTES_OF_ALL,
    MOST_ORDERING_BYTES,
)
from services.repo_clone.repository import Repository
from services.repo_clone.tree import TreeFile
from shared.docs.formats import UNREAD
from shared.docs.limits import INCLUDE_DEPTH, MIB
from shared.docs.navigation import Navigation
from shared.kernel.errors import Defect, PermanentError
from shared.workers.away import away
from shared.workers.left_out import say_why
from shared.workers.limits import LimitPassed
from shared.workers.port import MOST_PIECES, Workers

if TYPE_CHECKING:
    from services.repo_clone import references, scan
else:
    references = away("services.repo_clone.references")
    scan = away("services.repo_clone.scan")

R = TypeVar("R")

_TOGETHER = 64
_TOGETHER_BYTES = 8 * MIB


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
    # First, because workers are then forked from that process, and wait for nothing else that is being loaded.
    await workers.prepare(partial(scan.plan_reading, files), about="The listing", pieces=1)
    contents = _Contents(repository, files)
    ordering = await workers.run_prepared(scan.list_ordering, list[str], about="The author's order")
    await contents.need([*MANIFEST_NAMES, *ordering], MOST_ORDERING_BYTES)
    navigation = await _read_order(contents.of(ordering), workers)
    choose = partial(scan.choose, navigation=navigation)
    reasons, wanted, named = await workers.run_prepared(
        choose, tuple[dict[str, str], list[str], frozenset[str]], about="The choice of documents", pieces=MOST_PIECES
    )
    contents.forget_all_but(wanted, MANIFEST_NAMES)
    await contents.need(wanted)
    own_reasons = await _judge_contents(contents, wanted, named, workers)
    good = contents.of(path for path in wanted if not own_reasons[path])
    compare = partial(scan.compare_contents, reasons=reasons, own_reasons=own_reasons, contents=good, named=named)
    reasons, documents = await workers.run_prepared(
        compare, tuple[dict[str, str], list[str]], about="The choice of documents", pieces=len(wanted)
    )
    if not documents:
        raise PermanentError(_say_nothing_to_read(reasons), code="no_documentation")
    contents.forget_all_but(documents, MANIFEST_NAMES)
    direct = await _follow_references(contents, documents, workers)
    read = frozenset(contents.found)
    mark = partial(scan.mark, reasons=reasons, navigation=navigation, documents=documents, direct=direct, read=read)
    found = await workers.run_prepared(mark, Scan, about="The listing", pieces=MOST_PIECES)
    await contents.need([*found.kept, *found.licence_files])
    return found, contents.found


def _say_nothing_to_read(reasons: Mapping[str, str]) -> str:
    unread = sorted({reason.removeprefix(UNREAD) for reason in reasons.values() if reason.startswith(UNREAD)})
    other = f". It has some in {' and '.join(unread)}, which cannot be read" if unread else ""
    return f"The repository has no documentation files (Markdown, reStructuredText, AsciiDoc, notebooks or text){other}"


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

    def in_parts(self, paths: Iterable[str]) -> Iterator[dict[str, bytes]]:
        """The bytes of some files, as many together as a worker is sent at a time."""
        part: dict[str, bytes] = {}
        weight = 0
        for path, data in self.of(paths).items():
            if part and (len(part) >= _TOGETHER or weight + len(data) > _TOGETHER_BYTES):
                yield part
                part, weight = {}, 0
            part[path] = data
            weight += len(data)
        if part:
            yield part

    def forget_all_but(self, *paths: Iterable[str]) -> None:
        """Keep the bytes of these files only."""
        kept = set(chain(*paths))
        self.found = {path: data for path, data in self.found.items() if path in kept}


def _within(files: Iterable[TreeFile], most_bytes: int) -> Iterator[TreeFile]:
    for file in files:
        if (file.size or 0) <= most_bytes:
            most_bytes -= file.size or 0
            yield file


async def _read_order(contents: Mapping[str, bytes], workers: Workers) -> Navigation:
    """The author's order; none when to read it takes too long."""
    try:
        read = partial(scan.read_order, contents=contents)
        return await workers.run_prepared(read, Navigation, about="The author's order", pieces=len(contents))
    except LimitPassed:
        return Navigation()


async def _judge_contents(
    contents: _Contents, paths: Sequence[str], named: AbstractSet[str], workers: Workers
) -> dict[str, str]:
    """Why documents are left out for what they say themselves, or for the time that takes; "" for the others."""

    async def judge(some: Mapping[str, bytes]) -> dict[str, str]:
        return await workers.run(
            partial(scan.judge_contents, some, named), dict[str, str], about="The choice of documents"
        )

    reasons: dict[str, str] = {}
    for some in contents.in_parts(paths):
        reasons |= await _of_each(judge, some, lambda reason: reason)
    return await workers.run(partial(scan.keep_lone_blog, reasons), dict[str, str], about="The choice of documents")


async def _of_each(
    work: Callable[[Mapping[str, bytes]], Awaitable[dict[str, R]]],
    contents: Mapping[str, bytes],
    left_out: Callable[[str], R],
) -> dict[str, R]:
    """The results of `work` by path: for all files together, or one by one when together they fail."""
    try:
        return await work(contents)
    except (LimitPassed, Defect) as error:
        if len(contents) == 1:
            return dict.fromkeys(contents, left_out(say_why("read", error)))
    found: dict[str, R] = {}
    for path, raw in contents.items():
        found |= await _of_each(work, {path: raw}, left_out)
    return found


async def _follow_references(contents: _Contents, documents: Sequence[str], workers: Workers) -> dict[str, Direct]:
    """Files that each document includes and pictures it shows, and those of included files too."""

    async def read(some: Mapping[str, bytes]) -> dict[str, Direct]:
        look = partial(references.read_references, contents=some)
        return await workers.run_prepared(look, dict[str, Direct], about="The includes")

    direct: dict[str, Direct] = {}
    new: Sequence[str] = documents
    left = MOST_INCLUDED_BYTES_OF_ALL
    for _ in range(INCLUDE_DEPTH):
        direct |= dict.fromkeys(new, NOTHING)
        for some in contents.in_parts(new):
            direct |= await _of_each(read, some, lambda _: NOTHING)
        new = sorted({path for included, _ in direct.values() for path in included} - direct.keys())
        left -= await contents.need(new, left)
    return direct
