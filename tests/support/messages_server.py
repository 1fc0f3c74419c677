"""A local server that speaks the Messages protocol: answers made from the numbered material of our own prompts.

It is deterministic and keeps a ledger, one line per call, so that calls are counted outside the system under test;
a line's key is the one under which the answer is to be stored. Faults are taken from a list, each once, before normal
answers go on. `arrived(schema, key)` is called before a call is answered: a caller can be killed there.
"""

import json
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Self

from shared.engine.anthropic.cache import answer_key
from tests.support.local_server import LocalServer, body_of, send_json

_SENTENCE = re.compile(r"^\[(\d+)\] (.+)$", re.MULTILINE)
_SECTION = re.compile(r"^#+ \[h(\d+)\] (.+)$", re.MULTILINE)
_CODE = re.compile(r"^\[c(\d+)\]", re.MULTILINE)
_OUTLINE = re.compile(r"^  \[(\d+)\] #+ (.+) \((\d+) words\)$", re.MULTILINE)
_USED_EARLY = re.compile(r"'The complete way': module \d+ uses what module (\d+) teaches")


class MessagesServer(LocalServer):
    """`faults`: any of rate_limit, overloaded, hang, truncated, malformed, refusal, bad_key, in the order they come."""

    def __init__(self, ledger: Path, faults: Iterable[str] = (), hang_seconds: float = 5.0) -> None:
        super().__init__()
        self.ledger = ledger
        self.faults = deque(faults)
        self.hang_seconds = hang_seconds
        self.arrived: Callable[[str, str], None] = lambda _schema, _key: None
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

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        request = json.loads(body_of(handler))
        with self._lock:
            self.requests.append(request)
            fault = self.faults.popleft() if self.faults else ""
            with self.ledger.open("a", encoding="utf-8") as file:
                schema, key = request["tools"][0]["input_schema"]["title"], answer_key(request)
                file.write(json.dumps({"schema": schema, "key": key, "fault": fault, "at": time.time()}) + "\n")
            self.arrived(schema, key)
        match fault:
            case "rate_limit":
                send_json(handler, 429, _error("rate_limit_error"), {"retry-after": "0"})
            case "overloaded":
                send_json(handler, 529, _error("overloaded_error"))
            case "bad_key":
                send_json(handler, 401, _error("authentication_error"))
            case "hang":
                self._released.wait(self.hang_seconds)
            case "truncated":
                send_json(handler, 200, _message(request, {}, "max_tokens"))
            case "malformed":
                send_json(handler, 200, _message(request, {"nonsense": True}, "tool_use"))
            case "refusal":
                send_json(handler, 200, _message(request, None, "refusal"))
            case _:
                send_json(handler, 200, _message(request, make_answer(request), "tool_use"))


def make_answer(request: dict[str, Any]) -> dict[str, Any]:
    """A fitting answer from the request's own numbered material."""
    text = "\n".join(part["text"] for part in request["system"]) + "\n" + request["messages"][0]["content"]
    match request["tools"][0]["input_schema"]["title"]:
        case "AnalysisAnswer":
            return _analysis(text)
        case "PathwaysAnswer":
            return _pathways(text)
        case _:
            return _lesson(text)


def _analysis(text: str) -> dict[str, Any]:
    sentences = [int(n) for n, _ in _SENTENCE.findall(text)]
    objectives = [
        {"text": f"Explain {title.strip('`#').lower()}", "bloom": "understand", "section": int(number)}
        for number, title in _SECTION.findall(text)[:4]
    ]
    return {
        "doc_type": "guide", "complexity_level": "intermediate", "summary": sentences[:2], "concepts": [],
        "objectives": objectives, "prerequisites": [], "related_topics": [],
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
    codes = [int(n) for n in _CODE.findall(text)]
    main = [{"kind": "paragraph", "statements": said[1:-1] or said}, *({"kind": "code", "code": c} for c in codes[:2])]
    return {
        "introduction": said[:1],
        "parts": [{"heading": "What it is about", "blocks": main}],
        "conclusion": [{"text": "You have come to the end of this module.", "evidence": []}],
        "summary": said[-1:] if len(said) > 2 else [],
        "items": [],
    }


def _word(number: int) -> str:
    words = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return words[number % 12]


def _message(request: dict[str, Any], answer: dict[str, Any] | None, stop_reason: str) -> dict[str, Any]:
    content = [] if answer is None else [{"type": "tool_use", "id": "toolu_1", "name": "answer", "input": answer}]
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": request["model"], "content": content,
        "stop_reason": stop_reason, "stop_sequence": None,
        "usage": {
            "input_tokens": 1000, "output_tokens": 200,
            "cache_creation_input_tokens": 0, "cache_read_input_tokens": 500,
        },
    }  # fmt: skip


def _error(kind: str) -> dict[str, Any]:
    return {"type": "error", "error": {"type": kind, "message": kind}}
