"""Programs run by a server that speaks Judge0's protocol, and the turns that callers take."""

import asyncio
import base64
import json
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.code.judge0 import Judge0
from shared.code.port import Case, CodeLimits, CodeRefused, Result, RunLanguage
from shared.code.turns import Turns
from shared.kernel.errors import TransientError
from shared.kernel.refusals import Refused
from tests.support.local_server import LocalServer, body_of, send


class Server(LocalServer):
    """Answers as Judge0 does: the program is the answer's name, and its output is what it was given."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[dict[str, Any]] = []

    def respond(self, handler: BaseHTTPRequestHandler) -> None:
        body = json.loads(body_of(handler))
        query = parse_qs(urlsplit(handler.path).query)
        if handler.headers["X-Auth-Token"] != "token" or query["wait"] != ["true"]:
            send(handler, 401)
            return
        self.asked.append(body)
        number = int(base64.b64decode(body["source_code"]))
        if number > 400:
            send(handler, number, b"{}")
            return
        said = {"stdout": body["stdin"], "stderr": None, "compile_output": None, "time": "0.011", "memory": 3000,
                "exit_code": 0 if number == 3 else 1, "status": {"id": number}}  # fmt: skip
        send(handler, 201, json.dumps(said).encode())


@pytest.fixture
def server() -> Iterator[Server]:
    with Server().running() as one:
        yield one


@pytest.mark.parametrize(
    ("number", "verdict"), [(3, "finished"), (5, "time_limit"), (6, "runtime_error"), (11, "runtime_error")]
)
async def test_its_words_become_ours(server: Server, number: int, verdict: str) -> None:
    result = await Judge0(server.url, "token", CodeLimits()).run("sql", str(number), "né\0")

    assert (result.verdict, result.stdout, result.seconds, result.memory_bytes) == (verdict, "né\0", 0.011, 3_072_000)
    (asked,) = server.asked
    assert (asked["language_id"], asked["cpu_time_limit"], asked["wall_time_limit"]) == (82, 2.0, 5.0)
    assert (asked["memory_limit"], asked["max_processes_and_or_threads"]) == (131_072, 60)
    assert asked["enable_network"] is False


async def test_cases_end_at_the_first_that_is_wrong(server: Server) -> None:
    cases = [Case("1", "1 \n"), Case("2", "3"), Case("3", "3")]
    result = await Judge0(server.url, "token", CodeLimits()).run("python", "3", "", cases)

    assert (result.verdict, result.tests) == ("wrong_answer", ["finished", "wrong_answer"])


@pytest.mark.parametrize(("number", "error"), [(13, TransientError), (503, TransientError), (422, CodeRefused)])
async def test_its_failures_are_told(server: Server, number: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        await Judge0(server.url, "token", CodeLimits()).run("python", str(number), "")


async def test_a_server_that_is_away_is_told() -> None:
    with pytest.raises(TransientError, match="does not answer"):
        await Judge0("http://127.0.0.1:9", "", CodeLimits()).run("python", "", "")


class Held:
    """Programs that end when they are let go."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()
        self.begun: list[str] = []

    async def run(self, language: RunLanguage, source: str, stdin: str, cases: Sequence[Case] = ()) -> Result:
        self.begun.append(source)
        await self.let_go.wait()
        return Result("finished", source, "", 0, 0.1, 1)


async def test_callers_take_turns() -> None:
    held = Held()
    turns = Turns(held, at_once=1, waiting=1)
    running = [asyncio.create_task(turns.run(who, "python", who, "")) for who in ("ann", "bob")]
    await asyncio.sleep(0)
    assert held.begun == ["ann"]
    for who, status in (("ann", 429), ("cid", 503)):
        with pytest.raises(Refused) as refused:
            await turns.run(who, "python", who, "")
        assert (refused.value.refusal.status, refused.value.refusal.retry_after_seconds) == (status, 5)
    running[0].cancel()
    await asyncio.wait(running[:1])
    held.let_go.set()
    assert (await running[1]).stdout == "bob"
    assert (await turns.run("ann", "python", "again", "")).stdout == "again"
