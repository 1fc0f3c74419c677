"""Whole courses through the local stack: seconds per stage, peak memory of everything, what the course holds."""

import asyncio
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.analysis import analysis_rates
from bench.memory import PeakMemory
from bench.routes import measure_routes
from cli.client import Client
from cli.generate import GenerateRequest, generate
from cli.local.outside_clusters import remove_below
from cli.local.stack import LocalStack
from cli.progress import Lines
from shared.pipeline import PIPELINE


def measure_start(data_dir: Path, processes: bool = False) -> float:
    """Seconds until the gateway is ready, in a data folder as it is."""
    stack = LocalStack(data_dir, processes=processes)
    stack.start()
    stack.stop()
    return stack.seconds_to_ready


def measure_course(data_dir: Path, repository: str, out: Path) -> dict[str, Any]:
    """One course on a running data folder; `seconds` is from the request to the written exports."""
    os.environ["REQUEST_LIMIT"] = "0"  # routes are pressed harder than one caller may
    with (
        PeakMemory() as memory, LocalStack(data_dir).running() as stack,
        closing(Client(stack.url, stack.token)) as client,
    ):  # fmt: skip
        began = time.monotonic()
        summary = generate(client, GenerateRequest(repository, out), Lines())
        seconds = time.monotonic() - began
        peak = memory.peak
        course_id = summary["course_id"]
        stages = {row.key: _seconds(client.stage(course_id, row.number)) for row in PIPELINE.unattended}
        routes = measure_routes(
            stack.url, stack.token, stack.services["gateway"].pid, stack.database_url(), course_id, out
        )  # fmt: skip
        analysis = asyncio.run(analysis_rates(stack.nats_url("operator"), stack.blob_store_url, course_id))
    quality = json.loads((out / "course.json").read_bytes())["quality"]
    measured = {"seconds": round(seconds, 2), "peak_mib": peak // 2**20, "analysis": analysis, "routes": routes}
    return summary | measured | stages | {"quality": quality}


def _seconds(stage: dict[str, Any]) -> float:
    if not stage["started_at"] or not stage["completed_at"]:
        return -1.0
    began, ended = (datetime.fromisoformat(stage[name]) for name in ("started_at", "completed_at"))
    return round((ended - began).total_seconds(), 2)


@contextmanager
def fresh_folder() -> Iterator[Path]:
    """A new folder that others may pass through, as the servers need it; it goes with all that is in it."""
    folder = Path(tempfile.mkdtemp(prefix="coursewright-bench-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        remove_below(folder)
        shutil.rmtree(folder, ignore_errors=True)
