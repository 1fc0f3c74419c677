"""Stream DEAD for operators: what could not be worked on, with its original bytes."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from nats.aio.client import Client
from nats.js.api import RawStreamMsg
from nats.js.errors import NotFoundError

from shared.event_log.codec import decode
from shared.event_log.names import DEAD
from shared.event_log.port import Recorded, Unreadable
from shared.event_log.stored import Stored, read_batch, read_stream
from shared.events.courses import COURSES, ONLY_COURSES
from shared.kernel.errors import NotFound
from shared.pipeline import PIPELINE


@dataclass(frozen=True)
class DeadLetter:
    """One letter. `seq` is its place in stream DEAD, `request_seq` that of the request in COURSES."""

    seq: int
    stage: str
    course_id: str
    request_seq: int
    reason: str
    time: str
    body: bytes

    @property
    def sha256(self) -> str:
        """Of the original bytes."""
        return hashlib.sha256(self.body).hexdigest()

    def as_dict(self) -> dict[str, Any]:
        """As `--json` shows it in a list: without the bytes."""
        return {
            "seq": self.seq, "stage": self.stage, "course_id": self.course_id, "request_seq": self.request_seq,
            "reason": self.reason, "time": self.time, "bytes": len(self.body), "sha256": self.sha256,
        }  # fmt: skip


async def letters(nc: Client, stage: str = "", course: str = "") -> AsyncIterator[DeadLetter]:
    """All of them, oldest first."""
    async for message in read_stream(nc, DEAD, f"dead.{stage or '*'}.{course or '*'}"):
        yield _letter(message)


async def letter(nc: Client, seq: int) -> DeadLetter:
    """One of them. Raises NotFound."""
    batch, _ = await read_batch(nc, DEAD, "dead.>", seq)
    if not batch or batch[0].seq != seq:
        raise NotFound(f"There is no dead letter {seq}; `coursewright dead list` shows them")
    return _letter(batch[0])


async def examine(nc: Client, found: DeadLetter) -> Recorded | Unreadable | None:
    """The request as the log has it now and as this version reads it; None when it was erased with its course."""
    try:
        raw: RawStreamMsg = await nc.jetstream().get_msg(COURSES.name, found.request_seq)
    except NotFoundError:
        return None
    read = decode(raw.subject or "", raw.headers, raw.data or b"", found.request_seq, ONLY_COURSES)
    row = PIPELINE.by_name.get(found.stage)
    if isinstance(read, Recorded) and (row is None or not isinstance(read.event, row.request)):
        return Unreadable(read.seq, raw.subject or "", type(read.event).__name__, f"no request of {found.stage}")
    return read


async def remove(nc: Client, found: DeadLetter) -> None:
    """Take it out of the stream; its bytes are overwritten."""
    await nc.jetstream().delete_msg(DEAD, found.seq)


def _letter(message: Stored) -> DeadLetter:
    _, stage, course_id = message.subject.split(".", 2)
    return DeadLetter(
        seq=message.seq,
        stage=message.headers.get("Coursewright-Stage", stage),
        course_id=course_id,
        request_seq=int(message.headers.get("Coursewright-Sequence", "0")),
        reason=message.headers.get("Coursewright-Reason", ""),
        time=message.time,
        body=message.body,
    )
