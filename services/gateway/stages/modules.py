"""The gateway's side of modules: the chosen pathway becomes a course, all of it or a few modules anew."""

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from services.gateway.course.commands import Emit, Inputs, Start, Step
from services.gateway.course.product import Asking
from services.gateway.course.shapes import Body, Id, ModelName, Text
from services.gateway.course.state import CourseState, Generated, Offer, Plan, Source, StageRun, replace, with_run
from services.gateway.stages.choice import choose_pathway
from services.gateway.stages.handed_on import analyses_of, navigation_of, pathways_of
from services.gateway.stages.inputs import TEACHING, TeachingStage
from services.gateway.stages.sources import content_source_id, first_source, project_name_of, source_facts
from shared.course.naming import automatic_title
from shared.engine.types import Pathway
from shared.event_log.port import Recorded
from shared.events import BlobRef, Event
from shared.events.gateway import ModulesRequested, PathwaySelected
from shared.events.modules import CourseGenerated, ModuleRejected, ModulesStarted, ModuleWritten
from shared.kernel.blobs import Blobs
from shared.kernel.refusals import Refusal, Refused, invalid
from shared.pipeline import PIPELINE


class GenerateCourseBody(Body):
    """Stage 4."""

    additional_info: Text = ""
    model: ModelName = Field(default="", description="of the engine; empty means as before")
    module_ids: list[Id] = Field(default=[], max_length=1000, description="write only these again; empty means all")


def _title_to_give(state: CourseState, source: Source) -> str:
    """The title a person gave; else the automatic one, for which stage 4 puts one with the project's own name."""
    is_derived = state.generated is not None and state.title == state.generated.derived_title
    return automatic_title(source.repo_name) if is_derived else state.title


def _derived_title(state: CourseState, title: str) -> str:
    """The title in course.json, unless a person gave it."""
    source = state.source
    is_given = source is None or _title_to_give(state, source) != automatic_title(source.repo_name)
    return "" if is_given else title


