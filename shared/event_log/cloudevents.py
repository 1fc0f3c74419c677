"""A stored event as one JSON object: CloudEvents 1.0 in structured mode, for files and for other systems."""

import json
from typing import Any
from urllib.parse import unquote

from shared.event_log.stored import Stored


def structured(message: Stored) -> dict[str, Any] | None:
    """The event with its attributes and, as extension `sequence`, its place in the stream; None if it is no event.

    Nothing is parsed into our types: a field or a type this version does not know goes out as it is.
    """
    attributes = {
        name.lower().removeprefix("ce-"): unquote(value)
        for name, value in message.headers.items()
        if name.lower().startswith("ce-")
    }
    if not {"specversion", "id", "type", "source"} <= attributes.keys():
        return None
    try:
        data = json.loads(message.body)
    except ValueError:
        return None
    trace = {"traceparent": message.headers["traceparent"]} if "traceparent" in message.headers else {}
    return {**attributes, **trace, "sequence": str(message.seq), "data": data}
