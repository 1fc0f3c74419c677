"""Messages of a stream as they are stored, whether or not they are events we know.

Any replica may answer a direct get, also one that lags behind. Where somebody decides on what there is, the leader is
asked how much that is, and a replica that gave less is asked again.
"""

import asyncio
import contextlib
import json
import random
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.errors import APIError, NotFoundError

from shared.event_log.codec import decode, id_in
from shared.event_log.connection import Connection
from shared.event_log.names import API
from shared.event_log.port import Recorded, Unreadable
from shared.events import Registry
from shared.kernel.errors import LogUnavailable

# Every message of a stream. Of `>` the server knows no last message once the very last one was erased.
ALL = "*.>"

_BATCH = 500
_ANSWER_SECONDS = 2.0
_LAG_SECONDS = 1.0
_NO_MESSAGE = 10037  # JSNoMessageFoundErr


@dataclass(frozen=True)
class Stored:
    """One message. `headers` are those it was published with; `time` is when the server stored it, RFC 3339."""

    seq: int
    subject: str
    time: str
    headers: dict[str, str]
    body: bytes


async def last_seq(nc: Client, stream: str, subject: str) -> int:
    """The sequence of a subject's newest message, 0 if there is none; the leader's word. Raises LogUnavailable."""
    try:
        return (await nc.jetstream().get_last_msg(stream, subject)).seq or 0
    except NotFoundError:
        return 0
    except (nats.errors.Error, APIError, TimeoutError) as error:
        raise LogUnavailable("The event log does not answer") from error


async def holds(nc: Client, stream: str, seq: int, event_id: str | None) -> bool:
    """Whether a stream has come to a sequence, and has no event of another id there; the leader's word. Raises
    LogUnavailable.
    """
    js = nc.jetstream()
    try:
        if (await js.stream_info(stream)).state.last_seq < seq:
            return False
        message = await js.get_msg(stream, seq)
    except NotFoundError as error:
        if error.err_code == _NO_MESSAGE:  # erased
            return True
        raise LogUnavailable("There is no event log") from error
    except (nats.errors.Error, APIError, TimeoutError) as error:
        raise LogUnavailable("The event log does not answer") from error
    return event_id is None or id_in(message.headers) == event_id


async def read_batch(
    nc: Client, stream: str, subject: str, from_seq: int, limit: int | None = None
) -> tuple[list[Stored], bool]:
    """Up to 500 messages of a subject from a sequence on, or `limit`, and whether there are more. Raises
    LogUnavailable.
    """
    inbox = nc.new_inbox()
    # A queue of our own: the client's way to ask for one message at a time makes a task for each.
    arrived: asyncio.Queue[Msg] = asyncio.Queue()
    subscription = await nc.subscribe(inbox, cb=arrived.put)
    request = {"batch": limit or _BATCH, "seq": max(from_seq, 1), "next_by_subj": subject}
    batch: list[Stored] = []
    try:
        await nc.publish(f"{_api(nc)}.DIRECT.GET.{stream}", json.dumps(request).encode(), reply=inbox)
        while True:
            if arrived.empty():
                async with asyncio.timeout(_ANSWER_SECONDS):
                    message = await arrived.get()
            else:
                message = arrived.get_nowait()
            headers = message.headers or {}
            status = headers.get("Status")
            if status == "404":
                return batch, False
            # A connection that is lost and made again meanwhile leaves out what was sent in between.
            if int(headers.get("Nats-Last-Sequence", "0")) != (batch[-1].seq if batch else 0):
                raise LogUnavailable(f"Stream {stream} answered with a gap")
            if status == "204":
                return batch, int(headers.get("Nats-Num-Pending", "0")) > 0
            if status is not None:
                raise LogUnavailable(f"The event log answered {status} {headers.get('Description', '')}")
            batch.append(_stored(message, headers))
    except (nats.errors.Error, TimeoutError) as error:
        raise LogUnavailable(f"Stream {stream} does not answer") from error
    finally:
        await subscription.unsubscribe()


async def read_stream(
    nc: Client, stream: str, subject: str = ALL, from_seq: int = 1, to_seq: int | None = None
) -> AsyncIterator[Stored]:
    """The messages of `read_batches`, up to and with `to_seq`."""
    async with contextlib.aclosing(read_batches(nc, stream, subject, from_seq)) as batches:
        async for batch in batches:
            for message in batch:
                if to_seq is not None and message.seq > to_seq:
                    return
                yield message


async def read_batches(
    nc: Client, stream: str, subject: str, from_seq: int, limit: int | None = None
) -> AsyncGenerator[list[Stored], None]:
    """All messages of a subject that were acknowledged before the call, oldest first, in batches of up to 500 or
    `limit`; perhaps some that came later. Raises LogUnavailable when no replica that answers has them.
    """
    next_seq, end = from_seq, await last_seq(nc, stream, subject)
    patient_until = 0.0
    while next_seq <= end:
        batch, _ = await read_batch(nc, stream, subject, next_seq, limit)
        if batch:
            yield batch
            next_seq, patient_until = batch[-1].seq + 1, 0.0
            continue
        now = asyncio.get_running_loop().time()
        patient_until = patient_until or now + _LAG_SECONDS
        if now >= patient_until:
            raise LogUnavailable(f"Stream {stream} lags behind itself")
        await asyncio.sleep(random.uniform(0.002, 0.02))
        end = await last_seq(nc, stream, subject)  # what is missing may have been deleted meanwhile


def _api(nc: Client) -> str:
    return nc.api_prefix if isinstance(nc, Connection) else API


def _stored(message: Msg, headers: dict[str, str]) -> Stored:
    # A direct get adds where the message lies to the headers it has.
    own = {
        name: value for name, value in headers.items()
        if name not in {"Nats-Stream", "Nats-Subject", "Nats-Sequence", "Nats-Time-Stamp", "Nats-Num-Pending",
                        "Nats-Last-Sequence"}
    }  # fmt: skip
    return Stored(int(headers["Nats-Sequence"]), headers["Nats-Subject"], headers["Nats-Time-Stamp"], own, message.data)


def read_events(stored: Sequence[Stored], known: Registry) -> list[Recorded | Unreadable]:
    """Stored messages as events."""
    return [decode(one.subject, one.headers, one.body, one.seq, known) for one in stored]
