"""Links of lectures to recordings. The log alone decides; a recording has few events."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.gateway.readmodels.recordings import RECORDING_SIDE, Recording
from shared.event_log.port import EventLog, NewEvent
from shared.events import Event
from shared.events.courses import COURSE
from shared.events.gateway import CourseDeleted, LectureAdded, LectureRemoved
from shared.events.recording import RecordingErased, RecordingFetched, RecordingLinked, RecordingUnlinked
from shared.events.registry import RECORDING
from shared.kernel.errors import Conflict, TransientError
from shared.kernel.ids import event_id
from shared.sources.recordings import LINK, Held, LinkAsked

_ROUNDS = 5


@dataclass(frozen=True)
class Links:
    """Writes recordings for the service `by`."""

    log: EventLog
    by: str

    async def answer(self, subject: str, question: bytes) -> bytes:
        """What the stage is told that asks to link, or tells what it fetched. Raises pydantic's ValidationError."""
        if subject == LINK:
            state = await self.link(LinkAsked.model_validate_json(question))
        else:
            state = await self.keep(Held.model_validate_json(question))
        held = Held(recording_id=state.id, recording=state.recording, captions=state.captions)
        return (Held() if state.deleted else held).model_dump_json().encode()

    async def link(self, asked: LinkAsked) -> Recording:
        """The recording of these addresses, which the lecture links to from now on."""
        generation = 0
        while True:
            linked = RecordingLinked(recording_id=_id_of(asked, generation), **asked.model_dump())
            state = await self._change(linked.recording_id, lambda now, one=linked: _link(now, one))  # type: ignore[misc]
            if not state.deleted:
                return state
            generation += 1  # nothing can follow a tombstone

    async def keep(self, held: Held) -> Recording:
        """The recording with what was fetched, unless it has bytes already."""
        fetched = RecordingFetched(**held.model_dump())
        return await self._change(held.recording_id, lambda now: _keep(now, fetched))

    async def let_go(self, recording_id: str, course_id: str, lecture_id: str) -> Recording:
        """The recording without a link, unless the lecture is still made from it. The last link takes the rest away."""
        events = [item.event for item in (await self.log.of(COURSE).load(course_id)).events]

        def decide(now: Recording) -> Sequence[Event]:
            if (course_id, lecture_id) not in now.links or _is_made_from(events, lecture_id, now):
                return ()
            gone = RecordingUnlinked(recording_id=recording_id, course_id=course_id, lecture_id=lecture_id)
            return (gone,) if len(now.links) > 1 else (gone, RecordingErased(recording_id=recording_id))

        return await self._change(recording_id, decide)

    async def _change(self, recording_id: str, decide: Callable[[Recording], Sequence[Event]]) -> Recording:
        log = self.log.of(RECORDING)
        for _ in range(_ROUNDS):
            history = await log.load(recording_id)
            state: Recording = RECORDING_SIDE.begin
            for recorded in history.events:
                state = RECORDING_SIDE.evolve(state, recorded)
            events = () if state.deleted else decide(state)
            if not events:
                return state
            cause = f"{recording_id} {history.last_seq}"
            new = [
                NewEvent(one, event_id(cause, type(one).__name__, one.natural_key()), f"coursewright/{self.by}", "", "")
                for one in events
            ]
            try:
                await log.append(new, history.last_seq)
            except Conflict:
                continue
        raise TransientError("The recording is changing too fast", code="busy")


def _link(now: Recording, linked: RecordingLinked) -> Sequence[Event]:
    return () if (linked.course_id, linked.lecture_id) in now.links else (linked,)


def _keep(now: Recording, fetched: RecordingFetched) -> Sequence[Event]:
    return () if not now.links or now.recording or now.captions else (fetched,)


def _is_made_from(events: Sequence[Event], lecture_id: str, recording: Recording) -> bool:
    """Whether a course, by its events, has the lecture with these addresses."""
    found = False
    for event in events:
        if isinstance(event, CourseDeleted) or (isinstance(event, LectureRemoved) and event.lecture_id == lecture_id):
            found = False
        elif isinstance(event, LectureAdded) and event.lecture_id == lecture_id:
            found = (event.stream_url, event.captions_url) == (recording.stream_url, recording.captions_url)
    return found


def _id_of(asked: LinkAsked, generation: int) -> str:
    """Equal for equal addresses: the whole of a hash, so that nobody can find another address with the same id."""
    parts = "\x1f".join((asked.stream_url, asked.captions_url, f"{generation}"))
    return f"r{hashlib.sha256(parts.encode()).hexdigest()[:48]}"
