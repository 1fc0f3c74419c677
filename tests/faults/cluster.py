"""Nats-servers that form one JetStream cluster on the loopback interface."""

import asyncio
import contextlib
import json
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import nats.errors
from nats.aio.client import Client

from cli.local.nats_server import find_binary
from cli.local.ports import free_port
from cli.local.process import Process
from shared.event_log.connection import connect
from shared.event_log.topology import apply_topology
from shared.events.courses import COURSES

_CONFIG = """\
server_name: {name}
listen: "127.0.0.1:{port}"
max_payload: 1MB
jetstream {{ store_dir: "{store}", sync_interval: {sync}, max_memory_store: 64MB, max_file_store: 4GB }}
cluster {{ name: faults, listen: "127.0.0.1:{route}", routes: [{routes}] }}
authorization {{ user: "coursewright", password: "{password}" }}
"""
_PASSWORD = "of-a-test"
_HEALTHY_SECONDS = 60.0
_LOOK_SECONDS = 0.1


class Cluster:
    """`size` servers with the topology on all of them; each syncs every write, as production does."""

    def __init__(self, folder: Path, size: int = 3, sync: str = "always") -> None:
        self._sync = sync
        self._folder = folder
        names = [f"n{number}" for number in range(1, size + 1)]
        self.ports = {name: free_port() for name in names}
        self._routes = {name: free_port() for name in names}
        binary = str(find_binary())
        self.nodes = {
            name: Process(name, [binary, "-c", str(folder / name / "nats.conf")], folder / name / "log")
            for name in names
        }

    @property
    def url(self) -> str:
        """All nodes, as NATS_URL takes them."""
        return ",".join(self.url_of(name) for name in self.nodes)

    def url_of(self, name: str) -> str:
        """One node."""
        return f"nats://coursewright:{_PASSWORD}@127.0.0.1:{self.ports[name]}"

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[Client]:
        """Started and provisioned; a connection to watch it by. Stopped at the end."""
        try:
            for name, node in self.nodes.items():
                self._configure(name)
                node.start()
            nc = await connect(self.url, "faults")
            try:
                await self._provision(nc)
                yield nc
            finally:
                await nc.close()
        finally:
            for node in self.nodes.values():
                if node.is_running():
                    node.popen.send_signal(signal.SIGCONT)  # type: ignore[union-attr]
                node.kill()

    def _configure(self, name: str) -> None:
        folder = self._folder / name
        folder.mkdir(parents=True)
        routes = ", ".join(f'"nats://127.0.0.1:{port}"' for port in self._routes.values())
        config = _CONFIG.format(
            name=name, port=self.ports[name], route=self._routes[name], routes=routes, store=folder / "store",
            sync=self._sync, password=_PASSWORD,
        )  # fmt: skip
        (folder / "nats.conf").write_text(config, encoding="utf-8")

    async def _provision(self, nc: Client) -> None:
        """A cluster has a leader only after its servers have found one another."""
        async with asyncio.timeout(_HEALTHY_SECONDS):
            while True:
                try:
                    await apply_topology(nc.jetstream(), replicas=len(self.nodes))
                    await self.healthy(nc)
                    return
                except (nats.errors.Error, TimeoutError):
                    await asyncio.sleep(_LOOK_SECONDS)

    async def leader(self, nc: Client) -> str:
        """The node that leads the stream of events; asked until there is one."""
        return str((await self._stream(nc))["leader"])

    async def healthy(self, nc: Client) -> None:
        """Return when the stream has a leader and every other node follows it without lag."""
        async with asyncio.timeout(_HEALTHY_SECONDS):
            while True:
                replicas = (await self._stream(nc)).get("replicas", [])
                if len(replicas) == len(self.nodes) - 1 and all(
                    replica["current"] and not replica.get("offline") for replica in replicas
                ):
                    return
                await asyncio.sleep(_LOOK_SECONDS)

    @staticmethod
    async def _stream(nc: Client) -> dict[str, Any]:
        async with asyncio.timeout(_HEALTHY_SECONDS):
            while True:
                with contextlib.suppress(nats.errors.Error, TimeoutError):
                    answer = json.loads((await nc.request(f"$JS.API.STREAM.INFO.{COURSES.name}", timeout=1.0)).data)
                    cluster = answer.get("cluster", {})
                    if cluster.get("leader"):
                        return dict(cluster)
                await asyncio.sleep(_LOOK_SECONDS)
