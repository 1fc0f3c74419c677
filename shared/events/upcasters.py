"""How data of earlier versions becomes data of the next: stored events are never rewritten, readers lift them.

`UPCASTERS[(type, version)]` takes the data of that version as JSON values and gives those of the next one. It is pure,
and total for everything its version could hold. Several in a row lift an event to the version its class has now.
"""

from collections.abc import Callable, Mapping
from typing import Any

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


def _list_sources(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 of ModulesRequested knew one repository."""
    one = {"source", "licence", "listing"}
    source = data["source"]
    facts = {**source, "kind": "git", "name": source["repo_name"], "licence": data.get("licence")}
    rest = {name: value for name, value in data.items() if name not in one}
    return {**rest, "sources": [facts], "listings": {source["source_id"]: data["listing"]}}


UPCASTERS: dict[tuple[str, int], Upcaster] = {("ModulesRequested", 1): _list_sources}


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
