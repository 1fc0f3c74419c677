"""Known defects of the gateway's fold, each put where the fold itself would have it, so for everybody who folds."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from services.gateway.course.product import GatewayStage
from services.gateway.course.state import CourseState, StageRun
from services.gateway.fold import evolve as fold
from shared.event_log.port import Recorded
from shared.events import Event
from shared.events.base import StageFailure, StageStarted
from shared.events.doc_analyser import DocumentAnalysed
from shared.events.gateway import (
    CourseDeleted,
    DocsAnalysisRequested,
)
from shared.events.modules import ModuleWritten
from shared.events.stage import StageCanceled, StageRetryScheduled

_FOLD = "services.gateway.fold.evolve"
# The modules that fold event by event; `fold.fold` takes the name from its own module.
_FOLDERS = (_FOLD, "services.gateway.readmodels.registry", "services.gateway.write.planning", "tests.simulator.oracle")

FoldOne = Callable[[CourseState, Recorded], CourseState]
Doubles = dict[str, Any]

_evolve, _requested, _moved = fold.evolve, fold._requested, fold._moved


def everywhere(fold_one: FoldOne) -> Doubles:
    """Another fold in place of the one there is, for all who use it."""
    return {f"{module}.evolve": lambda state, recorded, *_: fold_one(state, recorded) for module in _FOLDERS}


def _without(*kinds: type[Event]) -> Doubles:
    """Does not know some events."""

    def fold_one(state: CourseState, recorded: Recorded) -> CourseState:
        if isinstance(recorded.event, kinds) and state.exists:
            return replace(state, seq=recorded.seq, updated_at=recorded.time)
        return _evolve(state, recorded)

    return everywhere(fold_one)


def _counts_twice(state: CourseState, recorded: Recorded) -> CourseState:
    """Counts a document, or a module, two times."""
    after = _evolve(state, recorded)
    if isinstance(recorded.event, DocumentAnalysed | ModuleWritten) and after is not state:
        again = replace(recorded, seq=recorded.seq + 1)
        return replace(_evolve(after, again), seq=recorded.seq)
    return after


def counts_repeats(state: CourseState, recorded: Recorded) -> CourseState:
    """Does not mind its sequence: an event that comes again counts again."""
    return _evolve(replace(state, seq=min(state.seq, recorded.seq - 1)), recorded)


def _when_asked(kind: type[Event], change: Callable[[CourseState, CourseState], CourseState]) -> Doubles:
    """A request of a kind changes something else: `change` gets the course before and after it."""

    def requested(state: CourseState, recorded: Recorded, stage: Any) -> CourseState:
        after = _requested(state, recorded, stage)
        return change(state, after) if isinstance(recorded.event, kind) else after

    return {f"{_FOLD}._requested": requested}


def _on(name: str, kind: type[Event], change: Callable[[CourseState, CourseState], CourseState]) -> Doubles:
    """The same for what is no request: the part of the fold with this name."""
    part: FoldOne = getattr(fold, name)

    def changed(state: CourseState, recorded: Recorded) -> CourseState:
        after = part(state, recorded)
        return change(state, after) if isinstance(recorded.event, kind) else after

    return {f"{_FOLD}.{name}": changed}


def _run_on(kind: type[Event], change: Callable[[StageRun, StageRun], StageRun]) -> Doubles:
    """The same for a run."""

    def moved(run: StageRun, recorded: Recorded, side: GatewayStage) -> StageRun:
        after = _moved(run, recorded, side)
        return change(run, after) if isinstance(recorded.event, kind) else after

    return {f"{_FOLD}._moved": moved}


FOLD_PLANTS: dict[str, Doubles] = {
    "misses a retry": _without(StageRetryScheduled),
    "misses a failure": _without(StageFailure),
    "misses a cancel": _without(StageCanceled),
    "misses a module": _without(ModuleWritten),
    "counts twice": everywhere(_counts_twice),
    "lets a plan drive on": _when_asked(DocsAnalysisRequested, lambda was, now: replace(now, plan=was.plan)),
    "a deletion does not end a course": _on("_course_fact", CourseDeleted, lambda was, _: was),
    "a status sticks after a retry": _run_on(
        StageStarted, lambda was, now: replace(now, status=was.status if was.status == "RETRY" else now.status)
    ),
    "a delay sticks after a retry": _run_on(
        StageStarted, lambda was, now: replace(now, next_attempt_at=was.next_attempt_at)
    ),
}
