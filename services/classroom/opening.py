"""When the milestones of a course open for a learner. Pure."""

import calendar
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from shared.events.classroom import Drip, DripUnit

_SECONDS: Mapping[DripUnit, int] = {"minute": 60, "hour": 3600, "day": 86_400, "week": 7 * 86_400}
_MONTHS: Mapping[DripUnit, int] = {"month": 1, "year": 12}
_LAST = datetime(9000, 1, 1, tzinfo=UTC)


def opens_at(
    milestones: Iterable[tuple[str, bool]], drip: Drip, joined_at: datetime | None
) -> dict[str, datetime | None]:
    """For each milestone, in order and with whether it has tasks, when it opens; None: it is open always.

    The first one with tasks is open always; the k-th after it opens k steps after the start. One without tasks is open
    and does not count. Without a start everything is open.
    """
    start, step, unit = drip.publish_at or joined_at, drip.frequency_value, drip.frequency_unit
    found: dict[str, datetime | None] = {}
    counted = 0
    for milestone_id, has_tasks in milestones:
        found[milestone_id] = None
        if drip.is_drip_enabled and start is not None and step and unit and has_tasks and counted:
            found[milestone_id] = after(start, counted * step, unit)
        counted += has_tasks
    return found


def after(start: datetime, count: int, unit: DripUnit) -> datetime:
    """So many units later, in UTC. A month that lacks the day gives its last one."""
    start = start.astimezone(UTC)
    if unit in _SECONDS:
        days = count * _SECONDS[unit] / 86_400
        return _LAST if days > (_LAST - start).days else start + timedelta(seconds=count * _SECONDS[unit])
    months = start.month - 1 + count * _MONTHS[unit]
    year, month = start.year + months // 12, months % 12 + 1
    if year >= _LAST.year:
        return _LAST
    return start.replace(year=year, month=month, day=min(start.day, calendar.monthrange(year, month)[1]))
