"""Stage 1's pure core: one request, one fact."""

from services.repo_clone.core import CORE, CloneAndScan, State
from shared.events import BlobRef, Event
from shared.events.gateway import CourseCreated, RepoCloneRequested
from shared.events.repo_clone import RepoCloned
from tests.support.scenario import given_run

REF = BlobRef(key="k", sha256="0" * 64, size=1, media_type="application/json")
REQUEST = RepoCloneRequested(course_id="c1", run_id="r1", repo_url="a/b", ref="main", owner="o")
CLONED = RepoCloned(
    course_id="c1", run_id="r1", source_id="s1", repo_url="a/b", canonical_url="https://github.com/a/b", ref="main",
    commit="c" * 40, default_branch="main", repo_name="b", files=REF, folders=REF, file_count=3, folder_count=1,
    document_count=2, bytes_fetched=10,
)  # fmt: skip


def state_after(*events: Event) -> State:
    return given_run(CORE, *events).state


def test_a_request_is_to_be_cloned_and_scanned() -> None:
    assert CORE.next_action(state_after(REQUEST)) == CloneAndScan(REQUEST)


def test_the_scan_becomes_the_one_fact_of_the_run() -> None:
    given_run(CORE, REQUEST).when(CLONED).then(CLONED)


def test_when_the_fact_is_recorded_nothing_is_left_and_nothing_is_added() -> None:
    run = given_run(CORE, REQUEST, CLONED)
    run.then_next(None)
    run.when(CLONED).then_nothing()


def test_other_runs_and_other_events_leave_the_state_as_it_is() -> None:
    state = state_after(REQUEST)
    other = REQUEST.model_copy(update={"run_id": "r2", "ref": "dev"})
    created = CourseCreated(course_id="c1", owner="o", title="t")
    assert state_after(REQUEST, other, CLONED.model_copy(update={"run_id": "r2"}), created) == state


def test_without_a_request_there_is_nothing_to_do() -> None:
    given_run(CORE).then_next(None)
    given_run(CORE).when(CLONED).then_nothing()
