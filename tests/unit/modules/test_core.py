import pytest

from services.modules.core import CORE, AssembleCourse, Assembled, State, WriteModules
from shared.events import BlobRef, Event, EventUsage
from shared.events.gateway import ModulesRequested
from shared.events.modules import CourseGenerated, ModuleRejected, ModuleWritten
from tests.support.scenario import given_run
from tests.unit.modules.build import make_request, new_blobs

REF = BlobRef(key="k", sha256="0" * 64, size=1, media_type="application/json")
USAGE = EventUsage(model="m", calls=2, input_tokens=10)


@pytest.fixture
async def request_() -> ModulesRequested:
    return await make_request(new_blobs())


def after(*events: Event) -> State:
    return given_run(CORE, *events).state


def written(request: ModulesRequested, module_id: str) -> ModuleWritten:
    return ModuleWritten(
        course_id=request.course_id, run_id=request.run_id, module_id=module_id, order=1, title="T", content=REF,
        gate_report=REF, round=1, status="complete", words=100, items=4, usage=USAGE, answer_keys=["key"],
    )  # fmt: skip


def rejected(request: ModulesRequested, module_id: str) -> ModuleRejected:
    return ModuleRejected(
        course_id=request.course_id, run_id=request.run_id, module_id=module_id, gate_report=REF, round=1
    )


def test_modules_are_written_before_the_course_is_assembled(request_: ModulesRequested) -> None:
    first, second = request_.module_ids
    assert CORE.next_action(after(request_)) == WriteModules(request_, frozenset())
    fact, other = written(request_, first), written(request_, second)
    assert CORE.decide(after(request_), fact) == (fact,)
    assert CORE.next_action(after(request_, fact)) == WriteModules(request_, frozenset({first}))
    assert CORE.decide(after(request_, fact), other) == (other,)
    action = CORE.next_action(after(request_, fact, other))
    assert isinstance(action, AssembleCourse)
    assert action.written == {first: REF, second: REF}


def test_a_module_that_is_written_is_not_recorded_again(request_: ModulesRequested) -> None:
    fact = written(request_, request_.module_ids[0])
    run = given_run(CORE, request_, fact)
    run.when(fact).then_nothing()
    run.when(rejected(request_, request_.module_ids[0])).then_nothing()


def test_a_rejected_round_is_recorded_once_and_ends_nothing(request_: ModulesRequested) -> None:
    fact = rejected(request_, request_.module_ids[0])
    given_run(CORE, request_).when(fact).then(fact)
    given_run(CORE, request_, fact).when(fact).then_nothing()
    assert CORE.next_action(after(request_, fact)) == WriteModules(request_, frozenset())


def test_a_run_for_some_modules_keeps_the_others(request_: ModulesRequested) -> None:
    kept, again = request_.module_ids
    request = request_.model_copy(update={"module_ids": [again], "kept_modules": {kept: REF}})
    action = CORE.next_action(after(request, written(request, again)))
    assert isinstance(action, AssembleCourse)
    assert set(action.written) == {kept, again}


def test_the_finished_course_ends_the_run(request_: ModulesRequested) -> None:
    (fact,) = CORE.decide(
        after(request_), Assembled("key", "edition", REF, (), REF, "complete", 2, 8, "Learn Click", 320)
    )
    assert isinstance(fact, CourseGenerated)
    assert (fact.title, fact.minutes, fact.modules, fact.items) == ("Learn Click", 320, 2, 8)
    assert CORE.next_action(after(request_, fact)) is None
    assert CORE.decide(after(request_, fact), written(request_, request_.module_ids[0])) == ()


def test_facts_of_another_run_change_nothing(request_: ModulesRequested) -> None:
    fact = written(request_, request_.module_ids[0])
    assert CORE.evolve(after(request_), fact.model_copy(update={"run_id": "other"})) == after(request_)


def test_a_start_names_the_modules(request_: ModulesRequested) -> None:
    assert CORE.plan(after(request_)) == {"module_ids": request_.module_ids}
