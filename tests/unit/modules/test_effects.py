import asyncio
from collections.abc import Sequence
from contextlib import aclosing

import pytest

from services.modules.core import AssembleCourse, Assembled, Outcome, WriteModules
from services.modules.effects import ModulesEffects
from services.modules.offline.engine import OfflineWriter
from services.modules.port import Writer
from shared.course.findings import GateReport
from shared.course.model import Course, EngineInfo, Module
from shared.course.quality import list_missed
from shared.engine.types import PathwayModule, Usage
from shared.engine.written import WrittenModule
from shared.events.gateway import ModulesRequested
from shared.events.modules import ModuleRejected, ModuleWritten
from shared.kernel.blobs import Blobs
from shared.kernel.errors import Defect, EngineDeclined
from shared.stage.port import Run
from shared.workers.limits import LimitPassed
from tests.support.workers import InlineWorkers
from tests.unit.modules.build import make_request, new_blobs

INVENTED = "The server keeps 99 copies of `everything` in `/dev/null`."


class Inventive(OfflineWriter):
    """Adds a sentence that no line says, and does not take it back when asked to."""

    async def write_module(self, planned: PathwayModule) -> tuple[Module, Usage]:
        module, _ = await super().write_module(planned)
        mark = f"[^{module.citations[0].id}]"
        return module.model_copy(update={"main_content": f"{module.main_content}\n\n{INVENTED}{mark}"}), Usage(calls=1)

    async def revise_module(self, planned: PathwayModule, module: Module, report: GateReport) -> tuple[Module, Usage]:
        return module, Usage(calls=1)


async def _show_nobody(step: str, percent: int) -> None:
    pass


async def perform(
    blobs: Blobs,
    action: WriteModules | AssembleCourse,
    engine: type[OfflineWriter] = OfflineWriter,
    shown: list[str] | None = None,
) -> list[Outcome]:
    def engines(name: str, model: str, owner: str, run: Run) -> Writer:
        return engine(run.workers)

    async def show(step: str, percent: int) -> None:
        if shown is not None:
            shown.append(step)

    effects = ModulesEffects(blobs, engines, 2)
    return [outcome async for outcome in effects.perform(action, Run("c1", "r1", show, InlineWorkers()))]


async def assemble(blobs: Blobs, request: ModulesRequested, outcomes: Sequence[Outcome]) -> Course:
    written = {outcome.module_id: outcome.content for outcome in outcomes if isinstance(outcome, ModuleWritten)}
    (assembled,) = await perform(blobs, AssembleCourse(request, written))
    assert isinstance(assembled, Assembled)
    assert {export.kind for export in assembled.exports} >= {"json", "markdown", "site"}
    return await blobs.get_model(assembled.course, Course)


async def test_each_module_is_written_stored_and_shown() -> None:
    blobs = new_blobs()
    request = await make_request(blobs)
    shown: list[str] = []
    outcomes = await perform(blobs, WriteModules(request, frozenset()), shown=shown)
    assert {outcome.module_id for outcome in outcomes if isinstance(outcome, ModuleWritten)} == set(request.module_ids)
    assert any("Working with streams" in step for step in shown)
    for outcome in outcomes:
        assert isinstance(outcome, ModuleWritten)
        stored = await blobs.get_model(outcome.content, WrittenModule)
        assert (stored.module.id, stored.module.status) == (outcome.module_id, "complete")


async def test_two_runs_at_once_each_write_from_their_own_material() -> None:
    blobs = new_blobs()
    effects = ModulesEffects(blobs, lambda name, model, owner, run: OfflineWriter(run.workers), 2)
    requests = [await make_request(blobs), await make_request(blobs, ("s1", "s2"))]

    async def written(request: ModulesRequested) -> dict[str, str]:
        run = Run("c1", "r1", _show_nobody, InlineWorkers())
        outcomes = [outcome async for outcome in effects.perform(WriteModules(request, frozenset()), run)]
        return {one.module_id: one.content.sha256 for one in outcomes if isinstance(one, ModuleWritten)}

    at_once = await asyncio.gather(*map(written, requests))
    assert at_once == [await written(request) for request in requests]
    assert at_once[0] != at_once[1]


