"""The shapes of requests and answers about courses and tasks."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AliasChoices, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from services.classroom.api.shapes import Body, Id, Name, SomeIds
from shared.events.classroom import Criterion, Drip
from shared.events.content import Assignment, Block, CodeLanguage, Question, TaskStatus, TaskType

MOST_QUESTIONS = 200
Color = Annotated[str, Field(pattern=r"^#[0-9A-Fa-f]{3,8}$")]
_PICTURE = re.compile(r"https?://|data:image/(png|jpeg|gif|webp);base64,|(?![\\/]{2})[^:]*(?:[/?#].*)?$")


def _check_pictures(blocks: list[Block]) -> list[Block]:
    """Raises ValueError for a picture whose address is not one of the web, of this server, or the picture itself."""
    for block in blocks:
        if not _PICTURE.match(str(block.props.get("url") or "")):
            raise ValueError(
                "The address of a picture begins with https:// or /, or is data of a PNG, JPEG, GIF or WebP"
            )
        _check_pictures(block.children)
    return blocks


Blocks = Annotated[list[Block], Field(max_length=2000), AfterValidator(_check_pictures)]
Seconds = Annotated[int, Field(ge=10, le=7 * 86_400)]
Orders = Annotated[list[tuple[Id, Annotated[int, Field(ge=0, le=10_000)]]], Field(min_length=1, max_length=500)]


class CourseBody(Body):
    """A new course."""

    name: Name
    org_id: Id


class CopyBody(Body):
    """The organisation of the copy, which is that of the course."""

    org_id: Id | None = None


class MilestoneBody(Body):
    """A milestone."""

    name: Name
    color: Color | None = None


class MilestoneOrderBody(Body):
    """Milestones of one course and their places."""

    milestone_orders: Orders


class TaskOrderBody(Body):
    """Tasks of one course and their places in their milestones. Without `course_id` it is the home of the tasks."""

    task_orders: Orders
    course_id: Id | None = None


class MilestoneSwapBody(Body):
    """Two milestones by their ids."""

    milestone_1_id: Id
    milestone_2_id: Id


class TaskSwapBody(Body):
    """Two tasks by their ids."""

    task_1_id: Id
    task_2_id: Id


class PlacesBody(Body):
    """Tasks, each with a course and a milestone of it."""

    course_tasks: list[tuple[Id, Id, Id | None]] = Field(min_length=1, max_length=200)


class PlacesLeftBody(Body):
    """Tasks, each with a course."""

    course_tasks: list[tuple[Id, Id]] = Field(min_length=1, max_length=200)


class CohortsBody(Body):
    """Cohorts that get a course, and how it opens there."""

    cohort_ids: SomeIds
    drip_config: Drip = Drip()


class CohortsLeftBody(Body):
    """Cohorts that lose a course."""

    cohort_ids: SomeIds


class CoursesBody(Body):
    """Courses that a cohort gets, and how they open."""

    course_ids: SomeIds
    drip_config: Drip = Drip()


class CoursesLeftBody(Body):
    """Courses that a cohort loses."""

    course_ids: SomeIds


class TaskBody(Body):
    """A new task, which is a draft."""

    course_id: Id
    milestone_id: Id | None = None
    type: TaskType
    title: Name


class MaterialBody(Body):
    """A learning material as it is from now on."""

    title: Name
    blocks: Blocks
    scheduled_publish_at: AwareDatetime | None = None
    status: TaskStatus = "published"


_Null = BeforeValidator(lambda sent: [] if sent is None else sent)  # front ends send null for a list without members


class QuestionBody(Question):
    """A question of a quiz; `coding_language` is good too. With `answer_kind` the classroom judges by `key`: the ids of
    all right options (choice), accepted texts (text), accepted orders (order), or the pairs (match).
    """

    model_config = ConfigDict(extra="forbid")

    blocks: Blocks = Field(default_factory=list)
    answer: Annotated[Blocks, _Null] = Field(default_factory=list)
    coding_languages: Annotated[list[CodeLanguage], _Null] = Field(
        default_factory=list, validation_alias=AliasChoices("coding_languages", "coding_language")
    )


class QuizBody(Body):
    """A quiz as it is from now on. Without `time_limit_seconds` it takes as long as it takes."""

    title: Name
    questions: list[QuestionBody] = Field(max_length=MOST_QUESTIONS)
    scheduled_publish_at: AwareDatetime | None = None
    status: TaskStatus = "published"
    time_limit_seconds: Seconds | None = None


class AssignmentBody(Body):
    """An assignment as it is from now on."""

    title: Name
    assignment: Assignment
    blocks: Blocks
    scheduled_publish_at: AwareDatetime | None = None
    status: TaskStatus = "published"


class TaskCopyBody(Body):
    """A task, and where its copy stands."""

    task_id: Id
    course_id: Id
    milestone_id: Id | None = None


def _by_name(criteria: list[Criterion]) -> list[Criterion]:
    if len({one.name for one in criteria}) != len(criteria):
        raise ValueError("Two criteria have the same name")
    return criteria


_Criteria = Annotated[list[Criterion], Field(min_length=1, max_length=50), AfterValidator(_by_name)]


class ScorecardBody(Body):
    """A new scorecard."""

    org_id: Id
    title: Name
    criteria: _Criteria


class ScorecardChangeBody(Body):
    """A scorecard as it is from now on."""

    title: Name
    criteria: _Criteria


class GeneratedBody(Body):
    """An edition of a generated course, as its `course.json` has it, for an organisation or for one of its courses.
    `preview` tells what would change, and changes nothing.
    """

    course: dict[str, Any] = Field(description="see docs/course-format.md", examples=[{"title": "Queues"}])
    org_id: Id
    course_id: Id | None = None
    status: TaskStatus = "published"
    preview: bool = False


class EditionView(BaseModel):
    """What an edition did to a course, by the ids of tasks. `kept`: somebody changed or deleted the task here."""

    id: str
    edition: str
    former_edition: str | None
    is_taken: bool
    added: list[str]
    changed: list[str]
    removed: list[str]
    kept: list[str]


class CourseView(BaseModel):
    """A course in a list."""

    id: str
    name: str


class CohortCourseView(CourseView):
    """A course of a cohort, or a cohort of a course, and how the one opens in the other."""

    drip_config: Drip


class PlacedTaskView(BaseModel):
    """A task in its course."""

    id: str
    title: str
    type: TaskType
    status: TaskStatus
    scheduled_publish_at: datetime | None
    ordering: int
    num_questions: int
    is_generating: bool = False


class MilestoneView(BaseModel):
    """A milestone in a list."""

    id: str | None
    name: str
    color: str
    ordering: int


class MilestoneTreeView(MilestoneView):
    """A milestone with its tasks. `unlock_at`: when it opens; None when it is open."""

    unlock_at: datetime | None
    tasks: Sequence[PlacedTaskView]


class CourseTreeView(CourseView):
    """A course with all of it that the caller may see."""

    org_id: str
    course_generation_status: str | None
    edition: str | None
    milestones: Sequence[MilestoneTreeView]


class CriterionView(BaseModel):
    """A line of a scorecard."""

    name: str
    description: str
    min_score: float
    max_score: float
    pass_score: float


class ScorecardView(BaseModel):
    """A scorecard; it is published once a task uses it."""

    id: str
    title: str
    criteria: list[CriterionView]
    status: TaskStatus


class TaskView(BaseModel):
    """A task with its words. Solutions, keys, context and `warnings` are for those who teach. `has_to_be_started`: the
    questions are shown after `POST …/start`; `until`: when the time that was started is over. `scorecards`: those by
    which answers to its questions are graded, for learners without what is looked for.
    """

    id: str
    title: str
    type: TaskType
    status: TaskStatus
    scheduled_publish_at: datetime | None
    time_limit_seconds: int | None
    has_to_be_started: bool
    until: datetime | None
    blocks: list[Any]
    questions: list[dict[str, Any]]
    scorecards: list[ScorecardView]
    assignment: dict[str, Any] | None
    warnings: list[str] = []


class TaskCopyView(BaseModel):
    """The copy of a task, and its place in the milestone."""

    task: TaskView
    ordering: int


class WholeTaskView(PlacedTaskView):
    """A task in its course, with its words."""

    blocks: list[Any]
    questions: list[Any]
    assignment: Any


class WholeMilestoneView(MilestoneTreeView):
    """A milestone with all that its tasks say."""

    tasks: Sequence[WholeTaskView]


class WholeCourseView(CourseTreeView):
    """A course with all that it says."""

    milestones: Sequence[WholeMilestoneView]


class UserCourseView(CourseView):
    """A course of a person, by its role there."""

    role: str
    org: dict[str, str]
    cohort_id: str | None
