"""Stage 1's pure core: one request, one fact."""

from services.repo_clone.core import CORE, CloneAndScan, Scanned, State
from shared.events import BlobRef, Event
from shared.events.gateway import CourseCreated, RepoCloneRequested
from shared.events.repo_clone import RepoCloned
from tests.support.scenario import given_run

REF = BlobRef(key="k", sha256="0" * 64, size=1, media_type="application/json")
REQUEST = RepoCloneRequested(course_id="c1", run_id="r1", repo_url="a/b", ref="main", owner="o")
SCANNED = Scanned(
    source_id="s1", canonical_url="https://github.com/a/b", ref="main", commit="c" * 40, default_branch="main",
    repo_name="b", files=REF, folders=REF, navigation=None, file_count=3, folder_count=1, document_count=2,
    bytes_fetched=10,
)  # fmt: skip


def state_after(*events: Event) -> State:
    return given_run(CORE, *events).state


def cloned(run_id: str) -> RepoCloned:
    (event,) = CORE.decide(state_after(REQUEST), SCANNED)
    assert isinstance(event, RepoCloned)
    return event.model_copy(update={"run_id": run_id})


def test_a_request_is_to_be_cloned_and_scanned() -> None:
    assert CORE.next_action(state_after(REQUEST)) == CloneAndScan(REQUEST)


def test_the_scan_becomes_the_one_fact_of_the_run() -> None:
    (event,) = CORE.decide(state_after(REQUEST), SCANNED)
    assert isinstance(event, RepoCloned)
    assert (event.course_id, event.run_id, event.source_id, event.repo_url) == ("c1", "r1", "s1", "a/b")
    assert (event.commit, event.document_count) == ("c" * 40, 2)


def test_when_the_fact_is_recorded_nothing_is_left_and_nothing_is_added() -> None:
    run = given_run(CORE, REQUEST, cloned("r1"))
    run.then_next(None)
    run.when(SCANNED).then_nothing()


def test_other_runs_and_other_events_leave_the_state_as_it_is() -> None:
    state = state_after(REQUEST)
    other = REQUEST.model_copy(update={"run_id": "r2", "ref": "dev"})
    created = CourseCreated(course_id="c1", owner="o", title="t")
    assert state_after(REQUEST, other, cloned("r2"), created) == state


def test_without_a_request_there_is_nothing_to_do() -> None:
    given_run(CORE).then_next(None)
    given_run(CORE).when(SCANNED).then_nothing()
