"""Routes of the gateway beside bare ones, in one run.

Slices of both take turns, so that whatever else the machine does falls on both. The ratio of processor time per answer
holds on a busy machine, too; answers per second hold only on one that is idle.
"""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil

from bench.pressure import CONNECTIONS, Counted, press
from cli.local.ports import free_port
from cli.local.process import Process

_SLICES = 4
_SLICE_SECONDS = 1.0


@dataclass(frozen=True)
class Pair:
    """A route, the bare one it stands beside, and the part of the bare one's rate it has to reach."""

    name: str
    path: str
    bare: str
    at_least: float


def pairs(course_id: str, pathways: int, course: int) -> list[Pair]:
    """The routes that are measured. The bare ones read blobs of these sizes."""
    return [
        Pair("version", "/version", "/nothing", 0.0),
        Pair("one course", f"/api/projects/{course_id}", f"/course/{course_id}", 0.6),
        Pair("status", f"/api/course-generation/{course_id}/status", f"/status/{course_id}", 0.6),
        Pair("list", "/api/projects/", "/list", 0.5),
        Pair("pathways", f"/api/courses/{course_id}/pathways", f"/blob/{course_id}/{pathways}", 0.5),
        Pair("finished course", f"/api/courses/{course_id}/generated-course", f"/blob/{course_id}/{course}", 0.5),
    ]


@dataclass(frozen=True)
class Server:
    """A server under pressure, and its process."""

    url: str
    process: psutil.Process

    async def slice(self, path: str, headers: dict[str, str]) -> Counted:
        """A slice of pressure on one route."""
        before = sum(self.process.cpu_times()[:2])
        counted = await press(self.url + path, _SLICE_SECONDS, headers)
        counted.processor_seconds = sum(self.process.cpu_times()[:2]) - before
        return counted


async def measure_pair(pair: Pair, ours: Server, bare: Server, headers: dict[str, str]) -> dict[str, float]:
    """Both routes in turn; the first slice of each is not counted."""
    sums = Counted(), Counted()
    for at in range(_SLICES + 1):
        found = await ours.slice(pair.path, headers), await bare.slice(pair.bare, {})
        for total, one in zip(sums, found, strict=True):
            if at:
                total.add(one)
    mine, theirs = sums
    return {
        "target": pair.at_least,
        "bytes": mine.bytes,
        "per_second": round(mine.per_second),
        "bare_per_second": round(theirs.per_second),
        "ratio": round(mine.per_second / theirs.per_second, 2),
        "microseconds": round(mine.microseconds),
        "bare_microseconds": round(theirs.microseconds),
        "processor_ratio": round(theirs.microseconds / mine.microseconds, 2),
    }


def measure_routes(
    url: str, token: str, gateway_pid: int, database_url: str, course_id: str, folder: Path
) -> dict[str, dict[str, float]]:
    """Every pair, on a gateway that runs and has a finished course."""
    headers = {"Authorization": f"Bearer {token}"}
    sizes = {}
    for name in ("pathways", "generated-course"):
        body = httpx.get(f"{url}/api/courses/{course_id}/{name}", headers=headers).raise_for_status().content
        sizes[name] = len(body)
        (folder / str(len(body))).write_bytes(body)
    port = free_port()
    plain_url = database_url.replace("+asyncpg", "")
    bare = Process(
        "bare", [sys.executable, "-m", "bench.bare", plain_url, str(folder), str(port)], folder / "bare.log",
        environment={"PYTHONPATH": str(Path(__file__).parents[1])},
    )  # fmt: skip
    bare.start()
    try:
        servers = Server(url, psutil.Process(gateway_pid)), Server(
            f"http://127.0.0.1:{port}", psutil.Process(bare.pid)
        )  # fmt: skip
        return asyncio.run(_measure(pairs(course_id, *sizes.values()), *servers, headers))
    finally:
        bare.stop()


async def _measure(
    asked: list[Pair], ours: Server, bare: Server, headers: dict[str, str]
) -> dict[str, dict[str, float]]:
    port = urlsplit(bare.url).port
    assert port is not None
    await _until_it_listens(port)
    return {pair.name: await measure_pair(pair, ours, bare, headers) for pair in asked}


async def _until_it_listens(port: int) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            return


def table(measured: Mapping[str, Mapping[str, float]]) -> str:
    """The figures as a table for people."""
    names = ("bytes", "per_second", "bare_per_second", "ratio", "microseconds", "bare_microseconds", "processor_ratio")
    lines = ["".join([f"{CONNECTIONS} connections".ljust(20), *(name.rjust(18) for name in names)])]
    for route, figures in measured.items():
        lines.append("".join([route.ljust(20), *(f"{figures[name]:g}".rjust(18) for name in names)]))
    return "\n".join(lines)
