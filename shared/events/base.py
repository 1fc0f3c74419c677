"""The fields that all events share. These names are the stored format.

A change of shape is an optional field, else a new version.
"""

from typing import Annotated, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

Level = Literal["beginner", "intermediate", "advanced"]
ForWhom = Literal["users", "makers"]
EngineName = Literal["offline", "anthropic", "openai"]
Stage = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]
AggregateId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]  # one part of a subject


class Data(BaseModel):
    """Frozen; unknown fields are ignored by readers."""

    model_config = ConfigDict(frozen=True, extra="ignore")


SourceKind = Literal["git", "pdf", "document", "lecture"]

Sharing = Literal["allowed", "unclear", "forbidden"]


class LicenceFacts(Data):
    """The licence of the documentation: an SPDX id or expression ("" when unknown), its file, and whether copies may be
    passed on.
    """

    spdx: str = ""
    path: str = ""
    sharing: Sharing = "unclear"


class BlobRef(Data):
    """A reference to bytes in the blob store. `size` in bytes."""

    key: str
    sha256: str
    size: int
    media_type: str


class EventUsage(Data):
    """Model calls behind a fact; tokens are counts, cost an estimate in USD."""

    model: str = ""
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    estimated_cost_usd: float = 0.0

    def __add__(self, other: Self) -> Self:
        """The cost of both; the model is the first one named."""
        return type(self)(
            model=self.model or other.model,
            calls=self.calls + other.calls,
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            estimated_cost_usd=round(self.estimated_cost_usd + other.estimated_cost_usd, 6),
        )


class Event(Data):
    """A fact about one aggregate. `prefix` begins its subject and stands in its type's name; `key` is the field that
    holds the aggregate's id. `natural_key()` says what the fact is about; with the run it makes the event's id.
    """

    version: ClassVar[int] = 1
    prefix: ClassVar[str]
    key: ClassVar[str]

    @property
    def aggregate_id(self) -> str:
        """The id of the aggregate the fact is about."""
        return str(getattr(self, self.key))

    def natural_key(self) -> str:
        """Empty for facts of which a command or run has only one."""
        return ""


class CourseEvent(Event):
    """A fact about one course."""

    prefix: ClassVar[str] = "course"
    key: ClassVar[str] = "course_id"

    course_id: AggregateId


class StageEvent(CourseEvent):
    """A fact of a stage run; `run_id` is the event id of the request that started it (the API's task_id)."""

    run_id: str


class SharedStageEvent(StageEvent):
    """A fact of a type that every stage writes. Its subject names the stage, so each has the right to its own alone."""

    stage: Stage


ATTEMPTS = 5


class StageStarted(StageEvent):
    """A worker took the run up; attempts are counted from these. `max_attempts`: so many in a row without a result, and
    the run is dead.
    """

    attempt: int = Field(ge=1)
    worker: str
    max_attempts: int = ATTEMPTS

    def natural_key(self) -> str:
        return f"{self.attempt}"


class StageFailure(StageEvent):
    """A run ended without success. `error` is the class, `message` for users, `retryable` if a retry makes sense."""

    error: str
    message: str
    retryable: bool
    attempt: int

    def natural_key(self) -> str:
        return f"{self.attempt}"


class FileRemoved(CourseEvent):
    """A file that a user added is no longer part of the course. `withheld`: the course was taught from it, so what
    stages 2 to 4 made is no longer there, but for `kept_modules`, the modules that say nothing of it.
    """

    by: str
    withheld: bool = False
    kept_modules: dict[str, BlobRef] = Field(default_factory=dict)
