"""The request builder: turns the steps of a decision into events, with every input that a worker needs.

A blob is stored before the event that names it. Its key follows from its content, so a step that is built twice gives
the same event.
"""

from collections.abc import Collection
from dataclasses import dataclass

from services.gateway.course.commands import AddFile, AddPathway, Emit, RevisePathway, Start, Step, TakeModule
from services.gateway.course.product import Product
from services.gateway.course.state import CourseState
from services.gateway.stages.added import AddedStage
from services.gateway.stages.product import PRODUCT
from services.gateway.stages.revisions import revise_all
from services.gateway.write.pathway_edits import edit, make
from shared.engine.payloads import AnalysisSet
from shared.engine.types import Pathway
from shared.events import Event
from shared.events.gateway import PathwayAdded, PathwayRevised
from shared.kernel.blobs import Blobs
from shared.kernel.ids import event_id


@dataclass(frozen=True)
class RequestBuilder:
    """Builds events for steps. Raises PermanentError or Refused when a step cannot be carried out."""

    blobs: Blobs
    product: Product = PRODUCT

    async def build(self, state: CourseState, step: Step, command_id: str) -> Event:
        """The event of a step for the course as it is after the steps before it."""
        match step:
            case Emit(event):
                return event
            case Start():
                side = self.product.by_name[step.stage]
                return await side.build(self.blobs, state, step, run_id(command_id, side.row.request))
            case RevisePathway():
                return await self._change(state, step)
            case AddPathway():
                return await self._make(state, step)
            case AddFile():
                return await self._add(state, step)

    async def _change(self, state: CourseState, step: RevisePathway) -> PathwayRevised:
        offer, analysis = state.offer(step.pathway_id), state.analysis
        assert offer is not None
        assert analysis is not None
        pathway = await self.blobs.get_model(offer.pathway, Pathway)
        analyses = await self.blobs.get_model(analysis.analyses, AnalysisSet)
        revised = revise_all(analyses, state.revisions)
        other = step.change.from_pathway_id if isinstance(step.change, TakeModule) else ""
        changed, change = edit(
            pathway, step.change, {one.document_id: one for one in revised.analyses},
            await self._offered(state, {other} - {""}),
        )  # fmt: skip
        return PathwayRevised(
            course_id=state.course_id,
            pathway_id=step.pathway_id,
            title=changed.title,
            description=changed.description,
            pathway=await self.blobs.put_model(state.course_id, changed),
            change=change,
        )

    async def _make(self, state: CourseState, wanted: AddPathway) -> PathwayAdded:
        assert state.analysis is not None
        known = await self._offered(state, {pathway_id for pathway_id, _ in wanted.modules})
        made = make(wanted, known, state.analysis.complexity_level)
        return PathwayAdded(
            course_id=state.course_id,
            pathway_id=made.id,
            kind=made.kind,
            title=made.title,
            description=made.description,
            complexity_level=made.complexity_level,
            minutes=made.estimated_minutes,
            prerequisites=list(made.prerequisites),
            pathway=await self.blobs.put_model(state.course_id, made),
        )

    async def _add(self, state: CourseState, wanted: AddFile) -> Event:
        side = self.product.by_name[wanted.stage]
        assert isinstance(side, AddedStage)
        course_id = state.course_id
        about = {"course_id": course_id, side.kind.key: wanted.file_id}
        stored = {name: await store(self.blobs, course_id) for name, store in wanted.parts.items()}
        fields = {**wanted.fields, **stored, "file_name": wanted.file_name, "path": wanted.path}
        return side.kind.added.model_validate(about | fields)

    async def _offered(self, state: CourseState, pathway_ids: Collection[str]) -> dict[str, Pathway]:
        """The pathways on offer among these, by id."""
        offers = [offer for offer in state.offers if offer.pathway_id in pathway_ids]
        return {offer.pathway_id: await self.blobs.get_model(offer.pathway, Pathway) for offer in offers}


def run_id(command_id: str, request: type[Event]) -> str:
    """The run a request starts is named by the request's own event id."""
    return event_id(command_id, request.__name__, "")
