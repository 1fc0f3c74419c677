"""The gateway's side of doc_analyser: the selected documents of every source are read and analysed."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from services.gateway.course.commands import Start
from services.gateway.course.product import Asking
from services.gateway.course.shapes import LEVEL, Body, ModelName, Text
from services.gateway.course.state import Analysis, CourseState, Source, StageRun, replace
from services.gateway.stages.handed_on import navigation_of
from services.gateway.stages.inputs import TEACHING, TeachingStage
from services.gateway.stages.selection import check_paths, document_inputs, overview_of, select_documents
from services.gateway.stages.sources import content_source_id, first_source, project_name_of
from shared.docs.listing import Listing
from shared.engine.payloads import DocumentInputs
from shared.event_log.port import Recorded
from shared.events import Event
from shared.events.base import EngineName, Level
from shared.events.doc_analyser import DocsAnalysed, DocsAnalysisStarted, DocumentAnalysed, DocumentSkipped
from shared.events.gateway import DocsAnalysisRequested
from shared.kernel.blobs import Blobs
from shared.kernel.errors import PermanentError
from shared.pipeline import PIPELINE


class AnalyzeDocumentsBody(Body):
    """Stage 2."""

    complexity_level: Level | None = Field(default=None, description=LEVEL)
    additional_info: Text = ""
    engine: EngineName | None = None
    model: ModelName = Field(default="", description="of the engine; empty means as before")


class DocAnalyser(TeachingStage):
    """Documents become analyses, and a graph of concepts over all of them."""

    row = PIPELINE.by_name["doc_analyser"]
    asking = Asking(
        "analyze-documents", "analyzeDocuments", "Analyse the documents",
        "The selected documents, or all documentation when nothing was selected.", "Analyse the documents first",
        AnalyzeDocumentsBody,
    )  # fmt: skip
    shows = (*TEACHING, "overview_document")

    async def build(self, blobs: Blobs, state: CourseState, start: Start, run_id: str) -> DocsAnalysisRequested:
        source = first_source(state)
        listings = [(one, await blobs.get_model(one.files, Listing)) for one in state.sources]
        check_paths([listing for _, listing in listings])
        chosen = [(one, listing, select_documents(listing, state.selection_of(one))) for one, listing in listings]
        inputs = [
            given for one, listing, files in chosen for given in document_inputs(listing, files, content_source_id(one))
        ]
        if not inputs:
            message = "There is no documentation in the selected folders. Select others with stage1-selections."
            raise PermanentError(message, code="no_documents")
        return DocsAnalysisRequested(
            course_id=state.course_id, run_id=run_id, owner=state.owner, retry_of=start.retry_of,
            documents=await blobs.put_model(state.course_id, DocumentInputs(documents=tuple(inputs))),
            documents_planned=len(inputs),
            project_name=project_name_of(source),
            overview_document=overview_of(chosen[0][2], state.selection_of(source)),
            navigation=await navigation_of(blobs, state),
            **start.inputs,
        )  # fmt: skip

    def basis(self, state: CourseState) -> Sequence[object]:
        return [part for source in state.sources for part in _basis(state, source)]

    def requested(self, state: CourseState, event: Any) -> CourseState:
        return replace(state, pending_documents=event.documents)

    def moved(self, run: StageRun, event: Event) -> StageRun:
        match event:
            case DocsAnalysisRequested() | DocsAnalysisStarted():
                return replace(run, planned=event.documents_planned)
            case DocumentAnalysed() | DocumentSkipped():
                done = run.done + 1
                return replace(run, done=done, step=f"Analysed {event.path} ({done} of {run.planned})")
            case _:
                return run

    def found(self, state: CourseState, recorded: Recorded) -> CourseState:
        event, inputs = recorded.event, state.runs[self.row.name].inputs
        if not isinstance(event, DocsAnalysed) or state.pending_documents is None:
            return state
        analysis = Analysis(
            state.pending_documents, event.analyses, inputs.get("overview_document"),
            inputs["complexity_level"], inputs["engine"], inputs.get("model", ""), event.analysed,
        )  # fmt: skip
        return replace(state, analysis=analysis, pending_documents=None)


def _basis(state: CourseState, source: Source) -> tuple[object, ...]:
    selection = state.selection_of(source)
    return source.commit, source.files.sha256, selection.model_dump(mode="json") if selection else None
