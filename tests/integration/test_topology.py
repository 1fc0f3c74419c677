"""Streams and durables of an earlier version become those of this one in place, with what they hold."""

from dataclasses import replace
from datetime import UTC, datetime

from nats.aio.client import Client
from nats.js.api import ConsumerConfig, StreamConfig

from shared.event_log.codec import encode
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.port import NewEvent
from shared.event_log.topology import COURSES, WEBHOOKS, apply_topology
from shared.events import subject_pattern
from shared.events.stage import StageCanceled, StageDead
from shared.ids import new_id


def wrap(event: StageDead | StageCanceled) -> NewEvent:
    return NewEvent(event, new_id(), "test", "c", "c")


async def test_a_log_whose_subjects_named_no_stage_goes_on_with_those_that_do(nats_connection: Client) -> None:
    js, course = nats_connection.jetstream(), new_id()
    courses: StreamConfig = (await js.stream_info(COURSES)).config
    hears: ConsumerConfig = (await js.consumer_info(COURSES, WEBHOOKS)).config
    await js.add_consumer(COURSES, replace(hears, filter_subject="course.*.*", name=None))
    await js.update_stream(courses.evolve(subjects=["course.*.*"]))
    old = StageDead(course_id=course, run_id="r", stage="modules", reason="of an earlier version")
    _, headers, body = encode(wrap(old), datetime.now(UTC))
    stored = await js.publish(subject_pattern(StageDead, course).rpartition(".")[0], body, headers=headers)

    await apply_topology(js)
    new = StageCanceled(course_id=course, run_id="s", stage="modules", reason="of this one")
    log = JetStreamLog(nats_connection)
    await log.append([wrap(new)], stored.seq)
    assert [recorded.event for recorded in await log.read(course)] == [old, new]
    heard = await (await js.pull_subscribe_bind(WEBHOOKS, COURSES)).fetch(2, timeout=5)
    assert [message.subject for message in heard] == [
        f"course.{course}.StageDead",
        f"course.{course}.StageCanceled.modules",
    ]
