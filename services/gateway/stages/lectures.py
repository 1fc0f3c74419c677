"""The gateway's side of lectures: each that was added gets a text."""

from collections.abc import Mapping
from typing import Any

from services.gateway.course.product import Asking
from services.gateway.course.shapes import Body
from services.gateway.course.state import CourseState, Lecture, replace
from services.gateway.stages.added import AddedStage
from shared.added.kinds import LECTURES
from shared.event_log.port import Recorded
from shared.events.lectures import LectureFetched, LectureTranscribed
from shared.pipeline import PIPELINE


class TranscribeLecturesBody(Body):
    """Nothing is asked: what has no transcript yet is transcribed, and what failed is tried again."""


class Lectures(AddedStage):
    """Lectures of a course."""

    kind = LECTURES
    row = PIPELINE.by_name["lectures"]
    asking = Asking(
        "transcribe-lectures", "transcribeLectures", "Transcribe the lectures that have no transcript yet",
        "A lecture that is added asks for this by itself; this asks again, also for lectures that failed.",
        "Add a lecture first", TranscribeLecturesBody, is_body_needed=False,
    )  # fmt: skip

    def found(self, state: CourseState, recorded: Recorded) -> CourseState:
        course, run = super().found(state, recorded), state.runs[self.row.name]
        if isinstance(recorded.event, LectureFetched):
            course = self._fetched(course, recorded, recorded.event)
        at_work = run.is_running and run.started_at is not None
        lectures = tuple(replace(one, is_fetching=at_work and one.file is None) for one in course.lectures)
        return course if lectures == course.lectures else replace(course, lectures=lectures)

    def _fetched(self, state: CourseState, recorded: Recorded, event: LectureFetched) -> CourseState:
        lecture = state.added(self.kind, event.lecture_id)
        if not isinstance(lecture, Lecture):
            return state
        captions = event.captions or lecture.captions
        return self._with(
            state, replace(lecture, recording=event.recording, captions=captions, changed_at=recorded.time)
        )  # fmt: skip

    def facts(self, event: LectureTranscribed) -> Mapping[str, Any]:
        return {"source_id": event.source_id, "seconds": event.seconds, "notes": tuple(event.problems)}

    def source_facts(self, file: Lecture, event: LectureTranscribed) -> Mapping[str, Any]:
        kept = {"title": file.title, "times": event.times, "recording": file.recording}
        return {"kind": "lecture", "file": event.captions, **kept}
