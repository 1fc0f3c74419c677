"""List prices, for estimates only: what a provider bills is what counts."""

from shared.engine.types import Usage

# USD per million tokens (input, output) by the family named in a model's id.
_FAMILIES = {"opus": (5.0, 25.0), "sonnet": (3.0, 15.0), "haiku": (1.0, 5.0)}
_CACHE_READ = 0.1
_CACHE_WRITE = 1.25


def priced(model: str, fresh: int, written: int, read: int, output: int) -> Usage:
    """The usage of one call. Tokens: `fresh` uncached input, `written` and `read` cached input, `output`.

    The cost is 0 for a model whose family is not in the table.
    """
    input_price, output_price = next((p for family, p in _FAMILIES.items() if family in model), (0.0, 0.0))
    cost = (fresh + written * _CACHE_WRITE + read * _CACHE_READ) * input_price + output * output_price
    return Usage(
        model=model,
        calls=1,
        input_tokens=fresh + written,
        output_tokens=output,
        cached_tokens=read,
        estimated_cost_usd=round(cost / 1_000_000, 6),
    )
