"""The decisions about an unattended generation that autopilot drives: canceled, gone on with, asked for again."""

import pytest

from services.gateway.course.commands import (
    CancelGeneration,
    Command,
    Generate,
    ResumeGeneration,
    RetryStage,
    RunStage,
    Start,
    Step,
)
from services.gateway.course.state import CourseState
from services.gateway.fold.evolve import AUTOPILOT
from services.gateway.fold.next_stage import next_stage
from services.gateway.fold.statuses import course_status, stage_statuses
from shared.events import Event
from shared.events.gateway import GenerationCanceled, PathwaySelected, StageCancelRequested
from tests.support.scenario import Course, given
from tests.unit.gateway.test_statuses import CREATED, FAILED, OFFER, PROPOSE, C
from tests.unit.gateway.test_what_was_asked_for import (
    ASKED,
    DEAD,
    PLAN,
    STAGE1,
    STAGE2,
    STAGE3,
    STOP,
    STOPPED,
    WHOLE,
)

GENERATE, RESUME = Generate("https://x.org/a/b", "", "intermediate", "", "offline", "auto"), ResumeGeneration()
OTHER_REF = Generate("https://x.org/a/b", "v2", "intermediate", "", "offline", "auto")
CANCEL = CancelGeneration("ann")
TEACHING = {"complexity_level": "intermediate", "additional_info": "", "engine": "offline", "model": ""}
ANALYSING = STAGE2[:2]
CHOSEN = PathwaySelected(course_id=C, pathway_id=OFFER.pathway_id)


def clone(retry_of: str | None = None) -> Start:
    return Start("repo_clone", {"repo_url": "https://x.org/a/b", "ref": "", "credential_id": None}, retry_of)


def canceled(stage: str, generation_id: str = PLAN) -> GenerationCanceled:
    return GenerationCanceled.model_validate(
        {"course_id": C, "generation_id": generation_id, "stage": stage, "by": "ann"}
    )


def course(*events: Event) -> Course:
    """A course of which a generation was asked for."""
    return given(CREATED, ASKED, *events, source=AUTOPILOT)


STOPPING: list[Event] = [*STAGE1, *ANALYSING, STOP, canceled("doc_analyser")]
GONE: list[Event] = [*STAGE1[:2], FAILED]
Then = tuple[Event | Step, ...]

STEPS: dict[str, tuple[list[Event], list[Command], Then]] = {
    "a stage at work is asked to stop, and the log says that it was the generation": (
        [*STAGE1, *ANALYSING], [CANCEL], (STOP, canceled("doc_analyser")),
    ),
    "a stage that has just finished is not stopped": ([*STAGE1, *STAGE2], [CANCEL], (canceled("pathway"),)),
    "a stage that was just asked for is stopped": (
        [*STAGE1, *STAGE2, PROPOSE], [CANCEL],
        (StageCancelRequested(course_id=C, run_id="r3", stage="pathway", by="ann"), canceled("pathway")),
    ),
    "a run that failed goes on": (
        [*STAGE1, *STAGE2[:3], DEAD], [GENERATE, RESUME], (Start("doc_analyser", TEACHING, "r2"),),
    ),
    "a run that was canceled goes on": (
        [*STAGE1, *STAGE2[:3], STOP, canceled("doc_analyser"), STOPPED], [GENERATE, RESUME],
        (Start("doc_analyser", TEACHING, "r2"),),
    ),
    "the first stage follows a cancel before it": (
        [canceled("repo_clone")], [GENERATE, RESUME, RetryStage("repo_clone")], (clone("e3"),),
    ),
    "the second stage follows a cancel before it": (
        [*STAGE1, canceled("doc_analyser")], [GENERATE, RESUME, RetryStage("doc_analyser")],
        (Start("doc_analyser", TEACHING, "e6"),),
    ),
    "the third stage follows a cancel before it": (
        [*STAGE1, *STAGE2, canceled("pathway")], [GENERATE, RESUME, RetryStage("pathway")],
        (Start("pathway", TEACHING, "e12"),),
    ),
    "before the last stage the pathway is chosen as it would have been": (
        [*STAGE1, *STAGE2, *STAGE3, canceled("modules")], [RESUME],
        (CHOSEN, Start("modules", {**TEACHING, "module_ids": []}, "e16")),
    ),
    "a request by hand ends what could be gone on with": (
        [*STAGE1, *ANALYSING, DEAD], [RunStage("repo_clone", clone().inputs)], (clone(),),
    ),
    "other inputs are another generation": (
        [*STAGE1, *ANALYSING, DEAD], [OTHER_REF], (ASKED.model_copy(update={"ref": "v2"}),),
    ),
    "a finished generation is made anew": (WHOLE[2:], [GENERATE], (ASKED,)),
    "after a failure for good the same inputs start anew": (GONE, [GENERATE], (ASKED,)),
}  # fmt: skip


