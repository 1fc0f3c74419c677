"""Stage 3's effects: ask the engine for pathways, keep what the user edited, store them."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from services.pathway.core import Action, Outcome
from services.pathway.port import Planner
from shared.course.audience import Audience
from shared.docs.listing import load_navigation
from shared.engine.model.source import EngineSource
from shared.engine.payloads import AnalysisSet, PathwaySet
from shared.engine.port import ProjectFacts
from shared.engine.types import Pathway, Usage
from shared.events.gateway import PathwaysRequested
from shared.events.pathway import PathwayProposed, PathwaysProposed
from shared.kernel.blobs import Blobs
from shared.kernel.errors import EngineDeclined, PermanentError
from shared.kernel.kill_points import KillPoint, reached
from shared.stage.port import Run
from shared.workers.away import away
from shared.workers.port import MOST_PIECES

if TYPE_CHECKING:
    from services.pathway import offer
else:
    offer = away("services.pathway.offer")


@dataclass(frozen=True)
class PathwayEffects:
    """Performs stage 3's action."""

    blobs: Blobs
    engines: EngineSource[Planner]

    async def perform(self, action: Action, run: Run) -> AsyncGenerator[Outcome, None]:
        request = action.request
        await run.progress("Looking for ways through the material", 10)
        known = await self.blobs.get(request.analyses)
        await run.workers.prepare(
            partial(AnalysisSet.model_validate_json, known), about="The material", pieces=MOST_PIECES
        )
        navigation = await load_navigation(self.blobs, request.navigation)
        engine = await asyncio.to_thread(self.engines, request.engine, request.model, request.owner, run)
        project = ProjectFacts(request.project_name, request.overview_document, navigation)
        audience = Audience(request.complexity_level, request.additional_info)
        declined = ""
        try:
            proposed, usage = await engine.propose_pathways(project, audience)
        except EngineDeclined as error:
            declined = f"{error.message}; a program alone made these pathways. "
            proposed, _ = await self.engines("offline", "", request.owner, run).propose_pathways(project, audience)
            usage = error.spent or Usage()
        pathways = await self._with_edits(proposed, request)
        if not pathways:
            raise PermanentError("No document has a section to teach", code="no_sections")
        is_read = request.engine != "offline" and not declined
        sum_up = partial(offer.sum_up, pathways=pathways, text=request.additional_info, is_read=is_read)
        smallest, note = await run.workers.run_prepared(
            sum_up, tuple[float, str], about="The offer", pieces=MOST_PIECES
        )
        for number, pathway in enumerate(pathways, start=1):
            await run.progress(f"Pathway {number} of {len(pathways)}: {pathway.title}", 100 * number // len(pathways))
            ref = await self.blobs.put_model(request.course_id, pathway)
            reached(KillPoint.effect_half_done, "pathway")
            yield PathwayProposed(
                course_id=run.course_id, run_id=run.run_id, pathway_id=pathway.id, kind=pathway.kind,
                title=pathway.title, description=pathway.description, complexity_level=pathway.complexity_level,
                minutes=pathway.estimated_minutes, prerequisites=list(pathway.prerequisites),
                module_count=len(pathway.modules), pathway=ref,
            )  # fmt: skip
        yield PathwaysProposed(
            course_id=run.course_id,
            run_id=run.run_id,
            pathway_ids=[pathway.id for pathway in pathways],
            smallest_distance=round(smallest, 4),
            note=f"{declined}{note}".strip(),
            usage=usage.cost,
            answer_keys=list(usage.answer_keys),
        )

    async def _with_edits(self, proposed: tuple[Pathway, ...], request: PathwaysRequested) -> tuple[Pathway, ...]:
        """Pathways the user edited are offered as edited: a new run throws no work away."""
        if request.edits is None:
            return proposed
        edited = {pathway.id: pathway for pathway in (await self.blobs.get_model(request.edits, PathwaySet)).pathways}
        kept = tuple(edited.pop(pathway.id, pathway) for pathway in proposed)
        return kept + tuple(edited.values())
