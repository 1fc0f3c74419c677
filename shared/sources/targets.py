"""Where a webhook may point: checked like the address of a repository, when it is named and at each attempt."""

from dataclasses import dataclass
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
        raise _refused("A webhook's address begins with https://")
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
        raise _refused(f"A webhook is asked at port {' or '.join(map(str, sorted(PUBLIC_PORTS)))}, not {port}")
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
        raise _refused(f"{target.host} lies inside a private network, which webhooks are not sent to") from error


def _refused(reason: str) -> PermanentError:
    return PermanentError(reason, code="address_refused")
