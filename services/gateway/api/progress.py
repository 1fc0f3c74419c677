"""Progress finer than facts, as the workers publish it: shown while it lasts, lost without harm."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.events.base import Stage
from shared.pipeline import Pipeline

# Memory bounds: stages and courses remembered, and steps a slow reader may be behind before it misses the older ones.
_REMEMBERED = 4096
_QUEUED = 64


@dataclass(frozen=True)
class Progress:
    """The present step of a worker. `percent` 0..100 of the stage."""

    course_id: str
    stage: Stage
    run_id: str
    step: str
    percent: int


class ProgressFeed(Protocol):
    """The latest step of each stage, and steps as they come."""

    def latest(self, course_id: str, stage: Stage) -> Progress | None:
        """The last step heard of."""
        ...

    def never_less(self, course_id: str, asked: str, percent: int) -> int:
        """An overall percentage to be shown; what was shown before for the same thing asked for, if that was more."""
        ...

    def subscribe(self, course_id: str) -> AsyncIterator[Progress]:
        """Steps of one course from now on, for ever."""
        ...


class ProgressHub:
    """The feed of one process: whatever is published here reaches its readers."""

    def __init__(self) -> None:
        self._latest: OrderedDict[tuple[str, Stage], Progress] = OrderedDict()
        self._shown: OrderedDict[str, tuple[str, int]] = OrderedDict()
        self._readers: dict[str, list[asyncio.Queue[Progress]]] = {}

    def publish(self, progress: Progress) -> None:
        """Remember and hand on. Another attempt of a run begins where the one before came to, for people."""
        key = (progress.course_id, progress.stage)
        before = self._latest.get(key)
        if before is not None and before.run_id == progress.run_id and before.percent > progress.percent:
            progress = replace(progress, percent=before.percent)
        self._latest[key] = progress
        self._latest.move_to_end(key)
        if len(self._latest) > _REMEMBERED:
            self._latest.popitem(last=False)
        for queue in self._readers.get(progress.course_id, []):
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(progress)

    def latest(self, course_id: str, stage: Stage) -> Progress | None:
        return self._latest.get((course_id, stage))

    def never_less(self, course_id: str, asked: str, percent: int) -> int:
        known, highest = self._shown.get(course_id, (asked, 0))
        highest = max(highest, percent) if known == asked else percent
        self._shown[course_id] = asked, highest
        self._shown.move_to_end(course_id)
        if len(self._shown) > _REMEMBERED:
            self._shown.popitem(last=False)
        return highest

    async def subscribe(self, course_id: str) -> AsyncIterator[Progress]:
        queue: asyncio.Queue[Progress] = asyncio.Queue(_QUEUED)
        readers = self._readers.setdefault(course_id, [])
        readers.append(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            readers.remove(queue)
            if not readers:
                self._readers.pop(course_id, None)


class NoProgress:
    """The feed of a course as it was: what a worker was doing between two facts is not in the log."""

    def latest(self, course_id: str, stage: Stage) -> Progress | None:
        return None

    def never_less(self, course_id: str, asked: str, percent: int) -> int:
        return percent

    async def subscribe(self, course_id: str) -> AsyncIterator[Progress]:
        return
        yield


class _Body(BaseModel):
    model_config = ConfigDict(extra="ignore")

    run_id: str
    step: str
    percent: int = Field(ge=0, le=100)


def parse_progress(subject: str, body: bytes, pipeline: Pipeline) -> Progress | None:
    """A message of subject `progress.<course_id>.<stage>`; None if it is none."""
    parts = subject.split(".")
    if len(parts) != 3 or parts[2] not in pipeline.by_name:
        return None
    try:
        message = _Body.model_validate_json(body)
    except ValidationError:
        return None
    return Progress(parts[1], parts[2], message.run_id, message.step, message.percent)
