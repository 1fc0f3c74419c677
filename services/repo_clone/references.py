"""The other files that documents include and show, within the limits of a course. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from services.repo_clone.found import NOTHING, Direct
from services.repo_clone.limits import (
    MOST_INCLUDED_BYTES,
    MOST_INCLUDED_BYTES_OF_ALL,
    MOST_INCLUDES,
    MOST_PICTURE_BYTES,
)
from services.repo_clone.pictures import PICTURE_TYPES
from services.repo_clone.tree import FETCHED_BYTES, TreeFile
from shared.docs.encoding import decode
from shared.docs.limits import MIB
from shared.docs.references import find_references
from shared.kernel.errors import UnreadableText

_NOT_READ = f"over the limit of {MOST_INCLUDED_BYTES_OF_ALL // MIB} MiB of included files of a course"
_NOT_INCLUDED = (
    f"over the limit of {MOST_INCLUDES} files or {MOST_INCLUDED_BYTES // MIB} MiB that one document includes"
)
_NOT_SHOWN = f"over the limit of {MOST_PICTURE_BYTES // MIB} MiB of pictures of a course"


@dataclass(frozen=True)
class Plan:
    """What the tree alone tells. `sizes`: of the files that can be read. `navigation_files`: the author's order is
    read from them. `ordered`: the paths that this order may name; a translation takes the place of its original.
    """

    files: tuple[TreeFile, ...]
    sizes: Mapping[str, int | None]
    ordered: tuple[str, ...]
    navigation_files: tuple[str, ...]


@dataclass(frozen=True)
class References:
    """The files kept beside documents: `includes` by document, includes of includes among them, and all `pictures`.

    `left_out`: by path, why a file that documents refer to is kept for none of them.
    """

    includes: Mapping[str, tuple[str, ...]]
    pictures: frozenset[str]
    left_out: Mapping[str, str]


def read_references(plan: Plan, contents: Mapping[str, bytes]) -> dict[str, Direct]:
    """The includes and pictures that each of some files names itself, by path."""
    return {path: references_of(plan, path, raw) for path, raw in contents.items()}


def references_of(plan: Plan, path: str, raw: bytes) -> Direct:
    """The existing files a document includes, and the pictures it shows, that are small enough to be kept."""
    try:
        text, _ = decode(raw)
    except UnreadableText:
        return NOTHING
    found = find_references(path, text)
    includes = tuple(sorted({other for other in found.includes if other != path and fits(plan.sizes, other)}))
    images = {other for other in found.images if other.lower().endswith(tuple(PICTURE_TYPES))}
    pictures = tuple(sorted(other for other in images if fits(plan.sizes, other)))
    return includes, pictures


def close_references(
    plan: Plan, documents: Sequence[str], direct: Mapping[str, Direct], read: AbstractSet[str]
) -> References:
    """The files `documents` get, the most important first. `read`: the files that could be read within the limits."""
    left_out: dict[str, str] = {}
    includes: dict[str, tuple[str, ...]] = {}
    shown: dict[str, None] = {}
    for path in documents:
        closure = _closure(plan, path, direct, read, left_out)
        includes[path] = tuple(sorted(closure - {path}))
        shown |= dict.fromkeys(picture for part in sorted(closure) if part in direct for picture in direct[part][1])
    pictures = _within(plan, shown)
    left_out |= dict.fromkeys(shown.keys() - pictures, _NOT_SHOWN)
    kept = pictures.union(*includes.values())
    return References(includes, pictures, {path: why for path, why in left_out.items() if path not in kept})


def _closure(
    plan: Plan, path: str, direct: Mapping[str, Direct], read: AbstractSet[str], left_out: dict[str, str]
) -> set[str]:
    """A document with the files it includes; those for which there is no place are added to `left_out`."""
    reached, waiting = {path}, [path]
    count, size = MOST_INCLUDES, MOST_INCLUDED_BYTES
    while waiting:
        for included in direct.get(waiting.pop(), NOTHING)[0]:
            if included in reached or (included in left_out and included not in read):
                continue
            if included not in read:
                left_out[included] = _NOT_READ
            elif not count or (plan.sizes[included] or 0) > size:
                left_out[included] = _NOT_INCLUDED
            else:
                count, size = count - 1, size - (plan.sizes[included] or 0)
                reached.add(included)
                waiting.append(included)
    return reached


def _within(plan: Plan, pictures: Iterable[str]) -> frozenset[str]:
    """The first pictures that fit in their limit."""
    left = MOST_PICTURE_BYTES
    kept = set()
    for path in pictures:
        if (size := plan.sizes[path] or 0) <= left:
            left -= size
            kept.add(path)
    return frozenset(kept)


def fits(sizes: Mapping[str, int | None], path: str) -> bool:
    """Whether a file exists and is small enough to be fetched."""
    size = sizes.get(path)
    return size is not None and size <= FETCHED_BYTES
