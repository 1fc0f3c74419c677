"""Values that an example might have given: wrong options where no sibling of the example gives another value."""

import re
from collections.abc import Iterator, Sequence

_LIST = re.compile(
    r"^(?P<open>(?:vec!)?\[)(?P<inside>.*)(?P<close>\])$|^(?P<open2>\()(?P<inside2>[^#]*)(?P<close2>\))$"
)
_NUMBER = re.compile(r"^-?\d{1,2}$")
_WHOLE = re.compile(r"^-?\d+$")
_FEWEST_PARTS = 2


def list_variants(value: str, chance: int) -> list[tuple[str, str]]:
    """Other values of the same build, each with the words that say how it differs; `chance` decides between sides.

    They differ in two ways that are combined: else the value would have most in common with the rest.
    """
    found = _LIST.match(value)
    if found:
        opened, inside, closed = (found[name] or found[f"{name}2"] or "" for name in ("open", "inside", "close"))
        parts = split_parts(inside)
        mark = ", " if ", " in value else ","
        return [
            (opened + mark.join(changed) + closed, told)
            for changed, told in (_vary_parts(parts, 1 if chance % 2 else -1) if len(parts) >= _FEWEST_PARTS else ())
        ]
    if _NUMBER.match(value):
        number, step = int(value), 1 if chance % 2 else -1
        shifts = ((step, 2 * step), (step, -step))[chance // 2 % 2]
        return [(str(number + by), _tell_shift(by)) for by in shifts if (number + by < 0) == (number < 0)]
    return []


def split_parts(inside: str) -> list[str]:
    """The parts of a list, at the commas outside of brackets and quotes, up to a bracket that closes the list."""
    parts, depth, quote = [""], 0, ""
    for sign in inside:
        if quote or sign in "\"'":
            quote = "" if sign == quote else quote or sign
        depth += (not quote) * ((sign in "([{") - (sign in ")]}"))
        if depth < 0:
            break
        if sign == "," and not depth and not quote:
            parts.append("")
        else:
            parts[-1] += sign
    return [part.strip() for part in parts if part.strip()]


def _vary_parts(parts: Sequence[str], step: int) -> Iterator[tuple[list[str], str]]:
    """The parts in another order, with one slip more, and both: an element each too high, else the last one missing."""
    numbers = [int(part) for part in parts if _WHOLE.match(part)]
    numeric = len(numbers) == len(parts)
    in_order = [str(number) for number in sorted(numbers)] if numeric else sorted(parts)
    turned, told = in_order, "these are the elements in sorted order"
    if in_order == list(parts):
        turned, told = in_order[::-1], "these are the elements the other way round"
    if turned != list(parts):
        yield turned, told
    if numeric:
        by = 1 if min(numbers) == 0 else step
        yield [str(int(part) + by) for part in parts], f"each element is {_tell_shift(by)[8:]}"
        yield [str(int(part) + by) for part in turned], f"{told}, and each is {_tell_shift(by)[8:]}"
    elif len(parts) > _FEWEST_PARTS:
        yield list(parts[:-1]), "the last element is missing"
        yield [part for part in turned if part != parts[-1]], f"{told}, and one is missing"


def _tell_shift(by: int) -> str:
    return f"this is {abs(by)} too {'high' if by > 0 else 'low'}"
