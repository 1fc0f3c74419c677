"""The gateway's side of the stage."""

from collections.abc import Sequence

from pydantic import Field

from services.gateway.course.commands import Inputs, Start
from services.gateway.course.product import Asking, GatewayStage
from services.gateway.course.shapes import Address, Body
from services.gateway.course.state import CourseState, Plan, Source, StageRun, replace
from services.gateway.stages.sources import with_source
from shared.event_log.port import Recorded
from shared.events import Event
from shared.kernel.blobs import Blobs
from shared.kernel.ids import content_id
from tests.contract.folder_reader.events import FileRead, FolderRead, FolderReadRequested, FolderReadStarted
from tests.contract.folder_reader.row import ROW


class ReadFolderBody(Body):
    """A folder of text files."""

    folder: Address = Field(description="a path of the machine that reads")


class FolderReader(GatewayStage):
    """Text files become a source of the course."""

    row = ROW
    asking = Asking(
        "read-folder", "readFolder", "Read a folder of text files", "Beside a repository, or instead of one.",
        "Read a folder first", ReadFolderBody,
    )  # fmt: skip
    takes = ("folder",)
    shows = takes

    def planned(self, plan: Plan) -> Inputs:
        return {}

    async def build(self, blobs: Blobs, state: CourseState, start: Start, run_id: str) -> FolderReadRequested:
        return FolderReadRequested(
            course_id=state.course_id, run_id=run_id, source_id=content_id("s", start.inputs["folder"]),
            owner=state.owner, retry_of=start.retry_of, **start.inputs,
        )  # fmt: skip

    def basis(self, state: CourseState) -> Sequence[object]:
        return ()

    def moved(self, run: StageRun, event: Event) -> StageRun:
        match event:
            case FolderReadStarted():
                return replace(run, planned=event.files_planned)
            case FileRead():
                return replace(run, done=run.done + 1, step=f"Read {event.path} ({run.done + 1} of {run.planned})")
            case _:
                return run

    def found(self, state: CourseState, recorded: Recorded) -> CourseState:
        event = recorded.event
        if not isinstance(event, FolderRead):
            return state
        source = Source(
            stage=self.row.name, source_id=event.source_id, repo_url=event.folder, canonical_url=event.folder, ref="",
            commit=event.listing.sha256[:40], repo_name=event.folder.rsplit("/", 1)[-1], files=event.listing,
            folders=event.folders, navigation=None,
        )  # fmt: skip
        return replace(state, sources=with_source(state, source))
