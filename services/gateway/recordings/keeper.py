"""Lets recordings go that no lecture is made from any more: the lecture was removed, or its course was deleted.

It compares rows, so it needs no news of removals, and nothing that a crash could lose; the log decides.
"""

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from services.gateway.readmodels.lectures import lectures
from services.gateway.readmodels.recordings import recording_links, recordings
from services.gateway.recordings.links import Links
from shared.readmodels.repeating import repeat

_AT_ONCE = 1000
_LOST = (
    select(recording_links)
    .join(recordings, recordings.c.recording_id == recording_links.c.recording_id)
    .outerjoin(
        lectures,
        and_(
            lectures.c.course_id == recording_links.c.course_id, lectures.c.id == recording_links.c.lecture_id,
            lectures.c.stream_url == recordings.c.stream_url, lectures.c.captions_url == recordings.c.captions_url,
        ),
    )
    .where(lectures.c.id.is_(None))
    .order_by(recording_links.c.recording_id, recording_links.c.course_id)
    .limit(_AT_ONCE)
)  # fmt: skip


class Keeper:
    """`run()` until cancelled, or `work()` once. It looks every `look_seconds`."""

    def __init__(self, engine: AsyncEngine, links: Links, look_seconds: float) -> None:
        self._engine, self._links, self._look_seconds = engine, links, look_seconds

    async def run(self) -> None:
        """Look until cancelled."""
        await repeat("keeper", self.work, self._look_seconds)

    async def work(self) -> None:
        """Let go what is linked to by lectures that are not there."""
        async with self._engine.connect() as connection:
            lost = (await connection.execute(_LOST)).all()
        for link in lost:
            await self._links.let_go(link.recording_id, link.course_id, link.lecture_id)
