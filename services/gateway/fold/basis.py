"""What a stage's result rests on: equal bases, equal inputs from the stages before. Pure."""

import hashlib
import json

from services.gateway.fold.state import CourseState
from shared.events.base import Stage
from shared.pipeline import PIPELINE


def basis_of(state: CourseState, stage: Stage) -> str:
    """A digest of what a run of the stage would be given now by earlier stages and by the user's choices."""
    parts: list[object] = []
    source, analysis = state.source, state.analysis
    if stage == "doc_analyser" and source is not None:
        selection = state.selection
        parts = [source.commit, source.files.sha256, selection.model_dump(mode="json") if selection else None]
    if stage == "pathway" and analysis is not None:
        parts = [analysis.analyses.sha256, state.revisions]
    if stage == "modules" and analysis is not None:
        offer = state.offer(state.selected_pathway)
        parts = [analysis.analyses.sha256, state.revisions, offer.pathway.sha256 if offer else None]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


def outdated_stages(state: CourseState) -> frozenset[Stage]:
    """Stages with a run whose inputs changed since it was asked for, and all that come after such a stage."""
    outdated: set[Stage] = set()
    for row in PIPELINE[1:]:
        run = state.runs.get(row.name)
        if run is not None and (outdated or (run.basis and run.basis != basis_of(state, row.name))):
            outdated.add(row.name)
    return frozenset(outdated)
