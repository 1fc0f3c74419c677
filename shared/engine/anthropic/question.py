"""What is asked of a model."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """`shared` is the part that several questions have in common (cached by the provider), `own` the rest."""

    shared: str
    own: str
    max_tokens: int
