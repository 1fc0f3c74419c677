"""A local server that speaks Messages and Chat Completions: answers made from the numbered material of our own prompts.

It is deterministic and keeps a ledger, one line per call, so that calls are counted outside the system under test;
a line's key is the one under which the answer is to be stored. Faults are taken from a list, each once, before normal
answers go on. `arrived(schema, key)` is called before a call is answered: a caller can be killed there.
"""

import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Self

from shared.engine.model.cache import answer_key
from tests.support.local_server import LocalServer, body_of, send, send_json

_SENTENCE = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
_SECTION = re.compile(r"^#+ \[h(\d+)\] (.+)$", re.MULTILINE)
_BLOCK = re.compile(r"^\[b(\d+)\]", re.MULTILINE)
_OUTLINE = re.compile(r"^  \[(\d+)\] #+ (.+) \((\d+)\)$", re.MULTILINE)
_USED_EARLY = re.compile(r"'The complete way': module \d+ uses what module (\d+) teaches")


class ModelServer(LocalServer):
    """`faults`: any of FAULTS, in the order they come. `models` are those it lists; None: it has no such list.
    `takes_form`: it knows `response_format`. `looks` are faults of the list of models.
    """

    def __init__(
        self,
        ledger: Path,
        faults: Iterable[str] = (),
        hang_seconds: float = 5.0,
        *,
        models: Sequence[str] | None = None,
        takes_form: bool = True,
        looks: Iterable[str] = (),
    ) -> None:
        super().__init__()
        self.ledger = ledger
        self.faults = deque(faults)
        self.hang_seconds = hang_seconds
        self.models = models
        self.takes_form = takes_form
        self.looks = deque(looks)
        self.arrived: Callable[[str, str], None] = lambda _schema, _key: None
        self.make: Callable[[str, str], Any] = make_answer  # a test may give answers of its own
        self.requests: list[dict[str, Any]] = []  # what was asked, in the order it came
        self._lock = threading.Lock()
        self._released = threading.Event()

    @property
    def calls(self) -> int:
        return len(self.ledger.read_text(encoding="utf-8").splitlines()) if self.ledger.exists() else 0

    @contextmanager
    def running(self) -> Iterator[Self]:
        with super().running():
            yield self
            self._released.set()

    @property
    def chat_url(self) -> str:
        """The address for clients of Chat Completions."""
        return f"{self.url}/v1"

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        if handler.command == "GET":
            self._list(handler)
            return
        protocol: Protocol = _CHAT if handler.path.endswith("/chat/completions") else _MESSAGES
        request = json.loads(body_of(handler))
        schema, text = protocol.read(request)
        with self._lock:
            self.requests.append(request)
            fault = self.faults.popleft() if self.faults else ""
            with self.ledger.open("a", encoding="utf-8") as file:
                key = answer_key(request)
                file.write(json.dumps({"schema": schema, "key": key, "fault": fault, "at": time.time()}) + "\n")
            self.arrived(schema, key)
        if fault in _STATUSES:
            status, kind, headers = _STATUSES[fault]
            send_json(handler, status, protocol.error(kind), headers)
        elif fault == "hang":
            self._released.wait(self.hang_seconds)
        elif fault == "garbled":
            send(handler, 200, b"<html>a proxy's page</html>", {"content-type": "text/html"})
        elif "response_format" in request and not self.takes_form:
            send_json(handler, 400, protocol.error("unknown field response_format"))
        else:
            answer = {"nonsense": True} if fault == "wrong_form" else self.make(schema, text)
            send_json(handler, 200, protocol.reply(request, answer, fault))

    def _list(self, handler: BaseHTTPRequestHandler) -> None:
        with self._lock:
            fault = self.looks.popleft() if self.looks else ""
        asked = handler.path.partition("?")[0].partition("/models/")[2]
        if fault:
            status, kind, headers = _STATUSES[fault]
            send_json(handler, status, {"error": {"type": kind, "message": kind}}, headers)
        elif self.models is None or (asked and asked not in self.models):
            send_json(handler, 404, {"error": {"type": "not_found_error", "message": "not found"}})
        elif asked:
            send_json(handler, 200, _model(asked))
        else:
            send_json(handler, 200, {"data": [_model(name) for name in self.models], "has_more": False})


@dataclass(frozen=True)
class Protocol:
    """`read` gives the name of the form and all text of a request; `reply` an answer, or what a fault makes."""

    read: Callable[[dict[str, Any]], tuple[str, str]]
    reply: Callable[[dict[str, Any], dict[str, Any], str], dict[str, Any]]
    error: Callable[[str], dict[str, Any]]


_STATUSES: dict[str, tuple[int, str, dict[str, str]]] = {
    "rate_limit": (429, "rate_limit_error", {"retry-after": "0"}),
    "rate_limit_7": (429, "rate_limit_error", {"retry-after": "7"}),
    "overloaded": (529, "overloaded_error", {}),
    "broken": (500, "api_error", {}),
    "bad_key": (401, "authentication_error", {}),
    "unknown_model": (404, "not_found_error", {}),
    "too_long": (400, "This model's maximum context length is 4096 tokens", {}),
}
FAULTS = (*_STATUSES, "hang", "garbled", "truncated", "malformed", "wrong_form", "refusal")


