"""How far the projection is: the one truth a restart continues from."""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, Executable, Table, Text, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.readmodels.base import METADATA
from shared.event_log.port import Recorded, Unreadable

checkpoints = Table(
    "checkpoints",
    METADATA,
    Column("projection", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("event_id", Text),
)

# A writer that is none of ours may send anything as an id.
_LONGEST_ID = 255

PROJECTION = "courses"
CHANNEL = "coursewright_projected"


@dataclass(frozen=True)
class Place:
    """A sequence of a log, and the id of the event there by which that log is known; None where there is no event, or
    none that can be read.
    """

    seq: int = 0
    event_id: str | None = None


def place_of(item: Recorded | Unreadable) -> Place:
    """Where a message lies."""
    event_id = item.id if isinstance(item, Recorded) else ""
    return Place(item.seq, event_id if 0 < len(event_id) <= _LONGEST_ID and event_id.isprintable() else None)


def advance(place: Place) -> Executable:
    """Move the checkpoint, never back."""
    upsert = insert(checkpoints).values(projection=PROJECTION, seq=place.seq, event_id=place.event_id)
    return upsert.on_conflict_do_update(
        index_elements=[checkpoints.c.projection],
        set_={"seq": upsert.excluded.seq, "event_id": upsert.excluded.event_id},
        where=checkpoints.c.seq < upsert.excluded.seq,
    )


def announce(seq: int) -> Executable:
    """Tell whoever waits; heard when the transaction is committed."""
    return select(func.pg_notify(CHANNEL, str(seq)))


async def read_checkpoint(connection: AsyncConnection) -> int:
    """The sequence up to which everything is projected; 0 at the beginning."""
    return (await read_place(connection)).seq


async def read_place(connection: AsyncConnection) -> Place:
    """The same with what lies there."""
    query = select(checkpoints.c.seq, checkpoints.c.event_id).where(checkpoints.c.projection == PROJECTION)
    row = (await connection.execute(query)).one_or_none()
    return Place() if row is None else Place(row.seq, row.event_id)
