"""Gateway processes count a caller's requests together, on a real nats-server."""

import asyncio

from shared.event_log.connection import connect
from shared.web.request_counts import RequestCounts
from shared.web.shared_counts import share_counts
from tests.support.servers import Server

QUOTA = 100


async def test_two_processes_refuse_together(nats_server: Server) -> None:
    """Each by itself would take the whole quota."""
    connections = [await connect(nats_server.url, f"gateway {number}") for number in range(2)]
    processes = [RequestCounts(QUOTA, 60, lambda: 6e9) for _ in connections]
    sharing = [
        asyncio.create_task(share_counts(nc, counts, 0.02)) for nc, counts in zip(connections, processes, strict=True)
    ]
    taken, refusing = 0, 0
    async with asyncio.timeout(20):
        while refusing < len(processes):
            standings = [counts.take("ann") for counts in processes]
            refusing = sum(1 for standing in standings if standing.retry_after_seconds)
            taken += len(standings) - refusing
            await asyncio.sleep(0.01)  # the pace of the caller
    assert QUOTA <= taken <= QUOTA * 1.5
    for task in sharing:
        task.cancel()
    await asyncio.gather(*sharing, return_exceptions=True)
    for nc in connections:
        await nc.close()
