"""The simulated JetStream answers as a real one does."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from random import Random

import pytest
from nats.aio.client import Client

from shared.events import subjects_of
from shared.events.courses import COURSES
from shared.kernel.ids import new_id
from tests.simulator.chaos import Chaos
from tests.simulator.jetstream import Server, Stream
from tests.simulator.loop import SimulatedLoop
from tests.simulator.ports import Network

Send = Callable[[str, dict[str, str], bytes], Awaitable[bytes]]


def _headers(random: Random, course_id: str, last: int) -> dict[str, str]:
    """Of a message under one of a few ids, mostly with an expectation, mostly the right one."""
    headers = {"Nats-Msg-Id": f"{course_id}{random.randrange(12)}", "Nats-Expected-Stream": COURSES.name}
    if random.random() < 0.8:
        headers["Nats-Expected-Last-Subject-Sequence"] = str(last if random.random() < 0.7 else max(last - 1, 0))
        headers["Nats-Expected-Last-Subject-Sequence-Subject"] = subjects_of("course", course_id)
    return headers


async def _converse(send: Send, seed: int, course_id: str, end: int) -> list[object]:
    """Single messages, and batches of up to three that may lack a part; the answers, with sequences from `end`."""
    random, last, said = Random(seed), 0, list[object]()
    for number in range(60):
        messages = random.choice((1, 1, 2, 3))
        cut = random.random() < 0.2
        for part in range(1, messages + 1):
            if cut and 1 < part < messages:
                continue
            headers = _headers(random, course_id, last) if part == 1 else {"Nats-Msg-Id": f"{seed}{number}{part}{end}"}
            if messages > 1:
                headers |= {"Nats-Batch-Id": f"{seed}-{number}-{end}", "Nats-Batch-Sequence": str(part)}
                headers |= {"Nats-Batch-Commit": "1"} if part == messages else {}
            answer = json.loads(
                await send(subjects_of("course", course_id).replace(">", "X"), headers, b"{}") or b"null"
            )
            match answer:
                case {"error": {"err_code": code}}:
                    said.append(code)
                case {"seq": seq}:
                    said.append((seq - end, bool(answer.get("duplicate"))))
                    last = max(last, seq)
                case _:
                    said.append(answer)
    return said


@pytest.mark.parametrize("seed", range(5))
async def test_answers_are_those_of_a_real_server(nats_connection: Client, seed: int) -> None:
    async def to_real(subject: str, headers: dict[str, str], body: bytes) -> bytes:
        return (await nats_connection.request(subject, body, timeout=5, headers=headers)).data

    random = Random(seed)
    network = Network(SimulatedLoop(random, lambda _: None), random, Chaos())
    server = Server(network, Stream(lambda: datetime.now(UTC)), lambda _: None, replicated=False)

    async def to_simulated(subject: str, headers: dict[str, str], body: bytes) -> bytes:
        await asyncio.sleep(0)
        return server.take(subject, headers, body)

    course_id, state = new_id(), (await nats_connection.jetstream().stream_info(COURSES.name)).state
    real = await _converse(to_real, seed, course_id, state.last_seq)
    assert await _converse(to_simulated, seed, course_id, 0) == real
    network.loop.close()
    assert {10071, 10176, 10201} <= set(real)
