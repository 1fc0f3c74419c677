"""The shapes of requests and answers about what learners do."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from services.classroom.api.shapes import Body, Id
from shared.events.learner import Answer, Score


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
    """Somebody in a list of learners. `user` is None for one whom the caller does not see."""

    user: dict[str, str | None] | None
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
