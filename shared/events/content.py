"""Events of what a school teaches: a course with its milestones and tasks. Class names are stored type names.

The classroom writes them. A milestone is what readers know as a module. Only the order of a course says where its tasks
stand, so a task that two courses share has its words in one of them, its home.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from .base import AggregateId, Data, Event

TaskType = Literal["learning_material", "quiz", "assignment"]
TaskStatus = Literal["draft", "published"]
BlockType = Literal[
    "paragraph", "heading", "bulletListItem", "numberedListItem", "checkListItem", "codeBlock", "image"
]  # fmt: skip
QuestionType = Literal["objective", "subjective"]
InputType = Literal["text", "code", "audio"]
ResponseType = Literal["chat", "exam"]
AnswerKind = Literal["choice", "text", "order", "match"]
CodeLanguage = Literal["html", "css", "javascript", "nodejs", "python", "react", "sql"]
GenerationPart = Literal["structure", "tasks"]
PartId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Value = str | int | float | bool | None


class Words(Data):
    """Text with marks such as bold, italic, underline."""

    type: Literal["text"] = "text"
    text: str
    styles: dict[str, Value] = Field(default_factory=dict)


class Link(Data):
    """Text that leads elsewhere."""

    type: Literal["link"] = "link"
    href: str = Field(max_length=2048, pattern=r"^(https?://|mailto:)")
    content: list[Words] = Field(default_factory=list)


class Block(Data):
    """A piece of a text, as the editor of the front end has it."""

    id: str = Field(default="", max_length=64)
    type: BlockType
    props: dict[str, Value] = Field(default_factory=dict)
    content: list[Annotated[Words | Link, Field(discriminator="type")]] = Field(default_factory=list)
    children: list["Block"] = Field(default_factory=list)
    position: int | None = None


class Context(Data):
    """What a tutor knows of a question or an assignment. It is not for learners."""

    blocks: list[Block] = Field(default_factory=list)
    linkedMaterialIds: list[PartId] = Field(default_factory=list)  # noqa: N815  the front ends' name


class Option(Data):
    """A possible answer. `feedback` is for those who chose it."""

    id: PartId
    text: str
    feedback: str = ""


class Objective(Data):
    """What a learner can do who answers rightly. Questions with the same id ask for the same."""

    id: PartId
    text: str = Field(max_length=1000)


class Question(Data):
    """A question of a quiz.

    `answer` is a solution in words. With `answer_kind` the classroom judges by itself: `key` has the ids of all right
    options (choice), the texts that are accepted (text), the orders that are accepted (order), or the pairs (match).
    """

    # Empty only in what a front end sends: the classroom gives an id to a question that it does not know.
    id: str = Field(default="", pattern=r"^[A-Za-z0-9_-]{0,64}$")
    type: QuestionType
    title: str = ""
    blocks: list[Block] = Field(default_factory=list)
    answer: list[Block] = Field(default_factory=list)
    answer_kind: AnswerKind | None = None
    options: list[Option] = Field(default_factory=list)
    key: list[str] | list[list[str]] = Field(default_factory=list)
    input_type: InputType = "text"
    coding_languages: list[CodeLanguage] = Field(default_factory=list)
    response_type: ResponseType = "chat"
    max_attempts: int | None = Field(default=None, ge=1)
    is_feedback_shown: bool = True
    context: Context | None = None
    scorecard_id: PartId | None = None
    objectives: list[Objective] = Field(default_factory=list, max_length=20)
    settings: dict[str, Value] = Field(default_factory=dict)


class Evaluation(Data):
    """The scorecard that an assignment is judged by, and its marks."""

    scorecard_id: PartId | None = None
    min_score: float = 0
    max_score: float
    pass_score: float


class Assignment(Data):
    """The rules of an assignment, beside its text."""

    context: Context | None = None
    evaluation_criteria: Evaluation
    input_type: InputType = "text"
    response_type: ResponseType = "chat"
    max_attempts: int | None = Field(default=None, ge=1)
    settings: dict[str, Value] = Field(default_factory=dict)


class ContentEvent(Event):
    """A fact about one course of a school."""

    prefix: ClassVar[str] = "content"
    key: ClassVar[str] = "content_id"

    content_id: AggregateId
    by: str


class ContentCreated(ContentEvent):
    """A course exists in an organisation."""

    org_id: str
    name: str


class ContentRenamed(ContentEvent):
    """The course has another name."""

    name: str


class ContentHidden(ContentEvent):
    """The course with all in it was deleted, and can come back."""


class ContentRestored(ContentEvent):
    """The course is back."""


class EditionTaken(ContentEvent):
    """The course has what this edition of a generated course says."""

    course_key: str
    edition: str


class GenerationAsked(ContentEvent):
    """Somebody asked for the structure of this course, or for what its tasks say. `file_id` is a PDF of the
    person `file_of`.

    The same job is asked for again after a failure. `attempt` counts how often its part was asked for.
    """

    job_id: PartId
    part: GenerationPart
    course_description: str = Field(max_length=1000)
    intended_audience: str = Field(max_length=1000)
    instructions: str = Field(default="", max_length=1000)
    file_id: PartId
    file_of: AggregateId
    attempt: int = Field(default=1, ge=1)

    def natural_key(self) -> str:
        return f"{self.job_id} {self.part} {self.attempt}"


class GenerationBegun(ContentEvent):
    """The course that the pipeline makes for a job."""

    job_id: PartId
    course_id: AggregateId

    def natural_key(self) -> str:
        return self.job_id


class GenerationEnded(ContentEvent):
    """A part of a job is done, and its drafts stand in this course; or it failed. Then `code` and `message` say why,
    and `run_id` is the run of the pipeline that failed, if one did.
    """

    job_id: PartId
    part: GenerationPart
    attempt: int = Field(default=1, ge=1)
    code: str = ""
    message: str = ""
    run_id: str = ""

    def natural_key(self) -> str:
        return f"{self.job_id} {self.part} {self.attempt}"


class MilestoneWritten(ContentEvent):
    """A milestone has this name and colour; one that is new stands last."""

    milestone_id: PartId
    name: str
    color: str

    def natural_key(self) -> str:
        return self.milestone_id


class MilestoneDeleted(ContentEvent):
    """A milestone is gone; its tasks stay in the course without one."""

    milestone_id: PartId

    def natural_key(self) -> str:
        return self.milestone_id


class MilestonesOrdered(ContentEvent):
    """All milestones in their order."""

    milestone_ids: list[PartId]


class TaskMade(ContentEvent):
    """A draft without words stands in a milestone: after the task `after`, else last."""

    task_id: PartId
    milestone_id: PartId | None
    type: TaskType
    title: str
    after: PartId | None = None

    def natural_key(self) -> str:
        return self.task_id


class TaskPlaced(ContentEvent):
    """A task stands in a milestone of this course, at its end. `home_id` is the course that has its words."""

    task_id: PartId
    milestone_id: PartId | None
    home_id: AggregateId

    def natural_key(self) -> str:
        return self.task_id


class TaskTakenOut(ContentEvent):
    """A task stands in this course no more."""

    task_id: PartId

    def natural_key(self) -> str:
        return self.task_id


class TasksOrdered(ContentEvent):
    """All tasks of the course in their order; each keeps its milestone."""

    task_ids: list[PartId]


class TaskWritten(ContentEvent):
    """All that a task says from now on. A question that is not in it is asked no more; what was answered stays.

    `time_limit_seconds`: how long a learner has for the quiz from its start. `generated`: a program wrote it.
    """

    task_id: PartId
    title: str
    status: TaskStatus
    scheduled_publish_at: AwareDatetime | None = None
    blocks: list[Block] = Field(default_factory=list)
    questions: list[Question] = Field(default_factory=list)
    assignment: Assignment | None = None
    time_limit_seconds: int | None = None
    generated: bool = False

    def natural_key(self) -> str:
        return self.task_id


class TaskOpened(ContentEvent):
    """The time at which a published task was to be shown has come, and is no part of the task any more."""

    task_id: PartId

    def natural_key(self) -> str:
        return self.task_id


class TaskDeleted(ContentEvent):
    """A task was deleted, and can come back."""

    task_id: PartId

    def natural_key(self) -> str:
        return self.task_id


class TaskRestored(ContentEvent):
    """A task is back where it stood."""

    task_id: PartId

    def natural_key(self) -> str:
        return self.task_id


class ContentErased(ContentEvent):
    """The tombstone."""
