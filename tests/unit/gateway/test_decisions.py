"""The decisions of the gateway, scenario by scenario: facts, a command, and what follows."""

from datetime import timedelta

import pytest

from services.gateway.course.commands import (
    CancelGeneration,
    CancelStage,
    Command,
    CreateCourse,
    DeleteCourse,
    EditPathway,
    Generate,
    Inputs,
    ResumeGeneration,
    RetryStage,
    ReviseDocument,
    RevisePathway,
    RunStage,
    SelectPathway,
    SelectSources,
    Start,
    Step,
    UpdateCourse,
)
from services.gateway.course.state import StageRun, replace
from services.gateway.fold.evolve import AUTOPILOT
from shared.events import Event
from shared.events.gateway import (
    CourseCreated,
    CourseDeleted,
    CourseUpdated,
    DocumentRevised,
    GenerationCanceled,
    GenerationRequested,
    LectureAdded,
    LecturesRequested,
    PathwaySelected,
    SourceSelection,
    SourcesSelected,
    StageCancelRequested,
)
from shared.events.repo_clone import RepoCloneFailed
from shared.events.stage import StageCanceled
from tests.support.scenario import WHEN, given
from tests.unit.gateway.test_statuses import CLONE, CREATED, NOW, OFFER, PROPOSE, PROPOSED, PROPOSING, REF, WRITE, C
from tests.unit.gateway.test_what_was_asked_for import ASKED, DEAD, STAGE1, STAGE2, STAGE3, STAGE4, STOP, STOPPED, WHOLE

ADDRESS = "https://x.org/a/b"
CLONE_INPUTS: Inputs = {"repo_url": ADDRESS, "ref": "", "credential_id": None}
TEACHING: Inputs = {"complexity_level": "beginner", "additional_info": "", "engine": "offline", "model": ""}
ALL_MODULES: Inputs = {**TEACHING, "module_ids": []}

OTHER = OFFER.model_copy(update={"pathway_id": "p2", "kind": "quickstart"})
BOTH = PROPOSED.model_copy(update={"pathway_ids": ["p1", "p2"]})
CHOSEN = PathwaySelected(course_id=C, pathway_id="p1")
OFFERED: list[Event] = [CREATED, *STAGE1, *STAGE2, *STAGE3[:2], OFFER, OTHER, BOTH]
AGAIN = [one.model_copy(update={"run_id": "r6"}) for one in (PROPOSING, OFFER, PROPOSED)]
READY: list[Event] = [*OFFERED, CHOSEN]
WRITTEN_ONCE: list[Event] = [*READY, *STAGE4]
REWRITE = WRITE.model_copy(
    update={"run_id": "r5", "module_ids": ["m1"], "kept_modules": {"m2": REF}, "asked_modules": ["m1"]}
)
THE_REST = WRITE.model_copy(
    update={"run_id": "r6", "retry_of": "r4", "module_ids": ["m2"], "kept_modules": {"m1": REF}}
)
FAILED_FOR_GOOD = RepoCloneFailed(
    course_id=C, run_id="r1", error="host_unknown", message="No such host", retryable=False, attempt=1
)
SELECTION = SourceSelection(source_id="s1", folders=["docs"])


def stop(stage: str, run_id: str) -> StageCancelRequested:
    return StageCancelRequested(course_id=C, run_id=run_id, stage=stage, by="ann")


def stopped(stage: str, run_id: str) -> StageCanceled:
    return StageCanceled(course_id=C, run_id=run_id, stage=stage, reason="asked")


Then = tuple[Event | Step, ...]

