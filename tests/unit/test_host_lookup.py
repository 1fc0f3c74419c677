"""The resolver of this machine, within its time, and never with more look-ups at once than threads to spare."""

import asyncio
import socket
from typing import Any

import pytest

from shared.sources.address import AddressRefused, check_addresses
from shared.sources.host_lookup import SystemLookup

PUBLIC = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))]


async def test_the_machines_own_name_is_looked_up_and_points_inward() -> None:
    found = await SystemLookup(5.0).addresses("localhost", 443)
    assert "127.0.0.1" in found or "::1" in found
    with pytest.raises(AddressRefused):
        check_addresses("localhost", found)


async def test_a_resolver_that_hangs_is_left_after_its_time_and_holds_its_place(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun: list[str] = []
    answered = asyncio.Event()

    async def answers_late(host: str, *_: Any, **__: Any) -> list[Any]:
        begun.append(host)
        await answered.wait()
        if host == "a.example.org":
            raise socket.gaierror(socket.EAI_NONAME, "x")
        return PUBLIC

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", answers_late)
    lookup = SystemLookup(0.2, at_once=2)
    for name in ("a", "b", "c", "d"):
        with pytest.raises(TimeoutError):
            await lookup.addresses(f"{name}.example.org", 443)
    assert begun == ["a.example.org", "b.example.org"], "threads that hang are not joined by others"
    answered.set()
    assert await SystemLookup(5.0).addresses("e.example.org", 443) == ["93.184.216.34"]
    async with asyncio.timeout(5.0):
        assert await lookup.addresses("f.example.org", 443) == ["93.184.216.34"]


async def test_a_name_that_is_not_there_is_said_by_the_resolver(monkeypatch: pytest.MonkeyPatch) -> None:
    async def fails(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "x")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", fails)
    with pytest.raises(socket.gaierror):
        await SystemLookup(5.0).addresses("none.example.org", 443)
