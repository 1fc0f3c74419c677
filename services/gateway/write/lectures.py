"""Decisions about lectures. Pure."""

from services.gateway.course.commands import AddLecture, Emit, RemoveLecture, Start, Step, Steps
from services.gateway.course.state import CourseState
from services.gateway.write.now import Decision, Now
from shared.events.gateway import LectureAdded, LectureRemoved
from shared.kernel.refusals import Refusal, Same

MOST_LECTURES = 100
"""Lectures of a course."""

_STAGE = "lectures"


def add_lecture(now: Now, command: AddLecture) -> Decision:
    """The lecture joins the course. The run that transcribes lectures takes it up; without one, a run is asked for."""
    state, run = now.state, now.state.runs.get(_STAGE)
    if state.lecture(command.lecture_id) is not None:
        return Same(run.run_id if run is not None else None)
    if command.captions is None and command.recording is None:
        return Refusal(409, "lecture_removed", "The lecture was removed meanwhile. Send it again.")
    if len(state.lectures) >= MOST_LECTURES:
        return Refusal(409, "too_many_lectures", f"A course has at most {MOST_LECTURES} lectures. Remove one first.")
    steps: tuple[Step, ...] = (
        Emit(LectureAdded(course_id=state.course_id, path=_path(state, command), **vars(command))),
    )
    if run is None or not run.is_running or run.cancel_requested:
        if not now.product.is_free(state, now.side(_STAGE).row):
            return now.out_of_turn("Wait for the stage that runs, or cancel it.")
        steps += (Start(_STAGE, {}),)
    return Steps(steps)


def _path(state: CourseState, command: AddLecture) -> str:
    """The path of the lecture's text: a path names one file over all sources of a course."""
    path = f"{command.file_name}.md"
    if path in {one.path for one in state.lectures}:
        stem, _, ending = command.file_name.rpartition(".")
        path = f"{stem}-{command.lecture_id}.{ending}.md"
    return path


def remove_lecture(now: Now, command: RemoveLecture) -> Decision:
    """The lecture leaves the course; what was made from it is outdated from now on."""
    if now.state.lecture(command.lecture_id) is None:
        return Refusal(404, "not_found", "There is no such lecture")
    return Steps((Emit(LectureRemoved(course_id=now.state.course_id, lecture_id=command.lecture_id, by=command.by)),))
