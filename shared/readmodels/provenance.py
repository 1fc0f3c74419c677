"""Whether read tables were made from this log: the sequences of another one mean other events.

A log whose store was lost, or put back as it was at an earlier time, gives the same sequences again. Tables that are
further would pass over what is stored under them.
"""

import asyncio

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.event_log.port import EventLog
from shared.events import Stream
from shared.events.courses import COURSES
from shared.kernel.errors import PermanentError
from shared.readmodels.checkpoint import Place, read_place

# So long a replica that has just become the leader may take to know what another one gave out before.
_LAG_SECONDS = 1.0
_STEP_SECONDS = 0.1


class OtherLog(PermanentError):
    """The log does not hold what was read from it."""

    def __init__(self, place: Place) -> None:
        super().__init__(
            f"The read tables were not made from this log, which has not come to event {place.seq}, or has another one "
            "there: restore the log, or make tables from it with `coursewright replay`",
            code="other_log",
        )


async def require_log_of_tables(connection: AsyncConnection, log: EventLog, stream: Stream = COURSES) -> Place:
    """Where the tables of a connection without a transaction are. Raises OtherLog when the log does not hold the event
    there; empty tables fit every log.
    """
    async with connection.begin():
        place = await read_place(connection, stream)
    await require_place(log, place)
    return place


async def are_of_log(connection: AsyncConnection, log: EventLog) -> bool:
    """The same as an answer."""
    try:
        await require_log_of_tables(connection, log)
    except OtherLog:
        return False
    return True


async def require_place(log: EventLog, place: Place) -> None:
    """Raise OtherLog when the log has not come to a place, or another event lies there."""
    patient_until = asyncio.get_running_loop().time() + _LAG_SECONDS
    while place.seq and not await log.holds(place.seq, place.event_id):
        if asyncio.get_running_loop().time() >= patient_until:
            raise OtherLog(place)
        await asyncio.sleep(_STEP_SECONDS)
