"""`coursewright topology bring-over`: a log of before, whose subjects had no shard, in the layout of now. Once.

The server copies: a mirror keeps order, sequences, times and headers, and writes each subject anew with its own
`partition(64, …)`. A stream cannot change its name, and the log keeps its own, so there are two copies: from the log
of before into `BROUGHT_OVER`, and from there into the log. Each is compared message by message before its source is
removed. What ends the command early leaves one whole copy, and the next run goes on from there.
"""

import asyncio
import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import StreamConfig, StreamSource, SubjectTransform
from nats.js.errors import NotFoundError

from shared.event_log.codec import id_in
from shared.event_log.consumers import read_consumers
from shared.event_log.names import BROUGHT_OVER
from shared.event_log.stored import ALL, Stored, holds, last_seq, read_stream
from shared.event_log.topology import apply_topology, is_of_before, log_config
from shared.events.courses import COURSE, COURSES
from shared.events.subjects import SHARDS, shard_of
from shared.kernel.errors import Conflict, LogUnavailable, NotFound, PermanentError

Say = Callable[[str], None]

_OURS = {"coursewright": "bring-over"}
_PATIENCE_SECONDS = 60.0
_LOOK_SECONDS = 0.2


@dataclass(frozen=True)
class Brought:
    """The counts of the log that was brought over; 0 where there was nothing to bring over."""

    courses: int = 0
    events: int = 0
    last_seq: int = 0


def subject_now(before: str) -> str:
    """`course.<id>.<Type>` with the shard, as the server writes it."""
    prefix, course_id, *rest = before.split(".")
    return ".".join([prefix, str(shard_of(course_id)), course_id, *rest])


async def bring_over(nc: Client, say: Say) -> Brought:
    """Bring the log over, or go on with it. Raises Conflict for what is not this command's own half-done copy, or while
    workers wait for requests; PermanentError when a copy is not what it was made from, which stays then.
    """
    js = nc.jetstream()
    log, moved = await _find(js, COURSES.name), await _find(js, BROUGHT_OVER)
    if log is None and moved is None:
        raise NotFound("There is no event log; `coursewright topology apply` makes it")
    if moved is None and log is not None and not is_of_before(log):
        return Brought()
    if moved is not None and (moved.metadata or {}).get("coursewright") != _OURS["coursewright"]:
        raise Conflict(f"Stream {BROUGHT_OVER} is not a copy that this command made; it is left as it is")
    brought = Brought()
    if log is not None and is_of_before(log):
        await _require_no_workers(js)
        say(f"copying stream {COURSES.name} into the layout of this version")
        await _move(nc, js, log, say)
        log = None
    replicas = (log or await _config(js, BROUGHT_OVER)).num_replicas or 1
    if log is None or log.mirror is not None:
        say(f"copying it back under the name {COURSES.name}")
        brought = await _copy(nc, js, StreamSource(BROUGHT_OVER), COURSES.name, replicas, str)
        await js.update_stream(log_config(COURSES, [COURSE.prefix], replicas))
    else:  # interrupted after that
        await _require_its_copy(nc, js)
    await js.delete_stream(BROUGHT_OVER)
    await apply_topology(js, replicas)
    return brought


async def _move(nc: Client, js: JetStreamContext, log: StreamConfig, say: Say) -> None:
    replicas = log.num_replicas or 1
    brought = await _copy(nc, js, _with_shards(), BROUGHT_OVER, replicas, subject_now)
    if (await js.stream_info(COURSES.name)).state.last_seq != brought.last_seq:
        raise Conflict("Something was written meanwhile; stop what writes to the log, and run this again")
    if (await js.stream_info(BROUGHT_OVER)).state.last_seq < brought.last_seq:
        say("the last events were erased, and their sequences come again: run `coursewright replay` after this")
    # It must stand by itself first: the server lets no log mirror what mirrors it.
    await js.update_stream(_mirror(BROUGHT_OVER, None, replicas))
    await js.delete_stream(COURSES.name)


