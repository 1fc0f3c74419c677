"""Addresses that somebody gave and this system asks: checked like those of repositories, when they are named and each
time that they are asked.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from shared.kernel.errors import PermanentError, TransientError
from shared.sources.address import PUBLIC_PORTS, AddressRefused, check_addresses, public_host
from shared.sources.host_lookup import SystemLookup

_LONGEST = 2048
_LOOKUP_SECONDS = 10.0


@dataclass(frozen=True)
class Target:
    """A checked address; `host` in lower case, ASCII."""

    url: httpx.URL
    host: str
    port: int


def parse_target(text: str, *, allow_private: bool = False) -> Target:
    """Raises PermanentError with a reason for the user. `allow_private` is for one machine and for tests."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise _refused("The address cannot be read as a URL") from error
    if len(text) > _LONGEST or not text.isprintable() or " " in text or "\\" in text:
        raise _refused("The address holds characters no address has, or is longer than 2048")
    if parts.scheme != "https" and not (allow_private and parts.scheme == "http"):
        raise _refused("The address has to begin with https://")
    if "@" in parts.netloc or parts.fragment:
        raise _refused("Leave user names, passwords and # out of the address")
    host = parts.hostname or ""
    if not allow_private:
        try:
            host = public_host(host)
        except AddressRefused as error:
            raise _refused(f"{host or 'The address'} is not a public host") from error
    if not host:
        raise _refused("The address names no host")
    if port is not None and port not in PUBLIC_PORTS and not allow_private:
        raise _refused(f"An address is asked at port {' or '.join(map(str, sorted(PUBLIC_PORTS)))}, not {port}")
    return Target(httpx.URL(text), host, port or (443 if parts.scheme == "https" else 80))


async def resolve_target(target: Target, *, allow_private: bool = False) -> str:
    """The one address to connect to. Raises TransientError when the name does not resolve, PermanentError when any of
    its addresses is private: which one would be asked is not ours to choose.
    """
    try:
        addresses = await SystemLookup(_LOOKUP_SECONDS).addresses(target.host, target.port)
    except OSError as error:
        raise TransientError(f"The host name {target.host} does not resolve", code="host_unknown") from error
    if allow_private:
        return addresses[0]
    try:
        return check_addresses(target.host, addresses)
    except AddressRefused as error:
        raise _refused(f"{target.host} lies inside a private network, which is not asked") from error


def is_inward(text: str, inward: Collection[str]) -> bool:
    """Whether the address is of a host inside the network that may be named all the same, with its port."""
    return urlsplit(text).netloc.lower() in inward


async def pinned_request(
    client: httpx.AsyncClient, method: str, url: str, *, allow_private: bool, headers: Mapping[str, str],
    content: bytes | None = None, extensions: Mapping[str, Any] | None = None,
) -> httpx.Request:  # fmt: skip
    """A request to the address that was checked, under the name that was given. Raises what checking raises."""
    target = parse_target(url, allow_private=allow_private)
    address = await resolve_target(target, allow_private=allow_private)
    return client.build_request(
        method, target.url.copy_with(host=address), content=content,
        headers={"Host": target.url.netloc.decode(), **headers},
        extensions={"sni_hostname": target.host, "timeout": client.timeout.as_dict(), **(extensions or {})},
    )  # fmt: skip


def _refused(reason: str) -> PermanentError:
    return PermanentError(reason, code="address_refused")
