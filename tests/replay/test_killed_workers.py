"""A course whose workers were killed ends with the row of one whose workers were not: by real courses, changed by seed.

What a kill changes in a log: parts of a stage are done again in another order, a run starts once more, or waits for a
retry. Times, attempts, sequences and the worker that took a run last differ then, and nothing else.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from services.gateway.course.state import CourseState
from services.gateway.fold.evolve import fold
from services.gateway.readmodels.courses import row_of
from shared.event_log.port import Recorded
from shared.events.base import StageStarted
from shared.events.doc_analyser import DocumentAnalysed, DocumentSkipped
from shared.events.modules import CourseGenerated, ModuleWritten
from shared.events.pathway import PathwayProposed
from shared.events.stage import StageRetryScheduled
from shared.pipeline import PIPELINE
from tests.faults.compare import without
from tests.replay.stream import STREAMS, read_items

_PARTS = (DocumentAnalysed, DocumentSkipped, ModuleWritten, PathwayProposed)
_DIFFERS = {
    "attempt",
    "worker",
    "next_attempt_at",
    "started_at",
    "completed_at",
    "requested_at",
    "generated_at",
    "updated_at",
    "seq",
}
_SEEDS = 50


def generated() -> Iterator[list[Recorded]]:
    """The courses that came to their end, in every recorded stream."""
    for folder in sorted(STREAMS.iterdir()):
        courses: dict[str, list[Recorded]] = defaultdict(list)
        for item in read_items(folder):
            if isinstance(item, Recorded):
                courses[item.event.aggregate_id].append(item)
        yield from (
            course for course in courses.values() if any(isinstance(one.event, CourseGenerated) for one in course)
        )


def killed(course: Sequence[Recorded], chance: Random) -> Iterator[Recorded]:
    """The same course, as other workers would have left it."""
    parts: list[Recorded] = []
    started: Recorded | None = None
    for one in course:
        if isinstance(one.event, _PARTS):
            parts.append(one)
            continue
        chance.shuffle(parts)
        for part in parts:
            yield part
            if started is not None and chance.random() < 0.3:
                yield from started_again(started, chance)
        parts.clear()
        yield one
        if isinstance(one.event, StageStarted):
            started = one


def started_again(started: Recorded, chance: Random) -> Iterator[Recorded]:
    event = started.event
    row = PIPELINE.stage_of(event)
    assert isinstance(event, StageStarted)
    assert row is not None
    if chance.random() < 0.5:
        waits = StageRetryScheduled(
            course_id=event.course_id, run_id=event.run_id, stage=row.name, attempt=event.attempt,
            not_before=started.time, error="away", message="The model cannot be reached",
        )  # fmt: skip
        yield replace(started, event=waits)
    yield replace(started, event=event.model_copy(update={"attempt": event.attempt + 1, "worker": "another"}))


def folded(course: Sequence[Recorded]) -> CourseState:
    return fold(CourseState(), [replace(one, seq=number) for number, one in enumerate(course, start=1)])


def row(state: CourseState) -> Any:
    return without(json.loads(json.dumps(row_of(state), default=str)), _DIFFERS)


def workers(course: Sequence[Recorded]) -> dict[str, str]:
    """Who started each run last."""
    return {one.event.run_id: one.event.worker for one in course if isinstance(one.event, StageStarted)}


@pytest.mark.parametrize("course", list(generated()), ids=lambda course: course[0].event.course_id)
def test_a_course_whose_workers_were_killed_ends_with_the_same_row(course: list[Recorded]) -> None:
    assert len({len(list(killed(course, Random(seed)))) for seed in range(_SEEDS)}) > 1, "nothing was killed"
    as_it_was = row(folded(course))
    for seed in range(_SEEDS):
        changed = list(killed(course, Random(seed)))
        state = folded(changed)
        assert row(state) == as_it_was, f"seed {seed}"
        assert {run.run_id: run.worker for run in state.runs.values()}.items() <= workers(changed).items()
