"""A client that polls the whole course sees STARTED until it is over, and a percentage that only rises."""

from collections.abc import Sequence
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from services.gateway.api.progress import Progress, ProgressHub
from services.gateway.api.schemas.stages import CourseStatusView
from services.gateway.api.status import course_view
from services.gateway.course.state import CourseState
from services.gateway.fold.evolve import AUTOPILOT, evolve
from services.gateway.readmodels.course_tasks import rows_of
from services.gateway.readmodels.courses import row_of
from shared.event_log.port import Recorded
from shared.events import Event
from shared.events.base import Stage
from shared.events.gateway import GenerationCanceled, GenerationRequested, StageCancelRequested
from shared.events.stage import StageCanceled, StageDead, StageRetryScheduled
from shared.pipeline import PIPELINE
from tests.unit.gateway.test_statuses import (
    ANALYSE,
    ANALYSED,
    ANALYSING,
    CLONE,
    CLONED,
    CLONING,
    CREATED,
    FAILED,
    GENERATED,
    NOW,
    OFFER,
    PROPOSE,
    PROPOSED,
    PROPOSING,
    WRITE,
    WRITING,
    WRITTEN,
    C,
    document,
)

ASKED = GenerationRequested(course_id=C, repo_url="https://x.org/a/b")
PLAN = "e2"  # the id `Client` gives the second event
STAGE1 = [CLONE, CLONING, CLONED]
STAGE2 = [ANALYSE, ANALYSING, document("a"), document("b"), document("c"), ANALYSED]
STAGE3 = [PROPOSE, PROPOSING, OFFER, PROPOSED]
STAGE4 = [WRITE, WRITING, WRITTEN, GENERATED]
WHOLE: list[Event] = [CREATED, ASKED, *STAGE1, *STAGE2, *STAGE3, *STAGE4]
DEAD = StageDead(course_id=C, run_id="r2", stage="doc_analyser", reason="Away")
WAIT = StageRetryScheduled(
    course_id=C, run_id="r2", stage="doc_analyser", attempt=1, not_before=NOW, error="busy", message="Busy"
)
STOP = StageCancelRequested(course_id=C, run_id="r2", stage="doc_analyser", by="ann")
STOPPED = StageCanceled(course_id=C, run_id="r2", stage="doc_analyser", reason="asked")
AGAIN = ANALYSE.model_copy(update={"run_id": "r5", "retry_of": "r2"})


class Client:
    """Polls after each thing that happens. What no person asks for is autopilot's."""

    def __init__(self) -> None:
        self.state, self.hub, self.seen = CourseState(), ProgressHub(), list[CourseStatusView]()

    def happens(self, *events: Event, source: str = AUTOPILOT) -> "Client":
        for event in events:
            seq = self.state.seq + 1
            self.state = evolve(self.state, Recorded(event, f"e{seq}", seq, NOW, source=source))
            self.poll()
        return self

    def works(self, stage: Stage, run_id: str, *percents: int) -> "Client":
        for percent in percents:
            self.hub.publish(Progress(C, stage, run_id, "At work", percent))
            self.poll()
        return self

    def poll(self) -> None:
        if self.state.created_at is not None:
            tasks = {row["stage"]: SimpleNamespace(**row) for row in rows_of(self.state)}
            self.seen.append(course_view(SimpleNamespace(**row_of(self.state)), tasks, self.hub, PIPELINE))

    @property
    def percents(self) -> list[int]:
        return [one.progress_percentage for one in self.seen]

    @property
    def statuses(self) -> Sequence[str]:
        """Without repeats in a row."""
        said = [one.status for one in self.seen]
        return [one for at, one in enumerate(said) if at == 0 or said[at - 1] != one]


def rises(percents: list[int]) -> bool:
    return percents == sorted(percents)


def test_a_whole_generation_is_started_until_its_end_and_its_percentage_only_rises() -> None:
    client = Client().happens(CREATED, ASKED, CLONE, CLONING).works("repo_clone", "r1", 20, 80).happens(CLONED)
    client.happens(*STAGE2).happens(PROPOSE, PROPOSING).works("pathway", "r3", 50).happens(OFFER, PROPOSED)
    client.happens(WRITE, WRITING).works("modules", "r4", 10, 90).happens(WRITTEN, GENERATED)
    assert client.statuses == ["PENDING", "STARTED", "SUCCESS"]
    assert rises(client.percents)
    assert (client.percents[-2], client.percents[-1]) == (97, 100)
    assert [one.current_step for one in client.seen if one.database_status == "stage1_complete"] == [
        "Waiting for the next stage"
    ]


