"""Erases the bytes of files that were removed from a course, and of what was made from them."""

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Mapping

from shared.added.kinds import KINDS
from shared.events import Event
from shared.events.base import FileRemoved
from shared.events.repo_clone import RepoCloned
from shared.kernel.blobs import Blobs, references_in
from shared.kernel.errors import NotFound
from shared.kernel.kill_points import KillPoint, reached

_Keys = dict[str, bool]
"""Of blobs: whether each may be a text that names other blobs."""


async def erase_removed(blobs: Blobs, course_id: str, events: Iterable[Event]) -> int:
    """Remove what `blobs_of_removed` finds; the number of blobs. Safe to repeat after a crash. What was fetched belongs
    to a recording, which other courses may need.
    """
    events = list(events)
    removed = 0
    gone = [one for one in await blobs_of_removed(blobs, events) if blobs.is_of(course_id, one)]
    named = {key for event in events for key in _named(event)}
    for key in sorted(gone, key=lambda one: (one in named, one)):  # after a crash, a list finds what it names
        removed += await blobs.delete_key(key)
        reached(KillPoint.part_erased, "files")
    if any(isinstance(event, FileRemoved) and event.withheld for event in events):
        # Answers of a model say what the file says. A later run asks again.
        removed += await blobs.delete_answers(course_id)
    # What a program heard so far; a run that is at work hears it again.
    return removed + await blobs.delete_answers(course_id, course_id)


async def blobs_of_removed(blobs: Blobs, events: Iterable[Event]) -> set[str]:
    """Keys of the blobs of files that were removed and of what was made from them, with the blobs that these name, and
    that nothing has that is left: the same bytes may be a file of the repository.
    """
    kept: dict[str, _Keys] = defaultdict(dict)
    gone: _Keys = {}
    made: _Keys = {}
    for event in events:
        keys = _named(event)
        if isinstance(event, FileRemoved):
            gone |= kept.pop(event.natural_key(), {})
            if event.withheld:
                gone |= made
                made = keys
        elif isinstance(event, RepoCloned):
            kept[event.source_id] |= keys
        elif isinstance(event, _FILES):
            kept[event.natural_key()] |= keys
        elif not isinstance(event, _ASKED):  # a request names files as they were added
            made |= keys
    left = {key: is_text for keys in (made, *kept.values()) for key, is_text in keys.items()}
    gone = {key: is_text for key, is_text in gone.items() if key not in left}
    if not gone:
        return set()
    return await all_named(blobs, gone, may_lack=True) - await all_named(blobs, left, may_lack=True)


async def all_named(blobs: Blobs, named: Mapping[str, bool], *, may_lack: bool) -> set[str]:
    """Keys of blobs, and of those that they name: a listing its files, a request's documents their contents. `named`:
    whether each may be a text that names others. Raises NotFound for one that is lost, unless it `may_lack`.
    """
    found = dict(named)
    waiting = [key for key, is_text in found.items() if is_text]
    while waiting:
        with contextlib.suppress(NotFound) if may_lack else contextlib.nullcontext():
            inside = await blobs.references_of(waiting.pop())
            waiting += [key for key, is_text in inside.items() if is_text and key not in found]
            found |= inside
    return set(found)


def _named(event: Event) -> _Keys:
    return dict(references_in(event.model_dump_json().encode()))


_FILES = tuple(one for kind in KINDS for one in (kind.added, kind.fetched, kind.read) if one is not None)
_ASKED = tuple(kind.requested for kind in KINDS)
