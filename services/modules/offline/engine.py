"""Stage 4 of the offline engine: each module is pure work, done by a worker process of the run."""

from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from typing import TYPE_CHECKING

from shared.course.findings import GateReport
from shared.course.model import EngineInfo, Module
from shared.engine.types import PathwayModule, Usage
from shared.workers.away import away
from shared.workers.port import Workers

if TYPE_CHECKING:
    from services.modules.cited.brief import Briefs
    from services.modules.offline import writer
else:
    writer = away("services.modules.offline.writer")

_MODEL = "lemminflect"


class OfflineWriter:
    """Implements `services.modules.port.Writer`."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    @property
    def info(self) -> EngineInfo:
        """Its version is that of the rules, its model that of the dictionary."""
        return EngineInfo(name="offline", model=f"{_MODEL} {version(_MODEL)}", version="2", prompt_version="")

    async def write_module(self, planned: PathwayModule) -> tuple[Module, Usage]:
        return await self._on_module(partial(writer.write, module_id=planned.id), planned), Usage()

    async def revise_module(self, planned: PathwayModule, module: Module, report: GateReport) -> tuple[Module, Usage]:
        return await self._on_module(partial(writer.revise, module=module, report=report), planned), Usage()

    async def _on_module(self, work: "Callable[[Briefs], Module]", planned: PathwayModule) -> Module:
        return await self._workers.run_prepared(work, Module, about=f"The module “{planned.title}”", key=planned.id)
