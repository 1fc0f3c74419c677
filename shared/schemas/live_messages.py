"""Messages of a course in the making, as the gateway's WebSocket sends them. These names are the published format."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Message(BaseModel):
    model_config = ConfigDict(extra="forbid")


class LiveModule(_Message):
    """A module, by its place from 0."""

    id: str
    name: str
    color: str
    ordering: int


class LiveTask(_Message):
    """A lesson or a quiz of a module, by its place in the module from 0."""

    id: str
    module_id: str
    ordering: int
    type: Literal["learning_material", "quiz"]
    name: str


class DoneTask(_Message):
    """A task that is written."""

    id: str


class LiveMessage(_Message):
    """`id` is the sequence of the fact and the message's place in it: send the last one as `after` to go on."""

    id: str = Field(pattern=r"^[0-9]+-[0-9]+$")


class ModuleCreatedMessage(LiveMessage):
    """A module will be written."""

    event: Literal["module_created"]
    module: LiveModule


class TaskCreatedMessage(LiveMessage):
    """A task of a module will be written."""

    event: Literal["task_created"]
    task: LiveTask


class CourseStructureCompletedMessage(LiveMessage):
    """All modules of the run are told."""

    event: Literal["course_structure_completed"]
    job_id: str


class TaskCompletedMessage(LiveMessage):
    """A task is written; so many are."""

    event: Literal["task_completed"]
    task: DoneTask
    total_completed: int


class GenerationCompletedMessage(LiveMessage):
    """The course is there; `incomplete`: not all modules passed the checks."""

    event: Literal["generation_completed"]
    job_id: str
    status: Literal["complete", "incomplete"]


class GenerationFailedMessage(LiveMessage):
    """A run of a stage failed or was canceled."""

    event: Literal["generation_failed"]
    job_id: str
    stage: str
    message: str


MESSAGES: tuple[type[LiveMessage], ...] = (
    ModuleCreatedMessage, TaskCreatedMessage, CourseStructureCompletedMessage, TaskCompletedMessage,
    GenerationCompletedMessage, GenerationFailedMessage,
)  # fmt: skip

CHANNEL = {
    "address": "/ws/course/{course_id}/generation",
    "title": "A course in the making",
    "description": "A WebSocket of the gateway. It sends, and a client has nothing to say.",
    "parameters": {"course_id": {"description": "Id of the course"}},
    "bindings": {
        "ws": {
            "method": "GET",
            "query": {
                "type": "object",
                "properties": {
                    "after": {"type": "string", "description": "the id of the last message; without it from the first"},
                    "ticket": {"type": "string", "description": "of POST /api/event-tickets, in place of a token"},
                },
            },
            "bindingVersion": "0.1.0",
        }
    },
}
