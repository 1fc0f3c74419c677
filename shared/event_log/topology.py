"""Streams and durables, provisioned in this one place before any service starts."""

from collections.abc import Sequence

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

from shared.event_log.names import DEAD, PROGRESS, WEBHOOKS
from shared.events import Registry, Stream
from shared.events.courses import COURSE, COURSES
from shared.events.registry import REGISTRY
from shared.kernel.errors import PermanentError
from shared.kernel.settings import ACK_WAIT_SECONDS
from shared.pipeline import PIPELINE, Pipeline


def log_config(stream: Stream, prefixes: Sequence[str], replicas: int = 1) -> StreamConfig:
    """A stream of events. It has no TTL, schedules or rollup: each of them can take a stored event away."""
    # The parts of a subject: see shared/events/subjects.py.
    subjects = [f"{prefix}.*.*.{rest}" for prefix in prefixes for rest in ("*", "*.*")]
    return StreamConfig(
        name=stream.name,
        subjects=subjects,
        retention=RetentionPolicy.LIMITS,
        max_age=stream.retention.total_seconds() if stream.retention else None,
        storage=StorageType.FILE,
        discard=DiscardPolicy.NEW,
        num_replicas=replicas,
        duplicate_window=600,
        max_msg_size=256 * 1024,
        deny_purge=True,
        allow_direct=True,
        allow_atomic=True,
    )


def stream_configs(replicas: int = 1, known: Registry = REGISTRY) -> tuple[StreamConfig, ...]:
    """The streams of events, and two more: the last progress of each run, and requests that could not be worked on."""
    return (
        *(log_config(one, [each.prefix for each in known.on(one)], replicas) for one in known.streams),
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


def consumer_configs(
    replicas: int = 1, ack_wait_seconds: float = ACK_WAIT_SECONDS, pipeline: Pipeline = PIPELINE
) -> tuple[ConsumerConfig, ...]:
    """One durable per stage, and that of webhooks. Retries and dead letters are theirs, so deliveries are unlimited."""
    filters = {row.durable: row.filter_subject for row in pipeline} | {WEBHOOKS: f"{COURSE.prefix}.>"}
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


async def apply_topology(
    js: JetStreamContext,
    replicas: int = 1,
    ack_wait_seconds: float = ACK_WAIT_SECONDS,
    known: Registry = REGISTRY,
    pipeline: Pipeline = PIPELINE,
) -> None:
    """Create or update every stream and durable; safe to repeat. Raises PermanentError for a log of an earlier layout,
    before anything of it is changed: its events would be there and nobody could read them.
    """
    for stream in stream_configs(replicas, known):
        try:
            require_this_layout((await js.stream_info(stream.name or "")).config)
            await js.update_stream(stream)
        except NotFoundError:
            await js.add_stream(stream)
    for consumer in consumer_configs(replicas, ack_wait_seconds, pipeline):
        await js.add_consumer(COURSES.name, consumer)


def is_of_before(config: StreamConfig) -> bool:
    """Whether a stream takes subjects without a shard, as they were until 2026-11."""
    return config.name == COURSES.name and f"{COURSE.prefix}.*.*" in (config.subjects or ())


def require_this_layout(config: StreamConfig) -> None:
    """Raise PermanentError for a log whose subjects have no shard, or whose bringing over was interrupted."""
    if is_of_before(config) or config.mirror is not None:
        raise PermanentError(
            f"Stream {config.name} has the layout of an earlier version: stop what writes to it, and run "
            "`coursewright topology bring-over` once",
            code="layout_of_before",
        )
