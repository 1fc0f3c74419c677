"""The results of a stage as the next stages get them: blobs that a request refers to."""

from collections.abc import Sequence

from services.gateway.course.state import CourseState, Offer
from services.gateway.stages.revisions import revise_all
from shared.engine.payloads import AnalysisSet, PathwaySet
from shared.engine.types import Pathway
from shared.events import BlobRef
from shared.kernel.blobs import Blobs


async def analyses_of(blobs: Blobs, state: CourseState) -> BlobRef:
    """The analyses with the corrections made since."""
    assert state.analysis is not None
    if not state.revisions:
        return state.analysis.analyses
    analyses = await blobs.get_model(state.analysis.analyses, AnalysisSet)
    return await blobs.put_model(state.course_id, revise_all(analyses, state.revisions))


async def pathways_of(blobs: Blobs, state: CourseState, offers: Sequence[Offer]) -> BlobRef:
    """Pathways on offer, edits applied."""
    pathways = [await blobs.get_model(offer.pathway, Pathway) for offer in offers]
    return await blobs.put_model(state.course_id, PathwaySet(pathways=tuple(pathways)))
