"""The token of a connection: by header, or by the cookie of a session where no foreign page can use it."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from starlette.requests import HTTPConnection

from services.gateway.api.callers import token_of
from services.gateway.api.services import Services
from shared.kernel.refusals import Refused
from shared.web.tokens import Unauthenticated

OURS = "https://learn.example"
SERVICES = cast(
    "Services",
    SimpleNamespace(
        settings=SimpleNamespace(session_cookie="session", cors_origins=[OURS], local_token="t", oidc_issuer=None)
    ),
)


def connection(kind: str, **headers: str) -> HTTPConnection:
    scope: dict[str, Any] = {"type": kind, "headers": [(k.encode(), v.encode()) for k, v in headers.items()]}
    return HTTPConnection(scope | ({"method": "GET"} if kind == "http" else {}))


def test_a_web_socket_by_cookie_comes_from_a_page_of_ours() -> None:
    assert token_of(connection("websocket", cookie="session=s", origin=OURS), SERVICES) == "s"
    for foreign in ({}, {"origin": "https://evil.test"}, {"origin": "null"}):
        with pytest.raises(Refused):
            token_of(connection("websocket", cookie="session=s", **foreign), SERVICES)
    assert token_of(connection("http", cookie="session=s"), SERVICES) == "s"


def test_a_token_in_the_header_needs_no_origin() -> None:
    sent = connection("websocket", authorization="Bearer t", cookie="session=s", origin="https://evil.test")
    assert token_of(sent, SERVICES) == "t"
    with pytest.raises(Unauthenticated):
        token_of(connection("websocket"), SERVICES)
