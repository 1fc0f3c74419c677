"""Type names to classes, and the one way from stored JSON back to an event."""

import json
import re
from collections.abc import Mapping

from . import doc_analyser, gateway, modules, pathway, repo_clone, stage
from .base import Event
from .upcasters import lift

EventTypes = Mapping[str, type[Event]]

EVENT_TYPES: EventTypes = {
    cls.__name__: cls
    for module in (gateway, repo_clone, doc_analyser, pathway, modules, stage)
    for cls in vars(module).values()
    if isinstance(cls, type) and issubclass(cls, Event) and cls.__module__ == module.__name__
}


def event_type_name(event: Event | type[Event]) -> str:
    """The CloudEvents type, e.g. `coursewright.course.RepoCloned.v1`."""
    cls = event if isinstance(event, type) else type(event)
    return f"coursewright.course.{cls.__name__}.v{cls.version}"


def parse_event(type_name: str, data: bytes, known: EventTypes = EVENT_TYPES) -> Event:
    """The event a stored type name and JSON body stand for; data of an earlier version are lifted to this one.

    Raises KeyError for an unknown type or version, pydantic.ValidationError or ValueError for a body that does not fit.
    """
    parts = type_name.split(".")
    if len(parts) != 4 or parts[:2] != ["coursewright", "course"]:
        raise KeyError(type_name)
    cls = known[parts[2]]
    if parts[3] == f"v{cls.version}":
        return cls.model_validate_json(data)
    version = re.fullmatch(r"v([1-9][0-9]{0,3})", parts[3])
    if version is None or int(version[1]) > cls.version:
        raise KeyError(type_name)
    try:
        stored = json.loads(data)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(stored, dict):
        raise ValueError("the data are no object")  # noqa: TRY004 - what is stored is at fault, no caller
    return cls.model_validate(lift(cls.__name__, int(version[1]), cls.version, stored))
