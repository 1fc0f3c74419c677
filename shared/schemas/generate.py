"""Write the schemas from the types, or with --check fail when a checked-in file differs.

`python -m shared.schemas.generate [--check]`
"""

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from shared.course.schema import course_schema
from shared.events import Aggregate, Event, Registry, event_type_name
from shared.events.base import SharedStageEvent
from shared.events.registry import EVENT_TYPES, REGISTRY
from shared.events.subjects import SHARDS
from shared.pipeline import PIPELINE
from shared.schemas.live_messages import CHANNEL, MESSAGES, LiveMessage
from shared.schemas.samples import SAMPLES

FOLDER = Path(__file__).parent
_SCHEMA = "https://json-schema.org/draft/2020-12/schema"

_HEADERS = {
    "type": "object",
    "required": ["ce-id", "ce-type", "ce-source", "ce-subject", "ce-time", "ce-specversion"],
    "properties": {
        name: {"type": "string"}
        for name in (
            "ce-id", "ce-type", "ce-source", "ce-subject", "ce-time", "ce-specversion", "ce-dataschema",
            "ce-correlationid", "ce-causationid", "traceparent", "Nats-Msg-Id",
        )
    },
}  # fmt: skip


def event_schema(cls: type[Event], samples: Iterable[Event] = SAMPLES) -> dict[str, Any]:
    """JSON Schema 2020-12 of one event's data, with its sample."""
    return {
        "$schema": _SCHEMA,
        "$id": f"urn:coursewright:schema:{cls.__name__}.v{cls.version}",
        **cls.model_json_schema(mode="serialization"),
        "examples": [sample.model_dump(mode="json") for sample in samples if type(sample) is cls],
    }


def asyncapi(known: Registry = REGISTRY, samples: Sequence[Event] = SAMPLES) -> dict[str, Any]:
    """AsyncAPI 3.0 of the streams of events, one channel per event type, and of the WebSocket of a course."""
    channels, operations, messages, shared = {}, {}, {}, dict[str, Any]()
    types = sorted((name, cls, one) for one in known.aggregates for name, cls in one.events.items())
    for name, cls, aggregate in types:
        messages[name] = {
            "name": event_type_name(cls),
            "title": name,
            "summary": " ".join((cls.__doc__ or "").split()),
            "contentType": "application/json",
            "headers": {"$ref": "#/components/schemas/headers"},
            "payload": _payload(_inside(event_schema(cls, samples), shared)),
        }
        channels[name] = {
            "address": _address(aggregate, cls),
            "parameters": _parameters(aggregate, cls),
            "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        }
        operations[f"receive{name}"] = {"action": "send", "channel": {"$ref": f"#/channels/{name}"}}
    live = {cls.__name__: _live(cls, shared) for cls in MESSAGES}
    messages |= live
    channels["generation"] = {**CHANNEL, "messages": {one: {"$ref": f"#/components/messages/{one}"} for one in live}}
    operations["receiveGeneration"] = {"action": "send", "channel": {"$ref": "#/channels/generation"}}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Coursewright events",
            "version": "1",
            "description": f"{_named(known)} on NATS JetStream. CloudEvents 1.0 in binary mode."
            " Channel `generation` is a WebSocket of the gateway.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": {"headers": _HEADERS, **dict(sorted(shared.items()))}},
    }


def _live(cls: type[LiveMessage], shared: dict[str, Any]) -> dict[str, Any]:
    schema = _inside(cls.model_json_schema(mode="serialization"), shared)
    summary = " ".join((cls.__doc__ or "").split())
    return {"name": cls.__name__, "summary": summary, "contentType": "application/json", "payload": _payload(schema)}


def _payload(schema: dict[str, Any]) -> dict[str, Any]:
    return {"schemaFormat": "application/schema+json;version=draft-2020-12", "schema": schema}


def _named(known: Registry) -> str:
    names = [stream.name for stream in known.streams]
    return f"Stream{'s' * (len(names) > 1)} {', '.join(names)}"


def _inside(schema: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    """An event's schema as a part of a larger document, where a reference starts at the document's root: what it refers
    to is moved into `shared`, and it has no address of its own.
    """
    schema = _pointing_to_components(schema)
    for key, definition in schema.pop("$defs", {}).items():
        assert shared.setdefault(key, definition) == definition, f"two different schemas are called {key}"
    return {key: value for key, value in schema.items() if key not in {"$schema", "$id"}}


def _pointing_to_components(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: inner.replace("#/$defs/", "#/components/schemas/") if key == "$ref" else _pointing_to_components(inner)
            for key, inner in value.items()
        }
    return [_pointing_to_components(inner) for inner in value] if isinstance(value, list) else value


def _address(aggregate: Aggregate, cls: type[Event]) -> str:
    stage = ".{stage}" if issubclass(cls, SharedStageEvent) else ""
    return f"{aggregate.prefix}.{{shard}}.{{{aggregate.key}}}.{cls.__name__}{stage}"


def _parameters(aggregate: Aggregate, cls: type[Event]) -> dict[str, Any]:
    shard = f"What `partition({SHARDS}, {aggregate.key})` of a nats-server gives"
    always = {"shard": {"description": shard}, aggregate.key: {"description": f"Id of the {aggregate.prefix}"}}
    if not issubclass(cls, SharedStageEvent):
        return always
    return {**always, "stage": {"description": "The stage it is about, as in the data", "enum": list(PIPELINE.by_name)}}


def files() -> dict[Path, str]:
    """Every generated file and its text."""
    texts = {
        FOLDER / "events" / f"{name}.v{cls.version}.json": _json(event_schema(cls)) for name, cls in EVENT_TYPES.items()
    }
    texts[FOLDER / "course-1.json"] = _json(course_schema())
    texts[FOLDER / "asyncapi.yaml"] = yaml.safe_dump(asyncapi(), sort_keys=False, allow_unicode=True, width=120)
    return texts


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def main(arguments: list[str]) -> int:
    """Write, or compare and say which differ."""
    different = [
        path for path, text in files().items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if "--check" in arguments:
        for path in different:
            sys.stderr.write(f"{path.relative_to(FOLDER.parents[1])} differs from the types; run `make schemas`\n")
        return 1 if different else 0
    for path in different:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(files()[path], encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
