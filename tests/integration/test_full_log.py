"""A stream without room refuses an append as something that passes, not as a defect of the append."""

import pytest
from nats.aio.client import Client

from shared.event_log.jetstream import JetStreamLog
from shared.event_log.port import NewEvent
from shared.event_log.topology import stream_configs
from shared.events.courses import COURSES
from shared.events.gateway import CourseCreated
from shared.kernel.errors import LogUnavailable
from shared.kernel.ids import new_id


async def test_no_room_is_said_at_once_and_passes(nats_connection: Client) -> None:
    (courses,) = [config for config in stream_configs() if config.name == COURSES.name]
    course_id, log = new_id(), JetStreamLog(nats_connection)
    created = CourseCreated(course_id=course_id, owner="ann", title="x" * 200)
    new = NewEvent(created, course_id, "test", "", "")
    await nats_connection.jetstream().update_stream(courses.evolve(max_bytes=100))
    with pytest.raises(LogUnavailable, match="no room; nothing was accepted"):
        await log.append([new], 0)
    await nats_connection.jetstream().update_stream(courses)
    await log.append([new], 0)
    assert len(await log.read(course_id)) == 1
