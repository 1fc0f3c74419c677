"""Events of what a person does in one organisation as a learner. Class names are stored type names.

The classroom writes them, and decides what is right and complete. They name the person by id alone.
"""

from typing import ClassVar

from pydantic import AwareDatetime, Field

from .base import AggregateId, Data, Event


class Answer(Data):
    """An answer: the ids that were chosen or put in order, the pairs that were matched, or a text."""

    chosen: list[str] = Field(default_factory=list, max_length=100)
    pairs: list[list[str]] = Field(default_factory=list, max_length=100)
    text: str = Field(default="", max_length=100_000)


class Score(Data):
    """The score of one criterion."""

    name: str
    score: float


class LearnerEvent(Event):
    """A fact about one person in one organisation."""

    prefix: ClassVar[str] = "learner"
    key: ClassVar[str] = "learner_id"

    learner_id: AggregateId


class LearnerBegan(LearnerEvent):
    """The person does something as a learner for the first time."""

    person_id: str
    org_id: str


class ExamStarted(LearnerEvent):
    """The time of a quiz runs, until then."""

    task_id: str
    until: AwareDatetime

    def natural_key(self) -> str:
        return self.task_id


class AnswerGiven(LearnerEvent):
    """An attempt at a question, in the version that was asked. `is_right`: as the classroom judged it by the key, if
    there is one; `completes`: the question is complete with it. An assignment is one question, with the id of its task.
    """

    task_id: str
    question_id: str
    question_version: int
    attempt_id: str
    answer: Answer
    is_right: bool | None
    completes: bool

    def natural_key(self) -> str:
        return self.attempt_id


class AnswerGraded(LearnerEvent):
    """Somebody who teaches judged an attempt; `passed` completes the question."""

    task_id: str
    question_id: str
    attempt_id: str
    scores: list[Score]
    feedback: str = ""
    passed: bool
    by: str

    def natural_key(self) -> str:
        return self.attempt_id


class TaskCompleted(LearnerEvent):
    """A task is complete and stays so, whatever becomes of it."""

    task_id: str

    def natural_key(self) -> str:
        return self.task_id


class LearnerErased(LearnerEvent):
    """The tombstone."""
