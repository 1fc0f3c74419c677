"""The request builder: turns the steps of a decision into events, with every input a worker needs.

Blobs come first, by their content, so a step that is built twice gives the same event.
"""

import json
from dataclasses import dataclass

from services.gateway.fold.basis import basis_of
from services.gateway.fold.state import CourseState, Offer
from services.gateway.write.commands import (
    ChangePathway,
    Emit,
    StartAnalysis,
    StartClone,
    StartModules,
    StartPathways,
    Step,
)
from services.gateway.write.documents import document_inputs, overview_of, select_documents
from services.gateway.write.pathway_edits import edit
from services.gateway.write.refusals import Refused, invalid
from services.gateway.write.revisions import revise_all
from shared.blobs import JSON, Blobs
from shared.course.naming import choose_name
from shared.engine.types import Pathway
from shared.events import BlobRef, Event
from shared.events.gateway import (
    DocsAnalysisRequested,
    ModulesRequested,
    PathwayRevised,
    PathwaysRequested,
    RepoCloneRequested,
    SourceFacts,
)
from shared.ids import content_id, event_id
from shared.payloads import AnalysisSet, DocumentInputs, Listing, PathwaySet
from shared.source_address import parse_address


@dataclass(frozen=True)
class RequestBuilder:
    """Builds events for steps. Raises PermanentError or Refused when a step cannot be carried out."""

    blobs: Blobs

    async def build(self, state: CourseState, step: Step, command_id: str) -> Event:
        """The event of a step for the course as it is after the steps before it."""
        match step:
            case Emit(event):
                return event
            case StartClone():
                return _clone(state, step, run_id(command_id, RepoCloneRequested))
            case StartAnalysis():
                return await self._analysis(state, step, run_id(command_id, DocsAnalysisRequested))
            case StartPathways():
                return await self._pathways(state, step, run_id(command_id, PathwaysRequested))
            case StartModules():
                return await self._modules(state, step, run_id(command_id, ModulesRequested))
            case ChangePathway():
                return await self._change(state, step)

    async def _analysis(self, state: CourseState, step: StartAnalysis, run: str) -> DocsAnalysisRequested:
        source = state.source
        assert source is not None
        listing = await self.blobs.get_model(source.files, Listing)
        documents = select_documents(listing, state.selection)
        inputs = document_inputs(listing, documents, source_id_of(state))
        return DocsAnalysisRequested(
            course_id=state.course_id,
            run_id=run,
            owner=state.owner,
            complexity_level=step.complexity_level,
            additional_info=step.additional_info,
            engine=step.engine,
            documents=await self.blobs.put_model(state.course_id, DocumentInputs(documents=inputs)),
            documents_planned=len(inputs),
            project_name=choose_name(source.repo_name, source.project_name, source.canonical_url),
            overview_document=overview_of(documents, state.selection),
            navigation=source.navigation,
            revisions=await self._revisions(state),
            retry_of=step.retry_of,
        )

    async def _revisions(self, state: CourseState) -> BlobRef | None:
        if not state.revisions:
            return None
        body = json.dumps(state.revisions, sort_keys=True, ensure_ascii=False).encode()
        return await self.blobs.put(state.course_id, body, JSON)

    async def _analyses(self, state: CourseState) -> BlobRef:
        """The analyses with the corrections made since."""
        assert state.analysis is not None
        if not state.revisions:
            return state.analysis.analyses
        analyses = await self.blobs.get_model(state.analysis.analyses, AnalysisSet)
        return await self.blobs.put_model(state.course_id, revise_all(analyses, state.revisions))

    async def _pathways(self, state: CourseState, step: StartPathways, run: str) -> PathwaysRequested:
        source, analysis = state.source, state.analysis
        assert source is not None
        assert analysis is not None
        # An edit is kept for as long as what it was made on is the same; else its sections may be gone.
        edited = [offer for offer in state.offers if offer.revised_on == analysis.analyses.sha256]
        return PathwaysRequested(
            course_id=state.course_id,
            run_id=run,
            owner=state.owner,
            additional_info=step.additional_info,
            complexity_level=step.complexity_level,
            engine=step.engine,
            analyses=await self._analyses(state),
            navigation=source.navigation,
            project_name=choose_name(source.repo_name, source.project_name, source.canonical_url),
            overview_document=analysis.overview_document,
            edits=await self._pathway_set(state, [offer.pathway for offer in edited]) if edited else None,
            retry_of=step.retry_of,
        )

    async def _pathway_set(self, state: CourseState, refs: list[BlobRef]) -> BlobRef:
        pathways = [await self.blobs.get_model(ref, Pathway) for ref in refs]
        return await self.blobs.put_model(state.course_id, PathwaySet(pathways=tuple(pathways)))

    async def _modules(self, state: CourseState, step: StartModules, run: str) -> ModulesRequested:
        source, analysis, offer = state.source, state.analysis, state.offer(state.selected_pathway)
        assert source is not None
        assert analysis is not None
        assert offer is not None
        module_ids, kept = _modules_to_write(state, step, await self._offered_modules(state, step, offer))
        facts = SourceFacts(
            source_id=source_id_of(state), url=source.canonical_url, ref=source.ref, commit=source.commit,
            repo_name=source.repo_name,
        )  # fmt: skip
        return ModulesRequested(
            course_id=state.course_id,
            run_id=run,
            owner=state.owner,
            course_title=state.title,
            course_description=state.description,
            source=facts,
            licence=source.licence,
            project_name=choose_name(source.repo_name, source.project_name, source.canonical_url),
            pathway_id=offer.pathway_id,
            pathways=await self._pathway_set(state, [offer.pathway for offer in state.offers]),
            analyses=await self._analyses(state),
            documents=analysis.documents,
            listing=source.files,
            navigation=source.navigation,
            overview_document=analysis.overview_document,
            complexity_level=step.complexity_level,
            additional_info=step.additional_info,
            engine=step.engine,
            module_ids=module_ids,
            kept_modules=kept,
            retry_of=step.retry_of,
        )

    async def _offered_modules(self, state: CourseState, step: StartModules, selected: Offer) -> list[str]:
        """The modules of the course, each once: offline those of all pathways, else those of the selected one."""
        offers = state.offers if step.engine == "offline" else (selected,)
        pathways = [await self.blobs.get_model(offer.pathway, Pathway) for offer in offers]
        return list(dict.fromkeys(module.id for pathway in pathways for module in pathway.modules))

    async def _change(self, state: CourseState, step: ChangePathway) -> PathwayRevised:
        offer, analysis = state.offer(step.pathway_id), state.analysis
        assert offer is not None
        assert analysis is not None
        pathway = await self.blobs.get_model(offer.pathway, Pathway)
        analyses = await self.blobs.get_model(analysis.analyses, AnalysisSet)
        revised = revise_all(analyses, state.revisions)
        changed, change = edit(pathway, step.change, {one.document_id: one for one in revised.analyses})
        return PathwayRevised(
            course_id=state.course_id,
            pathway_id=step.pathway_id,
            title=changed.title,
            description=changed.description,
            pathway=await self.blobs.put_model(state.course_id, changed),
            change=change,
        )


