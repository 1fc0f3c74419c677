"""The resolver of this machine, within its time."""

import asyncio
from typing import Any

import pytest

from shared.host_lookup import SystemLookup
from shared.source_address import AddressRefused, check_addresses


async def test_the_machines_own_name_is_looked_up_and_points_inward() -> None:
    found = await SystemLookup(5.0).addresses("localhost", 443)
    assert "127.0.0.1" in found or "::1" in found
    with pytest.raises(AddressRefused):
        check_addresses("localhost", found)


async def test_a_resolver_that_hangs_is_left_after_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    async def hangs(*_: Any, **__: Any) -> list[Any]:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", hangs)
    with pytest.raises(TimeoutError):
        await SystemLookup(0.01).addresses("git.example.org", 443)
