"""The gateway's side of the stages that read files which users add: each file becomes a source of the course."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.gateway.course.commands import Inputs, Start
from services.gateway.course.product import GatewayStage
from services.gateway.course.state import AddedFile, CourseState, Document, Lecture, Plan, Source, StageRun, replace
from services.gateway.stages.sources import with_source
from shared.added.kinds import DOCUMENTS, AddedKind, kind_adding
from shared.event_log.port import Recorded
from shared.events import Event
from shared.events.base import FileRemoved, StageEvent
from shared.kernel.blobs import Blobs
from shared.pipeline import PIPELINE

SOURCE_REMOVED = "source_removed"
"""The code of what was made from a file that was removed since."""


class AddedStage(GatewayStage):
    """Files of one kind."""

    kind: AddedKind
    takes = ()
    shows = ()

    def planned(self, plan: Plan) -> Inputs:
        return {}

    def refuse(self, state: CourseState, start: Start, is_outdated: bool) -> str | None:
        upload = f"POST /api/{self.row.name}/upload."
        return None if self.kind.files_of(state) else f"{self.asking.first}: {upload}"

    async def build(self, blobs: Blobs, state: CourseState, start: Start, run_id: str) -> StageEvent:
        left = [self.kind.asked_for(one) for one in self.kind.files_of(state) if not one.is_read]
        about = {"course_id": state.course_id, "run_id": run_id, "owner": state.owner, "retry_of": start.retry_of}
        return self.kind.requested.model_validate({**about, **self.kind.listing(left)})

    def basis(self, state: CourseState) -> Sequence[object]:
        return ()

    def requested(self, state: CourseState, event: StageEvent) -> CourseState:
        asked = {self.kind.id_of(one) for one in self.kind.files_of(event)}
        again = (
            replace(one, error="", message="") if self.kind.id_of(one) in asked else one
            for one in self.kind.files_of(state)
        )  # fmt: skip
        return replace(state, **self.kind.listing(tuple(again)))

    def moved(self, run: StageRun, event: Event) -> StageRun:
        if isinstance(event, self.kind.started):
            # A file that came since counts once it is read: what was done stays done in a later attempt.
            return run if run.done else replace(run, planned=getattr(event, self.kind.planned))
        if isinstance(event, self.kind.read | self.kind.refused):
            return replace(run, done=run.done + 1, planned=max(run.planned, run.done + 1))
        return run

    def found(self, state: CourseState, recorded: Recorded) -> CourseState:
        if not isinstance(recorded.event, self.kind.read | self.kind.refused):
            return state
        file, event = state.added(self.kind, recorded.event.natural_key()), _any(recorded.event)
        if file is None:
            return state
        if isinstance(recorded.event, self.kind.refused):
            return self._with(state, replace(file, error=event.error, message=event.message, changed_at=recorded.time))
        read = replace(file, text=event.text, changed_at=recorded.time, **self.facts(event))
        source = Source(
            stage=self.row.name, source_id=event.source_id, repo_url="", canonical_url="", ref="", commit="",
            repo_name=file.file_name.rpartition(".")[0], project_name=read.title, files=event.files,
            folders=event.folders, navigation=None, licence=file.licence, file_name=file.file_name,
            reader=event.reader, **self.source_facts(read, event),
        )  # fmt: skip
        course = self._with(state, read)
        return replace(course, sources=with_source(course, source))

    @abstractmethod
    def facts(self, event: Any) -> Mapping[str, Any]:
        """The fields of a file of this kind that follow from its reading."""

    @abstractmethod
    def source_facts(self, file: Any, event: Any) -> Mapping[str, Any]:
        """The fields of a source of this kind."""

    def _with(self, state: CourseState, file: AddedFile) -> CourseState:
        """The course with this file in its place."""
        file_id = self.kind.id_of(file)
        files = (file if self.kind.id_of(one) == file_id else one for one in self.kind.files_of(state))
        return replace(state, **self.kind.listing(tuple(files)))


def _any(event: Any) -> Any:
    """An event whose fields are those of its kind."""
    return event


def files_changed(state: CourseState, recorded: Recorded) -> CourseState:
    """The course after a file was added or removed; the course itself after another event."""
    event = recorded.event
    kind = kind_adding(event)
    if kind is None:
        return state
    files = kind.files_of(state)
    if isinstance(event, kind.added):
        fields = {name: getattr(event, name) for name in type(event).model_fields if name != "course_id"}
        at: dict[str, Any] = {
            "uploaded_at" if kind is DOCUMENTS else "added_at": recorded.time,
            "changed_at": recorded.time,
        }
        made: AddedFile = (Document if kind is DOCUMENTS else Lecture)(**fields, **at)
        there = state.added(kind, event.natural_key())
        other = (made if one is there else one for one in (*files, *([] if there else [made])))
        return replace(state, **kind.listing(tuple(other)))
    gone = state.added(kind, event.natural_key())
    left = tuple(one for one in state.sources if gone is None or not gone.is_source(one))
    changed = replace(state, sources=left, **kind.listing(tuple(one for one in files if one is not gone)))
    if gone is None or not isinstance(event, FileRemoved) or not event.withheld:
        return changed
    return _withheld(changed, event, gone.file_name, recorded.time)


def is_taught(state: CourseState, file: AddedFile) -> bool:
    """Whether what stages 2 to 4 made may be made from the file: an analysis was asked for since it was read."""
    run = state.runs.get("doc_analyser")
    is_there = any(file.is_source(one) for one in state.sources)
    return is_there and run is not None and run.requested_at >= file.changed_at


def _withheld(state: CourseState, event: FileRemoved, file_name: str, time: datetime) -> CourseState:
    """The course without all that was made from a file, but for the modules that say nothing of it."""
    message = f"Made from {file_name}, which was removed from the course: generate it again"
    over = {
        row.name: replace(
            state.runs[row.name], status="REVOKED", error=SOURCE_REMOVED, message=message, retryable=True,
            completed_at=time, next_attempt_at=None, planned=0, done=0, step="", dead=False,
        )
        for row in PIPELINE
        if row.needs and row.name in state.runs
    }  # fmt: skip
    return replace(
        state, runs={**state.runs, **over}, analysis=None, pending_documents=None, proposals=(), offers=(),
        written=dict(event.kept_modules), lacking={}, rewriting=(), generated=None,
    )  # fmt: skip
