"""How far the projection is: the one truth a restart continues from."""

from sqlalchemy import BigInteger, Column, Executable, Table, Text, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.readmodels.base import METADATA

checkpoints = Table(
    "checkpoints",
    METADATA,
    Column("projection", Text, primary_key=True),
    Column("seq", BigInteger, nullable=False),
)

PROJECTION = "courses"
CHANNEL = "coursewright_projected"


def advance(seq: int) -> Executable:
    """Move the checkpoint, never back."""
    upsert = insert(checkpoints).values(projection=PROJECTION, seq=seq)
    return upsert.on_conflict_do_update(
        index_elements=[checkpoints.c.projection],
        set_={"seq": func.greatest(checkpoints.c.seq, upsert.excluded.seq)},
    )


def announce(seq: int) -> Executable:
    """Tell whoever waits; heard when the transaction is committed."""
    return select(func.pg_notify(CHANNEL, str(seq)))


async def read_checkpoint(connection: AsyncConnection) -> int:
    """The sequence up to which everything is projected; 0 at the beginning."""
    seq = await connection.scalar(select(checkpoints.c.seq).where(checkpoints.c.projection == PROJECTION))
    return int(seq or 0)
