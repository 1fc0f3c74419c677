"""A generation is canceled whatever is at work, and goes on where it was: decisions first, then requests."""

import asyncio

import pytest

from services.gateway.course import commands
from services.gateway.course.state import CourseState
from services.gateway.fold.evolve import AUTOPILOT, evolve
from services.gateway.fold.next_stage import next_stage
from services.gateway.fold.statuses import course_status, stage_statuses
from services.gateway.write.decide import decide
from services.gateway.write.now import Decision
from shared.event_log.port import Recorded
from shared.events import Event
from shared.events.gateway import (
    DocsAnalysisRequested,
    GenerationCanceled,
    GenerationRequested,
    ModulesRequested,
    PathwaySelected,
    PathwaysRequested,
    StageCancelRequested,
)
from shared.kernel.refusals import Refusal, Same
from tests.integration.gateway.conftest import Gateway
from tests.unit.gateway.test_statuses import CREATED, FAILED, NOW, OFFER, PROPOSE, C
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

GENERATE = commands.Generate("https://x.org/a/b", "", "intermediate", "", "offline", "auto")
CANCEL = commands.CancelGeneration("ann")

TEACHING = {"complexity_level": "intermediate", "additional_info": "", "engine": "offline", "model": ""}


def clone(retry_of: str | None = None) -> commands.Start:
    return commands.Start("repo_clone", {"repo_url": "https://x.org/a/b", "ref": "", "credential_id": None}, retry_of)


def given(*events: Event) -> CourseState:
    state = CourseState()
    for seq, event in enumerate(events, start=1):
        state = evolve(state, Recorded(event, f"e{seq}", seq, NOW, source=AUTOPILOT))
    return state


def when(state: CourseState, command: commands.Command) -> Decision:
    return decide(state, command)


def canceled(stage: str) -> GenerationCanceled:
    return GenerationCanceled.model_validate({"course_id": C, "generation_id": PLAN, "stage": stage, "by": "ann"})


def test_a_stage_at_work_is_asked_to_stop_and_the_log_says_that_it_was_the_generation() -> None:
    state = given(CREATED, ASKED, *STAGE1, *STAGE2[:2])
    assert when(state, CANCEL) == commands.Steps((commands.Emit(STOP), commands.Emit(canceled("doc_analyser"))))


@pytest.mark.parametrize(
    ("done", "stage", "status"),
    [
        ([], "repo_clone", "stage1_canceled"),
        (STAGE1, "doc_analyser", "stage2_canceled"),
        ([*STAGE1, *STAGE2], "pathway", "stage3_canceled"),
        ([*STAGE1, *STAGE2, *STAGE3], "modules", "stage4_canceled"),
    ],
)
def test_between_two_stages_the_next_one_is_not_asked_for(done: list[Event], stage: str, status: str) -> None:
    before = given(CREATED, ASKED, *done)
    assert next_stage(before) == stage
    assert when(before, CANCEL) == commands.Steps((commands.Emit(canceled(stage)),))
    state = given(CREATED, ASKED, *done, canceled(stage))
    assert next_stage(state) is None
    assert (course_status(state).status, course_status(state).task_status) == (status, "REVOKED")
    assert stage_statuses(state)[status[:6]].task_id == f"e{3 + len(done)}"
    assert course_status(state).progress == course_status(before).progress
    assert when(state, CANCEL) == Same(f"e{3 + len(done)}")


def test_a_cancel_that_comes_as_a_stage_has_just_finished_stops_the_next_one() -> None:
    seen = given(CREATED, ASKED, *STAGE1, *STAGE2[:-1])
    assert commands.Emit(STOP) in getattr(when(seen, CANCEL), "steps", ())
    finished_first = given(CREATED, ASKED, *STAGE1, *STAGE2)
    assert when(finished_first, CANCEL) == commands.Steps((commands.Emit(canceled("pathway")),))
    requested_first = given(CREATED, ASKED, *STAGE1, *STAGE2, PROPOSE)
    stop = StageCancelRequested(course_id=C, run_id="r3", stage="pathway", by="ann")
    assert when(requested_first, CANCEL) == commands.Steps((commands.Emit(stop), commands.Emit(canceled("pathway"))))


def test_a_canceled_generation_is_not_taken_for_another_one() -> None:
    other = GenerationCanceled(course_id=C, generation_id="another", stage="doc_analyser", by="ann")
    state = given(CREATED, ASKED, *STAGE1, other)
    assert (next_stage(state), course_status(state).task_status) == ("doc_analyser", "STARTED")


def test_asked_twice_it_is_the_same() -> None:
    stopping = given(CREATED, ASKED, *STAGE1, *STAGE2[:2], STOP, canceled("doc_analyser"))
    assert when(stopping, CANCEL) == Same("r2")
    assert when(evolve(stopping, Recorded(STOPPED, "e9", 99, NOW)), CANCEL) == Same("r2")


