"""The world around the shell on NATS: interrupts, dead letters, progress, and questions to other processes."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg

from shared.event_log.names import DEAD, STAGES
from shared.events import subject_pattern
from shared.events.gateway import CourseDeleted, StageCancelRequested
from shared.kernel.errors import TransientError
from shared.kernel.logging import error_facts
from shared.stage.port import Ask

log = structlog.get_logger(__name__)

_PROGRESS_EVERY_SECONDS = 0.1
_PROGRESS_REMEMBERED = 1000
_ANSWER_SECONDS = 5.0


class NatsInterrupts:
    """Hears deletions and cancel requests as they are published; the log, read after, is what counts."""

    def __init__(self, nc: Client) -> None:
        self._nc = nc

    @contextlib.asynccontextmanager
    async def watch(self, course_id: str) -> AsyncIterator[asyncio.Event]:
        heard = asyncio.Event()

        async def hear(_: Msg) -> None:
            heard.set()

        subscriptions = [
            await self._nc.subscribe(subject_pattern(kind, course_id), cb=hear)
            for kind in (CourseDeleted, StageCancelRequested)
        ]
        try:
            yield heard
        finally:
            for subscription in subscriptions:
                with contextlib.suppress(nats.errors.Error):
                    await subscription.unsubscribe()


class NatsDeadLetters:
    """Stream DEAD: the original bytes, and why."""

    def __init__(self, nc: Client) -> None:
        self._js = nc.jetstream()

    async def put(self, stage: str, course_id: str, seq: int, body: bytes, reason: str) -> None:
        headers = {
            "Nats-Msg-Id": f"{stage}:{seq}",
            "Coursewright-Stage": stage,
            "Coursewright-Sequence": str(seq),
            "Coursewright-Reason": " ".join(reason.split())[:500],
        }
        await self._js.publish(f"dead.{stage}.{course_id}", body, stream=DEAD, headers=headers)


def progress_publisher(nc: Client) -> Callable[[str, str, str, str, int], Any]:
    """Publishes at most ten steps a second and stage; finer ones would only be drawn over."""
    last: dict[tuple[str, str], float] = {}

    async def publish(course_id: str, stage: str, run_id: str, step: str, percent: int) -> None:
        now = asyncio.get_running_loop().time()
        if len(last) > _PROGRESS_REMEMBERED:
            last.clear()
        if percent not in {0, 100} and now - last.get((course_id, stage), 0.0) < _PROGRESS_EVERY_SECONDS:
            return
        last[course_id, stage] = now
        body = json.dumps({"run_id": run_id, "step": step, "percent": percent}).encode()
        with contextlib.suppress(nats.errors.Error):
            await nc.publish(f"progress.{course_id}.{stage}", body)

    return publish


async def answer_questions(nc: Client, subject: str, answer: Callable[[bytes], Awaitable[bytes]]) -> None:
    """Answer the gateway's questions on this subject, of this process's user, as long as the connection lasts."""

    async def hear(message: Msg) -> None:
        try:
            await message.respond(await answer(message.data))
        except Exception as error:  # noqa: BLE001 - the boundary of one question, which is then not answered
            log.warning("question_not_answered", subject=subject, **error_facts(error))

    user = nc.options.get("user") or STAGES
    await nc.subscribe(f"{subject}.{user}", queue=STAGES, cb=hear)


def asker(nc: Client) -> Ask:
    """Questions to other processes of ours."""

    async def ask(subject: str, question: bytes) -> bytes:
        try:
            answer = await nc.request(subject, question, timeout=_ANSWER_SECONDS)
        except (nats.errors.Error, TimeoutError) as error:
            raise TransientError("The gateway does not answer", code="no_answer") from error
        return bytes(answer.data)

    return ask
