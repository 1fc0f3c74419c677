"""For whom a course is. These names are the published format: add, never rename."""

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from shared.events.base import Level


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Audience:
    """The level asked for and the user's free text."""

    complexity_level: Level
    additional_info: str = ""
