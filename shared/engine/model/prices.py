"""What calls cost, for estimates only: what a provider bills is what counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.engine.model.provider import Tokens
from shared.engine.types import Usage

Price = tuple[float, float, float]
"""USD per million tokens: input, input that a cache had, output."""

_FREE: Price = (0.0, 0.0, 0.0)
# List prices by the family named in a model's id.
_FAMILIES: Mapping[str, Price] = {
    "opus": (5.0, 0.5, 25.0),
    "sonnet": (3.0, 0.3, 15.0),
    "haiku": (1.0, 0.1, 5.0),
}
_CACHE_WRITE = 1.25


@dataclass(frozen=True)
class Prices:
    """The prices that an operator set, by the name of a model, before those of the families known here."""

    set: Mapping[str, Price] = field(default_factory=dict)

    def is_known(self, model: str) -> bool:
        """Whether the model has a price."""
        return model in self.set or any(family in model for family in _FAMILIES)

    def usage(self, model: str, tokens: Tokens) -> Usage:
        """The usage of one call. The cost is 0 for a model without a price."""
        known = next((price for family, price in _FAMILIES.items() if family in model), _FREE)
        fresh, read, output = self.set.get(model, known)
        cost = (tokens.fresh + tokens.written * _CACHE_WRITE) * fresh + tokens.read * read + tokens.output * output
        return Usage(
            model=model,
            calls=1,
            input_tokens=tokens.fresh + tokens.written,
            output_tokens=tokens.output,
            cached_tokens=tokens.read,
            estimated_cost_usd=round(cost / 1_000_000, 6),
        )
