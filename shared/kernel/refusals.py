"""Outcomes of a command that change nothing. A refusal's `code` is for programs. Its `detail` is for people, and says
what to do first.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Refusal:
    """`status` is the HTTP status; `pointer` names the field of the request that is wrong, as a JSON pointer."""

    status: int
    code: str
    detail: str
    pointer: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
    retry_after_seconds: int | None = None


@dataclass(frozen=True)
class Same:
    """The result that was asked for is there already; `task_id` names its run, if a run makes it."""

    task_id: str | None = None


class Refused(Exception):
    """Carries a refusal out of the write side."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal


def invalid(pointer: str, detail: str, code: str = "invalid_request") -> Refusal:
    """A field whose value cannot be meant."""
    return Refusal(422, code, detail, pointer=pointer)