def run_id(command_id: str, request: type[Event]) -> str:
    """The run a request starts is named by the request's own event id."""
    return event_id(command_id, request.__name__, "")


def source_id_of(state: CourseState) -> str:
    """From the address in its canonical form: the same repository has the same id on every machine."""
    assert state.source is not None
    return content_id("s", state.source.canonical_url)


def _clone(state: CourseState, step: StartClone, run: str) -> RepoCloneRequested:
    # What may be asked for was checked when it came in; a request of the log is not judged by today's settings.
    address = parse_address(step.repo_url, allow_local=True, allow_http=True)
    return RepoCloneRequested(
        course_id=state.course_id,
        run_id=run,
        source_id=content_id("s", address.canonical),
        repo_url=step.repo_url,
        ref=step.ref,
        owner=state.owner,
        credential_id=step.credential_id,
        retry_of=step.retry_of,
    )


def _modules_to_write(
    state: CourseState, step: StartModules, offered: list[str]
) -> tuple[list[str], dict[str, BlobRef]]:
    """The modules to write, and those to keep as they are.

    A few by name keep the others; a retry keeps what the run before it has written from the same inputs.
    """
    for at, module_id in enumerate(step.module_ids):
        if module_id not in offered:
            raise Refused(invalid(f"/module_ids/{at}", "The selected pathway has no such module", "unknown_module"))
    run = state.runs.get("modules")
    same_inputs = run is not None and run.basis == basis_of(state, "modules")
    if not same_inputs or not (step.module_ids or step.retry_of):
        return [module_id for module_id in offered if not step.module_ids or module_id in step.module_ids], {}
    kept = {
        module_id: state.written[module_id]
        for module_id in offered
        if module_id in state.written and (step.retry_of is not None or module_id not in step.module_ids)
    }
    return [module_id for module_id in offered if module_id not in kept], kept
