"""The port of stage 3 to an engine."""

from typing import Protocol

from shared.course.audience import Audience
from shared.engine.port import ProjectFacts
from shared.engine.types import Pathway, Usage


class Planner(Protocol):
    """An engine of one run. Its workers were prepared with the AnalysisSet of the course."""

    async def propose_pathways(self, project: ProjectFacts, audience: Audience) -> tuple[tuple[Pathway, ...], Usage]:
        """At least three pathways that differ, as far as the sections allow; `complete` is the first."""
        ...
