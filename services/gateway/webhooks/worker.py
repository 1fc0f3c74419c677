"""Hears the log through a durable consumer and makes the deliveries. Any number of processes may run it.

An event is acknowledged once its deliveries are stored; a delivery is done once the other side accepted it. So each
event is told at least once, whatever dies in between; the `webhook-id` tells repetitions apart.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

import httpx
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import TimeoutError as NothingNew
from nats.js import JetStreamContext
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from standardwebhooks import Webhook

from services.gateway.webhooks import store
from services.gateway.webhooks.core import follow_up
from services.gateway.webhooks.sealing import Sealer
from shared.event_log.codec import decode
from shared.event_log.jetstream import JetStreamLog
from shared.event_log.names import WEBHOOKS
from shared.event_log.port import Recorded
from shared.events.courses import COURSES, ONLY_COURSES
from shared.kernel.errors import CoursewrightError
from shared.kernel.logging import error_facts
from shared.kernel.work import end_if_cancelled
from shared.readmodels.projected import Projected
from shared.readmodels.provenance import require_log_of_tables
from shared.readmodels.repeating import repeat
from shared.sources.posting import Answered, Posting

log = structlog.get_logger(__name__)

_BATCH = 100
_FETCH_SECONDS = 5.0
_PROJECTION_SECONDS = 5.0
_AGAIN_SECONDS = 1.0
_LOOK_EVERY_SECONDS = 1.0
_FORGET_EVERY_SECONDS = 3600.0
_AT_ONCE = 8
_SETTLING_SECONDS = 5.0  # a sender that is silent for longer than an attempt and this is taken for dead
_USER_AGENT = "coursewright-webhooks"
_JOB_HEADER = "X-Job-Token"


@dataclass(frozen=True)
class Limits:
    """`schedule` in seconds between attempts."""

    schedule: Sequence[float]
    posting: Posting


class WebhookWorker:
    """`run()` never returns by itself."""

    def __init__(self, nc: Client, engine: AsyncEngine, projected: Projected, sealer: Sealer, limits: Limits) -> None:
        self._nc, self._engine, self._projected = nc, engine, projected
        self._log = JetStreamLog(nc)
        self._sealer, self._limits = sealer, limits
        self._stirred = asyncio.Event()
        self._at = Counter[str]()  # attempts under way, by webhook

    async def run(self) -> None:
        """Hear and send until cancelled."""
        async with asyncio.TaskGroup() as group:
            for work in (self._hear, self._send, self._forget):
                group.create_task(repeat("webhooks", work, _AGAIN_SECONDS, CoursewrightError))

    async def _hear(self) -> None:
        js: JetStreamContext = self._nc.jetstream()
        subscription = await js.pull_subscribe_bind(WEBHOOKS, COURSES.name)
        try:
            while True:
                try:
                    messages = await subscription.fetch(_BATCH, timeout=_FETCH_SECONDS)
                except NothingNew:
                    end_if_cancelled()
                    continue
                await self._record(messages)
        finally:
            await subscription.unsubscribe()

    async def _record(self, messages: Sequence[Msg]) -> None:
        decoded = [
            decode(one.subject, one.headers, one.data, one.metadata.sequence.stream, ONLY_COURSES) for one in messages
        ]
        recorded = [item for item in decoded if isinstance(item, Recorded)]
        stored = False
        try:
            stored = not recorded or await self._store(recorded)
        finally:
            for message in messages:
                await (message.ack() if stored else message.nak(delay=_AGAIN_SECONDS))

    async def _store(self, recorded: Sequence[Recorded]) -> bool:
        # The owner of a course is a row: without it nobody would be told.
        if not await self._projected.wait(max(item.seq for item in recorded), _PROJECTION_SECONDS):
            return False
        async with self._engine.connect() as connection:
            await require_log_of_tables(connection, self._log)
        async with self._engine.begin() as connection:
            if await store.record_deliveries(connection, recorded):
                self._stirred.set()
        return True

    async def _send(self) -> None:
        async with (
            self._limits.posting.client() as client,
            asyncio.TaskGroup() as attempts,
        ):
            while True:
                free = _AT_ONCE - self._at.total()
                due = await self._take(free) if free else []
                for one in due:
                    self._at[one.webhook_id] += 1
                    attempts.create_task(self._deliver(client, one))
                if not due:
                    await self._wait()

    async def _take(self, free: int) -> list[store.Due]:
        """The due deliveries, as far as there is room; while the database is away an empty list."""
        lease_seconds = self._limits.posting.timeout_seconds + _SETTLING_SECONDS
        try:
            async with self._engine.begin() as connection:
                return await store.take_due(connection, free, lease_seconds, +self._at)
        except (SQLAlchemyError, OSError) as error:
            log.warning("webhooks_interrupted", **error_facts(error))
            return []

    async def _forget(self) -> None:
        while True:
            async with self._engine.begin() as connection:
                await connection.execute(store.forget_old())
            await asyncio.sleep(_FORGET_EVERY_SECONDS)

    async def _wait(self) -> None:
        """Until there may be something to do: an event was stored, an attempt ended, or a while has passed."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LOOK_EVERY_SECONDS):
                await self._stirred.wait()
        self._stirred.clear()

    async def _deliver(self, client: httpx.AsyncClient, due: store.Due) -> None:
        try:
            posting = self._limits.posting
            await self._settle(due, await posting.post(client, due.url, due.body, partial(self._sign, due)))
        except Exception:  # the boundary of one delivery: it is taken again when its lease is over
            log.exception("webhook_attempt_not_settled", webhook_id=due.webhook_id, event_id=due.event_id)
        finally:
            self._at[due.webhook_id] -= 1
            self._stirred.set()

    async def _settle(self, due: store.Due, answered: Answered) -> None:
        after = follow_up(answered, due.attempts + 1, self._limits.schedule)
        async with self._engine.begin() as connection:
            settled = await store.settle(connection, due, answered, after)
        log.info(
            "webhook_attempt", webhook_id=due.webhook_id, event_id=due.event_id, attempt=due.attempts + 1,
            response=answered.status, error=answered.error, result=after.status if settled else "overtaken",
        )  # fmt: skip

    def _sign(self, due: store.Due) -> dict[str, str]:
        now = datetime.now(UTC)
        secret = self._sealer.unseal(due.secret, due.webhook_id)
        token = self._sealer.token(due.course_id)
        return {
            **({_JOB_HEADER: token} if token is not None else {}),
            "webhook-id": due.event_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(secret).sign(due.event_id, now, due.body),
            "User-Agent": _USER_AGENT,
        }
