"""What descriptions of REST APIs have in common: the shape of a refusal, and the file that is checked in."""

import sys
from collections.abc import Callable
from pathlib import Path

from pydantic import BaseModel, Field


class ProblemError(BaseModel):
    """One thing that is wrong; `pointer` is a JSON pointer into the body, or names a parameter."""

    pointer: str
    detail: str


class Problem(BaseModel):
    """RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    code: str = Field(description="for programs")
    detail: str = Field(description="for people")
    errors: list[ProblemError] = []


def write_description(target: Path, render: Callable[[], str], arguments: list[str], command: str) -> int:
    """Write it, or with --check compare."""
    if "--check" not in arguments:
        target.write_text(render(), encoding="utf-8")
        return 0
    if target.read_text(encoding="utf-8") == render():
        return 0
    sys.stderr.write(f"{target} is out of date: run {command}\n")
    return 1
