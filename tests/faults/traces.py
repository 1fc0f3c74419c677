"""Traces of a course beside its events, rows and blobs: deliveries to webhooks, and dead letters."""

import asyncio
import time
from collections.abc import Sequence

import httpx
from nats.js.errors import NotFoundError

from cli.local.stack import LocalStack
from shared.event_log.connection import connect
from shared.event_log.names import DEAD
from shared.events import subject_pattern
from shared.events.courses import COURSES
from shared.events.gateway import DocsAnalysisRequested

_PATIENCE_SECONDS = 30.0
_LOOK_SECONDS = 0.05


def tell_webhook(api: httpx.Client, url: str, event_types: Sequence[str]) -> str:
    """Have an address told of events; the webhook's id."""
    answer = api.post("/api/webhooks", json={"url": url, "event_types": list(event_types)})
    return str(answer.raise_for_status().json()["webhook_id"])


def wait_for_deliveries(api: httpx.Client, webhook_id: str, course_id: str) -> bool:
    """Whether deliveries about a course are kept, soon."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < deadline:
        kept = api.get(f"/api/webhooks/{webhook_id}/deliveries").raise_for_status().json()
        if any(one["course_id"] == course_id for one in kept):
            return True
        time.sleep(_LOOK_SECONDS)
    return False


def leave_dead_letter(stack: LocalStack, course_id: str, body: bytes) -> bool:
    """Send a stage a request that is none; whether it became a dead letter with these bytes."""
    return asyncio.run(_leave_dead_letter(stack, course_id, body))


async def _leave_dead_letter(stack: LocalStack, course_id: str, body: bytes) -> bool:
    gateway, operator = [await connect(stack.nats_url(user), "faults") for user in ("gateway", "operator")]
    try:
        subject = subject_pattern(DocsAnalysisRequested, course_id)
        await gateway.jetstream().publish(subject, body, stream=COURSES.name)
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                try:
                    letter = await operator.jetstream().get_last_msg(DEAD, f"dead.doc_analyser.{course_id}")
                    return letter.data == body
                except NotFoundError:
                    await asyncio.sleep(_LOOK_SECONDS)
    except TimeoutError:
        return False
    finally:
        await gateway.close()
        await operator.close()
