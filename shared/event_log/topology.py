"""Streams and durables, provisioned in this one place before any service starts."""

from nats.js import JetStreamContext
from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import NotFoundError

from shared.pipeline import PIPELINE

COURSES = "COURSES"
PROGRESS = "PROGRESS"
DEAD = "DEAD"

WEBHOOKS = "webhooks"  # the durable that tells users' addresses

ACK_WAIT_SECONDS = 15.0
BEATS_PER_ACK_WAIT = 3


def stream_configs(replicas: int = 1) -> tuple[StreamConfig, ...]:
    """The three streams. COURSES has no TTL, schedules or rollup: each of them can take a stored event away."""
    return (
        StreamConfig(
            name=COURSES,
            subjects=["course.*.*", "course.*.*.*"],  # see shared/events/subjects.py
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            discard=DiscardPolicy.NEW,
            num_replicas=replicas,
            duplicate_window=600,
            max_msg_size=256 * 1024,
            deny_purge=True,
            allow_direct=True,
            allow_atomic=True,
        ),
        StreamConfig(
            name=PROGRESS,
            subjects=["progress.*.*"],
            storage=StorageType.MEMORY,
            max_msgs_per_subject=1,
            num_replicas=replicas,
            allow_direct=True,
        ),
        StreamConfig(
            name=DEAD,
            subjects=["dead.*.*"],
            storage=StorageType.FILE,
            num_replicas=replicas,
            duplicate_window=600,
            allow_direct=True,
        ),
    )


def consumer_configs(replicas: int = 1, ack_wait_seconds: float = ACK_WAIT_SECONDS) -> tuple[ConsumerConfig, ...]:
    """One durable per stage, and that of webhooks. Retries and dead letters are theirs, so deliveries are unlimited."""
    filters = {row.durable: row.filter_subject for row in PIPELINE} | {WEBHOOKS: "course.>"}
    return tuple(
        ConsumerConfig(
            durable_name=durable,
            filter_subject=subject,
            deliver_policy=DeliverPolicy.ALL,
            ack_policy=AckPolicy.EXPLICIT,
            ack_wait=ack_wait_seconds,
            max_deliver=-1,
            max_ack_pending=256,
            num_replicas=replicas,
        )
        for durable, subject in filters.items()
    )


async def apply_topology(js: JetStreamContext, replicas: int = 1, ack_wait_seconds: float = ACK_WAIT_SECONDS) -> None:
    """Create or update every stream and durable; safe to repeat."""
    for stream in stream_configs(replicas):
        try:
            await js.stream_info(stream.name or "")
            await js.update_stream(stream)
        except NotFoundError:
            await js.add_stream(stream)
    for consumer in consumer_configs(replicas, ack_wait_seconds):
        await js.add_consumer(COURSES, consumer)
