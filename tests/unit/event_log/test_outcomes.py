"""Every answer an append can get, and none: what the writer is told, and that it is true."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, cast

import nats.errors
import pytest
from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.event_log import jetstream
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.port import NewEvent, Recorded, Unreadable
from shared.events.gateway import CourseUpdated
from shared.kernel.errors import Conflict, LogUnavailable, PermanentError

NOW = datetime(2026, 1, 1, tzinfo=UTC)
STORED = {"stream": "COURSES", "seq": 8}
DUPLICATE = {"stream": "COURSES", "seq": 8, "duplicate": True}

Answer = dict[str, Any] | Exception


def refused(code: int) -> Answer:
    return {"error": {"code": 400, "err_code": code, "description": "refused"}}


def fact(title: str, identity: str = "i") -> NewEvent:
    return NewEvent(CourseUpdated(course_id="c", title=title), identity, "test", "", "")


def stored(new: NewEvent, seq: int) -> Recorded:
    return Recorded(new.event, new.id, seq, NOW)


class Server:
    """Answers as told, the last answer for ever."""

    def __init__(self, answers: Sequence[Answer]) -> None:
        self.answers = list(answers)
        self.asked = 0

    def jetstream(self) -> None:
        return None

    async def publish(self, *_: Any, **__: Any) -> None:
        return None

    async def request(self, *_: Any, **__: Any) -> Msg:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return Msg(cast("Any", None), data=json.dumps(answer).encode() if answer else b"")


class Log(JetStreamLog):
    """`after` is what the course has after the expectation."""

    def __init__(self, server: Server, after: Sequence[Recorded | Unreadable] = ()) -> None:
        super().__init__(cast("Client", server))
        self.after = list(after)

    async def _after(self, course_id: str, seq: int) -> list[Recorded | Unreadable]:
        return self.after


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jetstream, "_APPEND_DEADLINE_SECONDS", 0.2)


MINE, OTHERS = stored(fact("mine"), 8), stored(fact("theirs", "j"), 8)
TIMEOUT, LOST = nats.errors.TimeoutError(), nats.errors.ConnectionClosedError()


@pytest.mark.parametrize(
    ("answers", "after"),
    [
        ([STORED], []),
        ([TIMEOUT, STORED], []),
        ([LOST, STORED], []),
        ([refused(10164), STORED], []),
        ([refused(10158), refused(10167), STORED], []),
        ([TIMEOUT, refused(10071)], [MINE]),
        ([LOST, DUPLICATE], [MINE]),
        ([refused(10071)], [MINE, stored(fact("later", "k"), 9)]),
    ],
    ids=["stored", "timeout", "lost", "in process", "busy", "stored unheard", "duplicate", "overtaken since"],
)
async def test_what_is_stored_is_answered_with_its_sequence(
    answers: list[Answer], after: list[Recorded | Unreadable]
) -> None:
    assert await Log(Server(answers), after).append([fact("mine")], 7) == 8


@pytest.mark.parametrize("answer", [refused(10071), DUPLICATE, refused(10201)], ids=["stale", "duplicate", "batch"])
@pytest.mark.parametrize(
    "after",
    [
        [OTHERS],
        [OTHERS, stored(fact("mine"), 9)],
        [stored(fact("other content"), 8)],
        [Unreadable(8, "course.c.Later", "", "unknown event type")],
    ],
    ids=["another fact", "mine further on", "other content", "no event"],
)
async def test_what_somebody_else_wrote_is_a_conflict(answer: Answer, after: list[Recorded | Unreadable]) -> None:
    with pytest.raises(Conflict):
        await Log(Server([answer]), after).append([fact("mine")], 7)


async def test_a_batch_is_its_writers_only_as_a_whole() -> None:
    batch = [fact("one"), fact("two", "j")]
    whole = [stored(batch[0], 8), stored(batch[1], 9)]
    assert await Log(Server([{}, refused(10201)]), whole).append(batch, 7) == 9
    with pytest.raises(Conflict):
        await Log(Server([{}, refused(10201)]), whole[:1]).append(batch, 7)


async def test_a_batch_that_meets_a_full_queue_or_a_server_that_forgot_its_beginning_is_sent_again() -> None:
    server = Server([{}, refused(10210), {}, refused(10211), {}, refused(10176), {}, {"seq": 9}])
    assert await Log(server).append([fact("one"), fact("two", "j")], 7) == 9
    assert server.asked == 8


@pytest.mark.parametrize("answer", [DUPLICATE, refused(10201)], ids=["duplicate", "batch"])
async def test_an_id_from_before_is_a_defect(answer: Answer) -> None:
    with pytest.raises(PermanentError) as raised:
        await Log(Server([answer])).append([fact("mine")], 7)
    assert raised.value.code == "event_id_reused"


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ([refused(10167)], "nothing was accepted"),
        ([nats.errors.NoRespondersError()], "nothing was accepted"),
        ([refused(10077)], "no room; nothing was accepted"),
        ([TIMEOUT, refused(10077)], "may have been accepted"),
        ([TIMEOUT], "may have been accepted"),
        ([LOST], "may have been accepted"),
        ([TIMEOUT, refused(10164)], "may have been accepted"),
    ],
    ids=["busy", "nobody there", "full", "timeout then full", "timeout", "lost", "timeout then busy"],
)
async def test_a_log_that_does_not_answer_says_what_may_have_happened(answers: list[Answer], says: str) -> None:
    with pytest.raises(LogUnavailable, match=says):
        await Log(Server(answers)).append([fact("mine")], 7)


async def test_any_other_refusal_is_final() -> None:
    server = Server([refused(10060)])
    with pytest.raises(PermanentError, match="10060"):
        await Log(server).append([fact("mine")], 7)
    assert server.asked == 1
