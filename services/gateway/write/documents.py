"""Decisions about uploaded documents. Pure."""

from services.gateway.course.commands import AddDocument, DeleteDocument, Emit, Start, Step, Steps
from services.gateway.course.state import CourseState
from services.gateway.write.now import Decision, Now
from shared.events.gateway import DocumentDeleted, DocumentUploaded
from shared.kernel.refusals import Refusal, Same

MOST_DOCUMENTS = 100
"""Uploaded documents of a course."""

_STAGE = "documents"


def add_document(now: Now, command: AddDocument) -> Decision:
    """The document joins the course. The run that reads documents takes it up; without one, a run is asked for."""
    state, run = now.state, now.state.runs.get(_STAGE)
    if state.document(command.document_id) is not None:
        return Same(run.run_id if run is not None else None)
    if len(state.documents) >= MOST_DOCUMENTS:
        return Refusal(409, "too_many_documents", f"A course has at most {MOST_DOCUMENTS} documents. Delete one first.")
    uploaded = DocumentUploaded(
        course_id=state.course_id, document_id=command.document_id, file_name=command.file_name,
        path=_path(state, command), blob=command.blob, licence=command.licence,
    )  # fmt: skip
    steps: tuple[Step, ...] = (Emit(uploaded),)
    if run is None or not run.is_running or run.cancel_requested:
        if not now.product.is_free(state, now.side(_STAGE).row):
            return now.out_of_turn("Wait for the stage that runs, or cancel it.")
        steps += (Start(_STAGE, {}),)
    return Steps(steps)


def _path(state: CourseState, command: AddDocument) -> str:
    """The path of the document's text: a path names one file over all sources of a course."""
    taken = {one.path for one in state.documents}
    path = f"{command.file_name}.md"
    if path in taken:
        stem, _, ending = command.file_name.rpartition(".")
        path = f"{stem}-{command.blob.sha256[:8]}.{ending}.md"
    return path


def delete_document(now: Now, command: DeleteDocument) -> Decision:
    """The document leaves the course; what was made from it is outdated from now on."""
    if now.state.document(command.document_id) is None:
        return Refusal(404, "not_found", "There is no such document")
    event = DocumentDeleted(course_id=now.state.course_id, document_id=command.document_id, by=command.by)
    return Steps((Emit(event),))
