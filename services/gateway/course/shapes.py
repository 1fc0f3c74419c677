"""The base of all shapes. Requests are strict and refuse unknown fields."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

LEVEL = "null: the level that additional_info names, else that of the last analysis, else intermediate"


# Control characters, and those that turn the text around them, so that one name looks like another. The marks U+200E
# and U+200F turn nothing but themselves, and right-to-left scripts need them.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_LINE_END = re.compile("[\t\n\r\u2028\u2029]")


def _no_control_characters(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("Control characters are not allowed")
    return text


def one_line(text: str) -> str:
    """The text, which is not blank and has no line breaks and control characters; raises ValueError."""
    if not any(one.isprintable() and not one.isspace() for one in text):
        raise ValueError("This must not be blank")
    if _CONTROL.search(text) or _LINE_END.search(text):
        raise ValueError("Line breaks and control characters are not allowed")
    return text


Title = Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(one_line)]
Text = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_no_control_characters)]
Part = Annotated[str, StringConstraints(max_length=255), AfterValidator(_no_control_characters)]
LongText = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_no_control_characters)]
Address = Annotated[str, StringConstraints(min_length=1, max_length=2048)]
Ref = Annotated[str, StringConstraints(max_length=255), AfterValidator(lambda text: one_line(text) if text else text)]
FilePath = Annotated[str, StringConstraints(max_length=4096), AfterValidator(_no_control_characters)]
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
ModelName = Annotated[str, StringConstraints(max_length=128, pattern=r"^[A-Za-z0-9._:/@-]*$")]
PathwayChoice = Literal["auto", "complete", "quickstart", "task", "reference"]


class Body(BaseModel):
    """A request body."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class View(BaseModel):
    """An answer."""

    model_config = ConfigDict(from_attributes=True)
