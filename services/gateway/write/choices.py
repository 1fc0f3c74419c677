"""Decisions about choices and corrections that a user makes between two stages. Pure."""

from services.gateway.course import commands
from services.gateway.write.now import Decision, Now
from services.gateway.write.runs import start_stage
from shared.events.gateway import DocumentRevised, PathwayDeleted, PathwaySelected, SourceSelection, SourcesSelected
from shared.kernel.refusals import Refusal, Same, invalid


def select_sources(now: Now, command: commands.SelectSources) -> Decision:
    """Decide which part of the first source is taught; the analysis can start with it."""
    state = now.state
    missing = now.missing_before("doc_analyser")
    if missing is not None or state.source is None:
        return now.first_do(missing or now.product.pipeline[0])
    selection = SourceSelection(
        source_id=state.source.source_id, folders=list(command.folders),
        overview_document=command.overview_document, excluded_files=list(command.excluded_files),
    )  # fmt: skip
    before = state.selection_of(state.source)
    if before is not None:
        selection = selection.model_copy(update=before.model_dump(include=set(command.keeps)))
    steps: tuple[commands.Step, ...] = ()
    if selection != before:
        others = [kept for kept in map(state.selection_of, state.sources[1:]) if kept is not None]
        steps = (commands.Emit(SourcesSelected(course_id=state.course_id, selections=[selection, *others])),)
    if command.start_next is not None:
        inputs = now.side("doc_analyser").filled(state, command.start_next)
        return start_stage(now, commands.Start("doc_analyser", inputs), steps)
    return commands.Steps(steps) if steps else Same()


def revise_document(now: Now, command: commands.ReviseDocument) -> Decision:
    """A correction of an analysis."""
    have = now.state.revisions.get(command.document_id, {})
    if all(have.get(name) == value for name, value in command.fields.items()):
        return Same()
    revised = DocumentRevised(course_id=now.state.course_id, document_id=command.document_id, **command.fields)
    return commands.Steps((commands.Emit(revised),))


_MOST_PATHWAYS = 50


def change_offers(now: Now, command: commands.RevisePathway | commands.AddPathway | commands.DeletePathway) -> Decision:
    """A pathway on offer is edited, added or deleted."""
    if (missing := now.missing_before("modules")) is not None:
        return now.first_do(missing)
    if isinstance(command, commands.AddPathway):
        if len(now.state.offers) >= _MOST_PATHWAYS:
            return Refusal(409, "too_many_pathways", f"A course has at most {_MOST_PATHWAYS} pathways")
        return commands.Steps((command,))
    if now.state.offer(command.pathway_id) is None:
        return Refusal(404, "not_found", "There is no such pathway")
    if isinstance(command, commands.RevisePathway):
        return commands.Steps((command,))
    return _delete_pathway(now, command)


def _delete_pathway(now: Now, command: commands.DeletePathway) -> Decision:
    if len(now.state.offers) == 1:
        return Refusal(409, "last_pathway", "A course needs at least one pathway")
    if command.pathway_id == now.state.selected_pathway:
        return Refusal(409, "pathway_selected", "Select another pathway first: POST stage3-selections.")
    return commands.Steps(
        (commands.Emit(PathwayDeleted(course_id=now.state.course_id, pathway_id=command.pathway_id)),)
    )


def select_pathway(now: Now, command: commands.SelectPathway) -> Decision:
    """The pathway that is taught; writing can start with it."""
    state = now.state
    if (missing := now.missing_before("modules")) is not None:
        return now.first_do(missing)
    if state.offer(command.pathway_id) is None:
        return invalid("/selected_pathway_id", "No pathway on offer has this id", "unknown_pathway")
    steps: tuple[commands.Step, ...] = ()
    if command.pathway_id != state.selected_pathway:
        steps = (commands.Emit(PathwaySelected(course_id=state.course_id, pathway_id=command.pathway_id)),)
    if command.start_next:
        inputs = now.side("modules").filled(state, {"additional_info": command.additional_info})
        return start_stage(now, commands.Start("modules", inputs), steps)
    return commands.Steps(steps) if steps else Same()
