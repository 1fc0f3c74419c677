"""Stage 3 of the offline engine: one piece of pure work over all analyses, done by a worker process of the run."""

from functools import partial
from typing import TYPE_CHECKING

from shared.course.audience import Audience
from shared.engine.port import ProjectFacts
from shared.engine.types import Pathway, Usage
from shared.workers.away import away
from shared.workers.port import MOST_PIECES, Workers

if TYPE_CHECKING:
    from services.pathway.offline import pathways
else:
    pathways = away("services.pathway.offline.pathways")


class OfflinePlanner:
    """Implements `services.pathway.port.Planner`."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    async def propose_pathways(self, project: ProjectFacts, audience: Audience) -> tuple[tuple[Pathway, ...], Usage]:
        work = partial(pathways.propose, project=project, audience=audience)
        about = "The order of the material"
        offered = await self._workers.run_prepared(work, tuple[Pathway, ...], about=about, pieces=MOST_PIECES)
        return offered, Usage()
