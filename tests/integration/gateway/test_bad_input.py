"""Bad input gets a clear 4xx problem: never a 5xx, never a hang, and nothing of it is kept."""

import base64
import gzip
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import structlog
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.gateway.settings import GatewaySettings
from shared.event_log.port import Recorded
from shared.web.known_host import KnownHost
from tests.integration.gateway.conftest import Gateway

JSON = {"Content-Type": "application/json"}


def cursor(*position: Any) -> str:
    """A cursor that a caller has changed."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/title"),
        ({"title": ""}, "/title"),
        ({"title": "   "}, "/title"),
        ({"title": "x" * 256}, "/title"),
        ({"title": 5}, "/title"),
        ({"title": "a\u0000b"}, "/title"),
        ({"title": "a\nb"}, "/title"),
        ({"title": "a\u2028b"}, "/title"),
        ({"title": "a\u009bb"}, "/title"),
        ({"title": "gnp\u202egpj.exe"}, "/title"),
        ({"title": "\u200b\u2060"}, "/title"),
        ({"title": "a\u2066b\u2069"}, "/title"),
        ({"title": "x", "description": "a\u202eb"}, "/description"),
        ({"title": "x", "description": "y" * 1001}, "/description"),
        ({"title": "x", "description": "\u0000"}, "/description"),
        ({"title": "x", "user_id": "bob"}, "/user_id"),
        ({"title": "x", "a/b~c": 1}, "/a~1b~0c"),
        ([], ""),
        ("title", ""),
        (None, ""),
    ],
)
async def test_a_wrong_field_is_pointed_at(gateway: Gateway, body: Any, pointer: str) -> None:
    answer = await gateway.api.post("/api/projects/", json=body)
    problem = answer.json()
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert "Value error" not in answer.text
    assert (problem["code"], problem["status"], [one["pointer"] for one in problem["errors"]]) == (
        "invalid_request", 422, [pointer],
    )  # fmt: skip


@pytest.mark.parametrize("title", ["\u05d0\u200f (Click)", "\u0646\u200c\u0647", "\U0001f469\u200d\U0001f4bb"])
async def test_marks_that_scripts_need_are_taken(gateway: Gateway, title: str) -> None:
    assert (await gateway.course(await gateway.create(title)))["title"] == title


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b'{"title": NaN}', b'{"title": Infinity}', b'{"title": "a", "title": "b"}',
        b"[" * 100_000, b'{"title":' * 2000, b'{"title": ' + b"9" * 5000 + b"}", b'{"title": "\xff\xfe"}',
        b'\xef\xbb\xbf{"title": "x"}', '{"title": "x"}'.encode("utf-16"), b'{"title": "\\ud800"}',
    ],
)  # fmt: skip
async def test_what_is_no_json_is_said_to_be_none(gateway: Gateway, body: bytes) -> None:
    answer = await gateway.api.post("/api/projects/", content=body, headers=JSON)
    assert answer.status_code == 422, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"


async def test_a_large_body_is_refused(gateway: Gateway) -> None:
    body = json.dumps({"title": "x", "description": "y" * (1024 * 1024)})
    answer = await gateway.api.post("/api/projects/", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_a_body_that_hides_its_length_is_refused_too(gateway: Gateway) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b'{"title": "'
        for _ in range(64):
            yield b"x" * 32_768

    answer = await gateway.api.post("/api/projects/", content=parts(), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


async def test_a_compressed_body_is_refused_and_told_what_is_taken(gateway: Gateway) -> None:
    body = b'{"title": "x"}'
    packed = await gateway.api.post(
        "/api/projects/", content=gzip.compress(body), headers={**JSON, "Content-Encoding": "gzip"}
    )
    assert (packed.status_code, packed.json()["code"]) == (415, "unsupported_media_type")
    assert packed.headers["Accept-Encoding"] == "identity"
    plain = await gateway.api.post("/api/projects/", content=body, headers={**JSON, "Content-Encoding": "identity"})
    assert plain.status_code == 201


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
async def test_another_content_type_is_refused(gateway: Gateway, content_type: str) -> None:
    answer = await gateway.api.post("/api/projects/", content=b'{"title": "x"}', headers={"Content-Type": content_type})
    assert answer.status_code in {415, 422}


@pytest.mark.parametrize(
    "query",
    [
        {"limit": "0"}, {"limit": "-1"}, {"limit": "1000000000"}, {"limit": "x"}, {"cursor": "?"}, {"cursor": "e30="},
        {"cursor": "WyIyMDI2LTAxLTAxIiwgIngiXQ=="}, {"cursor": "WzEsIDJd"}, {"cursor": "x" * 600},
        {"cursor": cursor("2026-01-01T00:00:00+00:00", "\ud800")}, {"cursor": cursor("0001-01-01T00:00:00+14:00", "x")},
        {"cursor": cursor("9999-12-31T23:59:59-14:00", "x")}, {"cursor": cursor("2026-01-01T00:00:00+00:00", 1)},
        {"status": "'; DROP"}, {"q": "\x00"}, {"q": "x" * 300},
        {"q": ["a", "b"]}, {"limit": ["1", "1"]}, {"nothing": "1"},
    ],
)  # fmt: skip
async def test_wrong_parameters_are_named(gateway: Gateway, query: dict[str, str | list[str]]) -> None:
    answer = await gateway.api.get("/api/projects/", params=query)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == f"query/{next(iter(query))}"


@pytest.mark.parametrize("course_id", ["x" * 65, "a b", "%00", "%2e%2e", "ä", "x" * 10_000, "'; DROP TABLE courses"])
async def test_an_id_that_cannot_be_one_is_not_there(gateway: Gateway, course_id: str) -> None:
    answer = await gateway.api.get(f"/api/projects/{course_id}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "path", ["modules/%00", "pathways/%00/modules/x", "exports/%00", "stage9/status", "stages/x/cancel", "nothing"]
)
async def test_a_path_that_leads_nowhere_is_a_problem(gateway: Gateway, path: str) -> None:
    course_id = await gateway.generated()
    method = "POST" if path.endswith("cancel") else "GET"
    answer = await gateway.api.request(method, f"/api/courses/{course_id}/{path}")
    assert answer.status_code in {404, 405}, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("document_id", ["%00", "d0", "x" * 100, "ä"])
async def test_a_document_that_is_not_there_cannot_be_corrected(gateway: Gateway, document_id: str) -> None:
    course_id = await gateway.analysed()
    answer = await gateway.api.patch(f"/api/courses/{course_id}/analyzed-documents/{document_id}", json={"title": "x"})
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "repo_url",
    [
        "", "file:///etc/passwd", "/etc", "../x", "ext::sh -c id", "--upload-pack=x", "ssh://git@github.com/a/b",
        "git@github.com:a/b", "http://github.com/a/b", "https://user:secret@github.com/a/b", "https://127.0.0.1/a/b",
        "https://169.254.169.254/latest", "https://github.com/a/b\nx", "https://", "javascript:alert(1)",
    ],
)  # fmt: skip
async def test_an_address_that_must_not_be_cloned_is_refused(gateway: Gateway, repo_url: str) -> None:
    course_id = await gateway.create()
    for path in ("analyze-repository", "generate"):
        problem = await gateway.post(course_id, path, {"repo_url": repo_url}, 422)
        assert problem["errors"][0]["pointer"] == "/repo_url"
        assert "secret" not in json.dumps(problem)
    assert [type(one.event).__name__ for one in await gateway.workers.recorded(course_id)] == ["CourseCreated"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Idempotency-Key": ""}, {"Idempotency-Key": "x" * 256}, {"Idempotency-Key": "a b"},
    ],
)  # fmt: skip
async def test_a_key_that_is_none_is_refused(gateway: Gateway, headers: dict[str, str]) -> None:
    answer = await gateway.api.post("/api/projects/", json={"title": "x"}, headers=headers)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "header/Idempotency-Key")


async def test_a_foreign_host_header_is_refused(gateway: Gateway) -> None:
    answer = await gateway.api.get("/health", headers={"Host": "evil.test"})
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_host")
    assert "evil" not in answer.text


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200), ("LocalHost:8400", 200), ("[::1]", 200), ("[::1]:8400", 200), ("a.example.org", 200),
        ("example.org", 400), ("localhost.evil.test", 400), ("evil.test:localhost", 400), ("testserver", 400),
        ("", 400),
    ],
)  # fmt: skip
async def test_hosts_are_known_by_name_whatever_the_port(host: str, status: int) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await Response()(scope, receive, send)

    known = KnownHost(app, [*GatewaySettings.model_fields["gateway_allowed_hosts"].default, "*.example.org"], "HOSTS")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(known), base_url="http://any") as client:
        assert (await client.get("/", headers={"Host": host})).status_code == status


async def test_a_defect_says_nothing_of_the_inside(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any) -> list[Recorded]:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(gateway.log, "append", broken)
    with structlog.testing.capture_logs() as logs:
        answer = await gateway.api.post("/api/projects/", json={"title": "x"})
    assert [entry["error"] for entry in logs if entry["event"] == "request_failed"] == ["RuntimeError"]
    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "secret" not in answer.text
    assert "RuntimeError" not in answer.text
