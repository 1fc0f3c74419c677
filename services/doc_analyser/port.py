"""The port of stage 2 to an engine."""

from typing import Protocol

from services.doc_analyser.offline.inputs import DocumentFile, Studied
from shared.course.audience import Audience
from shared.engine.port import ProjectFacts
from shared.engine.types import Usage


class Analyser(Protocol):
    """An engine of one run, with the run's worker processes. Methods are coroutines that never hold the processor."""

    async def analyse(self, file: DocumentFile, project: ProjectFacts, audience: Audience) -> tuple[Studied, Usage]:
        """One document, read and analysed. Raises UnreadableText or NothingToTeach when it cannot be taught from."""
        ...
