"""What of a course a caller sees: nothing that is a draft, scheduled or locked, unless it teaches or runs it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from services.classroom.api.calls import Services
from services.classroom.api.course_shapes import (
    CourseTreeView,
    CriterionView,
    MilestoneTreeView,
    PlacedTaskView,
    ScorecardView,
    TaskView,
)
from services.classroom.course_queries import (
    Tree,
    find_course,
    find_questions,
    find_scorecards,
    find_task,
    find_trees,
    find_words,
    is_visible,
    list_ways,
)
from services.classroom.opening import opens_at
from services.classroom.placed import placed, placed_in
from services.classroom.rights import Caller, CourseRole, course_role, may_run_org
from services.classroom.rows import Record
from shared.events.classroom import Criterion
from shared.kernel.errors import NotFound
from shared.kernel.refusals import Refusal, Refused

_UNASSIGNED = {"id": None, "name": "[UNASSIGNED]", "color": "#808080"}
Openings = Mapping[str, datetime | None]


@dataclass(frozen=True)
class SeenTree:
    """A course as a caller in this role sees it. `opens`: when the milestones open for a learner."""

    tree: Tree
    role: CourseRole
    opens: Openings

    def is_open(self, milestone_id: str | None, now: datetime) -> bool:
        """Whether the caller may see what stands in a milestone. What stands in none is not for learners."""
        if self.role != "learner":
            return True
        at = self.opens.get(milestone_id or "")
        return milestone_id in self.opens and (at is None or at <= now)

    def tasks(self, now: datetime) -> list[Record]:
        """The tasks that are published and open for the caller."""
        return [one for one in self.tree.tasks if is_visible(one, now) and self.is_open(one["milestone_id"], now)]


def openings(tree: Tree, ways: Sequence[Record], now: datetime) -> Openings:
    """When each milestone opens for who comes by these ways: by the one that opens it first."""
    filled = {one["milestone_id"] for one in tree.tasks if is_visible(one, now)}
    milestones = [(one["id"], one["id"] in filled) for one in tree.milestones]
    each = [opens_at(milestones, way["drip"], way["joined_at"]) for way in ways]
    found: dict[str, datetime | None] = {}
    for milestone_id, _ in milestones:
        times = [one[milestone_id] for one in each]
        found[milestone_id] = None if None in times else min(one for one in times if one is not None)
    return found


async def seen_trees(
    connection: AsyncConnection, services: Services, caller: Caller, course_ids: Collection[str],
    cohort_id: str | None = None,
) -> list[SeenTree]:  # fmt: skip
    """Courses as the caller sees them, by way of one cohort or of any. Raises NotFound for one that it does not see."""
    found = []
    for tree in await find_trees(connection, course_ids):
        ways = await list_ways(connection, caller.person_id, course_id=tree.course["id"])
        ways = [one for one in ways if cohort_id in {None, one["cohort_id"]}]
        role = course_role(caller, tree.course["org_id"], [one["role"] for one in ways])
        found.append(SeenTree(tree, role, openings(tree, ways, services.now()) if role == "learner" else {}))
    return found


async def seen_tree(connection: AsyncConnection, services: Services, caller: Caller, course_id: str) -> SeenTree:
    """A course as the caller sees it. Raises NotFound."""
    found = await seen_trees(connection, services, caller, [course_id])
    if not found:
        raise NotFound("Course not found")
    return found[0]


async def run_course(services: Services, caller: Caller, course_id: str, *, hidden: bool = False) -> Record:
    """A course that the caller may change. Raises NotFound and Refused."""
    async with services.reading() as connection:
        found = await find_course(connection, course_id, hidden=hidden)
        ways = [] if hidden else await list_ways(connection, caller.person_id, course_id=course_id)
    if found is None:
        raise NotFound("Course not found")
    course_role(caller, found["org_id"], [one["role"] for one in ways])
    may_run_org(caller, found["org_id"])
    return found


@dataclass(frozen=True)
class SeenTask:
    """A task as a caller in this role sees it."""

    task: Record
    role: CourseRole


async def seen_task(connection: AsyncConnection, services: Services, caller: Caller, task_id: str) -> SeenTask:
    """A task that the caller may see: for a learner one that is published, due, and open by one of its courses."""
    task = await find_task(connection, task_id)
    if task is None:
        raise NotFound("Task not found")
    if task["org_id"] in {*caller.runs, caller.key_of}:
        return SeenTask(task, course_role(caller, task["org_id"], []))
    now = services.now()
    ways = await list_ways(connection, caller.person_id, task_id=task_id)
    if is_visible(task, now) and any(one["role"] == "mentor" for one in ways):
        return SeenTask(task, "mentor")
    courses = dict.fromkeys(one["content_id"] for one in ways)
    for seen in await seen_trees(connection, services, caller, courses):
        if task_id in {one["id"] for one in seen.tasks(now)}:
            return SeenTask(task, "learner")
    raise NotFound("Task not found")


async def run_task(services: Services, caller: Caller, task_id: str, *, deleted: bool = False) -> Record:
    """A task that the caller may change. Raises NotFound and Refused."""
    async with services.reading() as connection:
        if deleted:
            task = await find_task(connection, task_id, deleted=True) or await find_task(connection, task_id)
            if task is None or task["org_id"] not in caller.runs:
                raise NotFound("Task not found")
        else:
            task = (await seen_task(connection, services, caller, task_id)).task
    may_run_org(caller, task["org_id"])
    return task


def tree_view(seen: SeenTree, now: datetime, *, only_published: bool) -> CourseTreeView:
    """The course as it is shown. A milestone that is locked is shown without its tasks."""
    tree = seen.tree
    tasks = seen.tasks(now) if only_published or seen.role != "admin" else tree.tasks
    milestones = [*tree.milestones]
    if seen.role == "admin" and any(one["milestone_id"] is None for one in tasks):
        milestones.append({**_UNASSIGNED, "ordering": len(milestones)})
    return CourseTreeView(
        **{name: tree.course[name] for name in ("id", "name", "org_id")},
        course_generation_status=tree.course["generation_status"] or ("completed" if tree.course["edition"] else None),
        edition=tree.course["edition"] or None,
        milestones=[_milestone_view(one, tasks, seen, now) for one in milestones],
    )


def _milestone_view(
    milestone: Record, tasks: Sequence[Record], seen: SeenTree, now: datetime
) -> MilestoneTreeView:  # fmt: skip
    at = seen.opens.get(milestone["id"])
    is_generating = seen.tree.course["generation_status"] == "started"
    own = [one for one in tasks if one["milestone_id"] == milestone["id"]]
    return MilestoneTreeView(
        **{name: milestone[name] for name in ("id", "name", "color", "ordering")},
        unlock_at=at if at is not None and at > now else None,
        tasks=[
            PlacedTaskView(
                **{name: one[name] for name in ("id", "title", "type", "status", "scheduled_publish_at")},
                ordering=ordering,
                num_questions=len(one["questions"]),
                is_generating=is_generating and one["status"] == "draft",
            )
            for ordering, one in enumerate(own)
        ],
    )


async def task_view(connection: AsyncConnection, seen: SeenTask, until: datetime | None = None) -> TaskView:
    """The task with its words, as far as they are for the caller. A quiz whose time is limited shows a learner its
    questions when it is started.
    """
    task = seen.task
    is_waiting = has_to_be_started(task, seen.role, until)
    words = await find_words(connection, [task["home_id"]], [task["id"]])
    questions = await find_questions(connection, [task])
    says = [placed_in(questions[one["id"]]["says"], one["id"]) for one in task["questions"] if one["id"] in questions]
    cards = await find_scorecards(connection, {one["scorecard_id"] for one in says} - {None})
    assignment = placed_in(words[0]["assignment"], task["id"]) if words and words[0]["assignment"] else None
    if seen.role == "learner":
        says = [] if is_waiting else [for_learners(one) for one in says]
        assignment = assignment and {name: value for name, value in assignment.items() if name != "context"}
        cards = [] if is_waiting else [{**card, "criteria": [*map(_for_learners, card["criteria"])]} for card in cards]
    named = ("id", "title", "type", "status", "scheduled_publish_at", "time_limit_seconds")
    return TaskView(
        **{name: task[name] for name in named}, has_to_be_started=is_waiting, until=until,
        blocks=placed(words[0]["blocks"] if words else [], task["id"]),
        questions=says,
        assignment=assignment, scorecards=[scorecard_view(one) for one in cards],
        warnings=[] if seen.role == "learner" else _warnings(says),
    )  # fmt: skip


def scorecard_view(card: Record) -> ScorecardView:
    """A scorecard as it is shown."""
    criteria = [Criterion(**one) for one in card["criteria"]]
    shown = [CriterionView(**one.model_dump(exclude={"pass_score"}), pass_score=one.passes_at) for one in criteria]
    status = "published" if card["is_used"] else "draft"
    return ScorecardView(id=card["id"], title=card["title"], criteria=shown, status=status)


def _for_learners(criterion: Record) -> Record:
    """What is looked for may tell the solution."""
    return {**criterion, "description": ""}


def has_to_be_started(task: Record, role: CourseRole, until: datetime | None) -> bool:
    """Whether the questions of a task are not yet for somebody in this role. `until`: when its time is over."""
    return role == "learner" and task["time_limit_seconds"] is not None and until is None


def _warnings(questions: Sequence[Record]) -> list[str]:
    return [
        f"Question {number} has neither a key nor a scorecard: it is complete when somebody who teaches grades an"
        " answer with the score 1"
        for number, one in enumerate(questions, 1)
        if one["response_type"] == "chat" and one["answer_kind"] is None and one["scorecard_id"] is None
    ]


def for_learners(question: Record) -> dict[str, object]:
    """A question without what solves it."""
    hidden = {"answer", "key", "context"}
    options = [{"id": one["id"], "text": one["text"]} for one in question["options"]]
    return {**{name: value for name, value in question.items() if name not in hidden}, "options": options}


def other_school(detail: str) -> Refused:
    """The refusal of a call that mixes two organisations."""
    return Refused(Refusal(400, "other_organization", detail))
