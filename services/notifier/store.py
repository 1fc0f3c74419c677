"""Notices in the database. A notice is taken with a lease, and is marked just before its message goes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.core import REMEMBERED, Next, Notice
from services.notifier.tables import notices, notifier_places
from shared.events import Stream
from shared.kernel.errors import TransientError
from shared.readmodels.checkpoint import Place

_ALARM = "DiskLow"


class Overtaken(TransientError):
    """Another process has the notice by now."""

    code = "overtaken"


@dataclass(frozen=True)
class Due:
    """A notice to be sent now over a channel. `attempts` counts those made before."""

    event_id: str
    channel: str
    kind: str
    topic: str
    about: Mapping[str, Any]
    happened_at: datetime
    attempts: int
    leased_until: datetime

    def leased(self, *statuses: str) -> ColumnElement[bool]:
        """The row, while the lease is the sender's."""
        own = (notices.c.event_id == self.event_id) & (notices.c.channel == self.channel)
        return own & notices.c.status.in_(statuses) & (notices.c.next_attempt_at == self.leased_until)


async def read_place(connection: AsyncConnection, stream: Stream) -> Place | None:
    """How far a stream was heard; None before the first time."""
    named = notifier_places.c.stream == stream.name
    row = (await connection.execute(select(notifier_places.c.seq, notifier_places.c.event_id).where(named))).first()
    return None if row is None else Place(*row)


async def record(
    connection: AsyncConnection, stream: Stream, place: Place, found: Sequence[Notice], channels: Mapping[str, set[str]]
) -> None:
    """Move the place, with a notice for each channel that takes its topic. One that is there already stays as it is."""
    rows = [vars(one) | {"channel": name} for one in found for name, topics in channels.items() if one.topic in topics]
    if rows:
        await connection.execute(insert(notices).on_conflict_do_nothing(), rows)
    moved = {"seq": place.seq, "event_id": place.event_id}
    upsert = insert(notifier_places).values(stream=stream.name, **moved)
    await connection.execute(upsert.on_conflict_do_update(index_elements=["stream"], set_=moved))


async def take_due(connection: AsyncConnection, channel: str, lease_seconds: float) -> Due | None:
    """The notice of a channel that has waited longest, leased to the caller."""
    first = (
        select(notices.c.event_id)
        .where(notices.c.channel == channel, notices.c.status == "pending", notices.c.next_attempt_at <= func.now())
        .order_by(notices.c.happened_at, notices.c.event_id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    shown = [notices.c[name] for name in Due.__dataclass_fields__ if name != "leased_until"]
    taken = (
        notices.update()
        .where(notices.c.event_id == first, notices.c.channel == channel)
        .values(next_attempt_at=func.now() + timedelta(seconds=lease_seconds))
        .returning(*shown, notices.c.next_attempt_at)
    )
    row = (await connection.execute(taken)).first()
    return None if row is None else Due(*row)


async def mark(connection: AsyncConnection, due: Due) -> None:
    """Note that the message goes out now. Raises Overtaken."""
    marked = await connection.execute(notices.update().where(due.leased("pending")).values(status="sending"))
    if not marked.rowcount:
        raise Overtaken("The notice is another's by now")


async def settle(connection: AsyncConnection, due: Due, after: Next, error: str) -> bool:
    """Write down what came of an attempt; False when the notice is another's by now."""
    waits = after.status == "pending"
    again = func.now() + timedelta(seconds=after.delay_seconds or 0)
    ends: dict[str, Any] = {"next_attempt_at": again} if waits else {"finished_at": func.now()}
    attempts = due.attempts + (not after.is_told_to_wait)
    written = await connection.execute(
        notices.update()
        .where(due.leased("pending", "sending"))
        .values(status=after.status, attempts=attempts, error=error, **ends)
    )
    if after.is_told_to_wait:
        others = (notices.c.channel == due.channel) & (notices.c.status == "pending")
        await connection.execute(
            notices.update().where(others, notices.c.next_attempt_at < again).values(next_attempt_at=again)
        )
    return bool(written.rowcount)


async def end_unclear(connection: AsyncConnection) -> Sequence[str]:
    """End the notices whose sender died after their message went out: nobody knows whether it arrived. Their ids."""
    lost = (notices.c.status == "sending") & (notices.c.next_attempt_at < func.now())
    values = {"status": "unclear", "finished_at": func.now(), "error": "the notifier ended while it was sent"}
    return list(await connection.scalars(notices.update().where(lost).values(values).returning(notices.c.event_id)))


async def send_dead_again(connection: AsyncConnection) -> int:
    """Have the notices that were refused tried anew; how many."""
    again = {"status": "pending", "attempts": 0, "error": "", "finished_at": None, "next_attempt_at": func.now()}
    return (await connection.execute(notices.update().where(notices.c.status == "dead").values(again))).rowcount


async def forget_old(connection: AsyncConnection) -> None:
    """Notices that ended more than thirty days ago. An alarm that is raised stays."""
    old = notices.c.finished_at < func.now() - REMEMBERED
    await connection.execute(delete(notices).where(old, notices.c.kind != _ALARM))


async def is_raised(connection: AsyncConnection, folder: str) -> bool:
    """Whether a folder is in alarm."""
    return bool(await connection.scalar(select(func.count()).where(_alarm_of(folder))))


async def raise_alarm(
    connection: AsyncConnection, folder: str, free_bytes: int, now: datetime, channels: Sequence[str]
) -> None:
    """Tell once that a folder has little room. The report to the operator is told by the time the row is there."""
    told = {"event_id": f"disk:{folder}", "kind": _ALARM, "topic": "alerts", "happened_at": now}
    about = {"folder": folder, "free_bytes": str(free_bytes)}
    statuses = {"report": "sent", **dict.fromkeys(channels, "pending")}
    rows = [{**told, "about": about, "channel": name, "status": status} for name, status in statuses.items()]
    await connection.execute(insert(notices).on_conflict_do_nothing(), rows)


async def take_back_alarm(connection: AsyncConnection, folder: str) -> None:
    """The folder has room again: the next time is told anew."""
    await connection.execute(delete(notices).where(_alarm_of(folder)))


def _alarm_of(folder: str) -> ColumnElement[bool]:
    return (notices.c.event_id == f"disk:{folder}") & (notices.c.kind == _ALARM)


async def count(connection: AsyncConnection) -> Mapping[str, int]:
    """How many notices there are, by status."""
    counted = select(notices.c.status, func.count()).group_by(notices.c.status)
    return {row[0]: row[1] for row in await connection.execute(counted)}
