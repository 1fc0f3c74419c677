"""Events of what a person does in one organisation as a learner. Class names are stored type names.

The classroom writes them, and decides what is right and complete. They name the person by id alone.
"""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, Field

from .base import AggregateId, Data, Event
from .content import CodeLanguage, InputType, PartId


class Answer(Data):
    """An answer: the ids that were chosen or put in order, the pairs that were matched, a text, or a file of the
    learner with or without words beside it.
    """

    chosen: list[str] = Field(default_factory=list, max_length=100)
    pairs: list[list[str]] = Field(default_factory=list, max_length=100)
    text: str = Field(default="", max_length=100_000)
    file_id: str = Field(default="", pattern=r"^[A-Za-z0-9_-]{0,64}$")


class Score(Data):
    """The score of one criterion, and why: what is right in the answer, and what is missing."""

    name: str
    score: float
    correct: str = Field(default="", max_length=4_000)
    wrong: str = Field(default="", max_length=4_000)


class GradeEvidence(Data):
    """What the tutor's grade rests on: the model, and its stored answers by the hashes of what was asked."""

    model: str
    answer_keys: list[str]


MOST_CHARACTERS = 32_000
"""Of a message."""


class ChatMessage(Data):
    """A message of a conversation about a task or a question. `content` of an answer in audio is the id of a file."""

    id: str
    role: Literal["user", "assistant"]
    content: str = Field(max_length=MOST_CHARACTERS)
    response_type: InputType | None = None


class Code(Data):
    """A draft of code in one language."""

    language: CodeLanguage
    value: str = Field(max_length=64_000)


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
    objectives: list[PartId] = Field(default_factory=list)  # what the question asks for; without any, the question
    is_worth_shown: bool = True  # to the learner

    def natural_key(self) -> str:
        return self.attempt_id


class AnswerGraded(LearnerEvent):
    """Somebody who teaches judged an attempt, or `tutor` did, with its evidence; `passed` completes the question. Of
    two grades the later one counts.
    """

    task_id: str
    question_id: str
    attempt_id: str
    scores: list[Score]
    feedback: str = ""
    passed: bool
    objectives: list[PartId] = Field(default_factory=list)
    is_worth_shown: bool = True
    by: str
    evidence: GradeEvidence | None = None

    def natural_key(self) -> str:
        return self.attempt_id


class TaskCompleted(LearnerEvent):
    """A task is complete and stays so, whatever becomes of it."""

    task_id: str

    def natural_key(self) -> str:
        return self.task_id


class ChatKept(LearnerEvent):
    """More of the conversation about a task, or about a question of it, in order."""

    task_id: str
    question_id: str | None = None
    messages: list[ChatMessage]

    def natural_key(self) -> str:
        return self.messages[0].id


class ChatCleared(LearnerEvent):
    """The person deleted all its conversations."""


class CodeKept(LearnerEvent):
    """The draft of an answer in code, as it is from now on. Empty: it was deleted."""

    task_id: str
    question_id: str
    code: list[Code]

    def natural_key(self) -> str:
        return self.question_id


class LearnerErased(LearnerEvent):
    """The tombstone."""
