"""Stage 4 with a model: the model writes from numbered sentences, so that every citation is the program's."""

from functools import partial
from typing import TYPE_CHECKING

from services.modules.answers import LessonAnswer
from services.modules.prompts import PROMPT_VERSION
from shared.course.findings import GateReport
from shared.course.model import EngineInfo, Module
from shared.engine.model.question import Model, Question
from shared.engine.types import PathwayModule, Usage
from shared.workers.away import away
from shared.workers.port import Workers

if TYPE_CHECKING:
    from services.modules import lesson
else:
    lesson = away("services.modules.lesson")

_VERSION = "1"


class ModelWriter:
    """Implements `services.modules.port.Writer`."""

    def __init__(self, model: Model, workers: Workers) -> None:
        self._model, self._workers = model, workers
        self._answers: dict[str, LessonAnswer] = {}

    @property
    def info(self) -> EngineInfo:
        """See Writer.info."""
        return EngineInfo(
            name=self._model.engine, model=self._model.model, version=_VERSION, prompt_version=PROMPT_VERSION
        )

    async def write_module(self, planned: PathwayModule) -> tuple[Module, Usage]:
        """See Writer.write_module."""
        return await self._write(planned, None)

    async def revise_module(self, planned: PathwayModule, module: Module, report: GateReport) -> tuple[Module, Usage]:
        """See Writer.revise_module. The model revises; what it leaves wrong is then taken out by the program."""
        return await self._write(planned, report)

    async def _write(self, planned: PathwayModule, report: GateReport | None) -> tuple[Module, Usage]:
        about = f"The module “{planned.title}”"
        last = self._answers.get(planned.id) if report else None
        ask = partial(lesson.ask_for_module, module_id=planned.id, last=last, report=report)
        question = await self._workers.run_prepared(ask, Question, about=about, key=planned.id)
        answer, usage = await self._model.ask(question, LessonAnswer)
        self._answers[planned.id] = answer
        build = partial(lesson.build_module, module_id=planned.id, answer=answer)
        return await self._workers.run_prepared(build, Module, about=about, key=planned.id), usage