@pytest.mark.parametrize(
    ("events", "status"),
    [([CREATED], "draft"), (WHOLE, "stage4_complete"), ([CREATED, ASKED, *STAGE1, *STAGE2[:2], DEAD], "stage2_failed")],
)
def test_there_is_nothing_to_cancel(events: list[Event], status: str) -> None:
    refusal = when(given(*events), CANCEL)
    assert isinstance(refusal, Refusal)
    assert (refusal.status, refusal.code, refusal.extra) == (409, "not_running", {"course_status": status})


ENDS: list[list[Event]] = [[DEAD], [STOP, canceled("doc_analyser"), STOPPED]]


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("command", [GENERATE, commands.ResumeGeneration()])
def test_what_failed_or_was_canceled_goes_on_with_its_stage(end: list[Event], command: commands.Command) -> None:
    state = given(CREATED, ASKED, *STAGE1, *STAGE2[:3], *end)
    assert when(state, command) == commands.Steps((commands.Start("doc_analyser", TEACHING, "r2"),))


@pytest.mark.parametrize(
    ("done", "stage", "start"),
    [
        ([], "repo_clone", clone("e3")),
        (STAGE1, "doc_analyser", commands.Start("doc_analyser", TEACHING, "e6")),
        ([*STAGE1, *STAGE2], "pathway", commands.Start("pathway", TEACHING, "e12")),
    ],
)
def test_what_was_canceled_between_two_stages_goes_on_with_the_next(
    done: list[Event], stage: str, start: commands.Start
) -> None:
    state = given(CREATED, ASKED, *done, canceled(stage))
    assert when(state, GENERATE) == when(state, commands.ResumeGeneration()) == commands.Steps((start,))
    assert when(state, commands.RetryStage(state.current or "modules")) == commands.Steps((start,))


def test_before_the_last_stage_the_pathway_is_chosen_as_it_would_have_been() -> None:
    state = given(CREATED, ASKED, *STAGE1, *STAGE2, *STAGE3, canceled("modules"))
    chosen = commands.Emit(PathwaySelected(course_id=C, pathway_id=OFFER.pathway_id))
    start = commands.Start("modules", {**TEACHING, "module_ids": []}, "e16")
    assert when(state, commands.ResumeGeneration()) == commands.Steps((chosen, start))


def test_other_inputs_are_another_generation() -> None:
    state = given(CREATED, ASKED, *STAGE1, *STAGE2[:2], DEAD)
    other = commands.Generate("https://x.org/a/b", "v2", "intermediate", "", "offline", "auto")
    decision = when(state, other)
    assert isinstance(decision, commands.Steps)
    assert [type(step.event) for step in decision.steps if isinstance(step, commands.Emit)] == [GenerationRequested]


def test_a_finished_generation_asked_for_again_is_a_new_one() -> None:
    decision = when(given(*WHOLE), GENERATE)
    assert isinstance(decision, commands.Steps)
    assert [type(step.event) for step in decision.steps if isinstance(step, commands.Emit)] == [GenerationRequested]


def test_what_is_stopping_is_not_gone_on_with_yet() -> None:
    state = given(CREATED, ASKED, *STAGE1, *STAGE2[:2], STOP, canceled("doc_analyser"))
    for command in (GENERATE, commands.ResumeGeneration()):
        refusal = when(state, command)
        assert isinstance(refusal, Refusal)
        assert (refusal.status, refusal.code, refusal.retry_after_seconds) == (409, "stopping", 1)


def test_what_runs_is_the_same_run() -> None:
    state = given(CREATED, ASKED, *STAGE1, *STAGE2[:2])
    assert when(state, GENERATE) == when(state, commands.ResumeGeneration()) == Same(PLAN)


@pytest.mark.parametrize("events", [[CREATED], WHOLE, [CREATED, *STAGE1[:1]]])
def test_there_is_nothing_to_go_on_with(events: list[Event]) -> None:
    refusal = when(given(*events), commands.ResumeGeneration())
    assert isinstance(refusal, Refusal)
    assert (refusal.status, refusal.code) == (409, "nothing_to_resume")


@pytest.mark.parametrize("command", [commands.RetryStage("repo_clone"), commands.ResumeGeneration()])
def test_a_failure_for_good_is_not_tried_again(command: commands.Command) -> None:
    refusal = when(given(CREATED, ASKED, *STAGE1[:2], FAILED), command)
    assert isinstance(refusal, Refusal)
    assert (refusal.status, refusal.code) == (409, "not_retryable")
    assert "Gone" in refusal.detail


def test_after_a_failure_for_good_the_same_inputs_start_anew() -> None:
    decision = when(given(CREATED, ASKED, *STAGE1[:2], FAILED), GENERATE)
    assert isinstance(decision, commands.Steps)
    assert [type(step.event) for step in decision.steps if isinstance(step, commands.Emit)] == [GenerationRequested]


@pytest.mark.parametrize(
    "change",
    [{"retryable": True}, {"error": "internal"}, {"error": "engine_not_configured"}, {"error": "engine_key_refused"}],
)
def test_what_passes_or_somebody_else_mends_is_tried_again(change: dict[str, object]) -> None:
    state = given(CREATED, ASKED, *STAGE1[:2], FAILED.model_copy(update=change))
    again = commands.Steps((clone("r1"),))
    assert when(state, GENERATE) == when(state, commands.ResumeGeneration()) == again
    assert isinstance(when(state, commands.RetryStage("repo_clone")), commands.Steps)


