"""`coursewright ask`: what a finished course says, as text and as JSON."""

import json
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from tests.support.command import Command
from tests.support.local_server import LocalServer, body_of, send_json

LINES = {"source_id": "s", "path": "docs/a.md", "start_line": 3, "end_line": 5, "url": None}
TOLD: dict[str, Any] = {
    "question": "What?", "refused": False, "why": None,
    "passages": [
        {"module_id": "m", "headings": ["Module", "Part"], "text": "It is\nso.\x1b[31m", "citations": [LINES]},
    ],
}  # fmt: skip
REFUSED: dict[str, Any] = {"question": "What?", "refused": True, "why": "Not held", "passages": []}


class Gateway(LocalServer):
    answer = TOLD

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        assert (handler.command, handler.path) == ("POST", "/api/courses/c1/ask")
        assert json.loads(body_of(handler)) == {"question": "What?"}
        send_json(handler, 200, self.answer)


def test_passages_are_printed_with_their_lines(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    gateway = Gateway()
    with gateway.running():
        monkeypatch.setenv("COURSEWRIGHT_TOKEN", "token")
        printed = command("ask", "c1", "What?", "--server", gateway.url).stdout
        assert printed.startswith("Module › Part\n\nIt is\nso.\N{REPLACEMENT CHARACTER}[31m\n")
        assert "\n  docs/a.md:3-5\n" in printed
        assert json.loads(command("ask", "c1", "What?", "--server", gateway.url, "--json").stdout) == TOLD
        gateway.answer = REFUSED
        assert command("ask", "c1", "What?", "--server", gateway.url).stdout == "Not held\n"
