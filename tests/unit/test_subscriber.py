"""The example of a subscriber, against a client whose waits end in each of the ways they have."""

import asyncio
import runpy
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nats
import nats.errors
import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "subscribe.py"


class _End(Exception):
    pass


def test_a_wait_without_an_event_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = [nats.errors.TimeoutError(), TimeoutError(), _End()]

    async def fetch(*_: Any, **__: Any) -> None:
        raise ends.pop(0)

    async def subscribe(*_: Any, **__: Any) -> Any:
        return SimpleNamespace(fetch=fetch)

    async def connect(*_: Any, **__: Any) -> Any:
        return SimpleNamespace(jetstream=lambda domain: SimpleNamespace(pull_subscribe=subscribe))

    for name in ("", ".gateway", ".modules", ".registry"):
        monkeypatch.setitem(sys.modules, f"coursewright_events{name}", sys.modules[f"shared.events{name}"])
    monkeypatch.setenv("NATS_URL", "nats://bot:secret@127.0.0.1:4222")
    monkeypatch.setattr(nats, "connect", connect)
    with pytest.raises(_End):
        asyncio.run(runpy.run_path(str(EXAMPLE))["main"]("bot"))
