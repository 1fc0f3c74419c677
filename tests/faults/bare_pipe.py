"""The best rate possible in this language and with these servers: an ordered consumer whose messages go into one
table as they are. Other rates over the same log, in the same run, are told beside it.
"""

import asyncio
import time
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import ConsumerConfig, DeliverPolicy
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from shared.events.courses import COURSES

_BATCH = 2000
# Of a longer log the client would hold more than it may: what is pushed waits in its memory.
_MOST = 100_000


async def pipe(
    nc: Client, engine: AsyncEngine, events: int, subject: str = "course.>", stream: str = COURSES.name
) -> float:
    """Messages per second, unread, into a table, which goes again; of so many, or of the first hundred thousand."""
    events = min(events, _MOST)
    queue: asyncio.Queue[Msg] = asyncio.Queue(2 * _BATCH)
    config = ConsumerConfig(deliver_policy=DeliverPolicy.ALL)
    async with engine.begin() as connection:
        await connection.execute(
            text("CREATE UNLOGGED TABLE public.bare (seq bigint PRIMARY KEY, subject text, body text)")
        )
    began, done = time.monotonic(), 0
    subscription = await nc.jetstream().subscribe(
        subject, stream=stream, ordered_consumer=True, config=config, cb=queue.put
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
    async with engine.begin() as connection:
        await connection.execute(text("DROP TABLE public.bare"))
    return events / seconds
