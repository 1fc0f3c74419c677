"""Stage 3 with a model: the model groups sections, the program answers for the order and the whole."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from services.pathway.answers import PathwayAnswer, PathwaysAnswer
from services.pathway.offline.engine import OfflinePlanner
from services.pathway.prompts import PATHWAYS
from shared.course.audience import Audience
from shared.engine.model.question import Model, Question, ask_to_mend, audience_text
from shared.engine.payloads import AnalysisSet
from shared.engine.port import ProjectFacts
from shared.engine.types import Pathway, Usage
from shared.workers.away import away
from shared.workers.port import MOST_PIECES, Workers

if TYPE_CHECKING:
    from services.pathway import grouping
else:
    grouping = away("services.pathway.grouping")

R = TypeVar("R")

_TOKENS = 8000
_ROUNDS = 2
_PROBLEMS = 20


class ModelPlanner:
    """Implements `services.pathway.port.Planner`."""

    def __init__(self, model: Model, workers: Workers) -> None:
        self._model, self._workers = model, workers

    async def propose_pathways(self, project: ProjectFacts, audience: Audience) -> tuple[tuple[Pathway, ...], Usage]:
        """See Planner.propose_pathways. A pathway whose order the concepts contradict is sent back once, then replaced.

        The others are kept, so that neither question nor answer has them again.
        """
        fallback, _ = await OfflinePlanner(self._workers).propose_pathways(project, audience)
        text = await self._on_material(grouping.show_sections, str)
        own = f"The project is {project.name}. {audience_text(audience)}"
        total, kept = Usage(), list[PathwayAnswer]()
        for _ in range(_ROUNDS):
            question = Question(shared=f"{PATHWAYS}\n{text}", own=own, max_tokens=_TOKENS)
            answer, usage = await self._model.ask(question, PathwaysAnswer)
            total += usage
            answer = answer.model_copy(update={"pathways": [*answer.pathways, *kept]})
            grouped = await self._on_material(
                partial(grouping.group, answer=answer, fallback=fallback), list[tuple[Pathway, list[str]]]
            )
            problems = [problem for _, found in grouped for problem in found]
            if not problems:
                return tuple(pathway for pathway, _ in grouped), total
            wrong = {pathway.kind for pathway, found in grouped if found}
            kept = [one for one in answer.pathways if one.kind not in wrong]
            last = answer.model_copy(update={"pathways": [one for one in answer.pathways if one.kind in wrong]})
            own = f"{own}\n{ask_to_mend(last, problems[:_PROBLEMS])}"
        sound = {pathway.kind: pathway for pathway in fallback} | {
            pathway.kind: pathway for pathway, found in grouped if not found
        }
        return tuple(sorted(sound.values(), key=lambda p: (p.kind != "complete", p.kind))), total

    async def _on_material(self, piece: Callable[[AnalysisSet], R], gives: Any) -> R:
        return await self._workers.run_prepared(piece, gives, about="The order of the material", pieces=MOST_PIECES)
