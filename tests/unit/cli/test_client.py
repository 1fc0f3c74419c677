"""The client of the gateway refuses some inputs before it sends anything."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import httpx
import pytest

from cli.client import Client
from cli.failures import ApiError
from shared.kernel.errors import PermanentError


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


@pytest.mark.parametrize("where", ["COURSEWRIGHT_TOKEN", "/data/token"])
def test_a_token_that_is_refused_is_named_by_the_place_the_user_gave_it_in(where: str) -> None:
    refusing = httpx.MockTransport(lambda _: httpx.Response(401, json={"detail": "Send a valid bearer token"}))
    client = Client("http://127.0.0.1:8400", "wrong", refusing, token_from=where)
    with pytest.raises(ApiError, match=f"refuses the token in {where}: Send a valid bearer token"):
        client.courses()


def test_an_argument_that_is_no_utf_8_is_refused() -> None:
    client = Client("http://127.0.0.1:8400", "token", httpx.MockTransport(lambda _: httpx.Response(200, json={})))
    with pytest.raises(PermanentError, match="no valid UTF-8"):
        client.create_course("Title \udcff", "")


@pytest.mark.parametrize(
    "add",
    [
        lambda client, _: client.upload("c1", BytesIO(b"%PDF-1.7"), "a.pdf"),
        lambda client, captions: client.add_lecture("c1", {"file": captions}),
        lambda client, _: client.download_lecture("c1", "https://a.example.org/talk.wav"),
    ],
)
def test_a_file_that_the_tables_do_not_show_yet_is_added(add: Callable[[Client, Path], None], tmp_path: Path) -> None:
    (captions := tmp_path / "talk.vtt").write_text("WEBVTT\n")
    late = {"status": "accepted", "sequence": 7, "task_id": None, "course_id": "c1"}
    add(Client("http://gateway", "token", httpx.MockTransport(lambda _: httpx.Response(202, json=late))), captions)
