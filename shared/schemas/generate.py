"""Write the schemas from the types, or with --check fail when a checked-in file differs.

`python -m shared.schemas.generate [--check]`
"""

import json
import sys
from pathlib import Path
from typing import Any

import yaml

from shared.course.schema import course_schema
from shared.events import EVENT_TYPES, Event, event_type_name, subject_pattern
from shared.events.base import SharedStageEvent
from shared.events.samples import SAMPLES
from shared.pipeline import PIPELINE

FOLDER = Path(__file__).parent
_SCHEMA = "https://json-schema.org/draft/2020-12/schema"


def event_schema(name: str) -> dict[str, Any]:
    """JSON Schema 2020-12 of one event's data, with its sample."""
    cls = EVENT_TYPES[name]
    schema = cls.model_json_schema(mode="serialization")
    sample = next(sample for sample in SAMPLES if type(sample) is cls)
    return {
        "$schema": _SCHEMA,
        "$id": f"urn:coursewright:schema:{name}.v{cls.version}",
        **schema,
        "examples": [sample.model_dump(mode="json")],
    }


def asyncapi() -> dict[str, Any]:
    """AsyncAPI 3.0 of stream COURSES: one channel per event type."""
    channels, operations, messages, shared = {}, {}, {}, dict[str, Any]()
    headers = {
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
    for name, cls in sorted(EVENT_TYPES.items()):
        messages[name] = {
            "name": event_type_name(cls),
            "title": name,
            "summary": " ".join((cls.__doc__ or "").split()),
            "contentType": "application/json",
            "headers": {"$ref": "#/components/schemas/headers"},
            "payload": {
                "schemaFormat": "application/schema+json;version=draft-2020-12",
                "schema": _inside(name, shared),
            },
        }
        channels[name] = {
            "address": subject_pattern(cls, "{course_id}", "{stage}"),
            "parameters": _parameters(cls),
            "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        }
        operations[f"receive{name}"] = {"action": "send", "channel": {"$ref": f"#/channels/{name}"}}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Coursewright events",
            "version": "1",
            "description": "Stream COURSES on NATS JetStream. CloudEvents 1.0 in binary mode.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": {"headers": headers, **dict(sorted(shared.items()))}},
    }


def _inside(name: str, shared: dict[str, Any]) -> dict[str, Any]:
    """An event's schema as a part of a larger document, where a reference starts at the document's root: what it refers
    to is moved into `shared`, and it has no address of its own.
    """
    schema = _pointing_to_components(event_schema(name))
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


def _parameters(cls: type[Event]) -> dict[str, Any]:
    course = {"course_id": {"description": "UUIDv7 of the course"}}
    if not issubclass(cls, SharedStageEvent):
        return course
    return {**course, "stage": {"description": "The stage it is about, as in the data", "enum": list(PIPELINE.by_name)}}


def files() -> dict[Path, str]:
    """Every generated file and its text."""
    texts = {
        FOLDER / "events" / f"{name}.v{cls.version}.json": _json(event_schema(name))
        for name, cls in EVENT_TYPES.items()
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
