"""Stage 2 with a model: the structure of documents is read by the program, as offline; the model judges.

This module must not import a provider's SDK: every new worker process would wait seconds for it.
"""

from functools import partial

from services.doc_analyser.answers import AnalysisAnswer
from services.doc_analyser.offline.analyse import analyse
from services.doc_analyser.offline.documents import Studied, read_source
from services.doc_analyser.offline.inputs import DocumentFile
from services.doc_analyser.prompts import ANALYSIS
from services.doc_analyser.understanding import merge_analysis
from shared.docs.read_documents import dump_document
from shared.engine.anthropic.material import Material
from shared.engine.anthropic.question import Model, Question, audience_text
from shared.engine.port import Audience, ProjectFacts
from shared.engine.titles import bare_name
from shared.engine.types import Usage
from shared.workers.port import Workers

_TOKENS = 3000


class ModelAnalyser:
    """Implements `services.doc_analyser.port.Analyser`."""

    def __init__(self, model: Model, workers: Workers) -> None:
        self._model, self._workers = model, workers

    async def analyse(self, file: DocumentFile, project: ProjectFacts, audience: Audience) -> tuple[Studied, Usage]:
        """See Analyser.analyse."""
        read = partial(number, file, bare_name(project.name))
        studied, material = await self._workers.run(read, about=file.path, key=file.document_id)
        question = Question(
            shared=f"{ANALYSIS}\nThe project is {project.name}. {audience_text(audience)}",
            own=material.render(),
            max_tokens=_TOKENS,
        )
        answer, usage = await self._model.ask(question, AnalysisAnswer)
        merge = partial(merge_analysis, studied.analysis, answer, material)
        analysis = await self._workers.run(merge, about=file.path, key=file.document_id)
        return Studied(analysis, studied.document), usage


def number(file: DocumentFile, project: str) -> tuple[Studied, Material]:
    """The program's analysis of a document, and the document as a prompt shows it. Pure."""
    source = read_source(file)
    material = Material()
    material.add(source.document_id, source.document, source.document.sections)
    return Studied(analyse(source, project), dump_document(source.document)), material