def make_answer(schema: str, text: str) -> dict[str, Any]:
    """A fitting answer from the request's own numbered material."""
    match schema:
        case "AnalysisAnswer":
            return _analysis(text)
        case "PathwaysAnswer":
            return _pathways(text)
        case _:
            return _lesson(text)


def _analysis(text: str) -> dict[str, Any]:
    sentences = [int(n) for n, _ in _SENTENCE.findall(text)]
    objectives = [
        {"text": f"Explain {title.strip('`#').lower()}", "section": int(number)}
        for number, title in _SECTION.findall(text)[:4]
    ]
    return {
        "doc_type": "guide", "complexity_level": "intermediate", "summary": sentences[:2], "concepts": [],
        "objectives": objectives, "prerequisites": [],
    }  # fmt: skip


def _pathways(text: str) -> dict[str, Any]:
    numbers = [int(n) for n, _, _ in _OUTLINE.findall(text)]
    size = max(2, len(numbers) // 6)
    groups = [numbers[i : i + size] for i in range(0, len(numbers), size)]
    # In a second proposal the modules that were missed come first: the program has said which.
    missed = {int(number) - 1 for number in _USED_EARLY.findall(text)}
    groups = [groups[i] for i in sorted(range(len(groups)), key=lambda i: i not in missed)]

    def pathway(kind: str, chosen: list[list[int]]) -> dict[str, Any]:
        modules = [
            {"title": f"Step {_word(i)} of the {kind} way", "description": "What comes next.", "sections": group}
            for i, group in enumerate(chosen)
        ]
        return {"kind": kind, "title": f"The {kind} way", "description": "A way through.", "modules": modules}

    return {
        "pathways": [pathway("complete", groups), pathway("quickstart", groups[:1]), pathway("reference", groups[-1:])]
    }


def _lesson(text: str) -> dict[str, Any]:
    said = [{"text": s, "evidence": [int(n)]} for n, s in _SENTENCE.findall(text) if s.endswith(".") and "|" not in s]
    blocks = [int(n) for n in _BLOCK.findall(text)]
    main = [
        {"kind": "paragraph", "statements": said[1:-1] or said},
        *({"kind": "taken", "block": n} for n in blocks[:2]),
    ]
    return {
        "misconceptions": [],
        "introduction": said[:1],
        "parts": [{"heading": "What it is about", "blocks": main}],
        "conclusion": [{"text": "You have come to the end of this module.", "evidence": []}],
        "summary": said[-1:] if len(said) > 2 else [],
        "items": [],
    }


def _word(number: int) -> str:
    words = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return words[number % 12]


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "us", "type": "model", "display_name": name}


def _read_message(request: dict[str, Any]) -> tuple[str, str]:
    text = "\n".join([request["system"], *(part["text"] for part in request["messages"][0]["content"])])
    return request["tools"][0]["input_schema"]["title"], text


def _message(request: dict[str, Any], answer: dict[str, Any], fault: str) -> dict[str, Any]:
    tool = {"type": "tool_use", "id": "toolu_1", "name": "answer", "input": answer}
    reason = {"truncated": "max_tokens", "refusal": "refusal", "malformed": "end_turn"}.get(fault, "tool_use")
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": request["model"],
        "content": [tool] if reason == "tool_use" else [{"type": "text", "text": "Well."}],
        "stop_reason": reason, "stop_sequence": None,
        "usage": {
            "input_tokens": 1000, "output_tokens": 200,
            "cache_creation_input_tokens": 0, "cache_read_input_tokens": 500,
        },
    }  # fmt: skip


_FORM = re.compile(r"^type (AnalysisAnswer|PathwaysAnswer|LessonAnswer) = ", re.MULTILINE)


def _read_chat(request: dict[str, Any]) -> tuple[str, str]:
    text = "\n".join(message["content"] for message in request["messages"])
    return _FORM.findall(text)[-1], text


def _completion(request: dict[str, Any], answer: dict[str, Any], fault: str) -> dict[str, Any]:
    content = "{" if fault in {"truncated", "malformed"} else f"Here it is:\n```json\n{json.dumps(answer)}\n```"
    refused = fault == "refusal"
    message = {"role": "assistant", "content": None if refused else content, "refusal": "No." if refused else None}
    reason = "length" if fault == "truncated" else "stop"
    return {
        "id": "c1", "object": "chat.completion", "created": 0, "model": request["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": reason, "logprobs": None}],
        "usage": {
            "prompt_tokens": 1500, "completion_tokens": 200, "total_tokens": 1700,
            "prompt_tokens_details": {"cached_tokens": 500},
        },
    }  # fmt: skip


_MESSAGES = Protocol(
    _read_message, _message, lambda kind: {"type": "error", "error": {"type": kind, "message": kind}}
)  # fmt: skip
_CHAT = Protocol(_read_chat, _completion, lambda kind: {"error": {"message": kind, "type": kind, "code": None}})
