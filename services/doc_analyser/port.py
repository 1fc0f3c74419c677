"""The port of stage 2 to an engine."""

from typing import Protocol

from shared.engine.port import Audience, DocumentFile, ProjectFacts
from shared.engine.types import DocumentAnalysis, Usage


class Analyser(Protocol):
    """An engine of one run, with the run's worker processes. Methods are coroutines that never hold the processor."""

    async def analyse(
        self, file: DocumentFile, project: ProjectFacts, audience: Audience
    ) -> tuple[DocumentAnalysis, Usage]:
        """The analysis of one document. Raises UnreadableText or NothingToTeach when it cannot be taught from."""
        ...
