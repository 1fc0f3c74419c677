"""An event of an earlier version is read as one of today; here with a version that never was."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

from shared.event_log.codec import decode, encode
from shared.event_log.port import NewEvent, Recorded, Unreadable
from shared.events import Registry
from shared.events.base import CourseEvent, Event
from shared.events.courses import COURSE
from shared.events.gateway import CourseUpdated
from shared.events.registry import EVENT_TYPES

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Renamed(CourseEvent):
    """Version 3 of CourseUpdated, if titles had become names, and names had got a language."""

    version: ClassVar[int] = 3

    name: str
    language: str


Renamed.__name__ = "CourseUpdated"


def _to_names(data: dict[str, Any]) -> dict[str, Any]:
    return {"course_id": data["course_id"], "name": data["title"]}


def _to_languages(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "language": "en"}


KNOWN = Registry(
    (
        replace(
            COURSE,
            events={**COURSE.events, "CourseUpdated": Renamed},
            upcasters={("CourseUpdated", 1): _to_names, ("CourseUpdated", 2): _to_languages},
        ),
    )
)


def stored(event: Event) -> tuple[str, dict[str, str], bytes]:
    return encode(NewEvent(event, "6f1c9f1e-52a5-5f0c-9d2e-0d1b8f0c7a11", "test", "c", "d"), NOW)


STORED = stored(CourseUpdated(course_id="c1", title="Old", description="Kept nowhere"))


def test_an_event_of_the_first_version_is_lifted_step_by_step() -> None:
    subject, headers, body = STORED
    read = decode(subject, headers, body, 7, KNOWN)
    assert isinstance(read, Recorded)
    assert read.event == Renamed(course_id="c1", name="Old", language="en")


def test_an_event_of_the_version_between_is_lifted_from_there() -> None:
    subject, headers, _ = STORED
    body = json.dumps({"course_id": "c1", "name": "Middle"}).encode()
    read = decode(subject, headers | {"ce-type": "coursewright.course.CourseUpdated.v2"}, body, 7, KNOWN)
    assert isinstance(read, Recorded)
    assert read.event == Renamed(course_id="c1", name="Middle", language="en")


@pytest.mark.parametrize(
    ("version", "body", "reason"),
    [
        ("v1", b'{"course_id": "c1"}', "version 1 does not have this shape"),
        ("v1", b"[1]", "no object"),
        ("v1", b"{", "not JSON"),
        ("v2", b'{"course_id": "c1", "name": 5}', "does not fit"),
        ("v4", b"{}", "unknown event type"),
        ("v0", b"{}", "unknown event type"),
        ("vx", b"{}", "unknown event type"),
    ],
)
def test_what_cannot_be_lifted_is_unreadable_with_a_reason(version: str, body: bytes, reason: str) -> None:
    subject, headers, _ = STORED
    read = decode(subject, headers | {"ce-type": f"coursewright.course.CourseUpdated.{version}"}, body, 7, KNOWN)
    assert isinstance(read, Unreadable)
    assert reason in read.reason


def test_every_earlier_version_has_a_way_to_now() -> None:
    missing = [
        (name, version)
        for name, cls in EVENT_TYPES.items()
        for version in range(1, cls.version)
        if (name, version) not in COURSE.upcasters
    ]
    assert missing == []
