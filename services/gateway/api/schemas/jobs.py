"""Shapes of jobs: unattended runs, in the names that a queue of jobs has."""

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from services.gateway.course.shapes import Address, Body, Text, View
from services.gateway.fold.jobs import JobStatus


class TriggerJobBody(Body):
    """A repository to make a course of."""

    model_config = ConfigDict(alias_generator=to_camel)

    repository_id: Address = Field(description="an https address, or owner/repo on GitHub")
    prompt: Text = Field(default="", description="what you wish for, in words: additional_info")


class TriggeredJobView(View):
    """The job, or the one that is at work on the repository already."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    job_id: str
    course_id: str
    duplicate: bool = Field(description="the job was there already")
    callback_token: str | None = Field(
        description="sent as X-Job-Token to your webhooks; null where the server keeps no secrets"
    )


class JobView(View):
    """A job. Times are milliseconds since 1970."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    id: str
    course_id: str
    repository_id: str
    status: JobStatus = Field(description="pending also while it waits to try again; dead: none is left")
    prompt: str
    run_at: int = Field(description="when the job is due, or was")
    attempts: int = Field(description="of the stage that is at work")
    max_attempts: int
    current_step: int = Field(description="1 Extract, 2 Analyze, 3 Order, 4 Generate, 5 Review, 6 Tutorials")
    total_steps: int
    progress: str | None
    percent: int
    error: str | None
    cancel_requested: bool
    created_at: int
    updated_at: int
