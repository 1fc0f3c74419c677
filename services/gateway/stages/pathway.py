"""The gateway's side of pathway: analyses become pathways on offer, and a user's edits of them are kept."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from services.gateway.course.commands import Start
from services.gateway.course.product import Asking
from services.gateway.course.shapes import LEVEL, Body, ModelName, Text
from services.gateway.course.state import CourseState, Offer, replace, with_run
from services.gateway.stages.handed_on import analyses_of, navigation_of, pathways_of
from services.gateway.stages.inputs import TEACHING, TeachingStage
from services.gateway.stages.sources import first_source, project_name_of
from shared.event_log.port import Recorded
from shared.events.base import EngineName, Level
from shared.events.gateway import PathwaysRequested
from shared.events.pathway import PathwayProposed, PathwaysProposed
from shared.kernel.blobs import Blobs
from shared.pipeline import PIPELINE


class GeneratePathwaysBody(Body):
    """Stage 3; a level that is not given is the analysis's."""

    additional_info: Text = ""
    complexity_level: Level | None = Field(default=None, description=LEVEL)
    engine: EngineName | None = None
    model: ModelName = Field(default="", description="of the engine; empty means as before")


class Pathways(TeachingStage):
    """Pathways on offer."""

    row = PIPELINE.by_name["pathway"]
    asking = Asking(
        "generate-pathways", "generatePathways", "Propose learning pathways",
        "At least three that differ, as far as the documents allow.", "Propose pathways first", GeneratePathwaysBody,
    )  # fmt: skip
    shows = TEACHING

    async def build(self, blobs: Blobs, state: CourseState, start: Start, run_id: str) -> PathwaysRequested:
        source, analysis = first_source(state), state.analysis
        assert analysis is not None
        # An edit is kept for as long as what it was made on is the same; else its sections may be gone.
        edited = [offer for offer in state.offers if offer.revised_on == analysis.analyses.sha256]
        return PathwaysRequested(
            course_id=state.course_id, run_id=run_id, owner=state.owner, retry_of=start.retry_of,
            analyses=await analyses_of(blobs, state),
            navigation=await navigation_of(blobs, state),
            project_name=project_name_of(source),
            overview_document=analysis.overview_document,
            edits=await pathways_of(blobs, state, edited) if edited else None,
            **start.inputs,
        )  # fmt: skip

    def basis(self, state: CourseState) -> Sequence[object]:
        return [] if state.analysis is None else [state.analysis.analyses.sha256, state.revisions]

    def requested(self, state: CourseState, event: Any) -> CourseState:
        return replace(state, proposals=())

    def found(self, state: CourseState, recorded: Recorded) -> CourseState:
        match recorded.event:
            case PathwayProposed() as event:
                offer = Offer(event.pathway_id, event.kind, event.title, event.pathway, minutes=event.minutes)
                kept = tuple(have for have in state.proposals if have.pathway_id != event.pathway_id)
                return replace(state, proposals=(*kept, offer))
            case PathwaysProposed() as event:
                return _offered(state, event)
            case _:
                return state


def _offered(state: CourseState, event: PathwaysProposed) -> CourseState:
    """New offers replace the old ones, but a user's edit stays as long as what it was made on is the same; an edit that
    cannot stay is named in the run's notes.
    """
    basis = state.analysis.analyses.sha256 if state.analysis is not None else ""
    edited = {offer.pathway_id: offer for offer in state.offers if offer.revised_on}
    kept = {pathway_id: offer for pathway_id, offer in edited.items() if offer.revised_on == basis}
    fresh = {offer.pathway_id: offer for offer in state.proposals if offer.pathway_id in event.pathway_ids}
    proposed = [fresh[pathway_id] for pathway_id in event.pathway_ids if pathway_id in fresh]
    offers = [kept.get(offer.pathway_id, offer) for offer in proposed]
    offers += [offer for pathway_id, offer in kept.items() if pathway_id not in fresh]
    lost = [
        f"Your edits of “{edited[key].title}” were replaced: its documents changed"
        for key in sorted(edited.keys() - kept)
    ]
    notes = (*([event.note] if event.note else []), *lost)
    run = replace(state.runs[Pathways.row.name], notes=notes)
    still = any(offer.pathway_id == state.selected_pathway for offer in offers)
    return replace(
        with_run(state, Pathways.row.name, run), offers=tuple(offers), proposals=(),
        selected_pathway=state.selected_pathway if still else None,
    )  # fmt: skip
