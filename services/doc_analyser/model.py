"""Stage 2 with a model: the structure of documents is read by the program, as offline; the model judges."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from services.doc_analyser.answers import AnalysisAnswer, Numbered
from services.doc_analyser.offline.inputs import DocumentFile, Studied
from services.doc_analyser.prompts import ANALYSIS
from shared.course.audience import Audience
from shared.engine.model.question import Model, Question, audience_text
from shared.engine.port import ProjectFacts
from shared.engine.titles import bare_name
from shared.engine.types import DocumentAnalysis, Usage
from shared.kernel.errors import EngineDeclined
from shared.workers.away import away
from shared.workers.port import Workers

if TYPE_CHECKING:
    from services.doc_analyser import understanding
else:
    understanding = away("services.doc_analyser.understanding")

_TOKENS = 3000


class ModelAnalyser:
    """Implements `services.doc_analyser.port.Analyser`."""

    def __init__(self, model: Model, workers: Workers) -> None:
        self._model, self._workers = model, workers

    async def analyse(self, file: DocumentFile, project: ProjectFacts, audience: Audience) -> tuple[Studied, Usage]:
        read = partial(understanding.number, file, bare_name(project.name))
        studied, numbered = await self._workers.run(
            read, tuple[Studied, Numbered], about=file.path, key=file.document_id
        )
        question = Question(
            shared=f"{ANALYSIS}\nThe project is {project.name}. {audience_text(audience)}",
            own=numbered.text,
            max_tokens=_TOKENS,
        )
        try:
            answer, usage = await self._model.ask(question, AnalysisAnswer)
        except EngineDeclined as error:
            # The program's own reading serves a learner better than a gap; the document's row says so.
            problems = (*studied.analysis.problems, f"{error.message}; a program alone analysed this document")
            alone = replace(studied, analysis=studied.analysis.model_copy(update={"problems": problems}))
            return alone, error.spent or Usage()
        merge = partial(understanding.merge_analysis, studied.analysis, answer, numbered)
        analysis = await self._workers.run(merge, DocumentAnalysis, about=file.path, key=file.document_id)
        return Studied(analysis, studied.document), usage