async def test_what_is_written_already_is_not_written_again() -> None:
    blobs = new_blobs()
    request = await make_request(blobs)
    first, second = request.module_ids
    outcomes = await perform(blobs, WriteModules(request, frozenset({first})))
    assert [outcome.module_id for outcome in outcomes if isinstance(outcome, ModuleWritten)] == [second]


async def test_the_course_is_whole_measured_and_the_same_each_time() -> None:
    courses = []
    for _ in range(2):
        blobs = new_blobs()
        request = await make_request(blobs)
        outcomes = await perform(blobs, WriteModules(request, frozenset()))
        courses.append(await assemble(blobs, request, outcomes))
    course = courses[0]
    assert course == courses[1]
    assert [module.order for module in course.modules] == [1, 2]
    assert course.engine == EngineInfo.model_validate(OfflineWriter(InlineWorkers()).info.model_dump())
    assert all(document.used for document in course.documents)
    small = {"Q13 pathways", "Q13 distance", "K7 modules", "R1 repeated"}  # a tiny repository
    assert set(list_missed(course.quality)) <= small


async def test_what_is_taught_cites_the_source_that_has_it() -> None:
    blobs = new_blobs()
    request = await make_request(blobs, ("s1", "s2"))
    course = await assemble(blobs, request, await perform(blobs, WriteModules(request, frozenset())))
    assert [source.id for source in course.sources] == ["s1", "s2"]
    owners = {document.path: document.source_id for document in course.documents}
    assert sorted(owners.values()) == ["s1", "s2"]
    cited = {(one.path, one.source_id) for module in course.modules for one in module.citations}
    assert cited == set(owners.items())


async def test_a_sentence_no_line_says_is_taken_out_however_often_the_engine_insists() -> None:
    blobs = new_blobs()
    request = await make_request(blobs)
    outcomes = await perform(blobs, WriteModules(request, frozenset()), Inventive)
    rejected = [outcome for outcome in outcomes if isinstance(outcome, ModuleRejected)]
    assert {outcome.round for outcome in rejected} == {1, 2}
    for outcome in outcomes:
        if isinstance(outcome, ModuleWritten):
            stored = await blobs.get_model(outcome.content, WrittenModule)
            assert INVENTED not in stored.module.main_content
            assert stored.module.status == "complete"
            assert outcome.usage.calls == 3


async def test_a_rejected_round_is_known_before_the_next_begins() -> None:
    """A process that dies in a later round leaves the rejections before it in the log."""
    blobs = new_blobs()
    request = await make_request(blobs)
    rounds: list[str] = []

    class Watched(Inventive):
        async def revise_module(
            self, planned: PathwayModule, module: Module, report: GateReport
        ) -> tuple[Module, Usage]:
            rounds.append(planned.id)
            return await super().revise_module(planned, module, report)

    async def show(step: str, percent: int) -> None: ...

    effects = ModulesEffects(blobs, lambda name, model, owner, run: Watched(run.workers), 2)
    run = Run("c1", "r1", show, InlineWorkers())
    async with aclosing(effects.perform(WriteModules(request, frozenset()), run)) as outcomes:
        async for outcome in outcomes:
            if isinstance(outcome, ModuleRejected):
                assert rounds.count(outcome.module_id) == outcome.round - 1
    assert len(rounds) == 2 * len(request.module_ids)


def refused() -> EngineDeclined:
    error = EngineDeclined("The model refused to answer about this text", code="engine_refused")
    error.spent = Usage(calls=2)
    return error


class Reluctant(OfflineWriter):
    """Will not write a word."""

    async def write_module(self, planned: PathwayModule) -> tuple[Module, Usage]:
        raise refused()


