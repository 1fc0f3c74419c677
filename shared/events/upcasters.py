"""How data of earlier versions becomes data of the next: stored events are never rewritten, readers lift them.

`UPCASTERS[(type, version)]` takes the data of that version as JSON values and gives those of the next one. It is pure,
and total for everything its version could hold. Several in a row lift an event to the version its class has now.
"""

from collections.abc import Callable, Mapping
from typing import Any

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]

# Every type is still at version 1.
UPCASTERS: dict[tuple[str, int], Upcaster] = {}


def lift(
    upcasters: Mapping[tuple[str, int], Upcaster], name: str, version: int, to_version: int, data: dict[str, Any]
) -> dict[str, Any]:
    """The data as the newest version has it.

    Raises KeyError when a version has no way to the next, ValueError when the data were not of their version.
    """
    for step in range(version, to_version):
        upcaster = upcasters[(name, step)]
        try:
            data = upcaster(data)
        except (LookupError, TypeError, AttributeError) as error:
            raise ValueError(f"version {step} does not have this shape") from error
    return data
