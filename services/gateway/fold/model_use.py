"""The use of models that a fact tells. Pure."""

from shared.events import Event, EventUsage
from shared.events.doc_analyser import DocumentAnalysed
from shared.events.modules import ModuleWritten
from shared.events.pathway import PathwaysProposed


def model_use_of(event: Event) -> EventUsage | None:
    """The use behind one fact. The facts that end stages 2 and 4 sum up those of their documents and modules, and are
    left out.
    """
    match event:
        case DocumentAnalysed(usage=usage) | PathwaysProposed(usage=usage) | ModuleWritten(usage=usage) if usage.calls:
            return usage
        case _:
            return None
