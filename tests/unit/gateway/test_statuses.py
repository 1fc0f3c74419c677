"""The one table of statuses and percentages."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.course.state import CourseState, from_json, to_jsonable
from services.gateway.fold.evolve import AUTOPILOT, evolve, fold
from services.gateway.fold.statuses import course_status, overall_progress, stage_statuses
from shared.event_log.port import Recorded
from shared.events import BlobRef, Event, gateway
from shared.events.doc_analyser import DocsAnalysed, DocsAnalysisStarted, DocumentAnalysed, DocumentSkipped
from shared.events.modules import CourseGenerated, ModuleRejected, ModulesStarted, ModuleWritten
from shared.events.pathway import PathwayProposed, PathwaysProposed, PathwaysStarted
from shared.events.repo_clone import RepoCloned, RepoCloneFailed, RepoCloneStarted
from shared.events.stage import StageCanceled, StageDead, StageRetryScheduled
from shared.pipeline import PIPELINE
from shared.schemas.samples import SAMPLES

NOW = datetime(2026, 1, 1, tzinfo=UTC)
C, REF = "c1", BlobRef(key="k", sha256="a" * 64, size=1, media_type="application/json")


def recorded(*events: Event, source: str = "test") -> list[Recorded]:
    return [Recorded(event, f"e{seq}", seq, NOW, source=source) for seq, event in enumerate(events, start=1)]


def after(*events: Event, source: str = "test") -> CourseState:
    return fold(CourseState(), recorded(*events, source=source))


CREATED = gateway.CourseCreated(course_id=C, owner="ann", title="T")
CLONE = gateway.RepoCloneRequested(course_id=C, run_id="r1", repo_url="https://x.org/a/b", owner="ann")
CLONING = RepoCloneStarted(course_id=C, run_id="r1", attempt=1, worker="w")
CLONED = RepoCloned(
    course_id=C, run_id="r1", source_id="s1", repo_url="https://x.org/a/b", canonical_url="https://x.org/a/b", ref="",
    commit="0" * 40, default_branch="main", repo_name="b", files=REF, folders=REF, file_count=1, folder_count=0,
    document_count=1, bytes_fetched=1,
)  # fmt: skip
ANALYSE = gateway.DocsAnalysisRequested(
    course_id=C, run_id="r2", owner="ann", complexity_level="beginner", documents=REF, documents_planned=4,
    project_name="b",
)  # fmt: skip
ANALYSING = DocsAnalysisStarted(course_id=C, run_id="r2", attempt=1, worker="w", documents_planned=4)


def document(name: str) -> DocumentAnalysed:
    return DocumentAnalysed(
        course_id=C, run_id="r2", document_id=name, source_id="s1", path=name, sha256="0", title=name, doc_type="guide",
        complexity_level="beginner", word_count=1, analysis=REF,
    )  # fmt: skip


ANALYSED = DocsAnalysed(course_id=C, run_id="r2", analysed=4, skipped=0, concepts=1, analyses=REF)
PROPOSE = gateway.PathwaysRequested(
    course_id=C, run_id="r3", owner="ann", complexity_level="beginner", analyses=REF, project_name="b"
)
PROPOSING = PathwaysStarted(course_id=C, run_id="r3", attempt=1, worker="w")
OFFER = PathwayProposed(
    course_id=C, run_id="r3", pathway_id="p1", kind="complete", title="All", description="", minutes=9, module_count=2,
    complexity_level="beginner", prerequisites=[], pathway=REF,
)  # fmt: skip
PROPOSED = PathwaysProposed(course_id=C, run_id="r3", pathway_ids=["p1"], smallest_distance=1.0)
WRITE = gateway.ModulesRequested(
    course_id=C, run_id="r4", owner="ann", course_title="T", pathway_id="p1", pathways=REF, analyses=REF, documents=REF,
    sources=[gateway.SourceFacts(source_id="s1", name="b", url="u", ref="", commit="0" * 40)], listings={"s1": REF},
    complexity_level="beginner", module_ids=["m1", "m2"],
)  # fmt: skip
WRITING = ModulesStarted(course_id=C, run_id="r4", attempt=1, worker="w", module_ids=["m1", "m2"])
WRITTEN = ModuleWritten(
    course_id=C, run_id="r4", module_id="m1", order=1, title="One", content=REF, gate_report=REF, round=1,
    status="complete", words=1, items=1,
)  # fmt: skip
GENERATED = CourseGenerated(
    course_id=C, run_id="r4", course_key="k", edition="e", pathway_id="p1", course=REF, exports=[], quality=REF,
    status="complete", modules=2, items=1,
)  # fmt: skip
FACTS_BEFORE_THE_END: list[Event] = [
    CLONE, CLONING, CLONED, ANALYSE, ANALYSING, ANALYSED, PROPOSE, PROPOSING, OFFER, PROPOSED,
    gateway.PathwaySelected(course_id=C, pathway_id="p1"), WRITE, WRITING, WRITTEN,
]  # fmt: skip
STEPS: list[tuple[Event, str, int]] = [
    (CREATED, "draft", 0),
    (CLONE, "stage1_running", 10),
    (CLONING, "stage1_running", 10),
    (CLONED, "stage1_complete", 25),
    (ANALYSE, "stage2_running", 35),
    (ANALYSING, "stage2_running", 35),
    (document("a"), "stage2_running", 38),
    (document("b"), "stage2_running", 42),
    (ANALYSED, "stage2_complete", 50),
    (PROPOSE, "stage3_running", 60),
    (PROPOSING, "stage3_running", 60),
    (OFFER, "stage3_running", 60),
    (PROPOSED, "stage3_complete", 75),
    (WRITE, "stage4_running", 85),
    (WRITING, "stage4_running", 85),
    (WRITTEN, "stage4_running", 92),
    (GENERATED, "stage4_complete", 100),
]


def test_status_and_percentage_follow_the_facts() -> None:
    seen = [course_status(after(*(event for event, _, _ in STEPS[: n + 1]))) for n in range(len(STEPS))]
    assert [(one.status, one.progress) for one in seen] == [(status, percent) for _, status, percent in STEPS]


def test_a_round_that_is_rejected_shows_until_the_module_is_written() -> None:
    events = [event for event, _, _ in STEPS if event not in (WRITTEN, GENERATED)]
    rejected = ModuleRejected(course_id=C, run_id="r4", module_id="m1", gate_report=REF, round=1)
    assert after(*events, rejected).runs["modules"].step == "Revising a module after round 1"
    assert after(*events, rejected, WRITTEN).runs["modules"].step == "Wrote module One (1 of 2)"


def test_waiting_for_the_first_stage_of_an_unattended_run_is_generating() -> None:
    asked = gateway.GenerationRequested(course_id=C, repo_url="https://x.org/a/b")
    shown = course_status(after(CREATED, asked))
    assert (shown.status, shown.progress, shown.task_status) == ("generating", 0, "STARTED")
    state = evolve(after(CREATED, asked), Recorded(CLONE, "e3", 3, NOW, source=AUTOPILOT))
    assert course_status(state).status == "stage1_running"


FAILED = RepoCloneFailed(course_id=C, run_id="r1", error="gone", message="Gone", retryable=False, attempt=1)


@pytest.mark.parametrize(
    ("facts", "status", "task", "dead"),
    [
        ([FAILED], "stage1_failed", "FAILURE", False),
        (
            [FAILED, StageDead(course_id=C, run_id="r1", stage="repo_clone", reason="x")],
            "stage1_failed",
            "FAILURE",
            True,
        ),
        (
            [StageCanceled(course_id=C, run_id="r1", stage="repo_clone", reason="x")],
            "stage1_canceled",
            "REVOKED",
            False,
        ),
    ],
)
def test_ends_without_success(facts: list[Event], status: str, task: str, dead: bool) -> None:
    shown = course_status(after(CREATED, CLONE, CLONING, *facts))
    assert (shown.status, shown.task_status, shown.dead, shown.progress) == (status, task, dead, 10)


def test_what_a_worker_says_after_its_results_were_withheld_changes_nothing() -> None:
    added = gateway.DocumentUploaded(
        course_id=C, document_id="u1", file_name="notes.pdf", path="notes.pdf.md", blob=REF
    )
    removed = gateway.DocumentDeleted(course_id=C, document_id="u1", by="ann", withheld=True)
    canceled = StageCanceled(course_id=C, run_id="r2", stage="doc_analyser", reason="")
    for events in ((document("a"), removed, canceled), (canceled, removed), (removed, canceled)):
        shown = stage_statuses(after(CREATED, CLONE, CLONED, added, ANALYSE, ANALYSING, *events))["stage2"]
        assert (shown.status, shown.error_code, shown.progress) == ("REVOKED", "source_removed", 0)


def test_a_failure_stays_where_the_stage_had_come_to() -> None:
    before = [event for event, _, _ in STEPS[:8]]
    dead = StageDead(course_id=C, run_id="r2", stage="doc_analyser", reason="Away")
    state = after(*before, dead)
    assert (course_status(state).status, course_status(state).progress) == ("stage2_failed", 42)
    assert stage_statuses(state)["stage2"].error_message == "Away"


def test_a_wait_between_attempts_shows_until_when() -> None:
    wait = StageRetryScheduled(
        course_id=C,
        run_id="r1",
        stage="repo_clone",
        attempt=1,
        not_before=NOW,
        error="busy",
        message="The host is busy",
    )
    shown = stage_statuses(after(CREATED, CLONE, CLONING, wait))["stage1"]
    assert (shown.status, shown.next_attempt_at, shown.error_message) == ("RETRY", NOW, "The host is busy")
    again = after(CREATED, CLONE, CLONING, wait, CLONING.model_copy(update={"attempt": 2}))
    shown = stage_statuses(again)["stage1"]
    assert (shown.status, shown.attempt, shown.next_attempt_at, shown.error_message) == ("STARTED", 2, None, None)


def test_skipped_documents_count_as_done() -> None:
    skipped = DocumentSkipped(course_id=C, run_id="r2", document_id="b", path="b", reason="empty")
    state = after(*(event for event, _, _ in STEPS[:7]), skipped)
    shown = stage_statuses(state)["stage2"]
    assert (shown.progress, shown.done) == (50, 2)


def test_a_stage_that_is_complete_is_the_same_in_whichever_order_its_workers_finished() -> None:
    before = [event for event, _, _ in STEPS[:6]]
    one, other = (after(*before, *(document(name) for name in names), ANALYSED) for names in ("abcd", "dcba"))
    assert one == other


def test_facts_of_an_older_run_change_nothing() -> None:
    newer = CLONE.model_copy(update={"run_id": "r9"})
    state = after(CREATED, CLONE, newer)
    late = evolve(state, Recorded(FAILED, "late", 99, NOW))
    assert stage_statuses(late) == stage_statuses(state)


def test_another_stage_cannot_end_or_delay_a_run() -> None:
    state = after(CREATED, CLONE, CLONING, CLONED, ANALYSE, ANALYSING)
    about: dict[str, Any] = {"course_id": C, "run_id": "r2", "stage": "repo_clone"}
    for event in (
        StageDead(**about, reason="x"), StageCanceled(**about, reason="x"),
        StageRetryScheduled(**about, attempt=1, not_before=NOW, error="e", message="m"),
    ):  # fmt: skip
        said = evolve(state, Recorded(event, "said", 99, NOW))
        assert said.runs == state.runs


def test_percentages_move_forward_only_inside_a_stage() -> None:
    for row in PIPELINE:
        seen = [overall_progress(row, "STARTED", percent, PIPELINE) for percent in range(101)]
        assert seen == sorted(seen)
        assert (seen[0], seen[-1]) == (row.percent_running, row.percent_complete - 1)


EVENTS = [event for event, _, _ in STEPS] + [
    sample.model_copy(update={"course_id": C}) for sample in SAMPLES if type(sample).__name__ != "CourseDeleted"
]


@given(st.binary(max_size=30))  # one draw for each example, where a list of events needs dozens
def test_any_events_in_any_order_give_a_state_that_can_be_shown_and_stored(drawn: bytes) -> None:
    state = after(*(EVENTS[byte % len(EVENTS)] for byte in drawn))
    assert from_json(json.dumps(to_jsonable(state))) == state
    assert 0 <= course_status(state).progress <= 100
    assert all(0 <= shown.progress <= 100 for shown in stage_statuses(state).values())


@given(st.data())
def test_events_that_come_again_leave_the_state_as_it_is(data: st.DataObject) -> None:
    history = recorded(*(event for event, _, _ in STEPS))
    cut = data.draw(st.integers(0, len(history)))
    again = data.draw(st.lists(st.sampled_from(history[: cut or 1]), max_size=10)) if cut else []
    assert fold(CourseState(), history[:cut] + again) == fold(CourseState(), history[:cut])


def test_a_course_nobody_named_takes_the_title_of_the_finished_course() -> None:
    named = GENERATED.model_copy(update={"title": "Learn B, the project"})
    automatic = after(CREATED.model_copy(update={"title": "Learn b"}), *FACTS_BEFORE_THE_END, named)
    assert automatic.title == "Learn B, the project"
    renamed = named.model_copy(update={"title": "Learn B anew"})
    assert _and_then(automatic, WRITE, WRITING, renamed).title == "Learn B anew"
    assert after(CREATED, *FACTS_BEFORE_THE_END, named).title == "T"
    mine = _and_then(automatic, gateway.CourseUpdated(course_id=C, title="Mine"), WRITE, WRITING, named)
    assert mine.title == "Mine"


def _and_then(state: CourseState, *events: Event) -> CourseState:
    return fold(state, [replace(one, seq=state.seq + one.seq) for one in recorded(*events)])
