"""The port of stage 4 to an engine, and the material that the engine's work finds in a worker process."""

from typing import Protocol

from services.modules.brief import ModuleBrief
from services.modules.offline.items.taught_text import TaughtText
from shared.course.findings import GateReport
from shared.course.model import EngineInfo, Module
from shared.engine.types import PathwayModule, Usage


class Briefs(Protocol):
    """The material that workers are prepared with before modules are written."""

    def brief(self, module_id: str) -> ModuleBrief:
        """The material of one module of the run."""
        ...

    @property
    def said(self) -> TaughtText:
        """All that the course teaches."""
        ...


class Writer(Protocol):
    """An engine of one run. Its workers were prepared with Briefs. Methods never hold the processor."""

    @property
    def info(self) -> EngineInfo:
        """Name, model and versions, as course.json states them."""
        ...

    async def write_module(self, planned: PathwayModule) -> tuple[Module, Usage]:
        """The first round of a module."""
        ...

    async def revise_module(self, planned: PathwayModule, module: Module, report: GateReport) -> tuple[Module, Usage]:
        """Later rounds: the module again, without what the gates found."""
        ...