def test_every_beginning_of_a_whole_generation_is_neither_done_nor_waiting() -> None:
    client = Client().happens(*WHOLE)
    assert [one.status for one in client.seen] == ["PENDING", *["STARTED"] * (len(WHOLE) - 2), "SUCCESS"]


def test_a_single_stage_asked_for_by_hand_is_done_when_it_is() -> None:
    client = Client().happens(CREATED, *STAGE1, source="gateway")
    assert client.statuses == ["PENDING", "STARTED", "SUCCESS"]
    client.happens(*STAGE2, source="gateway")
    assert client.statuses == ["PENDING", "STARTED", "SUCCESS", "STARTED", "SUCCESS"]
    assert client.percents[-1] == 50


def test_another_attempt_does_not_begin_at_its_beginning() -> None:
    busy = StageRetryScheduled(**{**WAIT.model_dump(), "run_id": "r1", "stage": "repo_clone"})
    client = Client().happens(CREATED, ASKED, CLONE, CLONING).works("repo_clone", "r1", 80)
    assert client.percents[-1] == 21
    client.happens(busy, CLONING.model_copy(update={"attempt": 2})).works("repo_clone", "r1", 5).happens(CLONED)
    assert rises(client.percents)
    assert client.statuses == ["PENDING", "STARTED"]


def test_failure_and_a_retry_by_hand_keep_what_was_reached() -> None:
    client = Client().happens(CREATED, ASKED, *STAGE1, *STAGE2[:4]).works("doc_analyser", "r2", 70).happens(DEAD)
    assert (client.seen[-1].status, client.percents[-1]) == ("FAILURE", 44)
    client.happens(AGAIN, source="gateway")
    client.happens(ANALYSING.model_copy(update={"run_id": "r5"})).works("doc_analyser", "r5", 5)
    assert client.statuses == ["PENDING", "STARTED", "FAILURE", "STARTED"]
    assert rises(client.percents)


def test_another_process_without_the_workers_steps_keeps_what_facts_prove() -> None:
    client = Client().happens(CREATED, ASKED, *STAGE1, *STAGE2[:4], DEAD, AGAIN)
    client.hub = ProgressHub()
    client.happens(ANALYSING.model_copy(update={"run_id": "r5"}))
    assert (client.percents[-1], rises(client.percents)) == (42, True)


def test_cancel_is_no_success_and_keeps_what_was_reached() -> None:
    canceled = GenerationCanceled(course_id=C, generation_id=PLAN, stage="doc_analyser", by="ann")
    client = Client().happens(CREATED, ASKED, *STAGE1, *STAGE2[:4], STOP, canceled)
    assert (client.seen[-1].status, client.seen[-1].current_step) == ("STARTED", "Stopping")
    client.happens(STOPPED)
    assert (client.statuses, client.percents[-1]) == (["PENDING", "STARTED", "REVOKED"], 42)


def test_a_new_generation_begins_once_at_its_beginning() -> None:
    client = Client().happens(*WHOLE)
    first = len(client.seen)
    client.happens(ASKED, CLONE.model_copy(update={"run_id": "r6"}))
    assert client.percents[first:] == [0, 10]
    assert client.statuses == ["PENDING", "STARTED", "SUCCESS", "STARTED"]


TURNS = st.lists(
    st.one_of(
        st.sampled_from([*STAGE1, *STAGE2, *STAGE3, *STAGE4, DEAD, FAILED, WAIT, STOP, STOPPED, AGAIN]),
        st.tuples(st.sampled_from(["repo_clone", "doc_analyser"]), st.sampled_from(["r1", "r2", "r5"]),
                  st.integers(0, 100)),
    ),
    max_size=40,
)  # fmt: skip


@given(TURNS)
def test_nothing_that_can_happen_in_a_generation_makes_its_percentage_fall(turns: list[object]) -> None:
    client = Client().happens(CREATED, ASKED)
    for turn in turns:
        if isinstance(turn, Event):
            client.happens(turn)
        elif isinstance(turn, tuple):
            client.works(*turn)
    assert rises(client.percents)


def test_the_step_is_of_what_the_percentage_is_of() -> None:
    client = Client().happens(CREATED, ASKED, *STAGE1, *STAGE2[:3]).works("doc_analyser", "r2", 40)
    assert client.seen[-1].current_step == "At work"
    client.happens(document("b"))
    assert client.seen[-1].current_step == "Analysed b (2 of 4)"
