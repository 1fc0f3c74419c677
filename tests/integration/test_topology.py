"""Events stored before the subject named the stage are read and told like events of today."""

from datetime import UTC, datetime

from nats.aio.client import Client

from shared.event_log.codec import encode
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.names import WEBHOOKS
from shared.event_log.port import NewEvent
from shared.events import subject_of, subject_pattern
from shared.events.courses import COURSES
from shared.events.stage import StageCanceled, StageDead
from shared.kernel.ids import new_id


def wrap(event: StageDead | StageCanceled) -> NewEvent:
    return NewEvent(event, new_id(), "test", "c", "c")


async def test_what_was_stored_without_a_stage_in_its_subject_is_read_and_told(nats_connection: Client) -> None:
    js, course = nats_connection.jetstream(), new_id()
    old = StageDead(course_id=course, run_id="r", stage="modules", reason="of an earlier version")
    _, headers, body = encode(wrap(old), datetime.now(UTC))
    stored = await js.publish(subject_pattern(StageDead, course).rpartition(".")[0], body, headers=headers)
    new = StageCanceled(course_id=course, run_id="s", stage="modules", reason="of this one")
    log = JetStreamLog(nats_connection)
    await log.append([wrap(new)], stored.seq)
    assert [recorded.event for recorded in await log.read(course)] == [old, new]
    heard = await (await js.pull_subscribe_bind(WEBHOOKS, COURSES.name)).fetch(2, timeout=5)
    assert [message.subject for message in heard] == [subject_of(old).rpartition(".")[0], subject_of(new)]
