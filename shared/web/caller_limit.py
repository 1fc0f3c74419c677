"""Requests of each caller: counted for the token's subject, else for the address."""

import ipaddress
from collections.abc import Callable, Sequence

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.kernel.refusals import Refusal, Refused
from shared.web.errors import problem_of
from shared.web.request_counts import RequestCounts, Standing

_FOR_WATCHERS = frozenset({"/health", "/healthz", "/readyz", "/metrics"})
_SUBNET_OF_A_CALLER = 64  # one caller has at least this many bits of an IPv6 address to choose from

Trusted = Sequence[ipaddress.IPv4Network | ipaddress.IPv6Network]


class CallerLimit:
    """Counts requests without a token, and for what needs none, before anything else is done. The others, which
    `is_for_users` tells, are counted by `count_caller` once their subject is known. Each counted request is answered
    with its caller's standing.
    """

    def __init__(
        self, app: ASGIApp, counts: RequestCounts, trusted: Trusted, is_for_users: Callable[[Scope], bool]
    ) -> None:
        self._app, self._counts, self._trusted, self._is_for_users = app, counts, trusted, is_for_users

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._counts.quota or scope["path"] in _FOR_WATCHERS:
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["take"] = self._counts.take
        state["address"] = f"address {address_of(scope, self._trusted)}"

        async def told(message: Message) -> None:
            standing: Standing | None = state.get("standing")
            if message["type"] == "http.response.start" and standing is not None:
                MutableHeaders(scope=message).update(standing.headers())
            await send(message)

        # A route that asks for no token does not look at one, so a wrong token must not make its requests free.
        if not self._is_for_users(scope):
            try:
                count_caller(HTTPConnection(scope), None)
            except Refused as refused:
                await problem_of(refused.refusal)(scope, receive, told)
                return
        await self._app(scope, receive, told)


def count_caller(request: HTTPConnection, subject: str | None) -> None:
    """Count a request of a subject, or of an address when there is no subject. Raises Refused over the limit."""
    take: Callable[[str], Standing] | None = getattr(request.state, "take", None)
    if take is None or getattr(request.state, "standing", None) is not None:  # no limit, or counted already
        return
    standing = take(request.state.address if subject is None else f"subject {subject}")
    request.state.standing = standing
    if standing.retry_after_seconds:
        seconds = standing.retry_after_seconds
        detail = (
            f"One caller may send {standing.quota} requests in {standing.window_seconds} seconds. "
            f"Try again in {seconds} second{'s' if seconds > 1 else ''}."
        )
        raise Refused(Refusal(429, "too_many_requests", detail))


def address_of(scope: Scope, trusted: Trusted) -> str:
    """The caller's address. A trusted proxy names the caller in X-Forwarded-For. The header of others is ignored."""
    client = scope.get("client")
    found = client[0] if client else ""
    handed_on = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
    while handed_on and _is_among(found, trusted):
        before = handed_on.pop().strip()
        if _parsed(before) is None:
            break
        found = before
    address = _parsed(found)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, _SUBNET_OF_A_CALLER), strict=False))
    return found


def _is_among(text: str, networks: Trusted) -> bool:
    address = _parsed(text)
    return address is not None and any(address in network for network in networks)


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(found, "ipv4_mapped", None) or found
