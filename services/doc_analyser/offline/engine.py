"""Stage 2 of the offline engine: each call is pure work, done by a worker process of the run."""

from functools import partial
from typing import TYPE_CHECKING

from services.doc_analyser.offline.inputs import DocumentFile, Studied
from shared.course.audience import Audience
from shared.engine.port import ProjectFacts
from shared.engine.titles import bare_name
from shared.engine.types import Usage
from shared.workers.away import away
from shared.workers.port import Workers

if TYPE_CHECKING:
    from services.doc_analyser.offline import documents
else:
    documents = away("services.doc_analyser.offline.documents")


class OfflineAnalyser:
    """Implements `services.doc_analyser.port.Analyser`."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    async def analyse(self, file: DocumentFile, project: ProjectFacts, audience: Audience) -> tuple[Studied, Usage]:
        """See Analyser.analyse. What a document says does not depend on the audience."""
        work = partial(documents.study, file, bare_name(project.name))
        return await self._workers.run(work, Studied, about=file.path, key=file.document_id), Usage()
