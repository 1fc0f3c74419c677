"""Shapes of webhooks."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field

from services.gateway.course.shapes import COURSE_ID, MOMENT, TASK_ID, Address, Body, Text, View
from shared.events import EVENT_TYPES

_ID = "019a5e3c-9d2e-7f3a-8b4c-5d6e7f8a9b0c"
_URL = "https://lms.example.org/hooks/coursewright"


def _known(name: str) -> str:
    if name not in EVENT_TYPES:
        raise ValueError("There is no such event; docs/events.md lists them")
    return name


def _distinct(names: list[str]) -> list[str]:
    return sorted(set(names))


EventName = Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": sorted(EVENT_TYPES)})]
EventNames = Annotated[list[EventName], Field(min_length=1, max_length=64), AfterValidator(_distinct)]


class CreateWebhookBody(Body):
    """Where to tell, and of what."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"url": _URL, "event_types": ["CourseGenerated", "CourseDeleted"]}]}
    )

    url: Address = Field(description="an https address of the public network")
    event_types: EventNames
    description: Text = ""


class UpdateWebhookBody(Body):
    """The changes; a field that is null or absent stays unchanged. `enabled: true` resumes pending deliveries."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"enabled": True}]})

    url: Address | None = None
    event_types: EventNames | None = None
    description: Text | None = None
    enabled: bool | None = None


class WebhookView(View):
    """A webhook. Its secret is not shown again."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "webhook_id": _ID, "url": _URL, "event_types": ["CourseDeleted", "CourseGenerated"],
                    "description": "", "enabled": True, "disabled_reason": "", "created_at": MOMENT,
                }
            ]
        },
    )  # fmt: skip

    webhook_id: str
    url: str
    event_types: list[str]
    description: str
    enabled: bool
    disabled_reason: str = Field(description="why it was turned off by the sender; empty if it was not")
    created_at: datetime


class CreatedWebhookView(WebhookView):
    """A new webhook with its secret, which is shown this once."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "webhook_id": _ID, "url": _URL, "event_types": ["CourseDeleted", "CourseGenerated"],
                    "description": "", "enabled": True, "disabled_reason": "", "created_at": MOMENT,
                    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=",
                }
            ]
        },
    )  # fmt: skip

    secret: str


class DeliveryView(View):
    """One event told, or to be told, to one webhook."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_extra={
            "examples": [
                {
                    "delivery_id": TASK_ID, "event_id": TASK_ID, "seq": 4711, "course_id": COURSE_ID,
                    "event_type": "CourseGenerated", "body": "{}", "status": "delivered", "attempts": 1,
                    "response_status": 200, "error": "", "created_at": MOMENT, "next_attempt_at": None,
                    "finished_at": MOMENT,
                }
            ]
        },
    )  # fmt: skip

    delivery_id: str
    event_id: str = Field(description="the header webhook-id: the same in every attempt")
    seq: int
    course_id: str
    event_type: str
    body: str = Field(description="what is sent")
    status: Literal["pending", "delivered", "failed"]
    attempts: int
    response_status: int | None
    error: str
    created_at: datetime
    next_attempt_at: datetime | None
    finished_at: datetime | None
