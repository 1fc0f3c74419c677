"""The results of a stage as the next stages get them: blobs that a request refers to."""

from collections.abc import Sequence

from services.gateway.course.state import CourseState, Offer
from services.gateway.stages.revisions import revise_all
from shared.docs.listing import NavigationPayload, load_navigation
from shared.docs.navigation import Navigation
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


async def navigation_of(blobs: Blobs, state: CourseState) -> BlobRef | None:
    """The authors' order over all sources, one source after the other; None when no author gave one."""
    refs = [source.navigation for source in state.sources if source.navigation is not None]
    if len(refs) < 2:
        return refs[0] if refs else None
    orders = [await load_navigation(blobs, ref) for ref in refs]
    entries = tuple(entry for order in orders for entry in order.entries)
    made = tuple(path for order in orders for path in order.made)
    origin = next((order.origin for order in orders if order.entries), "")
    return await blobs.put_model(state.course_id, NavigationPayload(Navigation(origin, entries, made)))


async def pathways_of(blobs: Blobs, state: CourseState, offers: Sequence[Offer]) -> BlobRef:
    """Pathways on offer, edits applied."""
    pathways = [await blobs.get_model(offer.pathway, Pathway) for offer in offers]
    return await blobs.put_model(state.course_id, PathwaySet(pathways=tuple(pathways)))