async def test_a_canceled_course_stays_so_and_goes_on_when_asked(gateway: Gateway) -> None:
    course_id = await gateway.create()
    body = {"repo_url": "https://github.com/pallets/click"}
    await gateway.post(course_id, "generate", body)
    await gateway.project()
    await gateway.workers.clone(course_id)
    await gateway.project()
    await gateway.workers.analyse(course_id)
    answer = await gateway.post(course_id, "cancel")
    assert answer["status"] in {"stopping", "accepted"}
    await gateway.project()
    course = await gateway.course(course_id)
    if course["status"] == "stage3_running":  # autopilot was first; a worker hears of it
        run = (await gateway.workers.request(course_id, PathwaysRequested)).run_id
        await gateway.workers.cancel(course_id, "pathway", run)
        await gateway.project()
    assert (await gateway.course(course_id))["status"] == "stage3_canceled"
    shown = (await gateway.api.get(f"/api/course-generation/{course_id}/status")).json()
    assert (shown["status"], shown["current_stage"], shown["database_status"]) == (
        "REVOKED", "stage3", "stage3_canceled",
    )  # fmt: skip
    before = len(await gateway.workers.recorded(course_id))
    await gateway.post(course_id, "cancel")
    assert len(await gateway.workers.recorded(course_id)) == before
    await gateway.post(course_id, "resume")
    await gateway.workers.propose(course_id)
    await gateway.project()
    await gateway.workers.write(course_id)
    await gateway.project()
    assert (await gateway.course(course_id))["status"] == "stage4_complete"
    events = [type(one.event) for one in await gateway.workers.recorded(course_id)]
    assert events.count(GenerationRequested) == events.count(DocsAnalysisRequested) == 1
    assert (await gateway.post(course_id, "cancel", status=409))["course_status"] == "stage4_complete"


async def test_modules_that_are_written_are_kept_when_a_canceled_generation_goes_on(gateway: Gateway) -> None:
    course_id = await gateway.create()
    body = {"repo_url": "https://github.com/pallets/click"}
    await gateway.post(course_id, "generate", body)
    await gateway.project()
    for work in (gateway.workers.clone, gateway.workers.analyse, gateway.workers.propose):
        await work(course_id)
        await gateway.project()
    await gateway.workers.write(course_id, stop_after=3)
    run = (await gateway.workers.request(course_id, ModulesRequested)).run_id
    await gateway.post(course_id, "cancel")
    refused = await gateway.post(course_id, "generate", body, 409)
    assert (refused["code"], refused["course_status"]) == ("stopping", "stage4_running")
    await gateway.workers.cancel(course_id, "modules", run)
    await gateway.project()
    await gateway.post(course_id, "generate", body)
    again = await gateway.workers.request(course_id, ModulesRequested)
    assert (len(again.module_ids), len(again.kept_modules), again.retry_of) == (5, 3, run)


async def test_a_cancel_and_autopilot_at_the_same_moment_leave_nothing_running(gateway: Gateway) -> None:
    for _ in range(10):
        course_id = await gateway.create()
        await gateway.post(course_id, "generate", {"repo_url": "https://github.com/pallets/click"})
        await gateway.project()
        await gateway.workers.clone(course_id)
        await asyncio.gather(gateway.chores.work(), gateway.post(course_id, "cancel"))
        await gateway.project()
        events = [one.event for one in await gateway.workers.recorded(course_id)]
        asked = [event.run_id for event in events if isinstance(event, DocsAnalysisRequested)]
        stopped = [event.run_id for event in events if isinstance(event, StageCancelRequested)]
        assert asked == stopped
        assert len([event for event in events if isinstance(event, GenerationCanceled)]) == 1


async def test_a_stage_asked_for_by_hand_is_canceled_by_the_course_too(gateway: Gateway) -> None:
    course_id = await gateway.create()
    started = await gateway.post(course_id, "analyze-repository", {"repo_url": "https://github.com/pallets/click"})
    assert (await gateway.post(course_id, "cancel"))["task_id"] == started["task_id"]
    await gateway.workers.cancel(course_id, "repo_clone", started["task_id"])
    await gateway.project()
    assert (await gateway.course(course_id))["status"] == "stage1_canceled"


async def test_nobody_cancels_another_users_course(gateway: Gateway) -> None:
    course_id = await gateway.create()
    await gateway.post(course_id, "analyze-repository", {"repo_url": "https://github.com/pallets/click"})
    for path in ("cancel", "resume"):
        assert (await gateway.bob.post(f"/api/courses/{course_id}/{path}")).status_code == 404


def test_a_new_request_by_hand_ends_what_could_be_gone_on_with() -> None:
    state = given(CREATED, ASKED, *STAGE1, *STAGE2[:2], DEAD)
    decision = when(state, commands.RunStage("repo_clone", clone().inputs))
    assert decision == commands.Steps((clone(),))
