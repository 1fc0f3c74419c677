"""Events as CloudEvents 1.0 in binary mode: attributes as `ce-*` headers, data as the JSON body."""

from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import quote, unquote

from pydantic import ValidationError

from shared.event_log.port import NewEvent, Recorded, Unreadable
from shared.events import Registry, event_type_name, is_subject_of, subject_of

_SAFE = "".join(chr(c) for c in range(0x21, 0x7F) if chr(c) not in '"%')


def encode(new: NewEvent, time: datetime) -> tuple[str, dict[str, str], bytes]:
    """Subject, headers and body of an event about to be published."""
    event = new.event
    headers = {
        "ce-specversion": "1.0",
        "ce-id": new.id,
        "ce-type": event_type_name(event),
        "ce-source": quote(new.source, safe=_SAFE),
        "ce-subject": event.aggregate_id,
        "ce-time": time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "ce-datacontenttype": "application/json",
        "ce-dataschema": f"urn:coursewright:schema:{type(event).__name__}.v{event.version}",
        "ce-correlationid": new.correlation_id,
        "ce-causationid": new.causation_id,
        "content-type": "application/json",
    }
    if new.traceparent:
        headers["traceparent"] = new.traceparent
    return subject_of(event), headers, event.model_dump_json().encode()


def id_in(headers: Mapping[str, str] | None) -> str:
    """The id of a stored event, also of one that nobody can read; "" if it has none."""
    return next((value for name, value in (headers or {}).items() if name.lower() == "ce-id"), "")


def decode(
    subject: str, headers: Mapping[str, str] | None, body: bytes, seq: int, known: Registry
) -> Recorded | Unreadable:
    """A stored message back as an event; a message that is not an event we know becomes Unreadable with the reason."""
    attributes = {name.lower(): value for name, value in (headers or {}).items()}
    type_name = attributes.get("ce-type", "")
    try:
        event = known.parse(type_name, body)
    except KeyError:
        return Unreadable(seq, subject, type_name, "unknown event type")
    except ValidationError as error:
        return Unreadable(seq, subject, type_name, f"body does not fit its type ({error.error_count()} errors)")
    except ValueError as error:
        return Unreadable(seq, subject, type_name, f"body is not JSON: {error}")
    if not is_subject_of(subject, event):
        return Unreadable(seq, subject, type_name, "subject does not match the event's id, type and stage")
    try:
        time = datetime.fromisoformat(attributes["ce-time"])
    except (KeyError, ValueError):
        return Unreadable(seq, subject, type_name, "ce-time is missing or no RFC 3339 time")
    return Recorded(
        event=event,
        id=id_in(headers),
        seq=seq,
        time=time,
        source=unquote(attributes.get("ce-source", "")),
        correlation_id=attributes.get("ce-correlationid", ""),
        causation_id=attributes.get("ce-causationid", ""),
        traceparent=attributes.get("traceparent", ""),
    )
