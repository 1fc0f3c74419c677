"""A written module as it is stored between the stage that writes it and all that show it."""

from shared.course.findings import GateReport
from shared.course.model import Module
from shared.engine.types import Usage
from shared.kernel.values import Value


class WrittenModule(Value):
    """A module's content as stored: the course.json module, with its gate report and cost."""

    module: Module
    report: GateReport
    rounds: int = 1
    usage: Usage = Usage()
