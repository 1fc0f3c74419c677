"""Another system that reacts to courses: hears of every course that was generated or deleted, each once.

    pip install nats-py coursewright-events
    NATS_URL=nats://user:password@host:4222 python subscribe.py [DURABLE]

It needs no access to the gateway or its database. What happened while it was away is delivered when it comes back: the
server keeps its place under the durable name.
"""

import asyncio
import contextlib
import json
import os
import sys
from urllib.parse import urlsplit

import nats
from coursewright_events import Event
from coursewright_events.gateway import CourseDeleted
from coursewright_events.modules import CourseGenerated
from coursewright_events.registry import parse_event
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig

WANTED = ["course.*.*.CourseGenerated", "course.*.*.CourseDeleted"]


def react(event: Event) -> None:
    """Whatever the other system does. Must be done before the event is acknowledged, and must bear a repetition."""
    match event:
        case CourseGenerated():
            row = {"course": event.course_id, "generated": event.status, "modules": event.modules}
        case CourseDeleted():
            row = {"course": event.course_id, "deleted": True}
        case _:
            return
    print(json.dumps(row), flush=True)


async def handle(message: Msg, seen: set[str]) -> None:
    """One delivery. A real system keeps `seen` in its own database, in the transaction of what it does."""
    headers = message.headers or {}
    try:
        event_id, event = headers["ce-id"], parse_event(headers["ce-type"], message.data)
    except (KeyError, ValueError) as error:
        # A type of a later release, or nothing this contract can read: it would come again for ever.
        print(f"passed over {message.subject}: {error!r}", file=sys.stderr)
        await message.ack()
        return
    if event_id not in seen:
        react(event)
        seen.add(event_id)
    await message.ack()


async def main(durable: str) -> None:
    """Follow the log until interrupted."""
    # The client gives up after two minutes without a server unless told otherwise.
    url = os.environ["NATS_URL"]
    # Each user of a server has an inbox of its own, and may not listen at the client's default one.
    user = urlsplit(url).username
    inbox = f"_INBOX_{user}" if user else "_INBOX"
    nc = await nats.connect(url, name=durable, max_reconnect_attempts=-1, inbox_prefix=inbox)
    # Other systems sit in an account of their own, where the log is JetStream's domain `coursewright`.
    subscription = await nc.jetstream(domain="coursewright").pull_subscribe(
        "", durable=durable, stream="COURSES", config=ConsumerConfig(filter_subjects=WANTED, ack_wait=30)
    )
    seen: set[str] = set()
    while True:
        try:
            messages = await subscription.fetch(50, timeout=30)
        except TimeoutError:  # the client's own, and the bare one it raises as well: nothing new
            continue
        for message in messages:
            await handle(message, seen)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "my-system"))
