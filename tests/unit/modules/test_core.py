import pytest

from services.modules.core import CORE, AssembleCourse, Assembled, Rejected, State, WriteModules, Written
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


def written(module_id: str) -> Written:
    return Written(module_id, 1, "T", REF, REF, 1, "complete", 100, 4, USAGE, ("key",))


def test_modules_are_written_before_the_course_is_assembled(request_: ModulesRequested) -> None:
    first, second = request_.module_ids
    assert CORE.next_action(after(request_)) == WriteModules(request_, frozenset())
    (fact,) = CORE.decide(after(request_), written(first))
    assert isinstance(fact, ModuleWritten)
    assert CORE.next_action(after(request_, fact)) == WriteModules(request_, frozenset({first}))
    (other,) = CORE.decide(after(request_, fact), written(second))
    action = CORE.next_action(after(request_, fact, other))
    assert isinstance(action, AssembleCourse)
    assert action.written == {first: REF, second: REF}


def test_a_module_that_is_written_is_not_recorded_again(request_: ModulesRequested) -> None:
    (fact,) = CORE.decide(after(request_), written(request_.module_ids[0]))
    run = given_run(CORE, request_, fact)
    run.when(written(request_.module_ids[0])).then_nothing()
    run.when(Rejected(request_.module_ids[0], REF, 1)).then_nothing()


def test_a_rejected_round_is_recorded_once_and_ends_nothing(request_: ModulesRequested) -> None:
    module_id = request_.module_ids[0]
    rejected = Rejected(module_id, REF, 1)
    fact = ModuleRejected(
        course_id=request_.course_id, run_id=request_.run_id, module_id=module_id, gate_report=REF, round=1
    )
    given_run(CORE, request_).when(rejected).then(fact)
    given_run(CORE, request_, fact).when(rejected).then_nothing()
    assert CORE.next_action(after(request_, fact)) == WriteModules(request_, frozenset())


def test_a_run_for_some_modules_keeps_the_others(request_: ModulesRequested) -> None:
    kept, again = request_.module_ids
    request = request_.model_copy(update={"module_ids": [again], "kept_modules": {kept: REF}})
    (fact,) = CORE.decide(after(request), written(again))
    action = CORE.next_action(after(request, fact))
    assert isinstance(action, AssembleCourse)
    assert set(action.written) == {kept, again}


def test_the_finished_course_ends_the_run(request_: ModulesRequested) -> None:
    (fact,) = CORE.decide(
        after(request_), Assembled("key", "edition", REF, (), REF, "complete", 2, 8, "Learn Click", 320)
    )
    assert isinstance(fact, CourseGenerated)
    assert (fact.title, fact.minutes, fact.modules, fact.items) == ("Learn Click", 320, 2, 8)
    assert CORE.next_action(after(request_, fact)) is None
    assert CORE.decide(after(request_, fact), written(request_.module_ids[0])) == ()


def test_facts_of_another_run_change_nothing(request_: ModulesRequested) -> None:
    (fact,) = CORE.decide(after(request_), written(request_.module_ids[0]))
    assert CORE.evolve(after(request_), fact.model_copy(update={"run_id": "other"})) == after(request_)


def test_a_start_names_the_modules(request_: ModulesRequested) -> None:
    assert CORE.plan(after(request_)) == {"module_ids": request_.module_ids}
