"""The gateway's side of lectures: each that was added gets a text, and becomes a source of the course."""

from collections.abc import Sequence

from services.gateway.course.commands import Inputs, Start
from services.gateway.course.product import Asking, GatewayStage
from services.gateway.course.shapes import Body
from services.gateway.course.state import CourseState, Lecture, Plan, Source, StageRun, replace
from services.gateway.stages.sources import with_source
from shared.event_log.port import Recorded
from shared.events import Event
from shared.events.gateway import LectureAdded, LectureAsked, LectureRemoved, LecturesRequested
from shared.events.lectures import LectureRefused, LecturesStarted, LectureTranscribed
from shared.kernel.blobs import Blobs
from shared.pipeline import PIPELINE


class TranscribeLecturesBody(Body):
    """Nothing is asked: what has no transcript yet is transcribed, and what failed is tried again."""


class Lectures(GatewayStage):
    """Lectures of a course."""

    row = PIPELINE.by_name["lectures"]
    asking = Asking(
        "transcribe-lectures", "transcribeLectures", "Transcribe the lectures that have no transcript yet",
        "A lecture that is added asks for this by itself; this asks again, also for lectures that failed.",
        "Add a lecture first", TranscribeLecturesBody, is_body_needed=False,
    )  # fmt: skip
    takes = ()
    shows = ()

    def planned(self, plan: Plan) -> Inputs:
        return {}

    def refuse(self, state: CourseState, start: Start, is_outdated: bool) -> str | None:
        return None if state.lectures else "Add a lecture first: POST /api/lectures/upload."

    async def build(self, blobs: Blobs, state: CourseState, start: Start, run_id: str) -> LecturesRequested:
        left = [one for one in state.lectures if one.status != "completed"]
        return LecturesRequested(
            course_id=state.course_id, run_id=run_id, owner=state.owner, retry_of=start.retry_of,
            lectures=[LectureAsked.model_validate(one, from_attributes=True) for one in left],
        )  # fmt: skip

    def basis(self, state: CourseState) -> Sequence[object]:
        return ()

    def requested(self, state: CourseState, event: LecturesRequested) -> CourseState:
        asked = {one.lecture_id for one in event.lectures}
        again = (replace(one, error="", message="") if one.lecture_id in asked else one for one in state.lectures)
        return replace(state, lectures=tuple(again))

    def moved(self, run: StageRun, event: Event) -> StageRun:
        match event:
            case LecturesStarted():
                return replace(run, planned=event.lectures_planned)
            case LectureTranscribed() | LectureRefused():
                return replace(run, done=run.done + 1, planned=max(run.planned, run.done + 1))
            case _:
                return run

    def found(self, state: CourseState, recorded: Recorded) -> CourseState:
        event = recorded.event
        lecture = state.lecture(event.lecture_id) if isinstance(event, LectureTranscribed | LectureRefused) else None
        if lecture is None:
            return state
        if isinstance(event, LectureRefused):
            refused = replace(lecture, error=event.error, message=event.message, changed_at=recorded.time)
            return replace(state, lectures=_put(state, refused))
        assert isinstance(event, LectureTranscribed)
        transcribed = replace(
            lecture, source_id=event.source_id, text=event.text, seconds=event.seconds, notes=tuple(event.problems),
            changed_at=recorded.time,
        )  # fmt: skip
        source = Source(
            stage=self.row.name, source_id=event.source_id, repo_url="", canonical_url="", ref="", commit="",
            repo_name=lecture.file_name.rpartition(".")[0], project_name=lecture.title,
            files=event.files, folders=event.folders, navigation=None, licence=lecture.licence, kind="lecture",
            file=event.captions, file_name=lecture.file_name, reader=event.reader, title=lecture.title,
            times=event.times, recording=lecture.recording,
        )  # fmt: skip
        return replace(state, lectures=_put(state, transcribed), sources=with_source(state, source))


def _put(state: CourseState, lecture: Lecture) -> tuple[Lecture, ...]:
    """The lectures with this one in its place."""
    return tuple(lecture if one.lecture_id == lecture.lecture_id else one for one in state.lectures)


def lectures_changed(state: CourseState, recorded: Recorded) -> CourseState:
    """The course after a lecture was added or removed."""
    match recorded.event:
        case LectureAdded() as event:
            lecture = Lecture(
                **{name: getattr(event, name) for name in LectureAdded.model_fields if name != "course_id"},
                added_at=recorded.time, changed_at=recorded.time,
            )  # fmt: skip
            return replace(state, lectures=(*state.lectures, lecture))
        case LectureRemoved() as event:
            gone = state.lecture(event.lecture_id)
            kept = tuple(one for one in state.lectures if one is not gone)
            left = tuple(one for one in state.sources if gone is None or one.source_id != gone.source_id)
            return replace(state, lectures=kept, sources=left)
        case _:
            return state
