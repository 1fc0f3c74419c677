"""Stage 3's effects: ask the engine for pathways, keep what the user edited, store them."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from functools import partial

from services.pathway.core import Action, OfferComplete, Outcome, Proposed
from services.pathway.offline.wishes import list_unused
from services.pathway.port import Planner
from shared.docs.listing import load_navigation
from shared.engine.anthropic.source import EngineSource
from shared.engine.distance import smallest_distance
from shared.engine.payloads import AnalysisSet, PathwaySet
from shared.engine.port import Audience, ProjectFacts
from shared.engine.types import Pathway
from shared.engine.wishes import read_wishes
from shared.events.gateway import PathwaysRequested
from shared.kernel.blobs import Blobs
from shared.kernel.errors import PermanentError
from shared.kernel.kill_points import KillPoint, reached
from shared.stage.port import Run
from shared.workers.port import MOST_PIECES

_WANTED = 3


@dataclass(frozen=True)
class PathwayEffects:
    """Performs stage 3's action."""

    blobs: Blobs
    engines: EngineSource[Planner]

    async def perform(self, action: Action, run: Run) -> AsyncGenerator[Outcome, None]:
        """See Effects.perform."""
        request = action.request
        await run.progress("Looking for ways through the material", 10)
        known = await self.blobs.get(request.analyses)
        await run.workers.prepare(
            partial(AnalysisSet.model_validate_json, known), about="The material", pieces=MOST_PIECES
        )
        navigation = await load_navigation(self.blobs, request.navigation)
        engine = await asyncio.to_thread(self.engines, request.engine, request.model, request.owner, run)
        proposed, usage = await engine.propose_pathways(
            ProjectFacts(request.project_name, request.overview_document, navigation),
            Audience(request.complexity_level, request.additional_info),
        )
        pathways = await self._with_edits(proposed, request)
        if not pathways:
            raise PermanentError("No document has a section to teach", code="no_sections")
        measure = partial(smallest_distance, pathways)
        distance = await run.workers.run(measure, about="The distance of pathways", pieces=MOST_PIECES)
        for number, pathway in enumerate(pathways, start=1):
            await run.progress(f"Pathway {number} of {len(pathways)}: {pathway.title}", 100 * number // len(pathways))
            ref = await self.blobs.put_model(request.course_id, pathway)
            reached(KillPoint.effect_half_done, "pathway")
            yield Proposed(pathway, ref)
        yield OfferComplete(
            pathway_ids=tuple(pathway.id for pathway in pathways),
            smallest_distance=round(distance, 4),
            note=_note(pathways, await self._unused_wishes(request, run), request.additional_info),
            usage=usage.cost,
            answer_keys=usage.answer_keys,
        )

    async def _unused_wishes(self, request: PathwaysRequested, run: Run) -> list[str]:
        if request.engine != "offline" or not request.additional_info.strip():
            return []  # a model reads the wishes itself
        work = partial(_list_unused, text=request.additional_info)
        return await run.workers.run_prepared(work, about="The wishes", pieces=MOST_PIECES)

    async def _with_edits(self, proposed: tuple[Pathway, ...], request: PathwaysRequested) -> tuple[Pathway, ...]:
        """Pathways the user edited are offered as edited: a new run throws no work away."""
        if request.edits is None:
            return proposed
        edited = {pathway.id: pathway for pathway in (await self.blobs.get_model(request.edits, PathwaySet)).pathways}
        kept = tuple(edited.pop(pathway.id, pathway) for pathway in proposed)
        return kept + tuple(edited.values())


def _list_unused(known: AnalysisSet, text: str) -> list[str]:
    return list_unused(known.analyses, text)


def _note(pathways: tuple[Pathway, ...], unused: Sequence[str], text: str) -> str:
    """The note for users about the offer."""
    wishes = f"These of your wishes could not be used: {', '.join(unused)}." if unused else ""
    return " ".join(part for part in (_say_few(pathways), wishes, _say_too_long(pathways, text)) if part)


def _say_too_long(pathways: tuple[Pathway, ...], text: str) -> str:
    most = read_wishes(text).most_minutes
    shortest = min(pathway.estimated_minutes for pathway in pathways)
    return (
        f"No pathway takes at most {most} minutes: the shortest takes {shortest}." if most and shortest > most else ""
    )


def _say_few(pathways: tuple[Pathway, ...]) -> str:
    if len(pathways) >= _WANTED:
        return ""
    sections = len({(ref.document_id, ref.section_id) for p in pathways for m in p.modules for ref in m.sections})
    return f"With {sections} sections to teach there are no more than {len(pathways)} pathways that differ."
