"""A process that knows one server of a cluster goes on when that one dies."""

import asyncio
from pathlib import Path

from nats.aio.client import Client

from shared.event_log.connection import connect
from tests.faults.cluster import Cluster


def port_of(nc: Client) -> int | None:
    return nc.connected_url.port if nc.connected_url is not None else None


async def test_a_client_moves_to_a_server_it_was_never_told_of(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path, sync="10s")
    async with cluster.running():
        nc, other = await connect(cluster.url_of("n1"), "test"), await connect(cluster.url_of("n3"), "other")
        try:
            heard = await other.subscribe("test.moved")
            await other.flush()
            await asyncio.to_thread(cluster.nodes["n1"].kill)
            async with asyncio.timeout(20):
                while port_of(nc) not in {cluster.ports["n2"], cluster.ports["n3"]}:  # noqa: ASYNC110 - no event says so
                    await asyncio.sleep(0.01)
                await nc.publish("test.moved", b"still here")
                assert (await heard.next_msg(timeout=20)).data == b"still here"
        finally:
            await nc.close()
            await other.close()


async def test_a_process_starts_while_the_first_server_of_its_list_is_away(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path, sync="10s")
    async with cluster.running():
        await asyncio.to_thread(cluster.nodes["n1"].kill)
        nc = await connect(cluster.url, "test")
        assert nc.is_connected
        await nc.close()
