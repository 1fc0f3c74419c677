"""What the client of the gateway refuses before it sends anything."""

import pytest

from cli.client import Client
from shared.errors import PermanentError


@pytest.mark.parametrize(
    "url", ["courses.example.org", "ftp://a.example.org", "http://", "http://127.0.0.1:notaport", "http://[::1"]
)
def test_an_address_no_request_can_go_to_is_named(url: str) -> None:
    with pytest.raises(PermanentError, match="is no address of a gateway"):
        Client(url, "token")


@pytest.mark.parametrize(("token", "says"), [("", "set COURSEWRIGHT_TOKEN"), ("a b", "space"), ("tökén", "ASCII")])
def test_a_token_no_request_can_carry_is_refused(token: str, says: str) -> None:
    with pytest.raises(PermanentError, match=says):
        Client("http://127.0.0.1:8400", token)


def test_a_token_with_a_line_break_is_not_repeated() -> None:
    with pytest.raises(PermanentError, match="COURSEWRIGHT_TOKEN") as refused:
        Client("http://127.0.0.1:8400", "s3cret\n")
    assert "s3cret" not in str(refused.value)
