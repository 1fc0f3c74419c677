"""How far each stream is projected: the one truth a restart continues from."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Executable, Table, Text, case, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.event_log.port import Recorded, Unreadable
from shared.events import Stream
from shared.events.courses import COURSES
from shared.readmodels.base import METADATA

checkpoints = Table(
    "checkpoints",
    METADATA,
    Column("stream", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("event_id", Text),
    # While new tables are filled: the log's end as they began. Before it they lack what the log has. Else 0.
    Column("filled_at", BigInteger, nullable=False, server_default=text("0")),
)

# A writer that is none of ours may send anything as an id.
_LONGEST_ID = 255

CHANNEL = "coursewright_projected"


@dataclass(frozen=True)
class Place:
    """A sequence of a log, and the id of the event there by which that log is known; None where there is no event, or
    none that can be read. New tables are filled when they have come to `filled_at`.
    """

    seq: int = 0
    event_id: str | None = None
    filled_at: int = 0


def place_of(item: Recorded | Unreadable) -> Place:
    """Where a message lies."""
    event_id = item.id if isinstance(item, Recorded) else ""
    return Place(item.seq, event_id if 0 < len(event_id) <= _LONGEST_ID and event_id.isprintable() else None)


def advance(place: Place, stream: Stream = COURSES) -> Executable:
    """Move a stream's checkpoint, never back. What was noted of filling holds until it is reached."""
    upsert = insert(checkpoints).values(stream=stream.name, **vars(place))
    return upsert.on_conflict_do_update(
        index_elements=[checkpoints.c.stream],
        set_={
            "seq": upsert.excluded.seq,
            "event_id": upsert.excluded.event_id,
            "filled_at": case((checkpoints.c.filled_at > upsert.excluded.seq, checkpoints.c.filled_at), else_=0),
        },
        where=checkpoints.c.seq < upsert.excluded.seq,
    )


def announce(seq: int, stream: Stream = COURSES) -> Executable:
    """Tell whoever waits; heard when the transaction is committed."""
    return select(func.pg_notify(CHANNEL, f"{stream.name} {seq}"))


def heard_of(payload: str, stream: Stream) -> int | None:
    """The sequence an announcement tells of this stream; None if it tells of another one."""
    name, _, seq = payload.rpartition(" ")
    return int(seq) if name == stream.name else None


async def read_checkpoint(connection: AsyncConnection, stream: Stream = COURSES) -> int:
    """The sequence up to which everything of a stream is projected; 0 at the beginning."""
    return (await read_place(connection, stream)).seq


async def read_place(connection: AsyncConnection, stream: Stream = COURSES) -> Place:
    """The same with what lies there."""
    query = select(checkpoints).where(checkpoints.c.stream == stream.name)
    row = (await connection.execute(query)).one_or_none()
    return Place() if row is None else Place(row.seq, row.event_id, row.filled_at)
