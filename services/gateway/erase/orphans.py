"""Removes blobs that no event names. A worker stored such a blob, and died or was refused before the event. So go
those of a document or a lecture that was removed, if the gateway died before it removed them, and files that a person
sent and nobody looked at.

A blob is stored before the event that names it, so only a blob that nobody has stored for a day is removed. Storing a
blob again makes it young again, and the store looks at its age once more as it removes it.
"""

from datetime import UTC, datetime, timedelta

import structlog

from services.gateway.erase.removed import all_named, blobs_of_removed
from shared.classroom.people import file_key, heard_key
from shared.event_log.erasing import LogEraser
from shared.events.classroom import FileNamed
from shared.kernel.blob_stores import BlobsUnavailable
from shared.kernel.blobs import Blobs
from shared.kernel.errors import NotFound
from shared.kernel.logging import error_facts
from shared.kernel.work import end_if_cancelled
from shared.readmodels.repeating import repeat

log = structlog.get_logger(__name__)

_MARGIN = timedelta(days=1)
_LOOK_EVERY_SECONDS = 600.0


class Orphans:
    """`run()` until cancelled: one sweep a day, whichever process did the last one; or `sweep()` does one now."""

    def __init__(self, blobs: Blobs, streams: LogEraser) -> None:
        self._blobs = blobs
        self._streams = streams

    async def run(self) -> None:
        """Sweep when it is time. One that is interrupted is not remembered, and done again."""
        await repeat("orphans", self._sweep_in_time, _LOOK_EVERY_SECONDS)

    async def _sweep_in_time(self) -> None:
        last = await self._blobs.last_sweep()
        if last is None or datetime.now(UTC) - last >= _MARGIN:
            await self.sweep()
            await self._blobs.note_sweep()

    async def sweep(self) -> int:
        """Go through the courses one by one; the number of blobs removed."""
        removed = 0
        for course_id in await self._blobs.ids():
            try:
                removed += await self._sweep_course(course_id)
            except (NotFound, BlobsUnavailable) as error:
                # What an unreadable blob names is not known, so nothing of this course can be called unnamed.
                end_if_cancelled()
                log.warning("orphans_left", course_id=course_id, **error_facts(error))
        log.info("orphans_swept", removed=removed)
        return removed

    async def _sweep_course(self, course_id: str) -> int:
        since = datetime.now(UTC) - _MARGIN
        old = await self._blobs.old_contents(course_id, since)
        named = await self._streams.blobs_named(course_id) if old else None
        if named is None:
            return 0  # a course this log does not know: it may be the wrong log
        by_events, events = named
        gone = await blobs_of_removed(self._blobs, events)
        left = {key: is_text for key, is_text in by_events.items() if key not in gone}
        named_files = [(one.person_id, one.file_id) for one in events if isinstance(one, FileNamed)]
        files = {key(*one) for one in named_files for key in (file_key, heard_key)}
        unnamed = set(old) - (await all_named(self._blobs, left, may_lack=False) - gone) - files
        return sum([await self._blobs.delete_old(key, since) for key in sorted(unnamed)])
