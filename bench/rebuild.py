"""`python -m bench.rebuild [EVENTS]`: read tables built again from a log of a million events, beside a bare pipe.

The bare pipe is what anybody could do at best in this language and with these servers: an ordered consumer whose
messages go into one table as they are. Both read the same log in the same run. The log syncs lazily while it is filled.
"""

import asyncio
import json
import sys
import time
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig, DeliverPolicy
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bench.courses import fresh_folder
from shared.event_log.topology import COURSES
from tests.faults.rebuilt_tables import drop_and_rebuild, filled

_BATCH = 2000


async def bare_pipe(nc: Client, engine: AsyncEngine, events: int) -> float:
    """Seconds to bring every message, unread, into one table."""
    queue: asyncio.Queue[Msg] = asyncio.Queue(2 * _BATCH)
    config = ConsumerConfig(deliver_policy=DeliverPolicy.ALL)
    async with engine.begin() as connection:
        await connection.execute(
            text("CREATE UNLOGGED TABLE public.bare (seq bigint PRIMARY KEY, subject text, body text)")
        )
    began, done = time.monotonic(), 0
    subscription = await nc.jetstream().subscribe(
        "course.>", stream=COURSES, ordered_consumer=True, config=config, cb=queue.put
    )
    async with engine.connect() as connection:
        driver: Any = (await connection.get_raw_connection()).driver_connection
        while done < events:
            batch = [await queue.get()]
            while len(batch) < _BATCH and not queue.empty():
                batch.append(queue.get_nowait())
            records = [(one.metadata.sequence.stream, one.subject, one.data.decode()) for one in batch]
            await driver.copy_records_to_table("bare", schema_name="public", records=records)
            done += len(batch)
    seconds = time.monotonic() - began
    await subscription.unsubscribe()
    return seconds


async def measure(events: int) -> dict[str, Any]:
    """Rates in events per second."""
    with fresh_folder() as folder:
        async with filled(folder, events) as (parts, loading):
            bare = await bare_pipe(parts.nc, parts.engine, events)
            evidence = await drop_and_rebuild(parts)
    figures = evidence.figures
    pipe = round(events / bare)
    ratio = round(figures["rebuilt_per_second"] / pipe, 3)
    return {
        **figures, "equal": not evidence.differing, "loaded_per_second": round(events / loading),
        "bare_pipe_per_second": pipe, "rebuild_of_bare_pipe": ratio,
    }  # fmt: skip


def main(arguments: list[str]) -> int:
    """Measure and print; 1 when a table differs."""
    measured = asyncio.run(measure(int(arguments[0]) if arguments else 1_000_000))
    print(json.dumps(measured, indent=2))
    return 0 if measured["equal"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
