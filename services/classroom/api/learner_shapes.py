"""The shapes of requests and answers about what learners do."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, Field

from services.classroom.api.shapes import Body, Id
from shared.events.content import InputType
from shared.events.learner import Answer, Code, Score


class UserBody(Body):
    """The caller, where it is sent."""

    user_id: Id | None = None


class AttemptBody(Body):
    """An answer. `id` names the attempt, so that sending it twice makes one."""

    id: Id | None = None
    answer: Answer


class GradeBody(Body):
    """Scores by criterion, for the answer of a learner. An assignment has one criterion, `score`."""

    user_id: Id
    scores: list[Score] = Field(max_length=50)
    feedback: str = Field(default="", max_length=20_000)


class MessageBody(Body):
    """A message. The time is that of the classroom: `created_at` may be sent and says nothing."""

    role: Literal["user", "assistant"]
    content: str = Field(min_length=1, max_length=32_000)
    response_type: InputType | None = None
    created_at: AwareDatetime | None = None


class ChatBody(Body):
    """Messages about a question, or about a task. `is_complete` makes the last message of the user an attempt."""

    messages: list[MessageBody] = Field(min_length=1, max_length=50)
    user_id: Id | None = None
    question_id: Id | None = None
    task_id: Id | None = None
    is_complete: bool = False


class CodeBody(Body):
    """A draft in each language of a question."""

    user_id: Id | None = None
    question_id: Id
    code: list[Code] = Field(min_length=1, max_length=10)


class MessageView(BaseModel):
    """A message as it was kept."""

    id: str
    created_at: datetime
    user_id: str
    question_id: str | None
    task_id: str
    role: str
    content: str
    response_type: str | None


class KeptView(MessageView):
    """A message that was sent. `is_complete`: whether its question is complete now; None for one about a task."""

    is_complete: bool | None


class OrgMessageView(MessageView):
    """A message with who wrote it, and the course of its task."""

    user_email: str
    course_id: str | None


class CodeView(BaseModel):
    """The draft of an answer."""

    id: str
    code: list[Code]
    updated_at: datetime


class MasteryView(BaseModel):
    """An objective that a person was asked for. `recall`: how probable it is that the person knows it now, from 0 to 1.
    `question_id` asked for it last.
    """

    objective_id: str
    text: str
    recall: float
    due_at: datetime
    is_due: bool
    answers: int
    right_answers: int
    task_id: str
    question_id: str


class ExamView(BaseModel):
    """Until when answers count."""

    until: datetime | None


class GivenView(BaseModel):
    """What an answer was worth, as far as the question shows it. `attempts_left`: None where they are not counted."""

    id: str
    is_right: bool | None
    feedback: list[str]
    is_complete: bool
    attempts_left: int | None


class AttemptView(BaseModel):
    """An attempt, with the question as it was asked."""

    id: str
    question_id: str
    question: dict[str, Any] | None
    answer: Answer
    is_right: bool | None
    grade: dict[str, Any] | None
    created_at: datetime


class QuestionDoneView(BaseModel):
    """A question of a task."""

    question_id: str
    is_complete: bool


class TaskDoneView(BaseModel):
    """Whether a task is complete, and which of its questions are."""

    is_complete: bool
    questions: list[QuestionDoneView] | None = None


class RankedView(BaseModel):
    """Somebody in a list of learners. All of `user` is None for one whom the caller does not see."""

    user: dict[str, str | None]
    streak_count: int


class LeaderView(RankedView):
    """A line of the leaderboard."""

    tasks_completed: int


class LeaderboardView(BaseModel):
    """The learners of a cohort, by streak and then by tasks."""

    stats: list[LeaderView]
    metadata: dict[str, int]


class StreakView(BaseModel):
    """Days in a row, and those of the last three on which the person did something."""

    streak_count: int
    active_days: list[date]


class TypeMetricsView(BaseModel):
    """The tasks of one type."""

    completion_rate: float
    count: int
    completions: dict[str, int]


class CourseMetricsView(BaseModel):
    """How far the learners of a cohort are in a course: rates from 0 to 1."""

    average_completion: float
    num_tasks: int
    num_active_learners: int
    task_type_metrics: dict[str, TypeMetricsView]
