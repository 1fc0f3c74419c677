"""Stored messages as CloudEvents in structured mode, and as lines for people."""

from datetime import UTC, datetime

import pytest

from cli.operate.event_stream import Filter, line_of
from shared.event_log.cloudevents import structured
from shared.event_log.codec import encode
from shared.event_log.port import NewEvent
from shared.event_log.stored import Stored
from shared.events.courses import COURSE
from shared.kernel.errors import PermanentError
from shared.schemas.samples import SAMPLES

NOON = datetime(2026, 1, 31, 12, 0, 5, tzinfo=UTC)


def stored(name: str = "CourseCreated", **headers: str) -> Stored:
    event = next(sample for sample in SAMPLES if type(sample).__name__ == name)
    subject, own, body = encode(NewEvent(event, "e1", "a gateway/ünïcode", "c1", "c2", "00-trace"), NOON)
    return Stored(7, subject, "2026-01-31T12:00:06.000000001Z", {**own, **headers}, body)


@pytest.mark.parametrize("name", sorted(COURSE.events))
def test_every_event_has_its_attributes_and_its_data(name: str) -> None:
    event = structured(stored(name))
    assert event is not None
    assert (event["specversion"], event["type"]) == (
        "1.0",
        f"coursewright.course.{name}.v{COURSE.events[name].version}",
    )
    assert (event["id"], event["source"], event["time"]) == ("e1", "a gateway/ünïcode", "2026-01-31T12:00:05Z")
    assert (event["sequence"], event["traceparent"], event["correlationid"]) == ("7", "00-trace", "c1")
    assert event["data"]["course_id"] == event["subject"]


def test_what_this_version_does_not_know_goes_out_as_it_is() -> None:
    newer = Stored(1, "course.0.a.Invented", "", {
        "ce-specversion": "1.0", "ce-id": "x", "ce-type": "coursewright.course.Invented.v9", "ce-source": "s",
        "ce-newattribute": "kept", "Nats-Msg-Id": "x",
    }, b'{"deep": [{"new": null}]}')  # fmt: skip
    assert structured(newer) == {
        "specversion": "1.0", "id": "x", "type": "coursewright.course.Invented.v9", "source": "s",
        "newattribute": "kept", "sequence": "1", "data": {"deep": [{"new": None}]},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, b"{}"),
        ({"ce-specversion": "1.0", "ce-id": "x", "ce-source": "s"}, b"{}"),
        ({"ce-specversion": "1.0", "ce-id": "x", "ce-type": "t", "ce-source": "s"}, b"\xff\x00"),
    ],
)
def test_what_is_no_event_is_none(headers: dict[str, str], body: bytes) -> None:
    assert structured(Stored(1, "course.0.a.B", "", headers, body)) is None


def test_a_line_tells_what_people_look_for() -> None:
    line = line_of(stored("RepoCloneFailed"))
    message = next(sample for sample in SAMPLES if type(sample).__name__ == "RepoCloneFailed")
    assert line.split()[:3] == ["7", "2026-01-31", "12:00:05"]
    assert "RepoCloneFailed" in line
    assert message.message[:40] in line  # type: ignore[attr-defined]
    poison = line_of(Stored(8, "course.0.a.RepoCloneRequested", "2026-01-31T12:00:06Z", {}, b"\x00"))
    assert poison.endswith("(no event)")


def test_a_filter_takes_the_narrowest_subject_and_refuses_what_cannot_be() -> None:
    assert Filter().subject == "course.>"
    assert Filter("a").subject == "course.44.a.>"
    assert Filter("a", ["CourseCreated"]).subject == "course.44.a.CourseCreated"
    two = Filter("", ["CourseCreated", "CourseDeleted"])
    assert two.subject == "course.>"
    assert "course.0.x.CourseDeleted" in two
    assert "course.0.x.CourseUpdated" not in two
    dead = Filter("a", ["StageDead"])
    assert dead.subject == "course.44.a.>", "and under the subject of earlier versions"
    assert [f"course.44.a.{name}" in dead for name in ("StageDead.modules", "StageDead", "StageDeadly")] == [
        True, True, False,
    ]  # fmt: skip
    for wrong in (("", ["Nothing"]), ("a.b", ()), ("*", ())):
        with pytest.raises(PermanentError):
            Filter(*wrong)
