"""The AsyncAPI document holds together. Its own tool, which needs npm, refuses references that lead nowhere."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from shared.events.registry import EVENT_TYPES
from shared.schemas.generate import FOLDER
from shared.schemas.live_messages import MESSAGES

DOCUMENT = yaml.safe_load((FOLDER / "asyncapi.yaml").read_text(encoding="utf-8"))


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (inner for key, inner in value.items() if key == "$ref")
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from references(inner)


def resolve(reference: str) -> Any:
    """The target of a reference, from the root of the document. Raises KeyError."""
    assert reference.startswith("#/"), reference
    found = DOCUMENT
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def test_every_reference_leads_to_something_in_the_document() -> None:
    found = set(references(DOCUMENT))
    assert {"#/components/schemas/BlobRef", "#/channels/CourseCreated"} <= found
    assert all(resolve(one) for one in found)


def test_a_reference_that_leads_nowhere_is_noticed() -> None:
    with pytest.raises(KeyError):
        resolve("#/$defs/BlobRef")


def test_no_part_has_an_address_of_its_own_that_its_references_would_start_at() -> None:
    payloads = [one["payload"]["schema"] for one in DOCUMENT["components"]["messages"].values()]
    assert len(payloads) == len(EVENT_TYPES) + len(MESSAGES)
    assert not [name for schema in payloads for name in ("$id", "$schema", "$defs") if name in schema]
