"""Erases the bytes of files that were removed from a course, and of what was made from them."""

import contextlib
from collections import defaultdict
from collections.abc import Iterable

from shared.added.kinds import KINDS
from shared.events import Event
from shared.events.base import FileRemoved
from shared.events.modules import CourseGenerated
from shared.events.repo_clone import RepoCloned
from shared.kernel.blobs import Blobs, references_in
from shared.kernel.errors import NotFound
from shared.kernel.kill_points import KillPoint, reached


async def erase_removed(blobs: Blobs, course_id: str, events: Iterable[Event]) -> int:
    """Remove what `blobs_of_removed` finds; the number of blobs. Safe to repeat after a crash. What was fetched belongs
    to a recording, which other courses may need.
    """
    events = list(events)
    removed = 0
    lists = {one.pages.key for one in events if isinstance(one, CourseGenerated) and one.pages is not None}
    gone = [one for one in await blobs_of_removed(blobs, events) if blobs.is_of(course_id, one)]
    for key in sorted(gone, key=lambda one: (one in lists, one)):  # after a crash, a list finds what is left
        removed += await blobs.delete_key(key)
        reached(KillPoint.part_erased, "files")
    if any(isinstance(event, FileRemoved) and event.withheld for event in events):
        # Answers of a model say what the file says. A later run asks again.
        removed += await blobs.delete_answers(course_id)
    # What a program heard so far; a run that is at work hears it again.
    return removed + await blobs.delete_answers(course_id, course_id)


async def blobs_of_removed(blobs: Blobs, events: Iterable[Event]) -> set[str]:
    """Keys of the blobs of files that were removed and of what was made from them, and that nothing has that is left:
    the same bytes may be a file of the repository.
    """
    kept: dict[str, set[str]] = defaultdict(set)
    gone: set[str] = set()
    made: set[str] = set()
    listings: set[str] = set()
    for event in events:
        keys = {key for key, _ in references_in(event.model_dump_json().encode())}
        if isinstance(event, FileRemoved):
            gone |= kept.pop(event.natural_key(), set())
            if event.withheld:
                gone |= made
                made = keys
        elif isinstance(event, RepoCloned):
            kept[event.source_id] |= keys
            listings.add(event.files.key)
        elif isinstance(event, _FILES):
            kept[event.natural_key()] |= keys
        elif not isinstance(event, _ASKED):  # a request names files as they were added
            made |= keys
            if isinstance(event, CourseGenerated) and event.pages is not None:
                with contextlib.suppress(NotFound):  # its pages went before it
                    made |= (await blobs.references_of(event.pages.key)).keys()
    gone = gone.difference(made, *kept.values())
    for listing in listings if gone else ():
        with contextlib.suppress(NotFound):  # of a listing that is lost nothing can be read any more
            gone -= (await blobs.references_of(listing)).keys()
    return gone


_FILES = tuple(one for kind in KINDS for one in (kind.added, kind.fetched, kind.read) if one is not None)
_ASKED = tuple(kind.requested for kind in KINDS)
