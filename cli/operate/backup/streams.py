"""A stream to a file and back by the server's own snapshots: sequences, times and headers stay as they are.

Durables are left out on purpose. One whose state was copied after the messages could hold as done what the copied
messages do not show, and its run would never end. New durables deliver every request again; a run that is over is
acknowledged at a look.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import nats.errors
from nats.aio.client import Client

from shared.event_log.stored import Stored
from shared.kernel.errors import LogUnavailable, PermanentError

_CHUNK = 128 * 1024
_ANSWER_SECONDS = 30.0


async def save_stream(nc: Client, stream: str, target: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write the stream as it is at this moment; its configuration and state then. Writers are not held up.

    Raises LogUnavailable when the server stops in the middle, PermanentError when it refuses.
    """
    inbox = nc.new_inbox()
    chunks = await nc.subscribe(inbox, pending_bytes_limit=-1, pending_msgs_limit=-1)
    request = {"deliver_subject": inbox, "no_consumers": True, "chunk_size": _CHUNK, "jsck": True}
    try:
        answer = await _ask(nc, f"$JS.API.STREAM.SNAPSHOT.{stream}", json.dumps(request).encode())
        with target.open("xb") as file:
            while True:
                chunk = await chunks.next_msg(timeout=_ANSWER_SECONDS)
                if not chunk.data:
                    break
                file.write(chunk.data)
                if chunk.reply:
                    await nc.publish(chunk.reply, b"")
    except (nats.errors.Error, TimeoutError) as error:
        raise LogUnavailable(f"The server stopped in the middle of stream {stream}") from error
    finally:
        await chunks.unsubscribe()
    status = (chunk.headers or {}).get("Status", "204")
    if status != "204":
        raise LogUnavailable(f"The server ended the copy of {stream}: {status} {chunk.headers}")
    return answer["config"], answer["state"]


async def restore_stream(
    nc: Client, stream: str, source: Path, config: dict[str, Any], state: dict[str, int], replicas: int | None = None
) -> None:
    """Make the stream anew from a file. Raises PermanentError when there is one of that name, or it does not fit."""
    wanted = config if replicas is None else {**config, "num_replicas": replicas}
    request = json.dumps({"config": wanted, "state": state}).encode()
    answer = await _ask(nc, f"$JS.API.STREAM.RESTORE.{stream}", request)
    sink = str(answer["deliver_subject"])
    with source.open("rb") as file:
        while chunk := file.read(_CHUNK):
            await _send(nc, sink, chunk)
    await _send(nc, sink, b"")


class Digest:
    """A hash over messages in order: equal digests mean equal messages at equal sequences."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()
        self.messages = 0

    def add(self, message: Stored) -> None:
        """The next message."""
        about = [message.seq, message.subject, message.time, sorted(message.headers.items()), len(message.body)]
        self._sha256.update(json.dumps(about).encode())
        self._sha256.update(message.body)
        self.messages += 1

    def hexdigest(self) -> str:
        """So far."""
        return self._sha256.hexdigest()


async def _ask(nc: Client, subject: str, request: bytes) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads((await nc.request(subject, request, timeout=_ANSWER_SECONDS)).data)
    if "error" in answer:
        raise PermanentError(f"The event log refused: {answer['error'].get('description')}", code="log_refused")
    return answer


async def _send(nc: Client, subject: str, chunk: bytes) -> None:
    reply = (await nc.request(subject, chunk, timeout=_ANSWER_SECONDS)).data
    if reply and "error" in (answer := json.loads(reply)):
        raise PermanentError(f"The event log refused: {answer['error'].get('description')}", code="log_refused")
