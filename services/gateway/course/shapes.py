"""The base of all shapes. Requests are strict and refuse unknown fields."""

from typing import Annotated, Literal
from unicodedata import category

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

LEVEL = "null: the level that additional_info names, else that of the last analysis, else intermediate"


# Embeddings, overrides and isolates turn the text around them, so that one name looks like another. The marks U+200E
# and U+200F turn nothing but themselves, and right-to-left scripts need them.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINE_ENDS = frozenset("\n\r\t\u2028\u2029")


def _controls_in(text: str) -> bool:
    return any(category(one) == "Cc" or one in _TURNING for one in text)


def _no_control_characters(text: str) -> str:
    if _controls_in(text.translate(dict.fromkeys(map(ord, _LINE_ENDS)))):
        raise ValueError("Control characters are not allowed")
    return text


def _one_line(text: str) -> str:
    if not text.strip():
        raise ValueError("This must not be blank")
    if _controls_in(text) or not _LINE_ENDS.isdisjoint(text):
        raise ValueError("Line breaks and control characters are not allowed")
    return text


Title = Annotated[str, StringConstraints(min_length=1, max_length=255), AfterValidator(_one_line)]
Text = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_no_control_characters)]
Part = Annotated[str, StringConstraints(max_length=255), AfterValidator(_no_control_characters)]
LongText = Annotated[str, StringConstraints(max_length=4000), AfterValidator(_no_control_characters)]
Address = Annotated[str, StringConstraints(min_length=1, max_length=2048)]
Ref = Annotated[str, StringConstraints(max_length=255), AfterValidator(lambda text: _one_line(text) if text else text)]
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
