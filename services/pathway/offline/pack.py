"""Cutting a line of things into runs of a sensible length, at the best places. Pure dynamic programming."""

from collections.abc import Callable, Sequence

_TOO_SHORT, _TOO_LONG = 3.0, 24.0


def partition(
    minutes: Sequence[float], least: float, most: float, run_cost: Callable[[int, int], float] = lambda start, end: 0.0
) -> list[tuple[int, int]]:
    """Runs (start, end) that hold all things in order, each of `least` to `most` minutes where that can be had.

    `run_cost(start, end)` says how bad a run is beside its length, infinite for one that may not be; a thing alone
    may. Equal input gives equal runs.
    """
    best = [0.0] + [float("inf")] * len(minutes)
    start_of = [0] * (len(minutes) + 1)
    for end in range(1, len(minutes) + 1):
        total = 0.0
        for start in range(end - 1, -1, -1):
            total += minutes[start]
            cost = best[start] + _size_cost(total, end - start, least, most) + run_cost(start, end)
            if cost < best[end] - 1e-9:
                best[end], start_of[end] = cost, start
            if total > most:
                break
    runs: list[tuple[int, int]] = []
    end = len(minutes)
    while end:
        runs.append((start_of[end], end))
        end = start_of[end]
    return runs[::-1]


def _size_cost(total: float, count: int, least: float, most: float) -> float:
    target = (least + most) / 2
    cost = ((total - target) / target) ** 2
    if total < least:
        cost += _TOO_SHORT * (least - total) / least
    if total > most and count > 1:
        cost += _TOO_LONG * (total - most) / most
    return cost
