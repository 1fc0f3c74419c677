"""One course in the making, as clients of a WebSocket follow it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from services.gateway.api.channel import Message
from services.gateway.api.course_channel import CourseChannel
from services.gateway.api.progress import ProgressFeed
from services.gateway.api.waking import Waker
from services.gateway.fold.making import Making
from shared.engine.payloads import PathwaySet
from shared.engine.types import PathwayModule
from shared.event_log.port import EventLog, Recorded
from shared.events.gateway import ModulesRequested
from shared.kernel.blobs import Blobs
from shared.kernel.errors import NotFound
from shared.pipeline import Pipeline


class MakingChannel(CourseChannel):
    """What is said of a fact is one line of JSON for each message, with the fact's sequence and a number as its id."""

    def __init__(
        self, owner: str, course_id: str, log: EventLog, feed: ProgressFeed, waker: Waker, pipeline: Pipeline,
        blobs: Blobs,
    ) -> None:  # fmt: skip
        super().__init__(owner, course_id, log, feed, waker, pipeline)
        self._making, self._blobs = Making(), blobs

    async def update(self, course: Row[Any] | None, tasks: Mapping[str, Row[Any]]) -> None:
        """See CourseChannel. It begins with the first fact of the course."""
        if course is None:
            self.end() if self.loaded.done() else self.refuse(NotFound("Course not found"))
            return
        known = max(self.told, 0)
        making = Making(set(self._making.told), set(self._making.written))  # a reading that fails is tried again
        said = await self._said(making, await self._log.read(self.course_id, known + 1, to_seq=course.seq))
        self._making = making
        if not self.loaded.done():
            self._begin(0)
        self._keep(said)
        self.seq = self.told = course.seq
        self._wake()

    def snapshot(self, seq: int | None = None) -> bytes:
        """All that is known is in the messages."""
        return b""

    async def _reach_back(self, after: int, upto: int) -> tuple[list[Message], int]:
        said = await self._said(Making(), await self._log.read(self.course_id, 1, to_seq=upto))
        return [one for one in said if one[0] > after], upto

    async def _said(self, making: Making, facts: Sequence[Recorded]) -> list[Message]:
        messages = []
        for fact in facts:
            said = making.tell(fact, await self._planned(fact), self._pipeline)
            lines = (json.dumps({"id": f"{fact.seq}-{number}", **one}) for number, one in enumerate(said))
            if said:
                messages.append((fact.seq, "".join(f"{line}\n" for line in lines).encode()))
        return messages

    async def _planned(self, fact: Recorded) -> Mapping[str, PathwayModule]:
        asked = fact.event
        if not isinstance(asked, ModulesRequested):
            return {}
        try:
            found = await self._blobs.get_model(asked.pathways, PathwaySet)
        except NotFound:  # a source was removed, and what was made from it
            return {}
        return {module.id: module for pathway in found.pathways for module in pathway.modules}
