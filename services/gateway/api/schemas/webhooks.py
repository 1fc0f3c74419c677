"""Shapes of webhooks."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from services.gateway.course.shapes import Address, Body, Text, View
from shared.events.courses import COURSE


def _known(name: str) -> str:
    if name not in COURSE.events:
        raise ValueError("There is no such event; docs/events.md lists them")
    return name


def _distinct(names: list[str]) -> list[str]:
    return sorted(set(names))


EventName = Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": sorted(COURSE.events)})]
EventNames = Annotated[list[EventName], Field(min_length=1, max_length=64), AfterValidator(_distinct)]


class CreateWebhookBody(Body):
    """Where to tell, and of what."""

    url: Address = Field(description="an https address of the public network")
    event_types: EventNames
    description: Text = ""


class UpdateWebhookBody(Body):
    """The changes; a field that is null or absent stays unchanged. `enabled: true` resumes pending deliveries."""

    url: Address | None = None
    event_types: EventNames | None = None
    description: Text | None = None
    enabled: bool | None = None


class WebhookView(View):
    """A webhook. Its secret is not shown again."""

    webhook_id: str
    url: str
    event_types: list[str]
    description: str
    enabled: bool
    disabled_reason: str = Field(description="why it was turned off by the sender; empty if it was not")
    created_at: datetime


class CreatedWebhookView(WebhookView):
    """A new webhook with its secret, which is shown this once."""

    secret: str


class DeliveryView(View):
    """One event told, or to be told, to one webhook."""

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
