"""Shapes of regeneration."""

from pydantic import Field

from services.gateway.course.shapes import Address, Body, Id, PathwayChoice, Ref, Text
from shared.events.base import EngineName, Level


class RegenerateBody(Body):
    """The changes of the stored inputs; a field that is null or absent is as before."""

    repo_url: Address | None = Field(
        default=None, description="another repository; its ref and credential are given anew"
    )
    ref: Ref | None = None
    complexity_level: Level | None = None
    additional_info: Text | None = None
    engine: EngineName | None = None
    pathway: PathwayChoice | None = None
    credential_id: Id | None = None
