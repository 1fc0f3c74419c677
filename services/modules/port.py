"""The port of stage 4 to an engine."""

from typing import Protocol

from shared.course.findings import GateReport
from shared.course.model import EngineInfo, Module
from shared.engine.types import PathwayModule, Usage


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