class Stubborn(Inventive):
    """Writes what no line says, and will not revise it."""

    async def revise_module(self, planned: PathwayModule, module: Module, report: GateReport) -> tuple[Module, Usage]:
        raise refused()


async def test_a_module_the_model_refuses_holds_the_sources_own_words_and_says_so() -> None:
    blobs = new_blobs()
    request = await make_request(blobs)
    outcomes = await perform(blobs, WriteModules(request, frozenset()), Reluctant)
    written = [outcome for outcome in outcomes if isinstance(outcome, ModuleWritten)]
    assert len(written) == len(request.module_ids)
    for outcome in written:
        module = (await blobs.get_model(outcome.content, WrittenModule)).module
        assert (module.status, outcome.usage.calls) == ("incomplete", 2)
        assert module.problems[0].startswith("The model refused to answer about this text; ")
        assert module.main_content


class Babbling(OfflineWriter):
    """Cites nothing and says nothing, however often it is asked."""

    async def write_module(self, planned: PathwayModule) -> tuple[Module, Usage]:
        module, usage = await super().write_module(planned)
        nothing = {
            "introduction": "",
            "conclusion": "",
            "summary": "",
            "citations": [],
            "assessment": [],
            "objectives": [],
        }
        return module.model_copy(update={**nothing, "main_content": "## Words\n\nThis is a good thing."}), usage

    async def revise_module(self, planned: PathwayModule, module: Module, report: GateReport) -> tuple[Module, Usage]:
        return await self.write_module(planned)


async def test_a_module_of_which_the_checks_leave_nothing_holds_the_sources_own_words_and_says_so() -> None:
    blobs = new_blobs()
    request = await make_request(blobs)
    outcomes = await perform(blobs, WriteModules(request, frozenset()), Babbling)
    written = [outcome for outcome in outcomes if isinstance(outcome, ModuleWritten)]
    assert len(written) == len(request.module_ids)
    for outcome in written:
        module = (await blobs.get_model(outcome.content, WrittenModule)).module
        assert module.status == "incomplete"
        assert module.problems[0].startswith("The checks left nothing of the lesson; ")
        assert module.citations


async def test_a_refused_revision_leaves_what_was_written_less_what_the_gates_found() -> None:
    blobs = new_blobs()
    request = await make_request(blobs)
    outcomes = await perform(blobs, WriteModules(request, frozenset()), Stubborn)
    for outcome in outcomes:
        if isinstance(outcome, ModuleWritten):
            module = (await blobs.get_model(outcome.content, WrittenModule)).module
            assert INVENTED not in module.main_content
            assert (module.status, outcome.usage.calls) == ("complete", 3)


class Slow(OfflineWriter):
    """Needs more time than a module may have."""

    async def write_module(self, planned: PathwayModule) -> tuple[Module, Usage]:
        raise LimitPassed(planned.title, "needs more than 30 s of processor time")


class Broken(OfflineWriter):
    """Has a defect."""

    async def write_module(self, planned: PathwayModule) -> tuple[Module, Usage]:
        raise Defect(planned.title, "ValueError", "Traceback")


@pytest.mark.parametrize(
    ("writer", "reason"),
    [
        (Slow, "to write it needs more than 30 s of processor time"),
        (Broken, "something went wrong inside Coursewright (ValueError)"),
    ],
)
async def test_a_module_that_cannot_be_written_is_empty_and_says_so_and_the_course_is_incomplete(
    writer: type[OfflineWriter], reason: str
) -> None:
    blobs = new_blobs()
    request = await make_request(blobs)
    outcomes = await perform(blobs, WriteModules(request, frozenset()), writer)
    course = await assemble(blobs, request, outcomes)
    for module in course.modules:
        assert (module.status, module.main_content) == ("incomplete", "")
        assert module.problems == [f"not written: {reason}"]