class Modules(TeachingStage):
    """Modules of the chosen pathway, and the course they make. Empty `module_ids` mean all."""

    row = PIPELINE.by_name["modules"]
    asking = Asking(
        "generate-course", "generateCourse", "Write the course",
        "The selected pathway's modules; with `module_ids` only those, and the others stay.",
        "Generate the course first", GenerateCourseBody, is_body_needed=False,
    )  # fmt: skip
    takes = (*TEACHING, "module_ids")
    shows = ("pathway_id", *TEACHING, "module_ids")

    def filled(self, state: CourseState, given: Inputs) -> Inputs:
        proposed = state.runs.get("pathway")
        level = proposed.inputs.get("complexity_level") if proposed is not None else None
        teaching = super().filled(state, {"complexity_level": level, **given})
        return {**teaching, "module_ids": list(given.get("module_ids", ()))}

    def planned(self, plan: Plan) -> Inputs:
        return {**super().planned(plan), "module_ids": []}

    def steps(self, state: CourseState, plan: Plan, retry_of: str | None) -> tuple[Step, ...]:
        start = super().steps(state, plan, retry_of)
        pathway_id = choose_pathway(state, plan)
        if pathway_id == state.selected_pathway:
            return start
        return Emit(PathwaySelected(course_id=state.course_id, pathway_id=pathway_id)), *start

    def is_same(self, state: CourseState, run: StageRun, inputs: Inputs) -> bool:
        wanted = {"additional_info": inputs["additional_info"], "pathway_id": state.selected_pathway}
        return super().is_same(state, run, wanted) and list(state.rewriting) == list(inputs["module_ids"])

    def refuse(self, state: CourseState, start: Start, is_outdated: bool) -> Refusal | str | None:
        if state.selected_pathway is None:
            return "Select a pathway first: POST stage3-selections."
        if start.inputs["module_ids"] and is_outdated and start.retry_of is None:
            return Refusal(409, "outdated", "What the course was made from has changed. Generate the whole course.")
        return None

    async def build(self, blobs: Blobs, state: CourseState, start: Start, run_id: str) -> ModulesRequested:
        source, analysis, offer = first_source(state), state.analysis, state.offer(state.selected_pathway)
        assert analysis is not None
        assert offer is not None
        module_ids, kept = self._to_write(state, start, await self._offered(blobs, state, start, offer))
        return ModulesRequested(
            course_id=state.course_id, run_id=run_id, owner=state.owner, retry_of=start.retry_of,
            course_title=_title_to_give(state, source),
            course_description=state.description,
            sources=[source_facts(one) for one in state.sources],
            listings={content_source_id(one): one.files for one in state.sources},
            project_name=project_name_of(source),
            pathway_id=offer.pathway_id,
            pathways=await pathways_of(blobs, state, state.offers),
            analyses=await analyses_of(blobs, state),
            documents=analysis.documents,
            navigation=await navigation_of(blobs, state),
            overview_document=analysis.overview_document,
            asked_modules=list(start.inputs["module_ids"] if start.retry_of is None else state.rewriting),
            kept_modules=kept,
            **{**start.inputs, "module_ids": module_ids},
        )  # fmt: skip

    async def _offered(self, blobs: Blobs, state: CourseState, start: Start, selected: Offer) -> list[str]:
        """The modules of the course, each once: offline those of all pathways, else those of the selected one."""
        offers = state.offers if start.inputs["engine"] == "offline" else (selected,)
        pathways = [await blobs.get_model(offer.pathway, Pathway) for offer in offers]
        return list(dict.fromkeys(module.id for pathway in pathways for module in pathway.modules))

    def _to_write(self, state: CourseState, start: Start, offered: list[str]) -> tuple[list[str], dict[str, BlobRef]]:
        """The modules to write, and those to keep as they are.

        A few by name keep the others; a retry keeps what the run before it has written from the same inputs.
        """
        named: Sequence[str] = start.inputs["module_ids"]
        for at, module_id in enumerate(named):
            if module_id not in offered:
                raise Refused(invalid(f"/module_ids/{at}", "The course has no such module", "unknown_module"))
        run = state.runs.get(self.row.name)
        same_inputs = run is not None and run.basis == self.digest(state)
        if not same_inputs or not (named or start.retry_of):
            return [module_id for module_id in offered if not named or module_id in named], {}
        kept = {
            module_id: state.written[module_id]
            for module_id in offered
            if module_id in state.written and (start.retry_of is not None or module_id not in named)
        }
        return [module_id for module_id in offered if module_id not in kept], kept

    def basis(self, state: CourseState) -> Sequence[object]:
        if state.analysis is None:
            return []
        offer = state.offer(state.selected_pathway)
        return [state.analysis.analyses.sha256, state.revisions, offer.pathway.sha256 if offer else None]

    def requested(self, state: CourseState, event: Any) -> CourseState:
        lacking = {module_id: title for module_id, title in state.lacking.items() if module_id in event.kept_modules}
        rewriting = tuple(event.asked_modules)
        return replace(state, written=dict(event.kept_modules), lacking=lacking, rewriting=rewriting)

    def moved(self, run: StageRun, event: Event) -> StageRun:
        match event:
            case ModulesStarted():
                return replace(run, planned=len(event.module_ids))
            case ModuleWritten():
                done = run.done + 1
                return replace(run, done=done, step=f"Wrote module {event.title} ({done} of {run.planned})")
            case ModuleRejected():
                return replace(run, step=f"Revising a module after round {event.round}")
            case _:
                return run

    def found(self, state: CourseState, recorded: Recorded) -> CourseState:
        match recorded.event:
            case ModuleWritten() as event:
                lacking = {key: title for key, title in state.lacking.items() if key != event.module_id}
                if event.status == "incomplete":
                    lacking[event.module_id] = event.title
                return replace(state, written={**state.written, event.module_id: event.content}, lacking=lacking)
            case CourseGenerated() as event:
                derived = _derived_title(state, event.title)
                generated = Generated(
                    event.run_id, event.pathway_id, event.course_key, event.edition, event.status, event.course,
                    event.quality, tuple(event.exports), recorded.time, derived, event.minutes,
                    event.pages,
                )  # fmt: skip
                return replace(self._incomplete(state, event), generated=generated, title=derived or state.title)
            case _:
                return state

    def _incomplete(self, state: CourseState, event: CourseGenerated) -> CourseState:
        """An incomplete course says so in its last stage's step, with what it lacks among the notes."""
        if event.status == "complete":
            return state
        step = f"Finished, but incomplete: {len(state.lacking)} of {event.modules} modules did not pass the checks"
        notes = tuple(f"Incomplete module: {title}" for title in state.lacking.values())
        return with_run(state, self.row.name, replace(state.runs[self.row.name], step=step, notes=notes))