STEPS: dict[str, tuple[list[Event], Command, Then]] = {
    "a new id is a new course": (
        [], CreateCourse(C, "ann", "T", ""), (CourseCreated(course_id=C, owner="ann", title="T"),),
    ),
    "only what changes is recorded": (
        [CREATED], UpdateCourse("T", "new"), (CourseUpdated(course_id=C, description="new"),),
    ),
    "a course is deleted at any time": (
        [CREATED, *STAGE1[:2]], DeleteCourse("ann"), (CourseDeleted(course_id=C, by="ann"),),
    ),
    "an update asks for an unattended run of the repository there is": (
        [CREATED, *STAGE1], UpdateCourse("New", generate=True),
        (CourseUpdated(course_id=C, title="New"), GenerationRequested(course_id=C, repo_url=ADDRESS)),
    ),
    "an update keeps the kind of pathway that was chosen": (
        [*OFFERED, PathwaySelected(course_id=C, pathway_id="p2")], UpdateCourse(generate=True),
        (GenerationRequested(course_id=C, repo_url=ADDRESS, complexity_level="beginner", pathway="quickstart"),),
    ),
    "a generation begins": (
        [CREATED], Generate(ADDRESS, "", "intermediate", "", "offline", "auto"), (ASKED,),
    ),
    "a repository is analysed": ([CREATED], RunStage("repo_clone", CLONE_INPUTS), (Start("repo_clone", CLONE_INPUTS),)),
    "another repository is analysed after the first": (
        [CREATED, *STAGE1], RunStage("repo_clone", {**CLONE_INPUTS, "ref": "v2"}),
        (Start("repo_clone", {**CLONE_INPUTS, "ref": "v2"}),),
    ),
    "inputs that are not given are those of before": (
        [CREATED, *STAGE1, *STAGE2], RunStage("pathway", {}), (Start("pathway", TEACHING),),
    ),
    "a level that is given counts": (
        [CREATED, *STAGE1], RunStage("doc_analyser", {"complexity_level": "advanced"}),
        (Start("doc_analyser", {**TEACHING, "complexity_level": "advanced"}),),
    ),
    "the same analysis is asked for after it ended": (
        [CREATED, *STAGE1, *STAGE2],
        RunStage("doc_analyser", {"complexity_level": "beginner"}, WHEN + timedelta(seconds=1)),
        (Start("doc_analyser", TEACHING),),
    ),
    "a course is written": (READY, RunStage("modules", {}), (Start("modules", ALL_MODULES),)),
    "a course is written for the level of its pathways": (
        [*READY[:-1], PROPOSE.model_copy(update={"run_id": "r6", "complexity_level": "advanced"}), *AGAIN, CHOSEN],
        RunStage("modules", {}), (Start("modules", {**ALL_MODULES, "complexity_level": "advanced"}),),
    ),
    "one module is written again": (
        WRITTEN_ONCE, RunStage("modules", {"module_ids": ["m1"]}),
        (Start("modules", {**TEACHING, "module_ids": ["m1"]}),),
    ),
    "a selection is saved": (
        [CREATED, *STAGE1], SelectSources(("docs",), None, (), None),
        (SourcesSelected(course_id=C, selections=[SELECTION]),),
    ),
    "a selection starts the analysis": (
        [CREATED, *STAGE1], SelectSources(("docs",), None, (), {"complexity_level": "beginner"}),
        (SourcesSelected(course_id=C, selections=[SELECTION]), Start("doc_analyser", TEACHING)),
    ),
    "a selection keeps the fields that are left out": (
        [CREATED, *STAGE1, SourcesSelected(course_id=C, selections=[SELECTION])],
        SelectSources((), "README.md", (), None, frozenset({"folders"})),
        (
            SourcesSelected(
                course_id=C, selections=[SELECTION.model_copy(update={"overview_document": "README.md"})]
            ),
        ),
    ),
    "an analysis is corrected": (
        [CREATED, *STAGE1, *STAGE2], ReviseDocument("a", {"title": "New"}),
        (DocumentRevised(course_id=C, document_id="a", title="New"),),
    ),
    "a pathway is edited": (
        OFFERED, RevisePathway("p2", EditPathway("New", None)), (RevisePathway("p2", EditPathway("New", None)),),
    ),
    "a pathway is chosen": (OFFERED, SelectPathway("p2", False), (PathwaySelected(course_id=C, pathway_id="p2"),)),
    "a choice starts writing": (
        OFFERED, SelectPathway("p1", True), (CHOSEN, Start("modules", ALL_MODULES)),
    ),
    "a choice made before starts writing alone": (
        READY, SelectPathway("p1", True), (Start("modules", ALL_MODULES),),
    ),
    "a stage is canceled": ([CREATED, *STAGE1, *STAGE2[:2]], CancelStage("doc_analyser", "ann"), (STOP,)),
    "all that is at work is canceled": ([CREATED, *STAGE1, *STAGE2[:2]], CancelGeneration("ann"), (STOP,)),
    "a run that failed is tried again with its inputs": (
        [CREATED, *STAGE1, *STAGE2[:2], DEAD], RetryStage("doc_analyser", "r2"),
        (Start("doc_analyser", TEACHING, "r2"),),
    ),
    "a rewrite that was canceled is tried again with its modules": (
        [*WRITTEN_ONCE, REWRITE, stop("modules", "r5"), stopped("modules", "r5")], RetryStage("modules"),
        (Start("modules", {**TEACHING, "module_ids": ["m1"]}, "r5"),),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STEPS)
def test_a_command_becomes_steps(name: str) -> None:
    events, command, then = STEPS[name]
    given(*events).when(command).then(*then)


SAME: dict[str, tuple[list[Event], Command, str | None]] = {
    "a course that is there": ([CREATED], CreateCourse(C, "ann", "T", ""), None),
    "an update that changes nothing": ([CREATED], UpdateCourse("T", ""), None),
    "the same repository while it is cloned": ([CREATED, CLONE], RunStage("repo_clone", CLONE_INPUTS), "r1"),
    "the same analysis while it runs": (
        [CREATED, *STAGE1, *STAGE2[:2]], RunStage("doc_analyser", {"complexity_level": "beginner"}), "r2",
    ),
    "the whole course while it is written": ([*READY, WRITE], RunStage("modules", {}), "r4"),
    "the same module while it is written again": (
        [*WRITTEN_ONCE, REWRITE], RunStage("modules", {"module_ids": ["m1"]}), "r5",
    ),
    "the whole course while the rest of it is tried again": (
        [*READY, *STAGE4[:3], stop("modules", "r4"), stopped("modules", "r4"), THE_REST],
        RunStage("modules", {}), "r6",
    ),
    "an analysis that began and ended after the same was asked for": (
        [CREATED, *STAGE1, *STAGE2], RunStage("doc_analyser", {"complexity_level": "beginner"}, WHEN), "r2",
    ),
    "a selection that is saved": (
        [CREATED, *STAGE1, SourcesSelected(course_id=C, selections=[SELECTION])],
        SelectSources(("docs",), None, (), None), None,
    ),
    "a correction that is made": (
        [CREATED, *STAGE1, *STAGE2, DocumentRevised(course_id=C, document_id="a", title="New")],
        ReviseDocument("a", {"title": "New"}), None,
    ),
    "a pathway that is chosen": (READY, SelectPathway("p1", False), None),
    "a cancel that was asked for": ([CREATED, *STAGE1, *STAGE2[:2], STOP], CancelStage("doc_analyser", "ann"), "r2"),
    "a cancel of all that was asked for": ([CREATED, *STAGE1, *STAGE2[:2], STOP], CancelGeneration("ann"), "r2"),
    "a cancel of what is canceled": ([CREATED, *STAGE1, *STAGE2[:2], STOP, STOPPED], CancelGeneration("ann"), "r2"),
    "a retry of what runs": ([CREATED, *STAGE1, *STAGE2[:2]], RetryStage("doc_analyser"), "r2"),
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_what_is_there_already_is_the_same(name: str) -> None:
    events, command, run_id = SAME[name]
    given(*events).when(command).then_same(run_id)


REFUSED: dict[str, tuple[list[Event], Command, str, str]] = {
    "an unattended run without a repository": ([CREATED], UpdateCourse(generate=True), "no_source", "POST generate"),
    "documents before there is a source": (
        [CREATED], RunStage("doc_analyser", {}), "stage_out_of_turn",
        "Analyse a repository first: POST analyze-repository.",
    ),
    "pathways before the analysis": (
        [CREATED, *STAGE1], RunStage("pathway", {}), "stage_out_of_turn", "POST analyze-documents",
    ),
    "the course before pathways": (
        [CREATED, *STAGE1, *STAGE2], RunStage("modules", {}), "stage_out_of_turn", "POST generate-pathways",
    ),
    "the course before a pathway is chosen": (
        OFFERED, RunStage("modules", {}), "stage_out_of_turn", "Select a pathway first",
    ),
    "another stage while one runs": ([CREATED, *STAGE1, *STAGE2[:2]], RunStage("repo_clone", CLONE_INPUTS),
                                     "stage_out_of_turn", "Wait for the stage that runs"),
    "other inputs while a stage runs": (
        [CREATED, *STAGE1, *STAGE2[:2]], RunStage("doc_analyser", {"complexity_level": "advanced"}),
        "stage_out_of_turn", "Wait",
    ),
    "the whole course while one module is written again": (
        [*WRITTEN_ONCE, REWRITE], RunStage("modules", {}), "stage_out_of_turn", "Wait",
    ),
    "one module while the whole course is written": (
        [*READY, WRITE], RunStage("modules", {"module_ids": ["m1"]}), "stage_out_of_turn", "Wait",
    ),
    "the course of another pathway while the first is written": (
        [*READY, WRITE, PathwaySelected(course_id=C, pathway_id="p2")], RunStage("modules", {}),
        "stage_out_of_turn", "Wait",
    ),
    "one module of a course whose analysis has changed": (
        [*WRITTEN_ONCE, DocumentRevised(course_id=C, document_id="a", title="New")],
        RunStage("modules", {"module_ids": ["m1"]}), "outdated", "Generate the whole course",
    ),
    "a selection before there is a source": (
        [CREATED], SelectSources((), None, (), None), "stage_out_of_turn", "Analyse a repository first",
    ),
    "an edit before there are pathways": (
        [CREATED, *STAGE1], RevisePathway("p1", EditPathway("New", None)), "stage_out_of_turn",
        "POST analyze-documents",
    ),
    "an edit of a pathway that is not on offer": (
        OFFERED, RevisePathway("p9", EditPathway("New", None)), "not_found", "",
    ),
    "the choice of a pathway that is not on offer": (OFFERED, SelectPathway("p9", False), "unknown_pathway", ""),
    "the cancel of a stage that does not run": (
        [CREATED, *STAGE1], CancelStage("repo_clone", "ann"), "not_running", "stage1",
    ),
    "the cancel of a course at rest": ([CREATED, *STAGE1], CancelGeneration("ann"), "not_running", ""),
    "the retry of a success": ([CREATED, *STAGE1], RetryStage("repo_clone"), "nothing_to_retry", "stage1"),
    "the retry of an older run": (
        [CREATED, *STAGE1, *STAGE2[:2], DEAD], RetryStage("doc_analyser", "r0"), "not_the_latest_run", "stage2",
    ),
    "the retry of what would fail again": (
        [CREATED, *STAGE1[:2], FAILED_FOR_GOOD], RetryStage("repo_clone"), "not_retryable", "No such host",
    ),
    "a generation beside one with other inputs": (
        [CREATED, ASKED], Generate(ADDRESS, "v2", "intermediate", "", "offline", "auto"), "stage_out_of_turn",
        "POST cancel",
    ),
    "resuming without a generation": ([CREATED, *STAGE1], ResumeGeneration(), "nothing_to_resume", ""),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_now_is_refused_with_what_to_do_first(name: str) -> None:
    events, command, code, words = REFUSED[name]
    given(*events).when(command).then_refused(code, words)


def test_a_generation_that_is_canceled_while_a_stage_runs_is_stopped_as_a_whole() -> None:
    canceled = GenerationCanceled(course_id=C, generation_id="e2", stage="doc_analyser", by="ann")
    given(*WHOLE[:7], source=AUTOPILOT).when(CancelGeneration("ann")).then(STOP, canceled)


def test_a_cancel_stops_each_stage_that_is_at_work() -> None:
    added = LectureAdded(
        course_id=C, lecture_id="l1", session_id="l1", title="L", file_name="l.vtt", path="l.md", captions=REF
    )
    asked = LecturesRequested(course_id=C, run_id="r9", owner="ann", lectures=[])
    given(CREATED, STAGE1[0], added, asked).when(CancelGeneration("ann")).then(
        stop("repo_clone", "r1"), stop("lectures", "r9")
    )


def test_unknown_fields_of_a_course_do_not_pass() -> None:
    with pytest.raises(TypeError, match="stauts"):
        replace(StageRun("r", NOW), stauts="SUCCESS")  # type: ignore[call-arg]
