"""Write the description to shared/schemas/classroom-openapi.json: `python -m services.classroom.openapi [--check]`."""

import base64
import json
import sys
from pathlib import Path

from nats.aio.client import Client
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import create_async_engine

from services.classroom.app import build
from services.classroom.settings import ClassroomSettings
from shared.event_log.following import JetStreamFollowed
from shared.events.registry import PERSON, REGISTRY
from shared.web.description import write_description

TARGET = Path(__file__).parents[2] / "shared" / "schemas" / "classroom-openapi.json"


def render() -> str:
    """The description as stored. Nothing is connected to."""
    key = base64.b64encode(bytes(32)).decode()
    app = build(
        ClassroomSettings(google_client_id="only to describe the routes", session_keys=SecretStr(f"none:{key}")),
        log=JetStreamFollowed(Client(), aggregate=PERSON, known=REGISTRY),
        engine=create_async_engine("postgresql+asyncpg://localhost/none"),
    )
    return json.dumps(app.openapi(), indent=2, ensure_ascii=False) + "\n"


def main(arguments: list[str]) -> int:
    """Write, or with --check compare."""
    return write_description(TARGET, render, arguments, "python -m services.classroom.openapi")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
