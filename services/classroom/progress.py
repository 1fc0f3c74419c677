"""Streaks and years of activity, from the days on which a person did something. Pure."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Literal

View = Literal["All time", "This week", "This month"]
_DAY = timedelta(days=1)


def streak(days: Collection[date], today: date) -> int:
    """Days in a row up to today, or up to yesterday while today has nothing yet."""
    last = today if today in days else today - _DAY
    count = 0
    while last - count * _DAY in days:
        count += 1
    return count


def within(days: Collection[date], view: View, today: date) -> set[date]:
    """The days of a view: weeks begin on Monday."""
    begin = {
        "All time": date.min,
        "This week": today - today.weekday() * _DAY,
        "This month": today.replace(day=1),
    }[view]
    return {one for one in days if one >= begin}


def year_of(counts: Mapping[date, int], year: int) -> list[int]:
    """The count of each day of a year."""
    first = date(year, 1, 1)
    length = (date(year, 12, 31) - first).days + 1
    return [counts.get(first + number * _DAY, 0) for number in range(length)]
