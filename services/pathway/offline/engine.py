"""Stage 3 of the offline engine: one piece of pure work over all analyses, done by a worker process of the run."""

from functools import partial

from services.pathway.offline.pathways import propose_pathways
from shared.engine.payloads import AnalysisSet
from shared.engine.port import Audience, ProjectFacts
from shared.engine.types import Pathway, Usage
from shared.workers.port import MOST_PIECES, Workers


class OfflinePlanner:
    """Implements `services.pathway.port.Planner`."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    async def propose_pathways(self, project: ProjectFacts, audience: Audience) -> tuple[tuple[Pathway, ...], Usage]:
        """See Planner.propose_pathways."""
        work = partial(_propose, project=project, audience=audience)
        return await self._workers.run_prepared(work, about="The order of the material", pieces=MOST_PIECES), Usage()


def _propose(known: AnalysisSet, project: ProjectFacts, audience: Audience) -> tuple[Pathway, ...]:
    return propose_pathways(known.analyses, known.graph, project, audience)
