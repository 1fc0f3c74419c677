"""What the classroom asks the tutor, and the tutor's answer: JSON between two processes."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings

from shared.engine.types import Usage
from shared.events.base import EngineName
from shared.events.classroom import Criterion
from shared.kernel.settings import LogSettings
from shared.kernel.values import Value


class TutorEngineSettings(BaseSettings):
    """What the classroom and the tutor both have to know."""

    model_config = LogSettings.model_config

    tutor_engine: EngineName = Field(default="offline", description="who answers learners; offline: passages alone")
    tutor_answer_seconds: float = Field(default=100.0, gt=0, le=110, description="how long a learner waits for a model")


class CitedPassage(Value):
    """A passage of the course that the learner may read. `place` names it."""

    place: str
    text: str


class Said(Value):
    """A message of the conversation so far."""

    role: Literal["user", "assistant"]
    content: str


class TutorQuestion(Value):
    """A message of a learner, with all that the tutor may know. `asked` is the question of a quiz in words, `solution`
    what solves it, `right` the indexes of the right `options`. These are empty for a learning material. With `criteria`
    the message may be an attempt, and then it is graded.
    """

    org_id: str
    person_id: str
    conversation_id: str
    message_id: str
    message: str
    asked: str = ""
    solution: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    right: tuple[int, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    passages: tuple[CitedPassage, ...] = ()
    history: tuple[Said, ...] = ()


class TutorSentence(Value):
    """A sentence of an answer. `passages` are the indexes of the passages that say it."""

    text: str
    passages: tuple[int, ...] = ()


class CriterionScore(Value):
    """A row of a scorecard. Below the maximum `wrong` says what is missing."""

    category: str
    correct: str = ""
    wrong: str = ""
    score: float


class TutorReply(Value):
    """The answer. `model` is empty where nobody asked a model; `withheld` counts the sentences that would have told the
    solution. If there is no answer, `error` is a code, `message` says it in words, `status` is the status of HTTP, and
    `retry_after_seconds` says when to ask again.
    """

    sentences: tuple[TutorSentence, ...] = ()
    scorecard: tuple[CriterionScore, ...] = ()
    is_refused: bool = False
    model: str = ""
    usage: Usage = Field(default_factory=Usage)
    withheld: int = 0
    error: str = ""
    message: str = ""
    status: int = 200
    retry_after_seconds: float | None = None
