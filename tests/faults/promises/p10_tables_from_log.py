"""Read tables dropped and built again from the log equal those the projector had written, dump for dump."""

import asyncio
from pathlib import Path

from tests.faults.promise import Outcome, Promise, Scale
from tests.faults.rebuilt_tables import drop_and_rebuild, filled

# Events of courses, and learners with a year each, of about 950 events.
_EVENTS = {Scale.quick: ((1_500, 1),), Scale.full: ((10_000, 10), (1_000_000, 100))}


async def _prove(scale: Scale, folder: Path) -> Outcome:
    failures: list[str] = []
    figures: dict[str, object] = {}
    for events, learners in _EVENTS[scale]:
        part = folder / str(events)
        part.mkdir(mode=0o755)
        async with filled(part, events, learners) as (parts, rate):
            evidence = await drop_and_rebuild(parts)
        failures += [f"{events} events: table {name} differs" for name in evidence.differing]
        figures |= {**evidence.figures, "filled_per_second": round(rate)}
    return Outcome(len(_EVENTS[scale]), failures=tuple(failures), figures=figures)


def prove(scale: Scale, folder: Path) -> Outcome:
    return asyncio.run(_prove(scale, folder))


PROMISE = Promise("P10", "tables are a function of the log: dropped, rebuilt, equal", prove)