@pytest.mark.parametrize("name", STEPS)
def test_a_command_becomes_steps(name: str) -> None:
    events, commands, then = STEPS[name]
    for command in commands:
        course(*events).when(command).then(*then)


@pytest.mark.parametrize(
    "change",
    [{"retryable": True}, {"error": "internal"}, {"error": "engine_not_configured"}, {"error": "engine_key_refused"}],
)
def test_what_passes_or_somebody_else_mends_is_tried_again(change: dict[str, object]) -> None:
    for command in (GENERATE, RESUME, RetryStage("repo_clone")):
        course(*STAGE1[:2], FAILED.model_copy(update=change)).when(command).then(clone("r1"))


SAME: dict[str, tuple[list[Event], Command, str]] = {
    "a cancel that was asked for": (STOPPING, CANCEL, "r2"),
    "a cancel of what is canceled": ([*STOPPING, STOPPED], CANCEL, "r2"),
    "a generation that is at work": ([*STAGE1, *ANALYSING], GENERATE, PLAN),
    "a generation that is at work is gone on with": ([*STAGE1, *ANALYSING], RESUME, PLAN),
}


@pytest.mark.parametrize("name", SAME)
def test_what_is_there_already_is_the_same(name: str) -> None:
    events, command, run_id = SAME[name]
    course(*events).when(command).then_same(run_id)


REFUSED: dict[str, tuple[list[Event], Command, str, str]] = {
    "the cancel of a course that is written": (WHOLE[2:], CANCEL, "not_running", ""),
    "the cancel of what has failed": ([*STAGE1, *ANALYSING, DEAD], CANCEL, "not_running", ""),
    "to go on with what is stopping": (STOPPING, RESUME, "stopping", ""),
    "to generate what is stopping": (STOPPING, GENERATE, "stopping", ""),
    "to go on with a course that is written": (WHOLE[2:], RESUME, "nothing_to_resume", ""),
    "to go on after a failure for good": (GONE, RESUME, "not_retryable", "Gone"),
    "to retry after a failure for good": (GONE, RetryStage("repo_clone"), "not_retryable", "Gone"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_now_is_refused(name: str) -> None:
    events, command, code, words = REFUSED[name]
    course(*events).when(command).then_refused(code, words)


@pytest.mark.parametrize(
    ("done", "stage", "status"),
    [
        ([], "repo_clone", "stage1_canceled"),
        (STAGE1, "doc_analyser", "stage2_canceled"),
        ([*STAGE1, *STAGE2], "pathway", "stage3_canceled"),
        ([*STAGE1, *STAGE2, *STAGE3], "modules", "stage4_canceled"),
    ],
)
def test_a_cancel_between_two_stages_is_shown_and_no_stage_follows(done: list[Event], stage: str, status: str) -> None:
    before, after = course(*done), course(*done, canceled(stage))
    before.when(CANCEL).then(canceled(stage))
    state: CourseState = after.state
    assert (next_stage(before.state), next_stage(state)) == (stage, None)
    assert (course_status(state).status, course_status(state).task_status) == (status, "REVOKED")
    assert stage_statuses(state)[status[:6]].task_id == f"e{3 + len(done)}"
    assert course_status(state).progress == course_status(before.state).progress
    after.when(CANCEL).then_same(f"e{3 + len(done)}")


def test_the_cancel_of_another_generation_changes_nothing() -> None:
    state = course(*STAGE1, canceled("doc_analyser", "another")).state
    assert (next_stage(state), course_status(state).task_status) == ("doc_analyser", "STARTED")
