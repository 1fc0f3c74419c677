"""Write the OpenAPI description to shared/schemas/openapi.json: `python -m services.gateway.openapi [--check]`."""

import json
import sys
from pathlib import Path

from nats.aio.client import Client
from obstore.store import MemoryStore
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import create_async_engine

from services.gateway.api.description import describe
from services.gateway.api.metrics import Metrics
from services.gateway.api.progress import ProgressHub
from services.gateway.app import build
from services.gateway.settings import GatewaySettings
from shared.event_log.consumers import LogPulse
from shared.event_log.following import JetStreamFollowed
from shared.kernel.blob_stores import ObjectBackend
from shared.kernel.blobs import Blobs
from shared.pipeline import PIPELINE
from shared.web.description import write_description

TARGET = Path(__file__).parents[2] / "shared" / "schemas" / "openapi.json"


async def _no_pulse() -> LogPulse:
    return LogPulse()


def render() -> str:
    """The description as stored. Nothing is connected to."""
    app = build(
        GatewaySettings(blob_store_url="memory:", local_token=SecretStr("only to describe the routes")),
        log=JetStreamFollowed(Client()),
        engine=create_async_engine("postgresql+asyncpg://localhost/none"),
        blobs=Blobs(ObjectBackend(MemoryStore())),
        progress=ProgressHub(),
        pulse=_no_pulse,
        metrics=Metrics(),
    )
    return json.dumps(describe(app, PIPELINE), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write, or with --check compare."""
    return write_description(TARGET, render, arguments, "python -m services.gateway.openapi")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
