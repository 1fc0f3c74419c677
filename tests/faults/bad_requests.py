"""Requests nobody means well with, by what is wrong with them. Each must be answered, soon, and never with a 5xx."""

import gzip
import json
from dataclasses import dataclass, field

COURSE = "019a5e3c-7b1f-7c2d-8e4f-5a6b7c8d9e0f"
_JSON = {"Content-Type": "application/json"}
_LONE = '{"title": "\\ud800"}'


@dataclass(frozen=True)
class BadRequest:
    """`expected`: the statuses that will do."""

    name: str
    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    expected: tuple[int, ...] = (400, 404, 405, 411, 413, 415, 422)


ADDRESSES = (
    "ext::sh -c touch% /tmp/pwn", "EXT::sh -c id", "--upload-pack=touch /tmp/pwn", "-u/tmp/helper",
    "--config=core.sshCommand=id", "-c protocol.ext.allow=always", "https://github.com/a/b --template=/tmp/x",
    "--output=/etc/cron.d/x", "file:///etc/passwd", "/etc", "../../etc", "git@github.com:a/b.git",
    "ssh://-oProxyCommand=id/x", "git://127.0.0.1:6379/x", "http://127.0.0.1:4222/", "https://localhost/x",
    "https://localhost./x", "https://127.1/x", "https://2130706433/x", "https://0x7f000001/x", "https://0177.0.0.1/x",
    "https://0/x", "https://①②⑦.⓪.⓪.①/x", "https://[::1]/x", "https://[::ffff:127.0.0.1]/x",
    "https://[64:ff9b::7f00:1]/x", "https://[2002:7f00:1::]/x", "https://169.254.169.254/latest/meta-data",
    "https://[fd00:ec2::254]/", "https://metadata.google.internal/", "https://168.63.129.16/x",
    "https://192.0.0.192/x", "https://100.64.0.1/x", "https://github.com:443:80/x", "https://github.com:6379/x",
    "https://github.com:0/a/b", "https://127.0.0.1\\@github.com/x", "https://github.com@127.0.0.1/x",
    "https://127.0.0.1#@github.com/", "https://github.com%2f@evil.test/x", "https://github.com\t.evil.test/x",
    "https://h.org/x%0d%0aHost:%20i", "https:///github.com/a/b", "https://", "", "https://h.org/" + "a" * 65536,
    "https://h.org/\x00", "javascript:alert(1)", "https://user:secret@github.com/a/b", "https://github.com/a/b?x=1",
)  # fmt: skip


def list_bad_requests() -> tuple[BadRequest, ...]:
    """All of them, addresses first."""
    generate = f"/api/courses/{COURSE}/analyze-repository"
    addresses = tuple(
        BadRequest(f"address {text[:60]!r}", "POST", generate, json.dumps({"repo_url": text}).encode(), _JSON)
        for text in ADDRESSES
    )
    return *addresses, *_bodies(), *_queries(), *_paths(), *_headers()


def _bodies() -> tuple[BadRequest, ...]:
    create = "/api/projects/"
    bodies: dict[str, bytes] = {
        "depth 100,000": b"[" * 100_000,
        "5,000 digits": b'{"title": ' + b"9" * 5000 + b"}",
        "1e400": b'{"title": "x", "description": 1e400}',
        "NaN": b'{"title": NaN}',
        "duplicate keys": b'{"title": "a", "title": "b"}',
        "lone surrogate": _LONE.encode(),
        "NUL": b'{"title": "a\\u0000b"}',
        "BOM": b'\xef\xbb\xbf{"title": "x"',
        "UTF-16": '{"title": "x"}'.encode("utf-16"),
        "no UTF-8": b'{"title": "\xff\xfe"}',
        "not JSON": b"title=x",
        "null": b"null",
        "array": b"[]",
        "empty": b"",
        "role": b'{"title": "x", "role": "owner"}',
        "is_admin": b'{"title": "x", "is_admin": true}',
        "user_id": b'{"title": "x", "user_id": "somebody"}',
        "title of 2 MB": json.dumps({"title": "x" * 2_000_000}).encode(),
        "title of 256": json.dumps({"title": "x" * 256}).encode(),
        "blank title": b'{"title": "   "}',
        "title is a number": b'{"title": 7}',
        "control characters": b'{"title": "a\\u001b[2Jb"}',
    }
    plain = tuple(BadRequest(f"body {name}", "POST", create, body, _JSON) for name, body in bodies.items())
    bomb = gzip.compress(b" " * 20_000_000)
    return (
        *plain,
        BadRequest("gzip bomb", "POST", create, bomb, {**_JSON, "Content-Encoding": "gzip"}),
        BadRequest("wrong content type", "POST", create, b'{"title": "x"}', {"Content-Type": "text/plain"}),
        BadRequest("unknown status", "PUT", f"/api/projects/{COURSE}", b'{"status": "stage4_complete"}', _JSON),
        BadRequest("webhook to metadata", "POST", "/api/webhooks",
                   b'{"url": "https://169.254.169.254/", "event_types": ["CourseCreated"]}', _JSON),
        BadRequest("webhook over http", "POST", "/api/webhooks",
                   b'{"url": "http://example.com/", "event_types": ["CourseCreated"]}', _JSON),
    )  # fmt: skip


def _queries() -> tuple[BadRequest, ...]:
    texts = (
        "limit=-1",
        "limit=1000000000",
        "limit=x",
        "cursor=tampered",
        "status=%27%3BDROP",
        "q=%00",
        "q=" + "a" * 300,
    )
    return tuple(BadRequest(f"query {text[:20]}", "GET", f"/api/projects/?{text}") for text in texts)


def _paths() -> tuple[BadRequest, ...]:
    ids = ("..%2f..%2fetc", "%2e%2e", "a%00b", "x" * 10_000, "*", ">", "a.b", "%ff", "'%20OR%201=1--")
    reads = ("", "?at=-1", "?at=x", "?at=99999999999999999999999999")
    return (
        *(BadRequest(f"id {one[:20]}", "GET", f"/api/projects/{one}") for one in ids),
        *(BadRequest(f"course that is not there{more[:10]}", "GET", f"/api/projects/{COURSE}{more}") for more in reads),
        BadRequest("no such stage", "GET", f"/api/courses/{COURSE}/stage9/status"),
        BadRequest("no such export", "GET", f"/api/courses/{COURSE}/exports/../../secret"),
        BadRequest("a verb that is not offered", "TRACE", "/api/projects/"),
    )


def _headers() -> tuple[BadRequest, ...]:
    read = f"/api/projects/{COURSE}"
    unauthorised = (401,)
    tokens = {
        "none": "", "empty": "Bearer", "basic": "Basic dTpw", "other": "Bearer wrong",
        "alg none": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJsb2NhbCJ9.", "five segments": "Bearer a.b.c.d.e",
        "30 kB": "Bearer " + "a" * 30_000,
    }  # fmt: skip
    return (
        *(
            BadRequest(f"token {name}", "GET", read, b"", {"Authorization": token}, (*unauthorised, 400, 431))
            for name, token in tokens.items()
        ),
        BadRequest("foreign host", "GET", read, b"", {"Host": "evil.test"}),
        BadRequest("if-match nonsense", "DELETE", read, b"", {"If-Match": "x" * 5000}),
        BadRequest(
            "key with a space", "POST", "/api/projects/", b'{"title": "x"}', {**_JSON, "Idempotency-Key": "a b"}
        ),
        BadRequest("last-event-id nonsense", "GET", f"/api/courses/{COURSE}/events", b"", {"Last-Event-ID": "-7"}),
    )
