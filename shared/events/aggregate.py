"""Streams and aggregates as values, and a registry of them. The courses are one registration; see `registry`.

What is made of an aggregate (its fold, its read tables, its erasure) is a value elsewhere, because no writer of events
needs it: `shared.readmodels.side`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from types import ModuleType

from .base import Event
from .upcasters import Upcaster, lift

_TYPE = re.compile(r"coursewright\.([a-z]+)\.([A-Za-z]+)\.v([1-9][0-9]{0,3})")


def event_type_name(event: Event | type[Event]) -> str:
    """The CloudEvents type, e.g. `coursewright.course.RepoCloned.v1`."""
    cls = event if isinstance(event, type) else type(event)
    return f"coursewright.{cls.prefix}.{cls.__name__}.v{cls.version}"


def types_of(module: ModuleType) -> dict[str, type[Event]]:
    """The event types that a module defines, which are those its namesake writes."""
    return {
        name: cls
        for name, cls in vars(module).items()
        if isinstance(cls, type) and issubclass(cls, Event) and cls.__module__ == module.__name__
    }


@dataclass(frozen=True)
class Stream:
    """A JetStream stream that holds one aggregate or several. `retention`: how long the server keeps an event; None
    means for ever, which tables that are built from the beginning need.
    """

    name: str
    retention: timedelta | None = None


@dataclass(frozen=True)
class Aggregate:
    """The subject of events: each has an id, a history of its own, and one writer at a time.

    `facts` is the class all its events derive from; it says the prefix of their subjects and the field with the id.
    `tombstone` is the type after which nothing follows: what is erased leaves it alone. `rights`: by user of NATS the
    types it may append. `blobs`: the folder of its contents in the blob store, "" for an aggregate without contents.
    """

    stream: Stream
    facts: type[Event]
    events: Mapping[str, type[Event]]
    tombstone: type[Event]
    rights: Mapping[str, tuple[type[Event], ...]]
    blobs: str = ""
    upcasters: Mapping[tuple[str, int], Upcaster] = field(default_factory=dict)

    @property
    def prefix(self) -> str:
        """The first part of its subjects."""
        return self.facts.prefix

    @property
    def key(self) -> str:
        """The field of its events that holds the id."""
        return self.facts.key

    def parse_earlier(self, name: str, version: int, data: bytes) -> Event:
        """The event of an earlier version, lifted; see Registry.parse."""
        cls = self.events[name]
        if version >= cls.version:
            raise KeyError(name)
        try:
            stored = json.loads(data)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error
        if not isinstance(stored, dict):
            raise ValueError("the data are no object")  # noqa: TRY004 - what is stored is at fault, no caller
        return cls.model_validate(lift(self.upcasters, name, version, cls.version, stored))


@dataclass(frozen=True)
class Registry:
    """Every aggregate a process knows. Raises ValueError for a prefix that belongs to two of them."""

    aggregates: tuple[Aggregate, ...]

    def __post_init__(self) -> None:
        if len(self._by_prefix) != len(self.aggregates):
            raise ValueError("two aggregates have one prefix")

    @cached_property
    def _by_prefix(self) -> Mapping[str, Aggregate]:
        return {aggregate.prefix: aggregate for aggregate in self.aggregates}

    @cached_property
    def _current(self) -> Mapping[str, type[Event]]:
        """Classes by the names of their types: nearly everything that is read is of the version of now."""
        classes = [cls for aggregate in self.aggregates for cls in aggregate.events.values()]
        return {event_type_name(cls): cls for cls in classes}

    def named(self, prefix: str) -> Aggregate:
        """The aggregate with this prefix; raises KeyError."""
        return self._by_prefix[prefix]

    @cached_property
    def streams(self) -> tuple[Stream, ...]:
        """The streams, each once."""
        return tuple(dict.fromkeys(aggregate.stream for aggregate in self.aggregates))

    def on(self, stream: Stream) -> tuple[Aggregate, ...]:
        """The aggregates of a stream."""
        return tuple(aggregate for aggregate in self.aggregates if aggregate.stream == stream)

    def parse(self, type_name: str, data: bytes) -> Event:
        """The event a stored type name and JSON body stand for; data of an earlier version are lifted to this one.

        Raises KeyError for an unknown type or version, pydantic.ValidationError or ValueError for a body that does not
        fit.
        """
        current = self._current.get(type_name)
        if current is not None:
            return current.model_validate_json(data)
        named = _TYPE.fullmatch(type_name)
        if named is None:
            raise KeyError(type_name)
        return self._by_prefix[named[1]].parse_earlier(named[2], int(named[3]), data)
