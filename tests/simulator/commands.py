"""A user of the simulation: what might be asked next of a course in its present state, and things out of turn."""

from random import Random

from services.gateway.fold.state import CourseState
from services.gateway.write.commands import (
    AddModule,
    AnalyzeDocuments,
    AnalyzeRepository,
    CancelGeneration,
    CancelStage,
    Command,
    DeleteCourse,
    DeleteModule,
    EditPathway,
    Generate,
    GenerateCourse,
    GeneratePathways,
    OrderModules,
    PathwayChange,
    ResumeGeneration,
    RetryStage,
    ReviseDocument,
    RevisePathway,
    SelectPathway,
    SelectSources,
    StageInputs,
    UpdateCourse,
)
from shared.ids import content_id
from shared.pipeline import PIPELINE

URL = "https://github.com/pallets/click"


def choose_command(random: Random, state: CourseState) -> Command:
    """Mostly what makes sense now, sometimes what does not."""
    chosen = random.choice(_sensible(random, state) if random.random() < 0.75 else _anything(random, state))
    return _of_the_whole(state, chosen)


def _of_the_whole(state: CourseState, chosen: Command) -> Command:
    """Now and then for the course as a whole what was chosen for a stage; no chance, so seeds stay as they are."""
    is_due = state.seq % 3 == 0
    if isinstance(chosen, CancelStage) and is_due:
        return CancelGeneration("ann")
    return ResumeGeneration() if isinstance(chosen, RetryStage) and is_due else chosen


def _sensible(random: Random, state: CourseState) -> list[Command]:
    if state.running is not None:
        stage = state.running[0]
        return [CancelStage(stage, "ann"), UpdateCourse(f"title {random.randrange(3)}"), RetryStage(stage)]
    failed = [stage for stage, run in state.runs.items() if run.status in {"FAILURE", "REVOKED"}]
    if failed:
        return [RetryStage(failed[-1]), RetryStage(failed[-1]), _generate(random)]
    if state.generated is not None:
        return [*_anything(random, state), UpdateCourse(generate=True), GenerateCourse("again", ())]
    if state.offers:
        offer = random.choice(state.offers)
        return [
            SelectPathway(offer.pathway_id, start_next=True), SelectPathway(offer.pathway_id, start_next=False),
            _revise_pathway(random, state), GenerateCourse("", ()),
        ]  # fmt: skip
    if state.analysis is not None:
        return [GeneratePathways(StageInputs("beginner")), _revise_document(random, state)]
    if state.source is not None:
        return [AnalyzeDocuments(StageInputs("beginner")), _select(random)]
    return [AnalyzeRepository(URL, "", None), _generate(random)]


def _anything(random: Random, state: CourseState) -> list[Command]:
    return [
        _generate(random), AnalyzeRepository(URL, "", None), _select(random), AnalyzeDocuments(StageInputs()),
        _revise_document(random, state), GeneratePathways(StageInputs()), _revise_pathway(random, state),
        SelectPathway("p-complete", start_next=bool(random.randrange(2))),
        GenerateCourse("", ("m-complete-0",) if random.randrange(2) else ()),
        CancelStage(random.choice(PIPELINE).name, "ann"), RetryStage(random.choice(PIPELINE).name),
        UpdateCourse(None, "described"), DeleteCourse("ann"),
    ]  # fmt: skip


def _generate(random: Random) -> Generate:
    return Generate(URL, "", "beginner", "", "offline", random.choice(("auto", "auto", "reference", "task")))


def _select(random: Random) -> SelectSources:
    folders = random.choice(((), ("docs",), ("examples",)))
    return SelectSources(folders, None, (), StageInputs("beginner") if random.randrange(2) else None)


def _revise_document(random: Random, state: CourseState) -> ReviseDocument:
    source_id = state.source.source_id if state.source is not None else ""
    known = sorted(state.revisions) or [content_id("d", source_id, "README.md")]
    return ReviseDocument(random.choice(known), {"title": f"revised {random.randrange(2)}"})


def _revise_pathway(random: Random, state: CourseState) -> RevisePathway:
    pathway_id = random.choice([offer.pathway_id for offer in state.offers] or ["p-complete"])
    kind = pathway_id.removeprefix("p-")
    changes: list[PathwayChange] = [
        EditPathway(f"edited {random.randrange(3)}", None), DeleteModule(f"m-{kind}-0"),
        OrderModules((f"m-{kind}-1", f"m-{kind}-0")), AddModule("new", "", ("d1",), None, None),
    ]  # fmt: skip
    return RevisePathway(pathway_id, random.choice(changes))
