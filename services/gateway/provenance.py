"""Whether read tables were made from this log: the sequences of another one mean other events.

A log whose store was lost, or put back as it was at an earlier time, gives the same sequences again. Tables that are
further would pass over what is stored under them.
"""

from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.readmodels.courses import find_newest
from shared.errors import PermanentError
from shared.event_log.port import EventLog


class OtherLog(PermanentError):
    """The log does not hold what was read from it."""

    def __init__(self, course_id: str, seq: int) -> None:
        super().__init__(
            f"The read tables were not made from this log, which has no event {seq} of course {course_id}: restore the "
            "log, or make tables from it with `coursewright replay`",
            code="other_log",
        )


async def require_log_of_tables(connection: AsyncConnection, log: EventLog) -> tuple[str, int] | None:
    """The newest event that tables have rows of, by its course and sequence; None when they are empty, which fits every
    log. Raises OtherLog when the log does not hold it.
    """
    async with connection.begin():
        newest = await find_newest(connection)
    if newest is not None and not await holds(log, *newest):
        raise OtherLog(*newest)
    return newest


async def are_of_log(connection: AsyncConnection, log: EventLog) -> bool:
    """Whether the log holds the newest event that the tables have rows of."""
    try:
        await require_log_of_tables(connection, log)
    except OtherLog:
        return False
    return True


async def holds(log: EventLog, course_id: str, seq: int) -> bool:
    """Whether a course has come to a sequence. A deleted one's event may be erased; its tombstone is later."""
    return await log.last_seq(course_id) >= seq
