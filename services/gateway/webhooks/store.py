"""Webhooks and their deliveries in the database. A delivery is taken with a lease, so a sender that dies loses none."""

import base64
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Delete, Row, Select, any_, func, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.gateway.database.locks import DELIVERIES
from services.gateway.readmodels.courses import courses
from services.gateway.webhooks.core import REMEMBERED, Next, body_of, is_told, owner_named
from services.gateway.webhooks.tables import deliveries, webhooks
from shared.event_log.port import Recorded
from shared.kernel.ids import event_id
from shared.sources.posting import Answered

MOST_WEBHOOKS = 20  # of one owner
_AT_ONCE_EACH = 2
_SHOWN = [column for column in webhooks.c if column.name not in {"secret", "owner"}]
_DELIVERED = [column for column in deliveries.c if column.name != "webhook_id"]


@dataclass(frozen=True)
class Due:
    """A delivery somebody has to make now. `attempts` counts those made before."""

    delivery_id: str
    webhook_id: str
    event_id: str
    course_id: str
    url: str
    secret: bytes
    body: str
    attempts: int
    leased_until: datetime


def new_secret() -> str:
    """As Standard Webhooks writes them."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


async def update_webhook(connection: AsyncConnection, webhook_id: str, changes: Mapping[str, Any]) -> None:
    """Change these columns; one that is turned on again starts without its old trouble."""
    values = {**changes, **({"disabled_reason": ""} if changes.get("enabled") else {})}
    if values:
        await connection.execute(webhooks.update().where(webhooks.c.webhook_id == webhook_id).values(**values))


async def delete_webhook(connection: AsyncConnection, owner: str, webhook_id: str) -> None:
    """With its deliveries."""
    await connection.execute(webhooks.delete().where(webhooks.c.webhook_id == webhook_id, webhooks.c.owner == owner))


async def list_webhooks(connection: AsyncConnection, owner: str) -> Sequence[Row[Any]]:
    """The owner's webhooks, oldest first."""
    query = select(*_SHOWN).where(webhooks.c.owner == owner).order_by(webhooks.c.created_at, webhooks.c.webhook_id)
    return (await connection.execute(query)).all()


async def find_webhook(connection: AsyncConnection, owner: str, webhook_id: str) -> Row[Any] | None:
    """The owner's webhook, or None."""
    query = select(*_SHOWN).where(webhooks.c.webhook_id == webhook_id, webhooks.c.owner == owner)
    return (await connection.execute(query)).one_or_none()


async def record_deliveries(connection: AsyncConnection, recorded: Sequence[Recorded]) -> int:
    """A delivery for each event and each webhook that asked for it; those that are there already stay as they are.

    A webhook that is turned off gets them too: it hears of them when it is turned on again.
    """
    # Whose course was deleted after this has no owner any more, and the eraser waits for who was before it.
    await connection.execute(select(func.pg_advisory_xact_lock_shared(DELIVERIES)))
    named = sorted({type(item.event).__name__ for item in recorded})
    listening = (
        await connection.execute(
            select(webhooks.c.webhook_id, webhooks.c.owner, webhooks.c.event_types, webhooks.c.created_at)
            .where(webhooks.c.event_types.overlap(named))
            .order_by(webhooks.c.webhook_id)
        )
    ).all()  # fmt: skip
    if not listening:
        return 0
    owners = await _owners(connection, recorded)
    now = datetime.now(UTC)
    rows = [
        {
            "delivery_id": event_id(hook.webhook_id, "delivery", item.id), "webhook_id": hook.webhook_id,
            "event_id": item.id, "seq": item.seq, "course_id": item.event.aggregate_id,
            "event_type": type(item.event).__name__, "body": body_of(item),
        }
        for item in recorded
        for hook in listening
        if type(item.event).__name__ in hook.event_types
        and hook.owner == (owner_named(item) or owners.get(item.event.aggregate_id))
        and is_told(item, hook.created_at, now)
    ]  # fmt: skip
    if rows:
        await connection.execute(insert(deliveries).on_conflict_do_nothing(), rows)
    return len(rows)


async def _owners(connection: AsyncConnection, recorded: Sequence[Recorded]) -> dict[str, str]:
    ids = sorted({item.event.aggregate_id for item in recorded})
    found = await connection.execute(
        select(courses.c.course_id, courses.c.user_id).where(courses.c.course_id == any_(ids))  # type: ignore[arg-type]
    )
    return {row.course_id: row.user_id for row in found}


