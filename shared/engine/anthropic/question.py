"""What is asked of a model, and who answers."""

from dataclasses import dataclass
from typing import Protocol, TypeVar

from pydantic import BaseModel

from shared.engine.types import Usage

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True)
class Question:
    """`shared` is the part that several questions have in common (cached by the provider), `own` the rest."""

    shared: str
    own: str
    max_tokens: int


class Model(Protocol):
    """A model behind a client that caches and counts."""

    @property
    def model(self) -> str:
        """Its name."""
        ...

    async def ask(self, question: Question, schema: type[M]) -> tuple[M, Usage]:
        """The answer as that type, and what it cost. Raises EngineDeclined, TransientError or PermanentError."""
        ...
