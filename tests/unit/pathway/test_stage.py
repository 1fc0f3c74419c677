from services.doc_analyser.offline.graph import build_graph
from services.pathway.core import CORE, Propose
from services.pathway.effects import PathwayEffects
from services.pathway.offline.engine import OfflinePlanner
from services.pathway.port import Planner
from shared.course.audience import Audience
from shared.docs.navigation import Navigation
from shared.engine.payloads import AnalysisSet, PathwaySet
from shared.engine.port import ProjectFacts
from shared.engine.types import Pathway, Usage
from shared.events import BlobRef
from shared.events.base import EngineName
from shared.events.gateway import PathwaysRequested
from shared.events.pathway import PathwayProposed, PathwaysProposed
from shared.kernel.blobs import Blobs, open_backend
from shared.kernel.errors import EngineDeclined
from shared.stage.port import Run
from tests.support.scenario import given_run
from tests.support.workers import InlineWorkers
from tests.unit.pathway.build import page, propose, section

REF = BlobRef(key="k", sha256="0" * 64, size=1, media_type="application/json")
REQUEST = PathwaysRequested(
    course_id="c1", run_id="r1", owner="o", complexity_level="beginner", analyses=REF, project_name="widgets"
)
PAGES = [page(f"docs/{name}.md") for name in "abcd"]


def proposed(pathway: Pathway) -> PathwayProposed:
    return PathwayProposed(
        course_id="c1", run_id="r1", pathway_id=pathway.id, kind=pathway.kind, title=pathway.title,
        description=pathway.description, minutes=pathway.estimated_minutes, module_count=len(pathway.modules),
        complexity_level=pathway.complexity_level, prerequisites=list(pathway.prerequisites), pathway=REF,
    )  # fmt: skip


def test_a_pathway_is_recorded_once_and_the_offer_ends_the_run() -> None:
    fact = proposed(propose(PAGES)[0])
    last = PathwaysProposed(course_id="c1", run_id="r1", pathway_ids=[fact.pathway_id], smallest_distance=1.0)
    given_run(CORE, REQUEST).when(fact).then(fact)
    run = given_run(CORE, REQUEST, fact)
    run.when(fact).then_nothing()
    run.then_next(Propose)
    run.when(last).then(last)
    ended = given_run(CORE, REQUEST, fact, last)
    ended.then_next(None)
    ended.when(last).then_nothing()


def test_facts_of_another_run_change_nothing() -> None:
    state = given_run(CORE, REQUEST).state
    assert CORE.evolve(state, proposed(propose(PAGES)[0]).model_copy(update={"run_id": "other"})) == state
    other = PathwaysProposed(course_id="c1", run_id="other", pathway_ids=[], smallest_distance=1.0)
    assert CORE.evolve(state, other) == state


async def perform(
    analyses: list[object], edits: tuple[Pathway, ...] = (), engine: Planner | None = None
) -> tuple[list[Pathway], PathwaysProposed]:
    blobs = Blobs(open_backend("memory:"))
    pages = [one for one in analyses if hasattr(one, "document_id")]
    known = AnalysisSet.model_validate({"analyses": pages, "graph": build_graph(PAGES, Navigation())})
    update: dict[str, object] = {"analyses": await blobs.put_model("c1", known)}
    update |= {"engine": "openai"} if engine else {}
    if edits:
        update["edits"] = await blobs.put_model("c1", PathwaySet(pathways=edits))

    def engines(name: EngineName, model: str, owner: str, run: Run) -> Planner:
        return engine if engine and name != "offline" else OfflinePlanner(run.workers)

    async def show(step: str, percent: int) -> None:
        assert 0 <= percent <= 100

    pathways: list[Pathway] = []
    async for outcome in PathwayEffects(blobs, engines).perform(
        Propose(REQUEST.model_copy(update=update)), Run("c1", "r1", show, InlineWorkers())
    ):
        if isinstance(outcome, PathwaysProposed):
            return pathways, outcome
        pathways.append(await blobs.get_model(outcome.pathway, Pathway))
    raise AssertionError("the offer was never complete")


async def test_the_widest_pathway_is_offered_first_and_distances_are_told() -> None:
    pathways, offer = await perform([*PAGES])
    assert pathways[0].kind == "complete"
    assert list(offer.pathway_ids) == [pathway.id for pathway in pathways]
    assert len(pathways) >= 3
    assert offer.smallest_distance >= 0.25
    assert offer.note == ""


class Refusing:
    """A planner whose model has no answer."""

    async def propose_pathways(self, project: ProjectFacts, audience: Audience) -> tuple[tuple[Pathway, ...], Usage]:
        error = EngineDeclined("The model's answer was cut off", code="engine_truncated")
        error.spent = Usage(calls=2)
        raise error


async def test_pathways_the_model_does_not_give_are_those_of_the_program_and_the_note_says_so() -> None:
    pathways, offer = await perform([*PAGES], engine=Refusing())
    assert [pathway.id for pathway in pathways] == [pathway.id for pathway in (await perform([*PAGES]))[0]]
    assert offer.note == "The model's answer was cut off; a program alone made these pathways."
    assert offer.usage.calls == 2


async def test_too_few_sections_are_said() -> None:
    pathways, offer = await perform([page("README.md", sections=[section("Only")])])
    assert len(pathways) == 1
    assert "1 sections" in offer.note or "1 section" in offer.note


async def test_what_the_user_edited_is_offered_as_edited() -> None:
    quick = next(pathway for pathway in propose(PAGES, name="widgets") if pathway.kind == "quickstart")
    edited = quick.model_copy(update={"title": "My own way"})
    pathways, _ = await perform([*PAGES], (edited,))
    assert [pathway.title for pathway in pathways if pathway.id == quick.id] == ["My own way"]
    assert len(pathways) >= 3
