"""How long each way through the material takes, all by the measure of what was written. Pure."""

from collections.abc import Sequence

from shared.course.model import Module
from shared.engine.types import Pathway

_WHOLE = "complete"


def estimate_pathways(pathways: Sequence[Pathway], selected_id: str, modules: Sequence[Module]) -> dict[str, int]:
    """Minutes of each pathway by its id.

    The selected one takes as long as its modules. The others were planned by all they could hold, so their plans are
    scaled by what became of the selected one's, and none is longer than the way through everything.
    """
    selected = next(pathway for pathway in pathways if pathway.id == selected_id)
    written = sum(module.estimated_minutes for module in modules)
    minutes = {
        pathway.id: max(1, round(pathway.estimated_minutes * written / max(1, selected.estimated_minutes)))
        for pathway in pathways
    }
    whole = next((pathway.id for pathway in pathways if pathway.kind == _WHOLE), selected_id)
    minutes[selected_id] = written
    minutes[whole] = max(minutes[whole], written)
    return {i: written if i == selected_id else min(length, minutes[whole]) for i, length in minutes.items()}
