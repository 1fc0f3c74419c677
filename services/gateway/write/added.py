"""Decisions about files that users add. Pure."""

from dataclasses import replace

from services.gateway.course.commands import AddFile, Emit, RemoveFile, Start, Step, Steps
from services.gateway.course.state import AddedFile
from services.gateway.stages.added import AddedStage, is_taught
from services.gateway.write.now import Decision, Now
from shared.events.gateway import StageCancelRequested
from shared.kernel.refusals import Refusal, Same

MOST_FILES = 100
"""Files of one kind in a course."""


def add_file(now: Now, command: AddFile) -> Decision:
    """The file joins the course. The run that reads files of its kind takes it up; without one, a run is asked for. One
    that failed and now lies elsewhere is added again.
    """
    state, side = now.state, _side(now, command)
    kind, run = side.kind, state.runs.get(command.stage)
    file = state.added(kind, command.file_id)
    if file is not None and not (file.error and _lies_elsewhere(file, command)):
        return Same(run.run_id if run is not None else None)
    have = kind.files_of(state)
    if file is None and len(have) >= MOST_FILES:
        detail = f"A course has at most {MOST_FILES} {kind.noun}s. Delete one first."
        return Refusal(409, f"too_many_{kind.noun}s", detail)
    # The path of the file's text: a path names one file over all sources of a course.
    path = f"{command.file_name}.md"
    if path in {one.path for one in have if one is not file}:
        stem, _, ending = command.file_name.rpartition(".")
        path = f"{stem}-{command.mark}.{ending}.md"
    steps: tuple[Step, ...] = (replace(command, path=path),)
    if run is None or not run.is_running or run.cancel_requested:
        if not now.product.is_free(state, side.row):
            return now.out_of_turn("Wait for the stage that runs, or cancel it.")
        steps += (Start(command.stage, {}),)
    return Steps(steps)


def _lies_elsewhere(file: AddedFile, command: AddFile) -> bool:
    addresses = ("stream_url", "captions_url")
    return any(name in command.fields and command.fields[name] != getattr(file, name) for name in addresses)


def remove_file(now: Now, command: RemoveFile) -> Decision:
    """The file leaves the course. What was made from it goes too, and what is being made from it is stopped."""
    state, kind = now.state, _side(now, command).kind
    file = state.added(kind, command.file_id)
    if file is None:
        return Refusal(404, "not_found", f"There is no such {kind.noun}")
    stopped = (
        Emit(StageCancelRequested(course_id=state.course_id, run_id=run.run_id, stage=stage, by=command.by))
        for stage, run in state.running
        if now.side(stage).row.needs and not run.cancel_requested and is_taught(state, file)
    )
    return Steps((*stopped, command))


def _side(now: Now, command: AddFile | RemoveFile) -> AddedStage:
    side = now.side(command.stage)
    assert isinstance(side, AddedStage)
    return side