async def _copy(
    nc: Client, js: JetStreamContext, source: StreamSource, copy: str, replicas: int, subject: Callable[[str], str]
) -> Brought:
    """Copy anew, wait for its end and compare: count and hash of each course must be those of the source.

    The source is read before there is a mirror of it: after that the mirror answers for it as well.
    """
    name = source.name or ""
    if await _find(js, copy) is not None:
        await js.delete_stream(copy)
    end = (await js.stream_info(name)).state.last_seq
    last = await last_seq(nc, name, ALL)  # which is earlier where the last events were erased
    expected = await _digests(nc, name, subject)
    await js.add_stream(_mirror(copy, source, replicas))
    await _caught_up(js, copy, last)
    have = await _digests(nc, copy, str)
    different = sorted(one for one in expected.keys() | have.keys() if expected.get(one) != have.get(one))
    if different:
        message = f"{len(different)} courses of {copy} are not as in {name}, the first is {different[0]}"
        raise PermanentError(f"{message}; {name} stays as it is", code="copy_differs")
    return Brought(len(have), sum(count for count, _ in have.values()), end)


async def _require_its_copy(nc: Client, js: JetStreamContext) -> None:
    async for last in read_stream(nc, BROUGHT_OVER, from_seq=await last_seq(nc, BROUGHT_OVER, ALL)):
        if not await holds(nc, COURSES.name, last.seq, id_in(last.headers)):
            raise Conflict(f"Stream {COURSES.name} is not the copy of {BROUGHT_OVER}, which holds the log; both stay")


def _mirror(name: str, source: StreamSource | None, replicas: int) -> StreamConfig:
    """The log as a copy of another stream; None for one that is whole. A mirror takes neither subjects nor batches."""
    like = log_config(COURSES, [], replicas)
    return replace(like, name=name, subjects=None, allow_atomic=False, mirror=source, metadata=_OURS)


def _with_shards() -> StreamSource:
    shard = f"{COURSE.prefix}.{{{{partition({SHARDS},1)}}}}.{{{{wildcard(1)}}}}.{{{{wildcard(2)}}}}"
    transforms = [
        SubjectTransform(f"{COURSE.prefix}.*.*", shard),
        SubjectTransform(f"{COURSE.prefix}.*.*.*", f"{shard}.{{{{wildcard(3)}}}}"),
    ]
    return StreamSource(COURSES.name, subject_transforms=transforms)


async def _caught_up(js: JetStreamContext, copy: str, wanted: int) -> None:
    clock = asyncio.get_running_loop().time
    seen, until = -1, clock() + _PATIENCE_SECONDS
    while (state := (await js.stream_info(copy)).state).last_seq < wanted:
        if state.last_seq != seen:
            seen, until = state.last_seq, clock() + _PATIENCE_SECONDS
        if clock() >= until:
            raise LogUnavailable(f"Stream {copy} stands at {state.last_seq} of {wanted}; run this again")
        await asyncio.sleep(_LOOK_SECONDS)


async def _digests(nc: Client, stream: str, subject: Callable[[str], str]) -> Mapping[str, tuple[int, str]]:
    """By course how many messages, and a hash over all of each: sequence, subject, time, lasting headers, body."""
    counts: defaultdict[str, int] = defaultdict(int)
    hashes: defaultdict[str, Any] = defaultdict(hashlib.sha256)
    async for one in read_stream(nc, stream):
        name = subject(one.subject)
        course_id = name.split(".")[2]
        counts[course_id] += 1
        hashes[course_id].update(_bytes_of(one, name))
    return {course_id: (count, hashes[course_id].hexdigest()) for course_id, count in counts.items()}


def lasting(headers: Mapping[str, str]) -> dict[str, str]:
    """Without what told the server how to take an append: it means nothing later, and a mirror leaves it out."""
    return {name: value for name, value in headers.items() if not name.startswith(("Nats-Expected-", "Nats-Batch-"))}


def _bytes_of(one: Stored, subject: str) -> bytes:
    about = [one.seq, subject, one.time, sorted(lasting(one.headers).items()), len(one.body)]
    return json.dumps(about).encode() + one.body


async def _require_no_workers(js: JetStreamContext) -> None:
    waiting = [state.name for state in await read_consumers(js) if state.pulls]
    if waiting:
        raise Conflict(f"Workers of {', '.join(waiting)} wait for requests: stop all services first")


async def _find(js: JetStreamContext, name: str) -> StreamConfig | None:
    try:
        return await _config(js, name)
    except NotFoundError:
        return None


async def _config(js: JetStreamContext, name: str) -> StreamConfig:
    return (await js.stream_info(name)).config
