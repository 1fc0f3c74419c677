"""The events of one course, found again by what they are."""

from collections.abc import Iterator
from typing import TypeVar

from shared.event_log.port import Recorded
from shared.events import Event, gateway
from shared.events.base import StageEvent
from shared.pipeline import StageRow

E = TypeVar("E", bound=Event)


class Heard:
    """The events of one course, by what they are."""

    def __init__(self) -> None:
        self.last_heard: Recorded | None = None
        self._of: dict[type[Event], list[Recorded]] = {}
        self._of_run: dict[str, list[Recorded]] = {}

    def hear(self, item: Recorded) -> None:
        """The next event."""
        self.last_heard = item
        self._of.setdefault(type(item.event), []).append(item)
        if isinstance(item.event, StageEvent):
            self._of_run.setdefault(item.event.run_id, []).append(item)

    @property
    def exists(self) -> bool:
        """Created and not deleted."""
        return gateway.CourseCreated in self._of and gateway.CourseDeleted not in self._of

    def all(self, kind: type[E], after: int = 0) -> Iterator[tuple[Recorded, E]]:
        """The events of a kind, oldest first."""
        for item in self._of.get(kind, ()):
            if item.seq > after:
                assert isinstance(item.event, kind)
                yield item, item.event

    def last(self, kind: type[E]) -> tuple[Recorded, E] | None:
        """The latest event of a kind."""
        return max(self.all(kind), key=lambda found: found[0].seq, default=None)

    def withheld(self, after: int) -> tuple[Recorded, str] | None:
        """The last removal of a file, and its name, with which went what was made from it."""
        names = {event.natural_key(): event.file_name for _, event in self.all(gateway.DocumentUploaded)}
        names |= {event.natural_key(): event.file_name for _, event in self.all(gateway.LectureAdded)}
        gone = [
            (item, names[event.natural_key()])
            for kind in (gateway.DocumentDeleted, gateway.LectureRemoved)
            for item, event in self.all(kind, after)
            if event.withheld
        ]
        return max(gone, key=lambda one: one[0].seq, default=None)

    def of_run(self, run_id: str) -> list[Recorded]:
        """The events of a run, oldest first."""
        return self._of_run[run_id]

    def begun(self, row: StageRow) -> list[Recorded]:
        """The event that began each run of a stage, oldest first: its request, or a failure or a cancel without one."""
        found = [item for item, _ in self.all(row.request)]
        found += [item for item, event in self.all(row.failed) if event.attempt == 0]
        stops = {(item.causation_id, event.stage) for item, event in self.all(gateway.StageCancelRequested)}
        found += [
            item
            for item, event in self.all(gateway.GenerationCanceled)
            if event.stage == row.name
            and (item.causation_id, row.name) not in stops  # else the run beside it is stopped
        ]
        return sorted(found, key=lambda item: item.seq)