async def take_due(
    connection: AsyncConnection, limit: int, lease_seconds: float, busy: Collection[str] = ()
) -> list[Due]:
    """Deliveries whose time has come, leased to the caller: nobody else takes them before the lease is over.

    At most two of a webhook, and none of a `busy` one: an address that hangs keeps no other waiting.
    """
    due = (
        select(deliveries.c.delivery_id, deliveries.c.next_attempt_at)
        .where(
            deliveries.c.webhook_id == webhooks.c.webhook_id, deliveries.c.status == "pending",
            deliveries.c.next_attempt_at <= func.now(),
        )
        .order_by(deliveries.c.next_attempt_at, deliveries.c.seq)
        .limit(_AT_ONCE_EACH)
        .lateral()
    )  # fmt: skip
    first = (
        select(due.c.delivery_id)
        .select_from(webhooks.join(due, true()))
        .where(webhooks.c.enabled, webhooks.c.webhook_id.not_in(busy))
        .order_by(due.c.next_attempt_at)
        .limit(limit)
    )
    # Looked at again under the lock: another sender may have taken one since.
    locked = (
        select(deliveries.c.delivery_id)
        .where(
            deliveries.c.delivery_id.in_(first), deliveries.c.status == "pending",
            deliveries.c.next_attempt_at <= func.now(),
        )
        .with_for_update(skip_locked=True)
    )  # fmt: skip
    taken = (
        deliveries.update()
        .where(deliveries.c.delivery_id.in_(locked), deliveries.c.webhook_id == webhooks.c.webhook_id)
        .values(next_attempt_at=func.now() + timedelta(seconds=lease_seconds))
        .returning(
            deliveries.c.delivery_id, deliveries.c.webhook_id, deliveries.c.event_id,
            deliveries.c.course_id, webhooks.c.url,
            webhooks.c.secret, deliveries.c.body, deliveries.c.attempts, deliveries.c.next_attempt_at,
        )
    )  # fmt: skip
    return [Due(*row) for row in await connection.execute(taken)]


async def settle(connection: AsyncConnection, due: Due, answered: Answered, after: Next) -> bool:
    """Write down what an attempt came to; False when the delivery is another's by now, or was asked for anew."""
    delay = timedelta(seconds=after.delay_seconds or 0)
    written = await connection.execute(
        deliveries.update()
        .where(
            deliveries.c.delivery_id == due.delivery_id, deliveries.c.status == "pending",
            deliveries.c.next_attempt_at == due.leased_until,
        )
        .values(
            status=after.status, attempts=due.attempts + 1, response_status=answered.status, error=answered.error,
            next_attempt_at=func.now() + delay if after.status == "pending" else None,
            finished_at=None if after.status == "pending" else func.now(),
        )
    )  # fmt: skip
    if not written.rowcount:
        return False
    if after.disable:
        change = webhooks.update().where(webhooks.c.webhook_id == due.webhook_id)
        if not after.is_gone:
            change = change.where(~_accepted_since(due).exists())
        await connection.execute(change.values(enabled=False, disabled_reason=after.disable))
    return True


def _accepted_since(due: Due) -> Select[Any]:
    """Other deliveries of the webhook that were accepted while this one was tried."""
    this = deliveries.alias("this")
    return select(deliveries.c.delivery_id).where(
        this.c.delivery_id == due.delivery_id, deliveries.c.webhook_id == due.webhook_id,
        deliveries.c.status == "delivered", deliveries.c.finished_at > this.c.created_at,
    )  # fmt: skip


async def list_deliveries(
    connection: AsyncConnection, webhook_id: str, limit: int, before: int | None
) -> Sequence[Row[Any]]:
    """Newest first, from below a sequence on."""
    query = select(*_DELIVERED).where(deliveries.c.webhook_id == webhook_id)
    if before is not None:
        query = query.where(deliveries.c.seq < before)
    return (await connection.execute(query.order_by(deliveries.c.seq.desc()).limit(limit))).all()


async def redeliver(connection: AsyncConnection, webhook_id: str, delivery_id: str) -> Row[Any] | None:
    """Make a delivery due again, with all its attempts; None if there is no such delivery."""
    change = deliveries.update().where(
        deliveries.c.webhook_id == webhook_id, deliveries.c.delivery_id == delivery_id
    )  # fmt: skip
    values = {"status": "pending", "attempts": 0, "next_attempt_at": func.now(), "finished_at": None}
    return (await connection.execute(change.values(**values).returning(*_DELIVERED))).one_or_none()


async def create_webhook(
    connection: AsyncConnection, owner: str, url: str, event_types: Sequence[str], description: str, sealed: bytes,
    webhook_id: str,
) -> bool:  # fmt: skip
    """Insert it, enabled; False when the owner has as many as there can be."""
    # Of two at the same moment one waits for the other, and counts it.
    await connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(owner, 0))))
    count = select(func.count()).select_from(webhooks).where(webhooks.c.owner == owner)
    if (await connection.scalar(count) or 0) >= MOST_WEBHOOKS:
        return False
    await connection.execute(
        webhooks.insert().values(
            webhook_id=webhook_id, owner=owner, url=url, event_types=list(event_types), description=description,
            enabled=True, secret=sealed,
        )
    )  # fmt: skip
    return True


def forget_old() -> Delete:
    """Deliveries that ended, or that a webhook turned off could have been told, more than thirty days ago."""
    off = select(webhooks.c.webhook_id).where(~webhooks.c.enabled)
    ended = deliveries.c.finished_at < func.now() - REMEMBERED
    never = (deliveries.c.created_at < func.now() - REMEMBERED) & deliveries.c.webhook_id.in_(off)
    return deliveries.delete().where(ended | never)


def forget_course(course_id: str) -> Delete:
    """Erase the deliveries of a deleted course, except the one that says it was deleted."""
    return deliveries.delete().where(
        deliveries.c.course_id == course_id, deliveries.c.event_type != "CourseDeleted"
    )  # fmt: skip
