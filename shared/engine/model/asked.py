"""What the gateway asks a stage before a course begins, and the answer."""

from pydantic import BaseModel

from shared.events.base import EngineName


class ReadyAsked(BaseModel, frozen=True):
    """The question. `model`: empty = as the stage is set."""

    engine: EngineName
    model: str


class ReadyAnswer(BaseModel):
    """`error` is empty when the model can be asked, else the code of what is wrong."""

    error: str = ""
    message: str = ""
