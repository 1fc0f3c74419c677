"""Given a course as it is, when somebody asks for something, then this follows; and when its milestones open."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from services.classroom.decisions import cohorts, contents, orgs
from services.classroom.opening import after, opens_at
from shared.classroom.cohorts import COHORT_SIDE
from shared.classroom.contents import CONTENT_SIDE, Content
from shared.classroom.orgs import ORG_SIDE
from shared.event_log.port import Recorded
from shared.events import Event
from shared.events.classroom import (
    CohortCourseRemoved,
    CohortCourseSet,
    CohortOpened,
    Criterion,
    Drip,
    OrgFounded,
    ScorecardWritten,
)
from shared.events.content import (
    ContentCreated,
    ContentErased,
    ContentHidden,
    ContentRenamed,
    ContentRestored,
    MilestoneDeleted,
    MilestonesOrdered,
    MilestoneWritten,
    Question,
    TaskDeleted,
    TaskMade,
    TaskPlaced,
    TaskRestored,
    TasksOrdered,
    TaskTakenOut,
    TaskWritten,
)
from shared.kernel.refusals import Refusal

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
C: Mapping[str, str] = {"content_id": "c", "by": "me"}
SIDES = {"content": CONTENT_SIDE, "cohort": COHORT_SIDE, "org": ORG_SIDE}

CREATED = ContentCreated(**C, org_id="o", name="Loops")
ONE, TWO, THREE = (MilestoneWritten(**C, milestone_id=one, name=one, color="#000000") for one in "123")
TASKS = tuple(TaskMade(**C, task_id=one, milestone_id="1", type="quiz", title=one) for one in "abd")
ELSEWHERE = TaskMade(**C, task_id="e", milestone_id="2", type="learning_material", title="e")
ALL: tuple[Event, ...] = (CREATED, ONE, TWO, THREE, *TASKS, ELSEWHERE)
Q = Question(id="q", type="subjective", title="Why?")
CRITERION = Criterion(name="n", max_score=1)
WRITTEN = TaskWritten(**C, task_id="a", title="a", status="published", questions=[Q])
HIDDEN = (*ALL, ContentHidden(**C))


def given(*events: Event) -> Any:
    """The state after these events; each of them is heard twice, which changes nothing."""
    side = SIDES[events[0].prefix]
    state = side.begin
    for seq, event in enumerate(events, 1):
        recorded = Recorded(event, f"{seq}", seq, NOW)
        state = side.evolve(state, recorded)
        assert side.evolve(state, recorded) is state
    return state


def numbered() -> Callable[[], str]:
    ids = (f"n{number}" for number in range(100))
    return lambda: next(ids)


write = partial(contents.write_task, new_id=numbered(), now=NOW)

SCENARIOS: dict[str, tuple[tuple[Event, ...], Any, tuple[Event, ...] | int]] = {
    "rename": (ALL, partial(contents.rename, name="New", by="me"), (ContentRenamed(**C, name="New"),)),
    "rename to the same": (ALL, partial(contents.rename, name="Loops", by="me"), ()),
    "rename what is deleted": (HIDDEN, partial(contents.rename, name="New", by="me"), 404),
    "create it twice": (ALL, partial(contents.create, content_id="c", org_id="o", name="x", by="me"), 409),
    "delete": (ALL, partial(contents.hide, by="me"), (ContentHidden(**C),)),
    "have it back": (HIDDEN, partial(contents.restore, by="me"), (ContentRestored(**C),)),
    "have back what is there": (ALL, partial(contents.restore, by="me"), ()),
    "erase what is deleted": (HIDDEN, partial(contents.erase, by="me"), (ContentErased(**C),)),
    "have back what is erased": ((*ALL, ContentErased(**C)), partial(contents.restore, by="me"), 404),
    "another name keeps the colour": (
        ALL, partial(contents.write_milestone, milestone_id="1", name="New", color=None, by="me"),
        (MilestoneWritten(**C, milestone_id="1", name="New", color="#000000"),),
    ),
    "rename a milestone that is not there": (
        ALL, partial(contents.write_milestone, milestone_id="9", name="New", color=None, by="me"), 404,
    ),
    "delete a milestone": (
        ALL, partial(contents.delete_milestone, milestone_id="1", by="me"), (MilestoneDeleted(**C, milestone_id="1"),),
    ),
    "swap milestones": (
        ALL, partial(contents.swap_milestones, one="1", other="3", by="me"),
        (MilestonesOrdered(**C, milestone_ids=["3", "2", "1"]),),
    ),
    "swap a milestone with none": (ALL, partial(contents.swap_milestones, one="1", other="9", by="me"), 404),
    "order some milestones": (
        ALL, partial(contents.order_milestones, places={"3": 0, "1": 1}, by="me"),
        (MilestonesOrdered(**C, milestone_ids=["3", "1", "2"]),),
    ),
    "swap tasks": (
        ALL, partial(contents.swap_tasks, one="a", other="d", by="me"),
        (TasksOrdered(**C, task_ids=["d", "b", "a", "e"]),),
    ),
    "swap tasks of two milestones": (ALL, partial(contents.swap_tasks, one="a", other="e", by="me"), 400),
    "order a task of another course": (ALL, partial(contents.order_tasks, places={"z": 0}, by="me"), 404),
    "a task in a milestone that is not there": (
        ALL, partial(contents.make_task, task_id="n", milestone_id="9", kind="quiz", title="n", by="me"), 404,
    ),
    "place a task where it stands": (
        ALL, partial(contents.place_task, task_id="a", milestone_id="1", home_id="c", by="me"), (),
    ),
    "move a task": (
        ALL, partial(contents.place_task, task_id="a", milestone_id="2", home_id="c", by="me"),
        (TaskPlaced(**C, task_id="a", milestone_id="2", home_id="c"),),
    ),
    "take a task out": (ALL, partial(contents.take_task_out, task_id="a", by="me"), (TaskTakenOut(**C, task_id="a"),)),
    "take a task out twice": (
        (*ALL, TaskTakenOut(**C, task_id="a")), partial(contents.take_task_out, task_id="a", by="me"), 404,
    ),
    "delete a task": (ALL, partial(contents.delete_tasks, task_ids=["a"], by="me"), (TaskDeleted(**C, task_id="a"),)),
    "delete a task twice": (
        (*ALL, TaskDeleted(**C, task_id="a")), partial(contents.delete_tasks, task_ids=["a", "b"], by="me"), 404,
    ),
    "have a task back": (
        (*ALL, TaskDeleted(**C, task_id="a")), partial(contents.restore_task, task_id="a", by="me"),
        (TaskRestored(**C, task_id="a"),),
    ),
    "say the same": ((*ALL, WRITTEN), partial(write, said=WRITTEN), ()),
    "write a task that is deleted": ((*ALL, TaskDeleted(**C, task_id="a")), partial(write, said=WRITTEN), 404),
    "edit a quiz that is a draft": (ALL, partial(write, said=WRITTEN, must_be_published=True), 400),
    "edit a quiz and leave a question out": (
        (*ALL, WRITTEN), partial(write, said=WRITTEN.model_copy(update={"questions": []}), keep_questions=True), 422,
    ),
    "publish at a time that is past": (
        ALL, partial(write, said=WRITTEN.model_copy(update={"scheduled_publish_at": NOW})), 422,
    ),
    "a question twice": (
        (*ALL, WRITTEN), partial(write, said=WRITTEN.model_copy(update={"questions": [Q, Q]})), 422,
    ),
    "a course for a cohort": (
        (CohortOpened(cohort_id="k", org_id="o", name="k", by="me"),),
        partial(cohorts.set_courses, courses=["c", "c"], drip=Drip(), by="me"),
        (CohortCourseSet(cohort_id="k", content_id="c", drip=Drip(), by="me"),),
    ),
    "the same course again": (
        (CohortOpened(cohort_id="k", org_id="o", name="k", by="me"),
         CohortCourseSet(cohort_id="k", content_id="c", drip=Drip(), by="me")),
        partial(cohorts.set_courses, courses=["c"], drip=Drip(), by="me"), (),
    ),
    "remove a course": (
        (CohortOpened(cohort_id="k", org_id="o", name="k", by="me"),
         CohortCourseSet(cohort_id="k", content_id="c", drip=Drip(), by="me")),
        partial(cohorts.remove_courses, courses=["c"], by="me"),
        (CohortCourseRemoved(cohort_id="k", content_id="c", by="me"),),
    ),
    "remove a course that is not there": (
        (CohortOpened(cohort_id="k", org_id="o", name="k", by="me"),),
        partial(cohorts.remove_courses, courses=["c"], by="me"), 400,
    ),
    "change a scorecard that is not there": (
        (OrgFounded(org_id="o", name="o", slug="o", logo_color="#000", by="me"),),
        partial(orgs.write_scorecard, scorecard_id="s", title="t", criteria=[CRITERION], by="me"), 404,
    ),
    "a scorecard by somebody else": (
        (OrgFounded(org_id="o", name="o", slug="o", logo_color="#000", by="me"),
         ScorecardWritten(org_id="o", scorecard_id="s", title="t", criteria=[], by="me")),
        partial(orgs.write_scorecard, scorecard_id="s", title="t", criteria=[], by="other"), 403,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_follows(name: str) -> None:
    events, decide, wanted = SCENARIOS[name]
    decision = decide(given(*events))
    if isinstance(wanted, int):
        assert isinstance(decision, Refusal)
        assert decision.status == wanted
    else:
        assert decision == wanted


def test_a_task_of_a_milestone_that_is_deleted_stays_without_one() -> None:
    state: Content = given(*ALL, MilestoneDeleted(**C, milestone_id="1"))
    assert [(one.task_id, one.milestone_id) for one in state.places] == [
        ("a", None),
        ("b", None),
        ("d", None),
        ("e", "2"),
    ]


def test_a_question_counts_its_versions_and_is_never_forgotten() -> None:
    again = WRITTEN.model_copy(update={"questions": [Q.model_copy(update={"title": "How?"})]})
    task = given(*ALL, WRITTEN, again, WRITTEN.model_copy(update={"questions": []})).tasks["a"]
    assert (task.asked["q"].version, task.questions) == (2, ())
    assert given(*ALL, WRITTEN, WRITTEN).tasks["a"].asked["q"].version == 1, "nothing changed"


@drawn(st.permutations("123"), st.dictionaries(st.sampled_from("123"), st.integers(0, 3)))
def test_an_order_keeps_every_milestone_once(order: list[str], places: dict[str, int]) -> None:
    state = given(*ALL, MilestonesOrdered(**C, milestone_ids=order))
    decision = contents.order_milestones(state, places, "me")
    assert not isinstance(decision, Refusal)
    for event in decision:
        assert isinstance(event, MilestonesOrdered)
        assert sorted(event.milestone_ids) == ["1", "2", "3"]


def test_the_kth_milestone_with_tasks_opens_k_steps_after_the_start() -> None:
    drip = Drip(is_drip_enabled=True, frequency_value=2, frequency_unit="week")
    milestones = [("empty", False), ("first", True), ("second", True), ("none", False), ("third", True)]
    week = timedelta(weeks=1)
    assert opens_at(milestones, drip, NOW) == {
        "empty": None, "first": None, "second": NOW + 2 * week, "none": None, "third": NOW + 4 * week,
    }  # fmt: skip
    later = NOW + timedelta(days=3)
    assert opens_at(milestones, drip.model_copy(update={"publish_at": later}), NOW)["second"] == later + 2 * week
    assert set(opens_at(milestones, drip, None).values()) == {None}, "no start: everything is open"
    assert set(opens_at(milestones, drip.model_copy(update={"is_drip_enabled": False}), NOW).values()) == {None}


@pytest.mark.parametrize(
    ("count", "unit", "wanted"),
    [
        (90, "minute", "2026-01-31T13:30"), (36, "hour", "2026-02-02T00:00"), (1, "day", "2026-02-01T12:00"),
        (1, "month", "2026-02-28T12:00"), (25, "month", "2028-02-29T12:00"), (2, "year", "2028-01-31T12:00"),
        (9999, "year", "9000-01-01T00:00"),
    ],
)  # fmt: skip
def test_units(count: int, unit: Any, wanted: str) -> None:
    assert after(NOW, count, unit).isoformat().startswith(wanted)


def test_no_unit_ends_beyond_the_calendar() -> None:
    for unit in ("minute", "hour", "day", "week", "month", "year"):
        assert after(datetime(8999, 12, 31, tzinfo=UTC), 10_000, unit).year <= 9000
