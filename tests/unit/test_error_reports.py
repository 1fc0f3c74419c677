"""Reports of errors, taken by a receiver on the loopback interface for each SDK."""

import gzip
import json
import queue
import subprocess
import sys
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from shared.kernel.error_reports import open_reporters, report_of
from tests.support.local_server import LocalServer, body_of, send_json

SECRET = "a-word-of-a-learner"


class Collector(LocalServer):
    """Takes what an SDK sends."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: queue.Queue[str] = queue.Queue()

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        body = body_of(handler)
        packed = handler.headers.get("content-encoding") == "gzip"
        send_json(handler, 200, {})
        self.taken.put((gzip.decompress(body) if packed else body).decode())


def _raise(said: str) -> None:
    told = said.upper()
    raise ValueError(f"{said} {told}")


def line() -> dict[str, Any]:
    """A line of the log as the processor sees it, with an error that quotes a learner."""
    try:
        _raise(SECRET)
    except ValueError as error:
        return {"event": "notifier_failed", "exc_info": error, "detail": SECRET, "answer": SECRET, "stage": "modules"}
    raise AssertionError


@pytest.mark.parametrize("service", ["sentry", "bugsnag"])
def test_a_report_says_what_and_where_and_nothing_that_a_user_wrote(service: str) -> None:
    with Collector().running() as collector:
        host = collector.url.removeprefix("http://")
        environment = {
            "sentry": {"SENTRY_DSN": f"http://key@{host}/1"},
            "bugsnag": {"BUGSNAG_API_KEY": "0123456789abcdef0123456789abcdef", "BUGSNAG_ENDPOINT": collector.url},
        }[service]
        (reporter,) = open_reporters(environment, "notifier")
        reporter.send(report_of(line()))
        reporter.flush()
        told = collector.taken.get(timeout=30)
    assert SECRET not in told
    assert SECRET.upper() not in told
    said = [json.loads(one) for one in told.splitlines()]
    assert "notifier_failed" in json.dumps(said)
    for word in ("ValueError", "_raise", "modules", "notifier"):
        assert f'"{word}"' in json.dumps(said)


def test_no_sdk_is_imported_where_none_is_set() -> None:
    code = (
        "import sys; from shared.kernel.logging import configure_logging; configure_logging('x');"
        "print(sorted({'sentry_sdk', 'bugsnag'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={})
    assert done.stdout.strip() == "[]"
